import { randomUUID } from 'node:crypto'
import type { Clock } from '../kernel/index.ts'
import type { Caller } from './caller.ts'
import { serverErrors } from './errors.ts'
import { type ProblemJson, problemOf } from './problem.ts'

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled'

/** Whose a job is: of who may see its site, or of who asked, where it is about none. */
export interface JobOwner {
  readonly site?: string
  /** Kind and id of the principal. */
  readonly asked: string
}

export const ownerOf = ({ principal }: Caller, site: string | undefined): JobOwner => ({
  ...(site === undefined ? {} : { site }),
  asked: `${principal.kind} ${principal.user ?? principal.id}`,
})

/** A job as clients see it. */
export interface JobView {
  readonly id: string
  readonly engine: string
  readonly state: JobState
  readonly progress: { readonly fraction: number; readonly message: string }
  readonly createdMs: number
  readonly startedMs: number | null
  readonly finishedMs: number | null
  /** The engine's output with `evidence`, when done. */
  readonly result: unknown
  readonly problem: ProblemJson | null
}

export interface JobTools {
  readonly signal: AbortSignal
  progress(fraction: number, message: string): void
}

export interface Job {
  readonly id: string
  readonly owner: JobOwner
  view(): JobView
  /** Settles with the result or the error of the work. */
  readonly finished: Promise<unknown>
  cancel(): void
}

export interface Jobs {
  /** @throws `server.busy` when too many are waiting. */
  submit(engine: string, work: (tools: JobTools) => Promise<unknown>, owner?: JobOwner): Job
  /** @throws `server.unknown-job`, also for a job that the caller may not see */
  get(id: string, caller?: Caller): Job
  counts(): { readonly running: number; readonly queued: number }
  /** Cancels everything and waits for the running ones. */
  close(): Promise<void>
}

export interface JobLimits {
  readonly running: number
  readonly queued: number
  /** Finished jobs that are remembered. */
  readonly kept: number
}

/** Jobs of this process: a bounded queue, progress, cancellation. Results outlive them as evidence. */
export function createJobs(clock: Clock, limits: JobLimits = { running: 4, queued: 64, kept: 200 }): Jobs {
  const jobs = new Map<string, Job>()
  const queue: (() => void)[] = []
  let running = 0
  let closed = false

  const next = (): void => {
    while (running < limits.running && queue.length > 0) queue.shift()?.()
  }
  const forget = (): void => {
    for (const [id, job] of jobs) {
      if (jobs.size <= limits.kept + limits.running + limits.queued) return
      if (job.view().finishedMs !== null) jobs.delete(id)
    }
  }

  return {
    submit(engine, work, owner = house) {
      if (closed || queue.length >= limits.queued) {
        throw serverErrors.busy({
          detail: closed ? 'The server is stopping' : 'The queue of jobs is full; try again soon',
          found: queue.length,
          expected: `fewer than ${limits.queued} waiting`,
        })
      }
      const job = createJob({ engine, owner }, work, clock, {
        enqueue: (start) => {
          queue.push(start)
          queueMicrotask(next)
        },
        dequeue: (start) => {
          const index = queue.indexOf(start)
          if (index >= 0) queue.splice(index, 1)
        },
        started: () => {
          running += 1
        },
        ended: () => {
          running -= 1
          next()
        },
      })
      jobs.set(job.id, job)
      forget()
      return job
    },
    get(id, caller) {
      const job = jobs.get(id)
      if (!job || (caller && !isOf(caller, job.owner)))
        throw serverErrors.unknownJob({ detail: 'No job has this id; finished jobs are forgotten in time', found: id })
      return job
    },
    counts: () => ({ running, queued: queue.length }),
    async close() {
      closed = true
      for (const job of jobs.values()) job.cancel()
      await Promise.allSettled([...jobs.values()].map((job) => job.finished))
    },
  }
}

/** What the server does by itself. */
const house: JobOwner = { asked: 'local local' }

const isOf = (caller: Caller, { site, asked }: JobOwner): boolean =>
  caller.principal.kind === 'local' ||
  (site === undefined ? asked === ownerOf(caller, undefined).asked : caller.may('read', site))

interface Slot {
  enqueue(start: () => void): void
  dequeue(start: () => void): void
  started(): void
  ended(): void
}

function createJob(
  { engine, owner }: { readonly engine: string; readonly owner: JobOwner },
  work: (tools: JobTools) => Promise<unknown>,
  clock: Clock,
  slot: Slot,
): Job {
  const id = randomUUID()
  const abort = new AbortController()
  const done = Promise.withResolvers<unknown>()
  // Whoever waits sees the failure; nobody has to.
  done.promise.catch(() => undefined)
  let state: JobState = 'queued'
  let progress = { fraction: 0, message: 'waiting' }
  const createdMs = clock.now()
  let startedMs: number | null = null
  let finishedMs: number | null = null
  let result: unknown = null
  let problem: ProblemJson | null = null

  const fail = (error: unknown): void => {
    state = abort.signal.aborted ? 'cancelled' : 'failed'
    const reason = abort.signal.aborted
      ? serverErrors.cancelled({ detail: 'The job was cancelled before it was done' })
      : error
    problem = problemOf(reason, `/api/v1/jobs/${id}`)
    finishedMs = clock.now()
    done.reject(reason)
  }
  const start = (): void => {
    state = 'running'
    startedMs = clock.now()
    slot.started()
    const tools: JobTools = {
      signal: abort.signal,
      progress: (fraction, message) => {
        const told = Number.isNaN(fraction) ? progress.fraction : fraction
        progress = { fraction: Math.min(1, Math.max(0, told)), message }
      },
    }
    Promise.resolve()
      .then(() => work(tools))
      .then((value) => {
        if (abort.signal.aborted) return fail(abort.signal.reason)
        state = 'done'
        progress = { fraction: 1, message: 'done' }
        result = value
        finishedMs = clock.now()
        done.resolve(value)
      }, fail)
      .finally(() => slot.ended())
  }
  slot.enqueue(start)

  return {
    id,
    owner,
    finished: done.promise,
    view: () => ({ id, engine, state, progress, createdMs, startedMs, finishedMs, result, problem }),
    cancel() {
      if (finishedMs !== null || abort.signal.aborted) return
      abort.abort()
      if (state === 'queued') {
        slot.dequeue(start)
        fail(abort.signal.reason)
      }
    },
  }
}
