import { type Clock, canonicalJson, type EvidenceStore } from '../../kernel/index.ts'
import type { Records } from '../../store/index.ts'
import { serverErrors } from '../errors.ts'
import {
  house,
  isOf,
  type Job,
  type JobOwner,
  type JobRequest,
  type Jobs,
  type JobTask,
  type JobTools,
  titleOf,
} from '../jobs.ts'
import type { NodeWords } from '../nodes/node-words.ts'
import { createJobBook, digestOf, hasEnded, type JobBook, type KeptJob } from './job-book.ts'
import { newJobId } from './job-id.ts'
import { createMemoryQueue, type JobQueue, type QueueLimits, type Turn } from './job-queue.ts'
import { listJobs } from './list-jobs.ts'
import { createLiveJob, interrupted, type LiveJob } from './live-job.ts'
import { openRestingJob, type RestingJobParts } from './resting-job.ts'
import { createWatch } from './watch-jobs.ts'

export interface JobLimits extends QueueLimits {
  /** Jobs that have ended and are remembered. */
  readonly kept: number
  /** A job that was interrupted this often breaks the server, and is not begun again. */
  readonly attempts: number
  /** A job is ended after this long, by engine; `usual` and `long` for engines that are not named. */
  readonly timeMs: Readonly<Record<'usual' | 'long' | (string & {}), number>>
}

export const defaultJobLimits: JobLimits = {
  running: 4,
  queued: 64,
  queuedPerShare: 64,
  kept: 2000,
  attempts: 3,
  timeMs: { usual: 10 * 60_000, long: 4 * 3_600_000 },
}

export interface JobsParts {
  readonly records: Records
  readonly evidence: EvidenceStore
  readonly clock: Clock
  /** Does a task; `clockMs` is the moment that it takes for now, the same in every attempt. */
  perform(task: JobTask, tools: JobTools, clockMs: number): Promise<unknown>
  /** What is known of a task's engine. */
  about(task: JobTask): { readonly resumable: boolean; readonly long: boolean }
  report(error: unknown, message: string): void
  /** Default: one in memory, for one node. */
  readonly queue?: JobQueue
  /** What nodes that share the queue tell each other. */
  readonly words?: NodeWords
  readonly limits?: Partial<JobLimits>
}

/** Jobs are looked through for old ones after this many have ended. */
const pruneStep = 64
/** On a queue that is shared, jobs that wait for longer are offered again: whoever took one in may have broken before it offered it. */
const reofferMs = 60_000

/**
 * Jobs with a bounded queue, progress, cancellation, a limit of time, and records that outlive the server. A job that somebody
 * waits for is kept when it ends; one that was answered with 202, or came with an idempotency key, before that answer.
 */
export function createJobs({ records, evidence, clock, perform, about, report, ...options }: JobsParts): Jobs {
  const limits: JobLimits = { ...defaultJobLimits, ...options.limits }
  const queue = options.queue ?? createMemoryQueue(limits)
  const book = createJobBook(records)
  const live = new Map<string, LiveJob>()
  const claiming = new Map<string, Promise<Job>>()
  const ended = { done: 0, failed: 0, cancelled: 0 }
  const counted = { resumed: 0, outOfTime: 0, ended: 0 }
  let draining = false
  let reoffering: NodeJS.Timeout | undefined
  const watch = createWatch(options.words)
  const resting: RestingJobParts = { book, evidence, clock, withdraw: queue.withdraw, hear: watch.hear }
  /** Runs and replays are functions of what is kept: another node may do them from the beginning. */
  const isRepeatable = (task: JobTask): boolean => about(task).resumable || (queue.shared && task.kind !== 'backup')

  const take = (content: KeptJob, onDisk: boolean): LiveJob => {
    const job = createLiveJob(content, onDisk, { book, clock, report, withdraw: queue.withdraw })
    live.set(job.id, job)
    job.finished.then(
      () => over(job),
      () => over(job),
    )
    return job
  }
  /** What has ended is remembered on the disk, or here where that failed. */
  const over = async (job: LiveJob): Promise<void> => {
    const { state, problem } = job.content()
    if (state === 'done' || state === 'failed' || state === 'cancelled') ended[state] += 1
    if (problem?.code === 'server.out-of-time') counted.outOfTime += 1
    await job.saved().then(
      () => live.get(job.id) === job && live.delete(job.id),
      () => forget(live, limits.kept),
    )
    watch.ended(job.id)
    counted.ended += 1
    if (counted.ended % pruneStep === 0 && !draining) {
      await book.prune(limits.kept).catch((error) => report(error, 'old jobs were not removed'))
    }
  }
  const limitsOf = (task: JobTask, id: string) => {
    const { long } = about(task)
    const named = task.kind === 'run' ? limits.timeMs[task.engine] : undefined
    return {
      resumable: isRepeatable(task),
      timeMs: named ?? (long ? limits.timeMs.long : limits.timeMs.usual),
      ...(queue.shared ? { isAskedToEnd: () => book.isAskedToEnd(id) } : {}),
    }
  }
  const turn = async (id: string, lost?: AbortSignal): Promise<Turn> => {
    const found = (queue.shared ? undefined : live.get(id)) ?? (await adopt(id))
    const task = found?.content().task
    if (!found || !task) return 'over'
    if (lost?.aborted) found.lose()
    lost?.addEventListener('abort', () => found.lose(), { once: true })
    await found.run((tools) => perform(task, tools, found.content().startedMs ?? clock.now()), limitsOf(task, id))
    return hasEnded(found.content().state) ? 'over' : 'again'
  }
  /** A job that another node took in, or had in hand when it broke. */
  const adopt = async (id: string): Promise<LiveJob | undefined> => {
    const found = await book.find(id)
    if (!found || hasEnded(found.state)) return undefined
    const job = take(found, true)
    if (found.attempts > 0 && !(await mayGoOn(found))) {
      await job.fail(interrupted())
      return undefined
    }
    return job
  }
  const mayGoOn = async ({ task, attempts }: KeptJob): Promise<boolean> => {
    if (!task || attempts >= limits.attempts || !isRepeatable(task)) return false
    counted.resumed += 1
    return true
  }
  /** What a stop or a crash left: what waited goes on waiting, what ran goes on or fails by name. */
  const recover = async (): Promise<void> => {
    for (const found of (await unfinished(book)).reverse()) {
      const job = take(found, true)
      if (found.state !== 'queued' && !(await mayGoOn(found))) {
        await job.fail(interrupted())
        continue
      }
      await queue.offer({ id: found.id, share: shareOf(found.owner) }).catch((error) => job.fail(error))
    }
  }

  const begin = async ({ task, owner = house }: JobRequest, claim?: string, id = newJobId(clock.now())) => {
    const content: KeptJob = {
      ...{ id, owner, task, engine: titleOf(task), state: 'queued' },
      ...{ progress: { fraction: 0, message: 'waiting' }, createdMs: clock.now(), startedMs: null, finishedMs: null },
      ...{ attempts: 0, evidence: null, problem: null, ...(claim === undefined ? {} : { claim }) },
    }
    if (queue.shared) return beginShared(content)
    const job = take(content, false)
    try {
      if (draining) throw serverErrors.busy({ detail: 'The server is stopping' })
      if (claim !== undefined) await job.keep()
      await queue.offer({ id, share: shareOf(owner) })
      return job
    } catch (error) {
      // It never was: no trace of it stays.
      live.delete(id)
      if (job.kept()) await book.remove(id).catch(() => undefined)
      throw error
    }
  }
  /** Any node may be handed it: here it is looked at as one that another has in hand. */
  const beginShared = async (content: KeptJob): Promise<Job> => {
    const { id, owner, claim } = content
    if (draining) throw serverErrors.busy({ detail: 'The server is stopping' })
    await book.put(content)
    try {
      await queue.offer({ id, share: shareOf(owner) })
    } catch (error) {
      await book.remove(id).catch(() => undefined)
      throw error
    }
    const job = await openRestingJob(content, resting)
    let wanted = claim !== undefined
    return {
      ...{ id, owner, view: job.view, watch: job.watch, cancel: job.cancel },
      get finished() {
        return job.finished
      },
      kept: () => wanted,
      async keep() {
        wanted = true
      },
    }
  }
  const reoffer = async (): Promise<void> => {
    for (const found of await unfinished(book)) {
      if (draining || found.createdMs > clock.now() - reofferMs) continue
      await queue.offer({ id: found.id, share: shareOf(found.owner) }).catch(() => undefined)
    }
  }
  const known = async (id: string): Promise<Job | undefined> => {
    const found = live.get(id)
    if (found) return found
    const kept = await book.find(id)
    // It may have been taken in hand meanwhile.
    return live.get(id) ?? (kept && openRestingJob(kept, resting))
  }
  const beginOnce = async (request: JobRequest, name: string, task: string): Promise<Job> => {
    const id = newJobId(clock.now())
    const mine = { job: id, task, madeMs: clock.now() }
    const first = await book.claim(name, mine)
    if (first) {
      const job = await known(first.job)
      if (job && first.task === task) return job
      if (job) throw keyReused()
      // Whoever had the key broke before its job was kept.
      if (await book.claim(name, mine, first)) throw keyReused()
    }
    try {
      return await begin(request, name, id)
    } catch (error) {
      await book.release(name).catch(() => undefined)
      throw error
    }
  }

  const jobs: Jobs = {
    async submit(request) {
      const { idempotencyKey, owner = house, task } = request
      if (idempotencyKey === undefined) return begin(request)
      const name = digestOf(owner.asked, idempotencyKey)
      const same = digestOf(canonicalJson(task))
      const before = claiming.get(name)
      if (before) await before.catch(() => undefined)
      const job = beginOnce(request, name, same)
      claiming.set(name, job)
      try {
        return await job
      } finally {
        if (claiming.get(name) === job) claiming.delete(name)
      }
    },
    async get(id, caller) {
      const job = await known(id)
      if (job && (!caller || isOf(caller, job.owner))) return job
      throw serverErrors.unknownJob({ detail: 'No job has this id; jobs that ended are forgotten in time', found: id })
    },
    list: (listing) => listJobs([...live.values()], book, listing),
    counts: () => {
      const { running, queued } = queue.figures()
      return { running, queued }
    },
    figures: () => ({
      ...queue.figures(),
      ended: { ...ended },
      resumed: counted.resumed,
      outOfTime: counted.outOfTime,
    }),
    async start() {
      if (!queue.shared) await recover()
      queue.begin(turn)
      if (!queue.shared) return
      const again = (): void => void reoffer().catch((error) => report(error, 'jobs that wait were not looked through'))
      reoffering = setInterval(again, reofferMs)
      reoffering.unref()
      again()
    },
    drain() {
      draining = true
      clearInterval(reoffering)
      void queue.close()
      for (const job of live.values()) if (job.kept() || job.content().state === 'queued') job.interrupt()
    },
    async close() {
      jobs.drain()
      for (const job of live.values()) job.interrupt()
      await queue.close()
      await Promise.allSettled([...live.values()].map((job) => job.saved()))
      watch.close()
    },
  }
  return jobs
}

/** Who shares the queue with others. */
const shareOf = ({ site, asked }: JobOwner): string => (site === undefined ? `by ${asked}` : `at ${site}`)

const keyReused = () =>
  serverErrors.keyReused({
    detail: 'This Idempotency-Key was sent with another request',
    expected: 'a key of its own for each job, or the same request again',
  })

async function unfinished(book: JobBook): Promise<KeptJob[]> {
  const found: KeptJob[] = []
  for (let after = ''; ; ) {
    const page = await book.page(after, 500)
    found.push(...page.map(({ job }) => job).filter(({ state }) => !hasEnded(state)))
    const last = page.at(-1)
    if (!last || page.length < 500) return found
    after = last.key
  }
}

/** Forgets the oldest of those that ended. */
function forget(live: Map<string, LiveJob>, most: number): void {
  for (const [id, job] of live) {
    if (live.size <= most) return
    if (hasEnded(job.content().state)) live.delete(id)
  }
}
