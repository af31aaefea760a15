import { quality } from '../../kernel/index.ts'
import { type CounterRules, type CounterStretch, riseOfBuckets } from './counter-rise.ts'
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
  const take = (bucket: number, from: Omit<Quarter, 'point' | 'startMs' | 'firstMs' | 'lastMs' | 'rise'>): void => {
    if (count[bucket] === 0) {
      min[bucket] = from.min
      max[bucket] = from.max
      first[bucket] = from.first
      worst[bucket] = from.quality
    } else {
      if (from.min < min[bucket]!) min[bucket] = from.min
      if (from.max > max[bucket]!) max[bucket] = from.max
      if (from.quality > worst[bucket]!) worst[bucket] = from.quality
    }
    last[bucket] = from.last
    count[bucket]! += from.count
    sum[bucket]! += from.sum
  }
  return {
    addValue(eventMs, value, code) {
      const bucket = bucketOf(eventMs)
      if (bucket >= 0) observed[bucket] = 1
      if (Number.isNaN(value)) return
      if (rules) stretches.push({ firstMs: eventMs, first: value, lastMs: eventMs, last: value, rise: 0 })
      if (bucket < 0) return
      take(bucket, { count: 1, sum: value, min: value, max: value, first: value, last: value, quality: code })
    },
    addQuarter(quarter) {
      const bucket = bucketOf(quarter.startMs)
      if (bucket >= 0) observed[bucket] = 1
      if (quarter.count === 0) return
      if (rules) stretches.push(quarter)
      if (bucket >= 0) take(bucket, quarter)
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
