import type { LinearModel, SolveBasis, SolveStart } from '../kernel/index.ts'

/** Statuses as the solver has them. */
export interface HighsBasis {
  readonly colStatus: Int32Array
  readonly rowStatus: Int32Array
}

export const writeBasis = ({ colStatus, rowStatus }: HighsBasis): SolveBasis => ({
  columns: colStatus.join(''),
  rows: rowStatus.join(''),
})

export const readBasis = ({ columns, rows }: SolveBasis): HighsBasis => ({
  colStatus: Int32Array.from(columns, Number),
  rowStatus: Int32Array.from(rows, Number),
})

/** Whether a start has the shape of a model. */
export function fits({ relaxation, integers, commitment = relaxation }: SolveStart, model: LinearModel): boolean {
  const shaped = (text: string, length: number): boolean => text.length === length && /^[0-4]*$/.test(text)
  return (
    [relaxation, commitment].every(
      ({ columns, rows }) => shaped(columns, model.columnCount) && shaped(rows, model.rowCount),
    ) && integers.length === model.integrality.reduce((sum, flag) => sum + flag, 0)
  )
}

/** The integers of a solution. */
export const integersOf = (model: LinearModel, values: Float64Array): readonly number[] =>
  Array.from(
    values.filter((_, j) => model.integrality[j] === 1),
    (value) => Math.round(value) + 0,
  )

/** One value a column: the integers, and 0 where the column is continuous. */
export function spread(model: LinearModel, integers: readonly number[]): Float64Array {
  let next = 0
  return Float64Array.from(model.integrality, (flag) => (flag === 1 ? integers[next++]! : 0))
}
