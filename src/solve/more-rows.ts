import type { LinearModel } from '../kernel/index.ts'
import type { HighsModel } from './highs-model.ts'

/** `lower ≤ Σ value · x[column] ≤ upper`. */
export interface MoreRow {
  readonly columns: ArrayLike<number>
  readonly values: ArrayLike<number>
  readonly lower: number
  readonly upper: number
}

/** Terms of rows one after the other; `starts` has the end of the last too. */
function termsOf(rows: readonly MoreRow[]) {
  const starts = new Int32Array(rows.length + 1)
  rows.forEach(({ columns }, i) => {
    starts[i + 1] = starts[i]! + columns.length
  })
  const indices = new Int32Array(starts.at(-1)!)
  const values = new Float64Array(starts.at(-1)!)
  rows.forEach((row, i) => {
    indices.set(row.columns, starts[i]!)
    values.set(row.values, starts[i]!)
  })
  return { starts, indices, values }
}

/** The model with rows after its own. */
export function withRows(model: LinearModel, rows: readonly MoreRow[]): LinearModel {
  const { starts, indices, values } = termsOf(rows)
  const own = model.columnIndex.length
  const rowCount = model.rowCount + rows.length
  const rowLower = new Float64Array(rowCount)
  const rowUpper = new Float64Array(rowCount)
  const rowStart = new Int32Array(rowCount + 1)
  const columnIndex = new Int32Array(own + indices.length)
  const coefficient = new Float64Array(own + values.length)
  rowLower.set(model.rowLower)
  rowUpper.set(model.rowUpper)
  rowStart.set(model.rowStart)
  columnIndex.set(model.columnIndex)
  columnIndex.set(indices, own)
  coefficient.set(model.coefficient)
  coefficient.set(values, own)
  rows.forEach(({ lower, upper }, i) => {
    rowLower[model.rowCount + i] = lower
    rowUpper[model.rowCount + i] = upper
    rowStart[model.rowCount + i + 1] = own + starts[i + 1]!
  })
  return { ...model, rowCount, rowLower, rowUpper, rowStart, columnIndex, coefficient }
}

/** Adds rows to a solver, as {@link withRows} does to a model. */
export function addRows(solver: HighsModel, columnCount: number, rows: readonly MoreRow[]): void {
  solver.addRows({
    lower: Float64Array.from(rows, ({ lower }) => lower),
    upper: Float64Array.from(rows, ({ upper }) => upper),
    matrix: { format: 'csr', numRows: rows.length, numCols: columnCount, ...termsOf(rows) },
  })
}
