import type { LinearModel, Solution, SolveOptions } from '../kernel/index.ts'

/** What the pool sends a worker. */
export interface SolveRequest {
  readonly id: number
  readonly model: LinearModel
  readonly options: Omit<SolveOptions, 'signal'>
  /** One flag; the pool sets it to 1 to stop the solve. */
  readonly stop: Int32Array
}

/** What a worker answers. */
export type SolveReply =
  | { readonly id: number; readonly kind: 'solution'; readonly solution: Solution }
  | { readonly id: number; readonly kind: 'failure'; readonly message: string }
