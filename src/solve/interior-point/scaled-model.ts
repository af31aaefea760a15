import type { LinearModel } from '../../kernel/index.ts'

/**
 * A linear program as the interior point method wants it: no fixed columns, no free rows, numbers near one. A row with two
 * different bounds has a slack, which is counted as a variable behind the columns: `A·x − s = 0`.
 */
export interface ScaledModel {
  readonly columnCount: number
  readonly rowCount: number
  /** Entries of A by row. */
  readonly rowStart: Int32Array
  readonly column: Int32Array
  readonly row: Int32Array
  readonly value: Float64Array
  /** Of the columns, then of the slacks; a row without slack has NaN. */
  readonly lower: Float64Array
  readonly upper: Float64Array
  readonly cost: Float64Array
  /** Right side of rows without slack, 0 of those with one. */
  readonly right: Float64Array
  /** How large 1 of the model's own units is in each row. */
  readonly unit: Float64Array
  /** Values and row duals of the model that a solution stands for. */
  unscale(values: Float64Array, rowDuals: Float64Array): { columnValues: Float64Array; rowDuals: Float64Array }
}

/** Rounds of equilibration after Ruiz 2001 (RAL-TR-2001-034), each halving the distance of rows and columns to one. */
const rounds = 8

/** A column with less room than this part of the usual size stays at its lower bound: it would hold up every step. */
const narrowest = 1e-7

/** @returns undefined when a column or row can have no value at all */
export function scaleModel(model: LinearModel): ScaledModel | undefined {
  const columns: number[] = []
  const columnAt = new Int32Array(model.columnCount).fill(-1)
  const narrow = narrowest * typicalSize(model.columnLower, model.columnUpper, model.rowLower, model.rowUpper)
  for (let j = 0; j < model.columnCount; j += 1) {
    if (model.columnLower[j]! > model.columnUpper[j]!) return undefined
    if (model.columnUpper[j]! - model.columnLower[j]! <= narrow) continue
    columnAt[j] = columns.length
    columns.push(j)
  }
  const rows: number[] = []
  for (let i = 0; i < model.rowCount; i += 1) {
    if (model.rowLower[i]! > model.rowUpper[i]!) return undefined
    const isFree = !Number.isFinite(model.rowLower[i]) && !Number.isFinite(model.rowUpper[i])
    // Rows of fixed columns alone decide nothing; whether they hold is the certificate's to say.
    if (!isFree && hasUnknown(model, i, columnAt)) rows.push(i)
  }
  const [n, m] = [columns.length, rows.length]
  const rowStart = new Int32Array(m + 1)
  const most = model.columnIndex.length
  const column = new Int32Array(most)
  const row = new Int32Array(most)
  const value = new Float64Array(most)
  /** What fixed columns put into each row. */
  const moved = new Float64Array(m)
  let entries = 0
  rows.forEach((i, at) => {
    for (let e = model.rowStart[i]!; e < model.rowStart[i + 1]!; e += 1) {
      const j = model.columnIndex[e]!
      const coefficient = model.coefficient[e]!
      if (coefficient === 0) continue
      if (columnAt[j]! < 0) {
        moved[at]! += coefficient * model.columnLower[j]!
        continue
      }
      column[entries] = columnAt[j]!
      row[entries] = at
      value[entries] = coefficient
      entries += 1
    }
    rowStart[at + 1] = entries
  })
  const a = value.slice(0, entries)
  const { rowScale, columnScale } = equilibrate(n, m, column, row, a)
  const cost = Float64Array.from(columns, (j, at) => model.cost[j]! * columnScale[at]!)
  const lower = new Float64Array(n + m)
  const upper = new Float64Array(n + m)
  const right = new Float64Array(m)
  columns.forEach((j, at) => {
    lower[at] = model.columnLower[j]! / columnScale[at]!
    upper[at] = model.columnUpper[j]! / columnScale[at]!
  })
  rows.forEach((i, at) => {
    const low = (model.rowLower[i]! - moved[at]!) * rowScale[at]!
    const high = (model.rowUpper[i]! - moved[at]!) * rowScale[at]!
    const equal = model.rowLower[i] === model.rowUpper[i]
    lower[n + at] = equal ? Number.NaN : low
    upper[n + at] = equal ? Number.NaN : high
    right[at] = equal ? low : 0
  })
  const costScale = 1 / typicalSize(cost)
  const sizeScale = 1 / typicalSize(lower, upper, right)
  for (let v = 0; v < n + m; v += 1) {
    lower[v]! *= sizeScale
    upper[v]! *= sizeScale
  }
  for (let i = 0; i < m; i += 1) right[i]! *= sizeScale
  for (let j = 0; j < n; j += 1) cost[j]! *= costScale
  return {
    columnCount: n,
    rowCount: m,
    rowStart,
    column: column.slice(0, entries),
    row: row.slice(0, entries),
    value: a,
    lower,
    upper,
    cost,
    right,
    unit: rowScale.map((scale) => scale * sizeScale),
    unscale(values, duals) {
      const columnValues = model.columnLower.slice()
      columns.forEach((j, at) => {
        const x = (values[at]! * columnScale[at]!) / sizeScale
        columnValues[j] = Math.min(model.columnUpper[j]!, Math.max(model.columnLower[j]!, x))
      })
      const rowDuals = new Float64Array(model.rowCount)
      rows.forEach((i, at) => {
        rowDuals[i] = (duals[at]! * rowScale[at]!) / costScale
      })
      return { columnValues, rowDuals }
    },
  }
}

function hasUnknown(model: LinearModel, row: number, columnAt: Int32Array): boolean {
  for (let e = model.rowStart[row]!; e < model.rowStart[row + 1]!; e += 1) {
    if (columnAt[model.columnIndex[e]!]! >= 0 && model.coefficient[e] !== 0) return true
  }
  return false
}

/** The usual size of numbers: the mean, in logarithms, of those that are neither nothing nor endless. */
function typicalSize(...lists: readonly Float64Array[]): number {
  let sum = 0
  let count = 0
  for (const values of lists) {
    for (const value of values) {
      const size = Math.abs(value)
      if (!(size > 1e-6 && size < 1e9)) continue
      sum += Math.log(size)
      count += 1
    }
  }
  return count === 0 ? 1 : Math.exp(sum / count)
}

function equilibrate(n: number, m: number, column: Int32Array, row: Int32Array, value: Float64Array) {
  const rowScale = new Float64Array(m).fill(1)
  const columnScale = new Float64Array(n).fill(1)
  const rowMost = new Float64Array(m)
  const columnMost = new Float64Array(n)
  for (let round = 0; round < rounds; round += 1) {
    rowMost.fill(0)
    columnMost.fill(0)
    for (let e = 0; e < value.length; e += 1) {
      const size = Math.abs(value[e]!)
      if (size > rowMost[row[e]!]!) rowMost[row[e]!] = size
      if (size > columnMost[column[e]!]!) columnMost[column[e]!] = size
    }
    const root = (most: number): number => (most > 0 ? 1 / Math.sqrt(most) : 1)
    for (let i = 0; i < m; i += 1) rowScale[i]! *= root(rowMost[i]!)
    for (let j = 0; j < n; j += 1) columnScale[j]! *= root(columnMost[j]!)
    for (let e = 0; e < value.length; e += 1) value[e]! *= root(rowMost[row[e]!]!) * root(columnMost[column[e]!]!)
  }
  return { rowScale, columnScale }
}
