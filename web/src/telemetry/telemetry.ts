import { ApiError } from '../api/client.ts'
import { ringCapacity } from './live-feed.ts'
import type { Asked, LinkState, LiveRows, Told } from './protocol.ts'
import { createRing, type Ring } from './ring.ts'
import type { SeriesAnswer, SeriesRequest } from './series.ts'

export interface Link {
  readonly state: LinkState
  readonly sinceMs: number
}

/** Points that a page watches; everything is kept outside of React. */
export interface Watch {
  /** The newest values of a point. */
  ring(ref: string): Ring | undefined
  link(): Link
  /** Calls after values came, with the points that changed, or after the connection did. Returns the way to stop. */
  onChange(listener: (changed: ReadonlySet<string>) => void): () => void
  close(): void
}

type Listener = (told: Told) => void

let worker: Worker | undefined
let lastId = 0
const listeners = new Map<number, Listener>()

/** One worker for all pages of the console; it comes with the first that asks. */
function ask(asked: Asked): void {
  if (!worker) {
    worker = new Worker(new URL('./telemetry-worker.ts', import.meta.url), { type: 'module' })
    worker.addEventListener('message', ({ data }: MessageEvent<Told>) => listeners.get(data.id)?.(data))
  }
  worker.postMessage(asked)
}

/** Watches points of a site until it is closed. */
export function watchPoints(site: string, refs: readonly string[]): Watch {
  lastId += 1
  const id = lastId
  const rings = new Map(refs.map((ref) => [ref, createRing(ringCapacity)]))
  const waiting = new Set<(changed: ReadonlySet<string>) => void>()
  let link: Link = { state: 'connecting', sinceMs: Date.now() }
  const take = ({ indices, timestampsMs, values, quality }: LiveRows): ReadonlySet<string> => {
    const changed = new Set<string>()
    for (let row = 0; row < indices.length; row += 1) {
      const ref = refs[indices[row]!]!
      const ring = rings.get(ref)!
      if (Number.isNaN(values[row]) && quality[row] === 4) ring.pushGap()
      else ring.push(timestampsMs[row]!, values[row]!, quality[row]!)
      changed.add(ref)
    }
    return changed
  }
  listeners.set(id, (told) => {
    const changed = told.kind === 'rows' ? take(told) : new Set<string>()
    if (told.kind === 'link') link = { state: told.state, sinceMs: told.sinceMs }
    for (const listener of waiting) listener(changed)
  })
  ask({ kind: 'watch', id, site, refs })
  return {
    ring: (ref) => rings.get(ref),
    link: () => link,
    onChange(listener) {
      waiting.add(listener)
      return () => void waiting.delete(listener)
    },
    close() {
      listeners.delete(id)
      ask({ kind: 'unwatch', id })
    },
  }
}

/** Reads observations in the worker. @throws ApiError, or what the signal was aborted with */
export function readSeries(request: SeriesRequest, signal: AbortSignal): Promise<SeriesAnswer> {
  lastId += 1
  const id = lastId
  return new Promise((resolve, reject) => {
    const end = (): void => {
      listeners.delete(id)
      signal.removeEventListener('abort', cancel)
    }
    const cancel = (): void => {
      end()
      ask({ kind: 'cancel', id })
      reject(signal.reason)
    }
    if (signal.aborted) return reject(signal.reason)
    signal.addEventListener('abort', cancel)
    listeners.set(id, (told) => {
      end()
      if (told.kind === 'series') resolve(told.series)
      else if (told.kind === 'failed') reject(new ApiError(told.problem))
    })
    ask({ kind: 'read', id, request })
  })
}
