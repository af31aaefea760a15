import { quality } from '../../kernel/index.ts'
import { type CounterRules, type CounterStretch, riseOfBuckets } from './counter-rise.ts'
import { type QuarterColumns, quarterAt } from './quarter-columns.ts'
import type { Quarter } from './quarters.ts'

/** What a point was over buckets of time; NaN = missing. A bucket without any observation has count 0. */
export interface PointBuckets {
  readonly unit: string
  /** Start of each bucket. */
  readonly timestampsMs: Float64Array
  /** 1 where there is an observation, be it a missing value. */
  readonly observed: Uint8Array
  /** Values that are not missing. */
  readonly count: Uint32Array
  readonly mean: Float64Array
  readonly sum: Float64Array
  readonly min: Float64Array
  readonly max: Float64Array
  readonly first: Float64Array
  readonly last: Float64Array
  /** Of counters: by how much they rose in the bucket; absent for other points. */
  readonly rise?: Float64Array
  /** Worst quality of the values that are not missing; `missing` without any. */
  readonly quality: Uint8Array
  /** Of counters: quality of `rise`. */
  readonly riseQuality?: Uint8Array
}

/** Buckets being filled in order of time. */
export interface BucketFill {
  addValue(eventMs: number, value: number, code: number): void
  addQuarter(quarter: Quarter): void
  addQuarterAt(columns: QuarterColumns, row: number): void
  done(): PointBuckets
}

/**
 * Fills buckets of one point from single values or from quarters, in order of time.
 *
 * @param edgesMs one more than there are buckets, ascending; for quarters every edge is the start of one
 * @param rules of a counter; its readings may stand before the first and after the last edge as well
 */
export function fillBuckets(unit: string, edgesMs: Float64Array, rules?: CounterRules): BucketFill {
  const size = edgesMs.length - 1
  const observed = new Uint8Array(size)
  const count = new Uint32Array(size)
  const sum = new Float64Array(size)
  const min = new Float64Array(size).fill(Number.NaN)
  const max = new Float64Array(size).fill(Number.NaN)
  const first = new Float64Array(size).fill(Number.NaN)
  const last = new Float64Array(size).fill(Number.NaN)
  const worst = new Uint8Array(size).fill(quality.missing)
  const stretches: CounterStretch[] = []
  let at = 0
  /** Bucket of a time that is not before the one asked for last; -1 outside. */
  const bucketOf = (timeMs: number): number => {
    if (timeMs < edgesMs[0]!) return -1
    while (at < size && edgesMs[at + 1]! <= timeMs) at += 1
    return at < size ? at : -1
  }
  const take = (
    bucket: number,
    values: number,
    total: number,
    least: number,
    most: number,
    firstValue: number,
    lastValue: number,
    code: number,
  ): void => {
    if (count[bucket] === 0) {
      min[bucket] = least
      max[bucket] = most
      first[bucket] = firstValue
      worst[bucket] = code
    } else {
      if (least < min[bucket]!) min[bucket] = least
      if (most > max[bucket]!) max[bucket] = most
      if (code > worst[bucket]!) worst[bucket] = code
    }
    last[bucket] = lastValue
    count[bucket]! += values
    sum[bucket]! += total
  }
  return {
    addValue(eventMs, value, code) {
      const bucket = bucketOf(eventMs)
      if (bucket >= 0) observed[bucket] = 1
      if (Number.isNaN(value)) return
      if (rules) stretches.push({ firstMs: eventMs, first: value, lastMs: eventMs, last: value, rise: 0 })
      if (bucket >= 0) take(bucket, 1, value, value, value, value, value, code)
    },
    addQuarter(quarter) {
      const bucket = bucketOf(quarter.startMs)
      if (bucket >= 0) observed[bucket] = 1
      if (quarter.count === 0) return
      if (rules) stretches.push(quarter)
      if (bucket < 0) return
      const { count: values, sum: total, min: least, max: most, first: firstValue, last: lastValue } = quarter
      take(bucket, values, total, least, most, firstValue, lastValue, quarter.quality)
    },
    addQuarterAt(columns, row) {
      const bucket = bucketOf(columns.startMs[row]!)
      if (bucket >= 0) observed[bucket] = 1
      const values = columns.count[row]!
      if (values === 0) return
      if (rules) stretches.push(quarterAt(columns, row))
      if (bucket < 0) return
      const { sum: totals, min: leasts, max: mosts, first: firsts, last: lasts, quality: codes } = columns
      take(bucket, values, totals[row]!, leasts[row]!, mosts[row]!, firsts[row]!, lasts[row]!, codes[row]!)
    },
    done() {
      const mean = sum.map((total, bucket) => (count[bucket] === 0 ? Number.NaN : total / count[bucket]!))
      const sums = sum.map((total, bucket) => (count[bucket] === 0 ? Number.NaN : total))
      const buckets = {
        unit,
        timestampsMs: edgesMs.slice(0, size),
        observed,
        count,
        mean,
        sum: sums,
        min,
        max,
        first,
        last,
      }
      if (!rules) return { ...buckets, quality: worst }
      const { rise, estimated, suspect } = riseOfBuckets(stretches, edgesMs, rules)
      const riseQuality = rise.map((value, bucket) =>
        Number.isNaN(value)
          ? quality.missing
          : Math.max(
              suspect[bucket] ? quality.suspect : estimated[bucket] ? quality.estimated : quality.good,
              count[bucket] === 0 ? quality.good : worst[bucket]!,
            ),
      )
      return { ...buckets, quality: worst, rise, riseQuality: Uint8Array.from(riseQuality) }
    },
  }
}

/** Edges of even buckets from the one that holds `fromMs` to the one that holds the last moment before `toMs`. */
export function evenEdges(fromMs: number, toMs: number, bucketMs: number): Float64Array {
  const startMs = Math.floor(fromMs / bucketMs) * bucketMs
  const count = Math.max(0, Math.ceil((toMs - startMs) / bucketMs))
  return Float64Array.from({ length: count + 1 }, (_, edge) => startMs + edge * bucketMs)
}
