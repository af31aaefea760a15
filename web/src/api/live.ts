import { useSyncExternalStore } from 'react'
import { serverNowMs } from './clock.ts'
import { unreached } from './connection.ts'
import type { Now } from './types.ts'

export interface Live {
  /** Newest values; undefined until the first arrive. */
  readonly now: Now | undefined
  /** False while the stream is broken; the values above are then old. */
  readonly connected: boolean
  /** Broken, or never came; false while the first is on its way. */
  readonly lost: boolean
  /** When the values were as above last, by the clock of the server; 0 before any. */
  readonly heardMs: number
}

interface LiveStore {
  subscribe(listener: () => void): () => void
  snapshot(): Live
  /** Values of an earlier visit, shown until newer ones come. */
  seed(now: Now, heardMs: number): void
}

const retryMs = 3000
const stores = new Map<string, LiveStore>()

/**
 * The live values of one site, outside of React: one stream while anybody watches. The browser connects again by
 * itself; a stream it gave up is opened anew.
 */
function openLiveStore(siteId: string): LiveStore {
  const listeners = new Set<() => void>()
  let live: Live = { now: undefined, connected: false, lost: false, heardMs: 0 }
  let source: EventSource | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  const publish = (next: Live): void => {
    live = next
    for (const listener of listeners) listener()
  }
  const open = (): void => {
    source = new EventSource(`/api/v1/sites/${encodeURIComponent(siteId)}/live`)
    source.addEventListener('now', ({ data }) => {
      const now = readNow(data)
      if (now) publish({ now, connected: true, lost: false, heardMs: serverNowMs() })
    })
    source.addEventListener('error', () => {
      unreached()
      publish({ ...live, connected: false, lost: true })
      if (source?.readyState === EventSource.CLOSED && listeners.size > 0) retry = setTimeout(open, retryMs)
    })
  }
  return {
    snapshot: () => live,
    seed: (now, heardMs) => {
      if (!live.now) publish({ ...live, now, heardMs })
    },
    subscribe(listener) {
      listeners.add(listener)
      if (listeners.size === 1) open()
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        clearTimeout(retry)
        source?.close()
      }
    },
  }
}

/** Newest values out of a message; undefined for what is none. */
export function readNow(data: string): Now | undefined {
  try {
    const now = JSON.parse(data) as Partial<Now> | null
    return typeof now?.timestampMs === 'number' && typeof now.points === 'object' && now.points
      ? (now as Now)
      : undefined
  } catch {
    return undefined
  }
}

/** Sites that somebody watched, with their newest values. */
export const liveValues = (): ReadonlyMap<string, Live> =>
  new Map([...stores].map(([site, store]) => [site, store.snapshot()]))

export function liveStoreOf(siteId: string): LiveStore {
  const known = stores.get(siteId)
  if (known) return known
  const opened = openLiveStore(siteId)
  stores.set(siteId, opened)
  return opened
}

/** The live values of a site. */
export function useLive(siteId: string): Live {
  const store = liveStoreOf(siteId)
  return useSyncExternalStore(store.subscribe, store.snapshot)
}
