import type { Clock, MangroveError } from '../../kernel/index.ts'
import { serverErrors } from '../errors.ts'
import type { Job, JobTools, JobView } from '../jobs.ts'
import { problemOf } from '../problem.ts'
import { hasEnded, type JobBook, type KeptJob } from './job-book.ts'

export interface LiveJobParts {
  readonly book: JobBook
  readonly clock: Clock
  /** Tells the log of a failure that stops nothing. */
  report(error: unknown, message: string): void
  /** Takes a job out of the queue. */
  withdraw(id: string): Promise<boolean>
}

export interface RunLimits {
  /** It is ended after this long. */
  readonly timeMs: number
  /** Goes on after a stop. */
  readonly resumable: boolean
  /** Asked every second whether somebody on another node wants it to end. */
  isAskedToEnd?(): Promise<boolean>
}

/** A job that this process has in hand. */
export interface LiveJob extends Job {
  content(): KeptJob
  /** Does the work and keeps how it ended; never throws. */
  run(work: (tools: JobTools) => Promise<unknown>, limits: RunLimits): Promise<void>
  /** Ends it because the server stops; one that waits in a queue that is kept goes on waiting. */
  interrupt(): void
  /** Ends it because another node has it now: nothing of it is kept from here any more. */
  lose(): void
  /** Ends one that cannot go on. */
  fail(error: Error): Promise<void>
  /** Settles when everything is kept; throws when the last could not be. */
  saved(): Promise<void>
}

/** Why a run is ended before its time. */
type Ending = 'cancelled' | 'out of time' | 'stopping' | 'lost'

/** Progress is written to the disk this often. */
const keepStepMs = 2000

export function createLiveJob(begun: KeptJob, onDisk: boolean, parts: LiveJobParts): LiveJob {
  const { book, clock, report, withdraw } = parts
  const { id, owner } = begun
  const abort = new AbortController()
  const done = Promise.withResolvers<unknown>()
  // Whoever waits sees the failure; nobody has to.
  done.promise.catch(() => undefined)
  const watchers = new Set<() => void>()
  let content = begun
  let kept = onDisk
  let ending: Ending | undefined
  let result: unknown = null
  let saving: Promise<void> = Promise.resolve()
  let keptAtMs = 0

  const tell = (): void => {
    for (const watcher of [...watchers]) watcher()
  }
  const change = (changes: Partial<KeptJob>): void => {
    content = { ...content, ...changes }
    tell()
  }
  const save = (): Promise<void> => {
    if (ending === 'lost') return Promise.resolve()
    saving = saving.catch(() => undefined).then(() => book.put(content))
    saving.catch(() => undefined)
    return saving
  }
  /** The end is kept whether the job was or not: who lists jobs sees it. */
  const end = async (changes: Partial<KeptJob>): Promise<void> => {
    change({ ...changes, finishedMs: clock.now(), task: null })
    await save().catch((error) => report(error, `the end of job ${id} was not kept`))
  }
  const fail = async (error: unknown, state: 'failed' | 'cancelled' = 'failed'): Promise<void> => {
    const ended = end({ state, problem: problemOf(error, `/api/v1/jobs/${id}`) })
    done.reject(error)
    await ended
  }
  const stopRun = (why: Ending): void => {
    if (ending || hasEnded(content.state)) return
    ending = why
    abort.abort()
  }
  const settleAborted = async (error: unknown, { timeMs, resumable }: RunLimits): Promise<void> => {
    if (ending === 'cancelled') return fail(cancelled(), 'cancelled')
    if (ending === 'lost') return void done.reject(interrupted())
    if (ending === 'out of time') {
      const detail = 'The job took longer than it may; shorter spans or longer steps take less'
      return fail(serverErrors.outOfTime({ detail, expected: `at most ${Math.round(timeMs / 1000)} s` }))
    }
    if (ending !== 'stopping') return fail(error)
    if (!kept || !resumable) return fail(interrupted())
    change({ state: 'interrupted' })
    await save().catch((cause) => report(cause, `the interruption of job ${id} was not kept`))
    done.reject(interrupted())
  }

  return {
    id,
    owner,
    finished: done.promise,
    content: () => content,
    view: () => viewOf(content, result),
    kept: () => kept,
    async keep() {
      if (kept) return
      await save()
      kept = true
    },
    saved: () => saving,
    watch(listener) {
      watchers.add(listener)
      return () => void watchers.delete(listener)
    },
    async cancel() {
      if (content.state === 'queued' || content.state === 'interrupted') {
        ending ??= 'cancelled'
        const failed = fail(cancelled(), 'cancelled')
        await withdraw(id)
        await failed
      } else stopRun('cancelled')
    },
    interrupt() {
      if (content.state === 'running') stopRun('stopping')
      else if (!kept && !hasEnded(content.state)) void fail(interrupted())
    },
    lose() {
      if (hasEnded(content.state)) return
      ending = 'lost'
      abort.abort()
    },
    fail,
    async run(work, limits) {
      // It was cancelled while it waited.
      if (hasEnded(content.state)) return
      change({ state: 'running', startedMs: content.startedMs ?? clock.now(), attempts: content.attempts + 1 })
      if (kept) await save().catch((error) => report(error, `the start of job ${id} was not kept`))
      const late = setTimeout(() => stopRun('out of time'), limits.timeMs)
      late.unref()
      const asking = limits.isAskedToEnd && setInterval(() => void ask(limits, () => stopRun('cancelled')), 1000)
      const tools: JobTools = {
        signal: abort.signal,
        progress(fraction, message) {
          const told = Number.isNaN(fraction) ? content.progress.fraction : fraction
          change({ progress: { fraction: Math.min(1, Math.max(0, told)), message } })
          if (!kept || clock.now() - keptAtMs < keepStepMs) return
          keptAtMs = clock.now()
          save().catch((error) => report(error, `the progress of job ${id} was not kept`))
        },
      }
      try {
        if (ending) throw new Error('It was ended before it began')
        const value = await work(tools)
        if (ending && ending !== 'stopping') throw new Error('It was ended before it was done')
        result = value
        const evidence = evidenceOf(value)
        const ended = end({
          state: 'done',
          progress: { fraction: 1, message: 'done' },
          ...(evidence === undefined ? { replayed: value } : { evidence }),
        })
        done.resolve(value)
        await ended
      } catch (error) {
        await settleAborted(error, limits)
      } finally {
        clearTimeout(late)
        clearInterval(asking)
      }
    },
  }
}

async function ask({ isAskedToEnd }: RunLimits, stop: () => void): Promise<void> {
  // Who cannot be asked now is asked again in a second.
  if (await isAskedToEnd?.().catch(() => false)) stop()
}

export function viewOf(content: KeptJob, result: unknown): JobView {
  const { owner, task: _, replayed: __, claim: ___, ...told } = content
  return { ...told, site: owner.site ?? null, result }
}

function evidenceOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { evidence } = value as { readonly evidence?: unknown }
  return typeof evidence === 'string' ? evidence : undefined
}

export const cancelled = (): MangroveError =>
  serverErrors.cancelled({ detail: 'The job was cancelled before it was done' })

export const interrupted = (): MangroveError =>
  serverErrors.interrupted({ detail: 'The server stopped while the job ran; send it again' })
