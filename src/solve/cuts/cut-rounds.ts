import type { LinearModel } from '../../kernel/index.ts'
import type { HighsModel } from '../highs-model.ts'
import { addRows } from '../more-rows.ts'
import { type Cut, rowOf } from './rounding.ts'
import type { Multiplier, Rows, Separator } from './separator.ts'

/** Rows of a model with cuts after them. */
export interface CutPool extends Rows {
  readonly cuts: Cut[]
}

export function createCutPool(model: LinearModel): CutPool {
  const cuts: Cut[] = []
  return {
    cuts,
    get count() {
      return model.rowCount + cuts.length
    },
    forEachTerm(row, visit) {
      if (row < model.rowCount) {
        for (let at = model.rowStart[row]!; at < model.rowStart[row + 1]!; at += 1) {
          visit(model.columnIndex[at]!, model.coefficient[at]!)
        }
        return
      }
      const { columns, values } = cuts[row - model.rowCount]!
      for (let t = 0; t < columns.length; t += 1) visit(columns[t]!, values[t]!)
    },
    lower: (row) => (row < model.rowCount ? model.rowLower[row]! : Number.NEGATIVE_INFINITY),
    upper: (row) => (row < model.rowCount ? model.rowUpper[row]! : cuts[row - model.rowCount]!.most),
  }
}

/** Fractions below this are whole. */
const whole = 1e-5
const mostRows = 120
/** Cuts that are added at once, and how parallel two of them may be. */
const mostCuts = 80
const mostParallel = 0.7

/** Multipliers of the simplex tableau's rows in which an integer is not whole. */
function tableauRows(model: LinearModel, solver: HighsModel, point: Float64Array): Multiplier[][] {
  const fractions: { position: number; fraction: number }[] = []
  solver.getBasicVariables().forEach((column, position) => {
    if (column < 0 || model.integrality[column] !== 1) return
    const value = point[column]!
    const fraction = Math.abs(value - Math.round(value))
    if (fraction > whole) fractions.push({ position, fraction })
  })
  fractions.sort((a, b) => b.fraction - a.fraction)
  return fractions.slice(0, mostRows).map(({ position }) => {
    const { values } = solver.getBasisInverseRow(position)
    const multipliers: Multiplier[] = []
    for (let row = 0; row < values.length; row += 1) {
      if (Math.abs(values[row]!) > 1e-9) multipliers.push({ row, value: values[row]! })
    }
    return multipliers
  })
}

/** The deepest first, without those that say nearly the same. */
export function selectCuts(found: readonly Cut[], columnCount: number): Cut[] {
  const chosen: Cut[] = []
  const dense = new Float64Array(columnCount)
  const norm = (cut: Cut): number => Math.sqrt(cut.values.reduce((sum, value) => sum + value * value, 0))
  const norms: number[] = []
  for (const cut of [...found].sort((a, b) => b.distance - a.distance)) {
    if (chosen.length >= mostCuts) break
    cut.columns.forEach((j, t) => {
      dense[j] = cut.values[t]!
    })
    const own = norm(cut)
    const parallel = chosen.some((other, index) => {
      let product = 0
      for (let t = 0; t < other.columns.length; t += 1) product += other.values[t]! * dense[other.columns[t]!]!
      return product > mostParallel * own * norms[index]!
    })
    for (const j of cut.columns) dense[j] = 0
    if (parallel) continue
    chosen.push(cut)
    norms.push(own)
  }
  return chosen
}

/** Cuts at the point where the solver stands. */
export function separate(model: LinearModel, solver: HighsModel, separator: Separator, withTableau: boolean): Cut[] {
  const { colValue, rowValue } = solver.getSolution()
  const point = Float64Array.from(colValue)
  const activity = Float64Array.from(rowValue)
  const found: Cut[] = []
  for (const start of separator.starts) found.push(...separator.cutsAlong(start, point, activity))
  for (const multipliers of withTableau ? tableauRows(model, solver, point) : []) {
    const cut = separator.cutFrom(multipliers, point, activity)
    if (cut) found.push(cut)
  }
  return selectCuts(found, model.columnCount)
}

/** Adds cuts to a solver and its pool. */
export function addCuts(model: LinearModel, pool: CutPool, solver: HighsModel, cuts: readonly Cut[]): void {
  addRows(solver, model.columnCount, cuts.map(rowOf))
  pool.cuts.push(...cuts)
}
