import { emptyColumn, type PointColumn } from '../expression/index.ts'
import { quality } from '../series/quality.ts'
import type { TimeGrid } from '../time/grid.ts'

/** Observations of one point as they come from the store: ascending times, each with a value and a {@link quality} code. */
export interface Samples {
  readonly timestampsMs: ArrayLike<number>
  readonly values: ArrayLike<number>
  readonly quality: ArrayLike<number>
}

/** Points at common times. */
export interface AlignedColumns {
  /** Start of each bucket, or time of each event. */
  readonly timestampsMs: Float64Array
  readonly columns: ReadonlyMap<string, PointColumn>
}

/** `buckets`: means over the steps of a grid. `events`: every time at which one of the points has an observation. */
export type AlignRule =
  | { readonly kind: 'buckets'; readonly grid: TimeGrid }
  | {
      readonly kind: 'events'
      /** How long a value is taken to hold after its observation. Default {@link defaultMaxAgeSeconds}. */
      readonly maxAgeSeconds?: number
    }

/** A quarter of an hour: the slowest that meters commonly report. */
export const defaultMaxAgeSeconds = 900

const { missing } = quality

const isKnown = ({ values, quality: codes }: Samples, k: number): boolean =>
  Number.isFinite(values[k]) && codes[k]! < missing

/**
 * Brings points with times of their own to common times.
 *
 * - `buckets`: the mean of the values in `[start, start + step)`, with the worst of their qualities. Missing values do not
 *   count unless the bucket has nothing else, as in the store; a bucket without a value is missing.
 * - `events`: at each time, the last value at or before it, if it is not older than `maxAgeSeconds`. An observation that is
 *   missing ends what was known before it.
 *
 * Linear in the observations of `buckets`; of `events`, in the times times the points.
 */
export function alignColumns(points: ReadonlyMap<string, Samples>, rule: AlignRule): AlignedColumns {
  if (rule.kind === 'buckets') {
    const { grid } = rule
    const timestampsMs = Float64Array.from({ length: grid.count }, (_, k) => grid.startMs + k * grid.stepMs)
    return { timestampsMs, columns: mapValues(points, (samples) => bucketMeans(samples, grid)) }
  }
  const timestampsMs = unionOfTimes(points)
  const maxAgeMs = (rule.maxAgeSeconds ?? defaultMaxAgeSeconds) * 1000
  return { timestampsMs, columns: mapValues(points, (samples) => lastKnown(samples, timestampsMs, maxAgeMs)) }
}

const mapValues = (points: ReadonlyMap<string, Samples>, align: (samples: Samples) => PointColumn) =>
  new Map([...points].map(([ref, samples]) => [ref, align(samples)]))

function bucketMeans(samples: Samples, { startMs, stepMs, count }: TimeGrid): PointColumn {
  const column = emptyColumn(count)
  const { values, quality: codes } = column
  const counted = new Uint32Array(count)
  for (let k = 0; k < samples.timestampsMs.length; k += 1) {
    const bucket = Math.floor((samples.timestampsMs[k]! - startMs) / stepMs)
    if (bucket < 0 || bucket >= count || !isKnown(samples, k)) continue
    counted[bucket]! += 1
    // A running mean: the sum of values near 1e308 would be infinite.
    values[bucket]! += (samples.values[k]! - values[bucket]!) / counted[bucket]!
    codes[bucket] = Math.max(codes[bucket]!, samples.quality[k]!)
  }
  for (let bucket = 0; bucket < count; bucket += 1) {
    if (counted[bucket]! > 0 && Number.isFinite(values[bucket])) continue
    values[bucket] = Number.NaN
    codes[bucket] = missing
  }
  return column
}

function unionOfTimes(points: ReadonlyMap<string, Samples>): Float64Array {
  const lists = [...points.values()].map(({ timestampsMs }) => timestampsMs)
  const all = new Float64Array(lists.reduce((sum, list) => sum + list.length, 0))
  let length = 0
  for (const list of lists) {
    for (let k = 0; k < list.length; k += 1) all[length + k] = list[k]!
    length += list.length
  }
  all.sort()
  let kept = 0
  for (let k = 0; k < length; k += 1) {
    if (k > 0 && all[k] === all[k - 1]) continue
    all[kept] = all[k]!
    kept += 1
  }
  return all.slice(0, kept)
}

function lastKnown(samples: Samples, timestampsMs: Float64Array, maxAgeMs: number): PointColumn {
  const column = emptyColumn(timestampsMs.length)
  let last = -1
  for (let k = 0; k < timestampsMs.length; k += 1) {
    const time = timestampsMs[k]!
    while (last + 1 < samples.timestampsMs.length && samples.timestampsMs[last + 1]! <= time) last += 1
    const known = last >= 0 && time - samples.timestampsMs[last]! <= maxAgeMs && isKnown(samples, last)
    column.values[k] = known ? samples.values[last]! : Number.NaN
    column.quality[k] = known ? samples.quality[last]! : missing
  }
  return column
}
