import { useSyncExternalStore } from 'react'
import { ask, send } from '../api/client.ts'
import { inOrder, isOver, type Job } from './job.ts'

export interface ShownJobs {
  /** Undefined until they are known. */
  readonly jobs: readonly Job[] | undefined
  /** They could not be asked for the last time: what stands there is old. */
  readonly lost: boolean
  /** Jobs that ended while this page watched them, the last one last. */
  readonly ended: readonly Job[]
}

const root = '/api/v1/jobs'
const restingMs = 30_000
const busyMs = 3000
/** A browser opens six streams to one server at most: jobs take no more of them than these. */
const mostStreams = 2
const mostShown = 20

let shown: ShownJobs = { jobs: undefined, lost: false, ended: [] }
const known = new Map<string, Job>()
const streams = new Map<string, EventSource>()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setTimeout> | undefined

function publish(change: Partial<ShownJobs> = {}): void {
  shown = { ...shown, jobs: inOrder(known.values()).slice(0, mostShown), ...change }
  for (const listener of listeners) listener()
}

function take(job: Job): void {
  const before = known.get(job.id)
  known.set(job.id, job)
  if (before && !isOver(before) && isOver(job)) publish({ ended: [...shown.ended, job] })
}

/** Streams of the newest jobs that go on; of others the list tells. */
function follow(): void {
  const going = inOrder(known.values()).filter((job) => !isOver(job))
  for (const { id } of going.slice(0, mostStreams)) {
    if (streams.has(id)) continue
    const stream = new EventSource(`${root}/${encodeURIComponent(id)}/live`)
    streams.set(id, stream)
    const close = (): void => {
      stream.close()
      streams.delete(id)
      if (listeners.size > 0) follow()
    }
    stream.addEventListener('job', ({ data }) => {
      const job = JSON.parse(String(data)) as Job
      take(job)
      publish()
      if (isOver(job)) close()
    })
    stream.addEventListener('end', close)
    stream.addEventListener('error', () => stream.readyState === EventSource.CLOSED && streams.delete(id))
  }
}

async function look(): Promise<void> {
  clearTimeout(timer)
  try {
    const { jobs: found } = await ask<{ readonly jobs: readonly Job[] }>(`${root}?limit=${mostShown}`)
    for (const job of found) take(job)
    publish({ lost: false })
  } catch {
    publish({ lost: true })
  }
  if (listeners.size === 0) return
  follow()
  const busy = [...known.values()].some((job) => !isOver(job))
  clearTimeout(timer)
  timer = setTimeout(() => void look(), busy ? busyMs : restingMs)
}

/** Jobs of the server that the user may see: running ones are followed, wherever they were started. */
export const jobs = {
  /** A job was started: the tray shows it at once. */
  started(id: string): void {
    void ask<Job>(`${root}/${encodeURIComponent(id)}`)
      .then((job) => {
        take(job)
        publish()
        follow()
      })
      .catch(() => undefined)
  },
  async cancel(id: string): Promise<void> {
    take(await send<Job>(`${root}/${encodeURIComponent(id)}`, undefined, 'DELETE'))
    publish()
  },
} as const

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (listeners.size === 1) void look()
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearTimeout(timer)
    for (const stream of streams.values()) stream.close()
    streams.clear()
  }
}

export const useJobs = (): ShownJobs => useSyncExternalStore(subscribe, () => shown)
