import type { Quarter } from './quarters.ts'

/** Quarters in columns: a year of a point is thirty-five thousand of them. Fields as those of a {@link Quarter}. */
export interface QuarterColumns {
  readonly length: number
  readonly point: Float64Array
  readonly startMs: Float64Array
  readonly count: Float64Array
  readonly sum: Float64Array
  readonly min: Float64Array
  readonly max: Float64Array
  readonly first: Float64Array
  readonly last: Float64Array
  readonly quality: Float64Array
  /** What counters alone ask for. */
  ends(): QuarterEnds
}

export interface QuarterEnds {
  readonly firstMs: Float64Array
  readonly lastMs: Float64Array
  readonly rise: Float64Array
}

export function quarterAt(columns: QuarterColumns, row: number): Quarter {
  const { firstMs, lastMs, rise } = columns.ends()
  return {
    point: columns.point[row]!,
    startMs: columns.startMs[row]!,
    count: columns.count[row]!,
    sum: columns.sum[row]!,
    min: columns.min[row]!,
    max: columns.max[row]!,
    firstMs: firstMs[row]!,
    first: columns.first[row]!,
    lastMs: lastMs[row]!,
    last: columns.last[row]!,
    rise: rise[row]!,
    quality: columns.quality[row]!,
  }
}

export function quarterColumnsOf(quarters: readonly Quarter[]): QuarterColumns {
  const column = (name: keyof Quarter): Float64Array => Float64Array.from(quarters, (quarter) => quarter[name])
  const ends = { firstMs: column('firstMs'), lastMs: column('lastMs'), rise: column('rise') }
  return {
    length: quarters.length,
    point: column('point'),
    startMs: column('startMs'),
    count: column('count'),
    sum: column('sum'),
    min: column('min'),
    max: column('max'),
    first: column('first'),
    last: column('last'),
    quality: column('quality'),
    ends: () => ends,
  }
}
