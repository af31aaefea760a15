import type { LinearModel, Solution } from '../kernel/index.ts'

/** What an independent look at a solution finds. Shares no code with the solver. */
export interface Certificate {
  /** Largest violation of a row, bound or integrality, in the model's units, relative to the size of the row above 1. */
  readonly maxResidual: number
  /** (objective − bound) / max(1, |objective|). */
  readonly boundGap: number
  /** `dual`: the bound was recomputed here from the row duals. `solver`: it is the solver's word (integers). */
  readonly boundSource: 'dual' | 'solver'
  /** Objective recomputed from costs and columns. */
  readonly objective: number
  /** Residual within 1e-5 and all numbers finite. */
  readonly ok: boolean
  readonly worst?: {
    readonly what: 'row' | 'column' | 'integrality' | 'objective'
    readonly index: number
    readonly amount: number
  }
}

const residualTolerance = 1e-5
const dualTolerance = 1e-6

/**
 * Checks a solution against its model without the solver: every row, bound and integrality, the objective, and for a
 * linear program the bound that weak duality gives: offset + Σ y·b + Σ d·l over the active sides.
 */
export function certify(model: LinearModel, solution: Solution): Certificate {
  let worst: Certificate['worst']
  let maxResidual = 0
  const look = (what: 'row' | 'column' | 'integrality' | 'objective', index: number, amount: number): void => {
    // A bound or coefficient that is no number is a violation without measure.
    const size = Number.isNaN(amount) ? Number.POSITIVE_INFINITY : amount
    if (size <= maxResidual) return
    maxResidual = size
    worst = { what, index, amount: size }
  }
  const values = solution.columnValues
  let objective = model.offset
  let integers = 0
  for (let j = 0; j < model.columnCount; j += 1) {
    const value = values[j] ?? Number.NaN
    objective += model.cost[j]! * value
    const size = Math.max(1, Math.abs(value))
    look('column', j, Math.max(0, model.columnLower[j]! - value, value - model.columnUpper[j]!) / size)
    if (model.integrality[j] === 1) {
      integers += 1
      look('integrality', j, Math.abs(value - Math.round(value)))
    }
  }
  for (let i = 0; i < model.rowCount; i += 1) {
    let activity = 0
    let size = 1
    for (let at = model.rowStart[i]!; at < model.rowStart[i + 1]!; at += 1) {
      const part = model.coefficient[at]! * values[model.columnIndex[at]!]!
      activity += part
      size = Math.max(size, Math.abs(part))
    }
    look('row', i, Math.max(0, model.rowLower[i]! - activity, activity - model.rowUpper[i]!) / size)
  }
  const finite = values.length === model.columnCount && values.every(Number.isFinite)
  const boundSource = integers > 0 ? 'solver' : 'dual'
  const bound = integers > 0 ? solution.bound : dualBound(model, solution.rowDuals)
  const drift = Math.abs(objective - solution.objective) / Math.max(1, Math.abs(objective))
  if (!(drift <= 1e-6)) look('objective', 0, Number.isFinite(drift) ? drift : Number.POSITIVE_INFINITY)
  return {
    maxResidual: finite ? maxResidual : Number.POSITIVE_INFINITY,
    boundGap: (objective - bound) / Math.max(1, Math.abs(objective)),
    boundSource,
    objective,
    ok: finite && maxResidual <= residualTolerance,
    ...(worst ? { worst } : {}),
  }
}

/** Lower bound of the linear program that any row duals prove; wrong-signed dust is dropped before it is used. */
export function dualBound(model: LinearModel, rowDuals: Float64Array): number {
  let bound = model.offset
  const reduced = model.cost.slice()
  for (let i = 0; i < model.rowCount; i += 1) {
    let dual = rowDuals[i] ?? 0
    const side = dual > 0 ? model.rowLower[i]! : model.rowUpper[i]!
    if (dual !== 0 && !Number.isFinite(side)) {
      if (Math.abs(dual) > dualTolerance) return Number.NEGATIVE_INFINITY
      dual = 0
    }
    if (dual === 0) continue
    bound += dual * side
    for (let at = model.rowStart[i]!; at < model.rowStart[i + 1]!; at += 1) {
      reduced[model.columnIndex[at]!]! -= dual * model.coefficient[at]!
    }
  }
  for (let j = 0; j < model.columnCount; j += 1) {
    const cost = reduced[j]!
    const side = cost > 0 ? model.columnLower[j]! : model.columnUpper[j]!
    if (Number.isFinite(side)) bound += cost * side
    else if (Math.abs(cost) > dualTolerance) return Number.NEGATIVE_INFINITY
  }
  return bound
}
