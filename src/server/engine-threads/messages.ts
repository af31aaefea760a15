import type { LinearModel, Solution, SolveOptions } from '../../kernel/index.ts'
import type { ReportChoice } from '../../report/index.ts'
import type { PointRange, RangeRequest } from '../../store/index.ts'
import type { CarriedError } from './carried-error.ts'

/** What a thread is told when it begins. */
export interface ThreadSetup {
  /** Address of the module that exports `packEntries`, or `packs` that are loaded. */
  readonly packsModule: string
  /** Where evidence and checkpoints are kept. */
  readonly dataFolder: string
  /** PostgreSQL instead, where the server keeps everything there. */
  readonly databaseUrl?: string | undefined
  /** Files of the sites that may be asked for. */
  readonly siteFiles: readonly string[]
}

/** What a thread is to do: run an engine, run a kept run again, or draw the report of one. */
export type ThreadTask =
  | { readonly kind: 'run'; readonly engine: string; readonly input: unknown; readonly clockMs: number }
  | { readonly kind: 'replay'; readonly id: string }
  | ({ readonly kind: 'report'; readonly id: string } & ReportChoice)

/** What the server tells a thread. `run` counts the tasks of the thread, `call` what it has asked. */
export type ToThread =
  | { readonly kind: 'begin'; readonly run: number; readonly task: ThreadTask }
  | { readonly kind: 'abort'; readonly run: number }
  | { readonly kind: 'answer'; readonly call: number; readonly value: unknown }
  | { readonly kind: 'refusal'; readonly call: number; readonly error: CarriedError }

/** What only the server's own thread can answer: its solvers with their memory, and its database. */
export type ThreadQuestion =
  | { readonly about: 'solve'; readonly model: LinearModel; readonly options: Omit<SolveOptions, 'signal'> }
  | { readonly about: 'observations'; readonly request: RangeRequest }

/** The answer to each {@link ThreadQuestion}. */
export interface ThreadAnswers {
  readonly solve: Solution
  readonly observations: Readonly<Record<string, PointRange>>
}

/** What a thread tells the server. */
export type FromThread =
  | { readonly kind: 'done'; readonly run: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly run: number; readonly error: CarriedError }
  | { readonly kind: 'progress'; readonly run: number; readonly fraction: number; readonly message: string }
  | { readonly kind: 'ask'; readonly run: number; readonly call: number; readonly question: ThreadQuestion }
  /** The answer is not waited for any more. */
  | { readonly kind: 'leave'; readonly call: number }
