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
  /**
   * Rows that every solution with whole integers keeps anyway and that only tighten the relaxation. They are left out where
   * integers are pinned, so that the duals are those of the other rows.
   */
  readonly cutRows?: readonly { readonly first: number; readonly count: number }[]
}

/** Basis statuses, one digit each: 0 at the lower bound, 1 basic, 2 at the upper bound, 3 free at zero, 4 nonbasic. */
export interface SolveBasis {
  /** One a column. */
  readonly columns: string
  /** One a row. */
  readonly rows: string
}

/**
 * Where a solve begins. It never changes which answers are optimal, but which of them is found; so it is small and plain,
 * and part of a run's evidence.
 */
export interface SolveStart {
  readonly relaxation: SolveBasis
  /** Values of the integer columns, in the order of the columns. */
  readonly integers: readonly number[]
  /** Of the linear program with its integers pinned to these; absent: they are those of the relaxation. */
  readonly commitment?: SolveBasis
}

export interface SolveOptions {
  /** Stop when the relative gap between solution and bound is at most this. Default 1e-4. */
  readonly relativeGap?: number
  /** Stop with the best solution found at the first checkpoint after this time. Default 60 000. */
  readonly timeLimitMs?: number
  /**
   * Stop at these checkpoints, wherever the clock stands: `stoppedAt` of an earlier solve, to come to the same answer.
   * Empty: never stop.
   */
  readonly stopAt?: readonly number[]
  readonly signal?: AbortSignal
  /**
   * `simplex` (default): an optimum at a corner, and where to begin the next time. `interior-point`: for linear programs of
   * many thousand steps, which it solves in time in proportion to their length; the answer is within the gap of the optimum,
   * not at a corner. Where it does not apply (integers) or does not converge, simplex answers.
   */
  readonly method?: 'simplex' | 'interior-point'
  /** Begin here. A start of another shape than the model is passed by. */
  readonly start?: SolveStart
  /**
   * Without `start`, begin where the last solve with this key ended, if its matrix had the same pattern: costs, bounds and
   * coefficients may have changed. This is all that one solve hands to the next.
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
  /** The start that was used; absent: none was. */
  readonly startedFrom?: SolveStart
  /** Where it ended, for a caller that says itself where the next one begins; absent: at no corner. */
  readonly ended?: SolveStart
  /** The checkpoints at which the time limit ended it; absent: it ended by itself. */
  readonly stoppedAt?: readonly number[]
  readonly solveMs: number
}

/**
 * A solve is a function of its model, its gap, the start it used and the checkpoints it was stopped at: the same four give
 * the same bits, in any process and whatever was solved before. Two ends have no such promise: by the signal, and by the
 * guard that ends a solve which passes no checkpoint long after its time limit (`feasible` or `none` without `stoppedAt`).
 */
export interface SolverPort {
  solve(model: LinearModel, options?: SolveOptions): Promise<Solution>
}
