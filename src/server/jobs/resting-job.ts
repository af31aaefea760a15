import { setTimeout as sleep } from 'node:timers/promises'
import { type Clock, type EvidenceStore, findRun, MangroveError, type Problem, recall } from '../../kernel/index.ts'
import type { Job } from '../jobs.ts'
import { problemOf } from '../problem.ts'
import { hasEnded, type JobBook, type KeptJob } from './job-book.ts'
import { cancelled, viewOf } from './live-job.ts'

/** How often a job that another node has in hand is looked at. */
const lookMs = 1000

/** The result of a job that is done; null before. @throws `kernel.evidence-incomplete` */
async function resultOf({ state, evidence: run, replayed }: KeptJob, evidence: EvidenceStore): Promise<unknown> {
  if (state !== 'done') return null
  if (run === null) return replayed ?? null
  const { outputSha256 } = await findRun(evidence, run)
  return { ...((await recall(evidence, outputSha256)) as object), evidence: run }
}

export interface RestingJobParts {
  readonly book: JobBook
  readonly evidence: EvidenceStore
  readonly clock: Clock
  /** Takes a job out of the queue. */
  withdraw(id: string): Promise<boolean>
  /** Calls back when it may have ended. Returns the way to stop. */
  hear(id: string, listener: () => void): () => void
}

/** A job that this process does not have in hand: one that has ended, or that another node does. */
export async function openRestingJob(begun: KeptJob, parts: RestingJobParts): Promise<Job> {
  const { book, evidence, clock, withdraw } = parts
  const { id, owner } = begun
  let content = begun
  let result = await resultOf(content, evidence)
  const look = async (): Promise<boolean> => {
    const found = await book.find(id)
    if (found) content = found
    if (!hasEnded(content.state)) return false
    result = await resultOf(content, evidence)
    return true
  }
  const ended = async (): Promise<unknown> => {
    while (!hasEnded(content.state)) {
      await soon(id, parts)
      await look()
    }
    if (content.state === 'done') return result
    throw errorOf(content)
  }
  let finished: Promise<unknown> | undefined
  return {
    id,
    owner,
    // Who only looks at the job waits for nothing.
    get finished() {
      finished ??= ended()
      return finished
    },
    view: () => viewOf(content, result),
    kept: () => true,
    keep: () => Promise.resolve(),
    async cancel() {
      if (hasEnded(content.state)) return
      await book.askToEnd(id)
      if (!(await withdraw(id))) return
      // Nobody has it any more.
      const problem = problemOf(cancelled(), `/api/v1/jobs/${id}`)
      content = { ...content, state: 'cancelled', finishedMs: clock.now(), task: null, problem }
      await book.put(content)
    },
    watch(listener) {
      if (hasEnded(content.state)) return () => undefined
      const timer = setInterval(() => {
        look().then(listener, () => undefined)
      }, lookMs)
      timer.unref()
      return () => clearInterval(timer)
    },
  }
}

/** Until it may have ended, or a second has passed. */
async function soon(id: string, { hear }: RestingJobParts): Promise<void> {
  const heard = new AbortController()
  const stop = hear(id, () => heard.abort())
  await sleep(lookMs, undefined, { ref: false, signal: heard.signal }).catch(() => undefined)
  stop()
}

/** The error of a job as it was told. */
function errorOf({ problem }: KeptJob): Error {
  if (!problem) return new Error('The job ended without a problem')
  return new MangroveError(problem.problems.map((one): Problem => ({ ...(one as Problem), status: problem.status })))
}
