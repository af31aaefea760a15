import { type PointColumn, quality } from '../../kernel/index.ts'

/** Aggregates of a bucket that can be asked for. */
export const aggregates = ['mean', 'min', 'max', 'sum', 'count', 'first', 'last', 'rise'] as const
export type Aggregate = (typeof aggregates)[number]

/** Values of one point as they are answered, in order of time; NaN = missing. */
export interface AnswerPoint {
  readonly unit: string
  readonly timestampsMs: ArrayLike<number>
  readonly values: ArrayLike<number>
  /** Codes of `quality`. */
  readonly quality: ArrayLike<number>
  /** What was asked of each bucket; absent: values as they stand. */
  readonly aggregates?: ReadonlyMap<Aggregate, ArrayLike<number>>
  /** Quality of the aggregate `rise`. */
  readonly riseQuality?: ArrayLike<number>
}

/** By `<asset>.<point>`, in the order asked for. */
export type AnswerPoints = ReadonlyMap<string, AnswerPoint>

/** Rows of a point that are kept. */
export function pickRows(point: AnswerPoint, rows: readonly number[]): AnswerPoint {
  const pick = (from: ArrayLike<number>): Float64Array => Float64Array.from(rows, (row) => from[row]!)
  return {
    unit: point.unit,
    timestampsMs: pick(point.timestampsMs),
    values: pick(point.values),
    quality: pick(point.quality),
  }
}

/** Leaves out what is worse than `worst`; what is missing is worse than all. */
export function withoutWorse(point: AnswerPoint, worst: number): AnswerPoint {
  const kept: number[] = []
  for (let row = 0; row < point.timestampsMs.length; row += 1) if (point.quality[row]! <= worst) kept.push(row)
  return kept.length === point.timestampsMs.length ? point : pickRows(point, kept)
}

/** A column in which every bucket that is worse than `worst` is missing. */
export function missingWhereWorse(values: Float64Array, codes: Uint8Array, worst: number | undefined): PointColumn {
  if (worst === undefined) return { values, quality: codes }
  return {
    values: values.map((value, row) => (codes[row]! > worst ? Number.NaN : value)),
    quality: codes.map((code) => (code > worst ? quality.missing : code)),
  }
}
