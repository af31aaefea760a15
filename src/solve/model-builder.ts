import type { LinearModel } from '../kernel/index.ts'

/** Bounds and costs of a block of columns: one number for all, or one each. */
export interface ColumnOptions {
  /** Default 0. */
  readonly lower?: number | Float64Array
  /** Default +∞. */
  readonly upper?: number | Float64Array
  /** Default 0. */
  readonly cost?: number | Float64Array
  readonly integer?: boolean
}

/** Columns or rows that stand in a row under one name. */
export interface Block {
  readonly name: string
  readonly first: number
}

/** Which columns and rows have which names. */
export interface ModelLayout {
  readonly columns: readonly Block[]
  readonly columnCount: number
  readonly rows: readonly Block[]
  readonly rowCount: number
  /** Integer columns, in order. */
  readonly integers: readonly number[]
}

/** A model with names for people; the solver never sees them. */
export interface NamedModel {
  readonly model: LinearModel
  readonly layout: ModelLayout
  columnName(column: number): string
  rowName(row: number): string
}

/** Writes a linear model into growing typed arrays; names are kept by block. */
export interface ModelBuilder {
  /** Adds `count` columns; returns the index of the first. */
  addColumns(name: string, count: number, options: ColumnOptions): number
  /** Begins a row `lower ≤ Σ terms ≤ upper`; returns its index. */
  beginRow(name: string, lower: number, upper: number): number
  term(column: number, coefficient: number): void
  endRow(): void
  /** Adds a constant to the objective. */
  addOffset(value: number): void
  addCost(column: number, cost: number): void
  setBounds(column: number, lower: number, upper: number): void
  setInteger(column: number, integer: boolean): void
  readonly columnCount: number
  readonly rowCount: number
  /** A copy of the model so far; the builder may go on. */
  build(): NamedModel
}

interface Grown<T extends Float64Array | Int32Array | Uint8Array> {
  array: T
  length: number
}

function reserve<T extends Float64Array | Int32Array | Uint8Array>(grown: Grown<T>, more: number): void {
  if (grown.length + more <= grown.array.length) return
  const size = Math.max(grown.length + more, grown.array.length * 2)
  const next = new (grown.array.constructor as new (size: number) => T)(size)
  next.set(grown.array as never)
  grown.array = next
}

const doubles = (): Grown<Float64Array> => ({ array: new Float64Array(1024), length: 0 })
const integers = (): Grown<Int32Array> => ({ array: new Int32Array(4096), length: 0 })

function push(grown: Grown<Float64Array> | Grown<Int32Array>, value: number): void {
  reserve(grown as Grown<Float64Array>, 1)
  grown.array[grown.length] = value
  grown.length += 1
}

function pushBlock(grown: Grown<Float64Array>, count: number, value: number | Float64Array): void {
  reserve(grown, count)
  if (typeof value === 'number') grown.array.fill(value, grown.length, grown.length + count)
  else grown.array.set(value, grown.length)
  grown.length += count
}

interface Names {
  readonly names: string[]
  readonly firsts: number[]
}

function nameAt({ names, firsts }: Names, index: number): string {
  let low = 0
  let high = firsts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (firsts[middle]! <= index) low = middle
    else high = middle - 1
  }
  return `${names[low] ?? ''}[${index - (firsts[low] ?? 0)}]`
}

export function createModelBuilder(): ModelBuilder {
  const cost = doubles()
  const columnLower = doubles()
  const columnUpper = doubles()
  const integrality: Grown<Uint8Array> = { array: new Uint8Array(1024), length: 0 }
  const rowLower = doubles()
  const rowUpper = doubles()
  const rowStart = integers()
  const columnIndex = integers()
  const coefficient = doubles()
  const columnNames: Names = { names: [], firsts: [] }
  const rowNames: Names = { names: [], firsts: [] }
  let offset = 0
  // Where in the open row a column stands, so that a column named twice is one term.
  let seenInRow = new Int32Array(1024)
  let rowBegin = 0
  push(rowStart, 0)

  return {
    get columnCount() {
      return cost.length
    },
    get rowCount() {
      return rowLower.length
    },
    addColumns(name, count, { lower = 0, upper = Number.POSITIVE_INFINITY, cost: costs = 0, integer = false }) {
      const first = cost.length
      columnNames.names.push(name)
      columnNames.firsts.push(first)
      pushBlock(cost, count, costs)
      pushBlock(columnLower, count, lower)
      pushBlock(columnUpper, count, upper)
      reserve(integrality, count)
      integrality.array.fill(integer ? 1 : 0, first, first + count)
      integrality.length += count
      return first
    },
    beginRow(name, lower, upper) {
      const row = rowLower.length
      if (rowNames.names.at(-1) !== name) {
        rowNames.names.push(name)
        rowNames.firsts.push(row)
      }
      push(rowLower, lower)
      push(rowUpper, upper)
      rowBegin = columnIndex.length
      return row
    },
    term(column, value) {
      if (column >= seenInRow.length) {
        const wider = new Int32Array(Math.max(column + 1, seenInRow.length * 2))
        wider.set(seenInRow)
        seenInRow = wider
      }
      const at = seenInRow[column]! - 1
      if (at >= rowBegin && at < columnIndex.length && columnIndex.array[at] === column) {
        coefficient.array[at]! += value
        return
      }
      seenInRow[column] = columnIndex.length + 1
      push(columnIndex, column)
      push(coefficient, value)
    },
    endRow() {
      push(rowStart, columnIndex.length)
    },
    addOffset(value) {
      offset += value
    },
    addCost(column, value) {
      cost.array[column]! += value
    },
    setBounds(column, lower, upper) {
      columnLower.array[column] = lower
      columnUpper.array[column] = upper
    },
    setInteger(column, integer) {
      integrality.array[column] = integer ? 1 : 0
    },
    build() {
      const trimmed = (grown: Grown<Float64Array>): Float64Array => grown.array.slice(0, grown.length)
      return {
        model: {
          columnCount: cost.length,
          rowCount: rowLower.length,
          offset,
          cost: trimmed(cost),
          columnLower: trimmed(columnLower),
          columnUpper: trimmed(columnUpper),
          integrality: integrality.array.slice(0, integrality.length),
          rowLower: trimmed(rowLower),
          rowUpper: trimmed(rowUpper),
          rowStart: rowStart.array.slice(0, rowStart.length),
          columnIndex: columnIndex.array.slice(0, columnIndex.length),
          coefficient: trimmed(coefficient),
        },
        layout: {
          columns: columnNames.names.map((name, i) => ({ name, first: columnNames.firsts[i]! })),
          columnCount: cost.length,
          rows: rowNames.names.map((name, i) => ({ name, first: rowNames.firsts[i]! })),
          rowCount: rowLower.length,
          integers: Array.from(integrality.array.subarray(0, integrality.length).keys()).filter(
            (j) => integrality.array[j] === 1,
          ),
        },
        columnName: (column) => nameAt(columnNames, column),
        rowName: (row) => nameAt(rowNames, row),
      }
    },
  }
}
