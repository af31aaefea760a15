/** A job as `GET /api/v1/jobs/{id}` tells it, without the result. */
export interface Job {
  readonly id: string
  readonly engine: string
  readonly site: string | null
  readonly state: 'queued' | 'running' | 'interrupted' | 'done' | 'failed' | 'cancelled'
  readonly progress: { readonly fraction: number; readonly message: string }
  readonly createdMs: number
  readonly startedMs: number | null
  readonly finishedMs: number | null
  /** Id of the run, when done. */
  readonly evidence: string | null
  readonly problem: { readonly detail: string } | null
}

export const isOver = ({ state }: Job): boolean => state === 'done' || state === 'failed' || state === 'cancelled'

/** Below this share nobody can tell how long the rest takes. */
const leastShare = 0.02

/** Time that is left of a job, if it goes on as fast as until now, ms; undefined where that cannot be told. */
export function leftMs({ state, progress: { fraction }, startedMs }: Job, nowMs: number): number | undefined {
  if (state !== 'running' || startedMs === null || fraction < leastShare || fraction >= 1) return undefined
  return (Math.max(0, nowMs - startedMs) / fraction) * (1 - fraction)
}

/** Jobs that go on, then those that ended, each newest first. */
export const inOrder = (jobs: Iterable<Job>): readonly Job[] =>
  [...jobs].sort((a, b) => Number(isOver(a)) - Number(isOver(b)) || b.createdMs - a.createdMs)

/** What a replay is a replay of; undefined for the run of an engine. */
export const replayedRun = (engine: string): string | undefined => /^replay ([0-9a-f]{64})$/.exec(engine)?.[1]

/** Of an engine at a site: the newest job that goes on, and the last one that ended while the page watched. */
export function jobOf(
  { jobs = [], ended }: { readonly jobs: readonly Job[] | undefined; readonly ended: readonly Job[] },
  engine: string,
  site: string,
): { readonly going: Job | undefined; readonly ended: Job | undefined } {
  const isIt = (job: Job): boolean => job.engine === engine && job.site === site
  return { going: jobs.find((job) => isIt(job) && !isOver(job)), ended: ended.findLast(isIt) }
}

/** What went wrong with a job; null for one that is well, or was cancelled. */
export const failureOf = (job: Job | undefined): Error | null =>
  job?.state === 'failed' ? new Error(job.problem?.detail ?? job.state) : null

/** What the address of the sizing page says of a sizing, at work or done; undefined for other jobs and those that gave nothing. */
export function sizingSearch(job: Job): { readonly run: string } | { readonly job: string } | undefined {
  if (job.engine !== 'energy.size') return undefined
  if (job.evidence !== null) return { run: job.evidence }
  return isOver(job) ? undefined : { job: job.id }
}
