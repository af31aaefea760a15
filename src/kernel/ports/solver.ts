/**
 * A linear or mixed-integer model, minimise `offset + cᵀx` subject to `rowLower ≤ Ax ≤ rowUpper` and
 * `columnLower ≤ x ≤ columnUpper`. Rows of A in compressed sparse row form. Infinite bounds are ±Infinity.
 */
export interface LinearModel {
  readonly columnCount: number
  readonly rowCount: number
  readonly offset: number
  readonly cost: Float64Array
  readonly columnLower: Float64Array
  readonly columnUpper: Float64Array
  /** 0 continuous, 1 integer. */
  readonly integrality: Uint8Array
  readonly rowLower: Float64Array
  readonly rowUpper: Float64Array
  /** Length rowCount + 1. */
  readonly rowStart: Int32Array
  readonly columnIndex: Int32Array
  readonly coefficient: Float64Array
}

export interface SolveOptions {
  /** Stop when the relative gap between solution and bound is at most this. Default 1e-4. */
  readonly relativeGap?: number
  /** Stop with the best solution found after this time. Default 60 000. */
  readonly timeLimitMs?: number
  readonly signal?: AbortSignal
  /** A solution to start from (need not be feasible), one value a column. */
  readonly start?: Float64Array
  /**
   * Solves with the same key on the same matrix reuse the factorised model in the worker:
   * only changed costs and bounds travel, and the last basis warm-starts the next solve.
   */
  readonly sessionKey?: string
}

/** `feasible` = a solution without proof of the asked gap (time limit, cancelled). */
export type SolveStatus = 'optimal' | 'feasible' | 'infeasible' | 'unbounded' | 'none'

export interface Solution {
  readonly status: SolveStatus
  readonly objective: number
  /** Proven lower bound of the objective. */
  readonly bound: number
  readonly columnValues: Float64Array
  /** Change of the objective per unit of the row's bound; of the LP, or of the LP with integers fixed for a MILP. */
  readonly rowDuals: Float64Array
  /** Reduced costs of the columns. */
  readonly columnDuals: Float64Array
  readonly solveMs: number
}

export interface SolverPort {
  solve(model: LinearModel, options?: SolveOptions): Promise<Solution>
}
