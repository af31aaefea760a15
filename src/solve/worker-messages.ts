import type { LinearModel } from '../kernel/index.ts'
import type { Solved } from './highs-solver.ts'
import type { SolverOptions } from './start-memory.ts'

/** What the pool sends a worker. */
export interface SolveRequest {
  readonly id: number
  readonly model: LinearModel
  readonly options: SolverOptions
  /** One flag; the pool sets it to 1 to stop the solve. */
  readonly stop: Int32Array
}

/** What a worker answers. */
export type SolveReply =
  | ({ readonly id: number; readonly kind: 'solution' } & Solved)
  | { readonly id: number; readonly kind: 'failure'; readonly message: string }
