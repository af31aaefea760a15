import type { Caller } from './caller.ts'
import type { ProblemJson } from './problem.ts'

/**
 * `interrupted`: the server stopped, or was killed, while the job ran; its engine keeps checkpoints, so it goes on with the next
 * start. `done`, `failed` and `cancelled` are ends.
 */
export const jobStates = ['queued', 'running', 'interrupted', 'done', 'failed', 'cancelled'] as const
export type JobState = (typeof jobStates)[number]

/** What a job is to do, as data: it can be kept, sent to another node and done again. */
export type JobTask =
  | { readonly kind: 'run'; readonly engine: string; readonly input: unknown }
  | { readonly kind: 'replay'; readonly id: string }
  | { readonly kind: 'backup'; readonly name: string }

/** What the list of jobs calls it: the engine of a run. */
export const titleOf = (task: JobTask): string =>
  task.kind === 'run' ? task.engine : task.kind === 'replay' ? `replay ${task.id}` : `backup ${task.name}`

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

/** What the server does by itself. */
export const house: JobOwner = { asked: 'local local' }

/** Whether a caller may know of a job. */
export const isOf = (caller: Caller, { site, asked }: JobOwner): boolean =>
  caller.principal.kind === 'local' ||
  (site === undefined ? asked === ownerOf(caller, undefined).asked : caller.may('read', site))

/** A job as clients see it. */
export interface JobView {
  readonly id: string
  readonly engine: string
  readonly site: string | null
  readonly state: JobState
  readonly progress: { readonly fraction: number; readonly message: string }
  readonly createdMs: number
  readonly startedMs: number | null
  readonly finishedMs: number | null
  /** How often it was begun. */
  readonly attempts: number
  /** Id of the run, when an engine's run is done. */
  readonly evidence: string | null
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
  /** Whether it is kept on the disk: it outlives who asked for it, and the server. */
  kept(): boolean
  /** Keeps it on the disk before it returns. */
  keep(): Promise<void>
  /** Does nothing to one that has ended. */
  cancel(): Promise<void>
  /** Calls back after each change. Returns the way to stop. */
  watch(listener: () => void): () => void
}

/** Counters since the start, and what is now: for `/metrics`. */
export interface JobFigures {
  readonly running: number
  readonly queued: number
  readonly maxQueued: number
  readonly refused: number
  readonly ended: Readonly<Record<'done' | 'failed' | 'cancelled', number>>
  readonly resumed: number
  /** Ended because they took too long; `failed` counts them too. */
  readonly outOfTime: number
}

export interface JobRequest {
  readonly task: JobTask
  readonly owner?: JobOwner
  /** The same key of the same owner with the same task gives the same job. */
  readonly idempotencyKey?: string
}

export interface JobListing {
  readonly caller: Caller
  readonly state?: JobState
  readonly engine?: string
  readonly site?: string
  readonly limit: number
  /** `next` of the page before. */
  readonly after?: string
}

export interface JobPage {
  /** Newest first, without results. */
  readonly jobs: readonly JobView[]
  /** Absent at the end. */
  readonly next?: string
}

export interface Jobs {
  /** @throws `server.busy` when too many are waiting, `server.key-reused` */
  submit(request: JobRequest): Promise<Job>
  /** @throws `server.unknown-job`, also for a job that the caller may not see */
  get(id: string, caller?: Caller): Promise<Job>
  list(listing: JobListing): Promise<JobPage>
  counts(): { readonly running: number; readonly queued: number }
  figures(): JobFigures
  /** Begins handing jobs out, first those that a stop or a crash left. */
  start(): Promise<void>
  /** Takes nothing more, begins nothing more, and interrupts what nobody waits for. */
  drain(): void
  /** The same for everything, and waits until all of it is kept. */
  close(): Promise<void>
}
