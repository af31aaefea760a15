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
const addressOf = (id: string): string => `${root}/${encodeURIComponent(id)}`
const restingMs = 30_000
const busyMs = 3000
/** A browser opens six streams to one server at most: jobs take no more of them than these. */
const mostStreams = 2
const mostShown = 20

let shown: ShownJobs = { jobs: undefined, lost: false, ended: [] }
const known = new Map<string, Job>()
const streams = new Map<string, EventSource>()
const listeners = new Set<() => void>()
/** Jobs that a page looks at, by how many of its parts. */
const watched = new Map<string, number>()
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

const goingOn = (): readonly Job[] => inOrder(known.values()).filter((job) => !isOver(job))

/** Streams of the jobs that go on, those that a page looks at first, then the newest; of others the list tells. */
function follow(): void {
  const going = goingOn().toSorted((a, b) => Number(watched.has(b.id)) - Number(watched.has(a.id)))
  const followed = new Set(going.slice(0, mostStreams).map(({ id }) => id))
  for (const id of streams.keys()) if (!followed.has(id)) leave(id)
  for (const id of followed) if (!streams.has(id)) streams.set(id, streamOf(id))
}

function leave(id: string): void {
  streams.get(id)?.close()
  streams.delete(id)
}

function streamOf(id: string): EventSource {
  const stream = new EventSource(`${addressOf(id)}/live`)
  const end = (): void => {
    leave(id)
    if (listeners.size > 0) follow()
  }
  stream.addEventListener('job', ({ data }) => {
    const job = JSON.parse(String(data)) as Job
    take(job)
    publish()
    if (isOver(job)) end()
  })
  stream.addEventListener('end', end)
  stream.addEventListener('error', () => stream.readyState === EventSource.CLOSED && streams.delete(id))
  return stream
}

/** Jobs of the list, and those a page looks at that are older than it. */
async function newest(): Promise<readonly Job[]> {
  const { jobs: listed } = await ask<{ readonly jobs: readonly Job[] }>(`${root}?limit=${mostShown}`)
  const older = goingOn().filter(({ id }) => watched.has(id) && !listed.some((job) => job.id === id))
  // One that the server has forgotten takes no other with it.
  const told = await Promise.allSettled(older.map(({ id }) => ask<Job>(addressOf(id))))
  return [...listed, ...told.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))]
}

async function look(): Promise<void> {
  clearTimeout(timer)
  try {
    for (const job of await newest()) take(job)
    publish({ lost: false })
  } catch {
    publish({ lost: true })
  }
  if (listeners.size === 0) return
  follow()
  clearTimeout(timer)
  timer = setTimeout(() => void look(), goingOn().length > 0 ? busyMs : restingMs)
}

function tell(job: Job): Job {
  take(job)
  publish()
  if (listeners.size > 0) follow()
  return job
}

/** Jobs of the server that the user may see: running ones are followed, wherever they were started. */
export const jobs = {
  /** Starts an engine as a job: the answer comes at once, the result later. */
  async start(engine: string, input: unknown): Promise<Job> {
    return tell(
      await ask<Job>(`/api/v1/engines/${encodeURIComponent(engine)}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', prefer: 'respond-async' },
        body: JSON.stringify(input),
      }),
    )
  },
  /** A job was started by another door than `start`: the tray shows it at once. */
  started(id: string): void {
    void jobs.read(id).catch(() => undefined)
  },
  async read(id: string): Promise<Job> {
    return tell(await ask<Job>(addressOf(id)))
  },
  async cancel(id: string): Promise<Job> {
    return tell(await send<Job>(addressOf(id), undefined, 'DELETE'))
  },
  /** As it was told last. */
  known: (id: string): Job | undefined => known.get(id),
  /** A page looks at a job: it is followed before others. @returns ends it */
  watch(id: string): () => void {
    watched.set(id, (watched.get(id) ?? 0) + 1)
    if (listeners.size > 0) follow()
    return () => {
      const left = (watched.get(id) ?? 1) - 1
      if (left > 0) watched.set(id, left)
      else watched.delete(id)
    }
  },
  /** Waits until a job is over, whoever ends it. */
  over(id: string): Promise<Job> {
    const { promise, resolve } = Promise.withResolvers<Job>()
    const unwatch = jobs.watch(id)
    const unsubscribe = jobs.subscribe(() => done())
    const done = (): void => {
      const job = known.get(id)
      if (!job || !isOver(job)) return
      unsubscribe()
      unwatch()
      resolve(job)
    }
    done()
    return promise
  },
  /** Follows the jobs of the server for as long as somebody listens. @returns ends it */
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    if (listeners.size === 1) void look()
    return () => {
      listeners.delete(listener)
      if (listeners.size > 0) return
      clearTimeout(timer)
      for (const id of streams.keys()) leave(id)
    }
  },
  shown: (): ShownJobs => shown,
} as const

export const useJobs = (): ShownJobs => useSyncExternalStore(jobs.subscribe, jobs.shown)
