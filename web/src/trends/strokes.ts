import type { SeriesColumns } from '../telemetry/series.ts'
import type { Piece, View } from './pieces.ts'

/** Rows of a line that hang together, with everything that is drawn of them. */
export interface Stroke {
  readonly timesMs: readonly number[]
  readonly values: readonly number[]
  /** Empty where there is no band. */
  readonly lows: readonly number[]
  readonly highs: readonly number[]
  readonly quality: readonly number[]
}

/** More than this many usual steps without a value is a gap: in buckets one that is missing, in observations a few. */
const gapSteps = { bucketed: 1.5, observed: 2.5 } as const

const steps = new WeakMap<SeriesColumns, number>()

/** The step that nine of ten values keep, ms; what is told on change has long ones. */
export function usualStepMs(columns: SeriesColumns): number {
  const known = steps.get(columns)
  if (known !== undefined) return known
  const { timestampsMs, values } = columns
  const spacings: number[] = []
  let lastMs: number | undefined
  for (let row = 0; row < values.length; row += 1) {
    if (Number.isNaN(values[row])) continue
    if (lastMs !== undefined) spacings.push(timestampsMs[row]! - lastMs)
    lastMs = timestampsMs[row]!
  }
  spacings.sort((a, b) => a - b)
  const step = spacings[Math.floor(spacings.length * 0.9)] ?? Number.NaN
  steps.set(columns, step)
  return step
}

/** A line as strokes: a gap ends one. Values of buckets stand in the middle of them. */
export function strokesOf(pieces: readonly Piece[]): readonly Stroke[] {
  const strokes: Stroke[] = []
  let open: { timesMs: number[]; values: number[]; lows: number[]; highs: number[]; quality: number[] } | undefined
  const usual = usualOfLevels(pieces)
  let lastMs = Number.NEGATIVE_INFINITY
  let lastLevelMs = -1
  for (const { level, columns } of pieces) {
    const { timestampsMs, values, lows, highs, quality } = columns
    const bucketMs = level.bucketMs
    const step = Math.max(usual.get(bucketMs) ?? 0, bucketMs)
    const mostMs = step * (bucketMs > 0 ? gapSteps.bucketed : gapSteps.observed)
    for (let row = 0; row < values.length; row += 1) {
      const value = values[row]!
      if (Number.isNaN(value)) {
        open = undefined
        continue
      }
      const timeMs = timestampsMs[row]! + bucketMs / 2
      const change = bucketMs !== lastLevelMs
      const far = timeMs - lastMs > (change ? Math.max(mostMs, 2 * lastLevelMs) : mostMs)
      if (!open || far) {
        open = { timesMs: [], values: [], lows: [], highs: [], quality: [] }
        strokes.push(open)
      }
      open.timesMs.push(timeMs)
      open.values.push(value)
      open.lows.push(lows?.[row] ?? value)
      open.highs.push(highs?.[row] ?? value)
      open.quality.push(quality[row]!)
      lastMs = timeMs
      lastLevelMs = bucketMs
    }
  }
  return strokes
}

/** The usual step at each level, over all of its pieces: a tile of few values cannot tell it alone. */
function usualOfLevels(pieces: readonly Piece[]): ReadonlyMap<number, number> {
  const found = new Map<number, number[]>()
  for (const { level, columns } of pieces) {
    const step = usualStepMs(columns)
    if (Number.isNaN(step)) continue
    const own = found.get(level.bucketMs) ?? []
    own.push(step)
    found.set(level.bucketMs, own)
  }
  return new Map([...found].map(([bucketMs, own]) => [bucketMs, own.toSorted((a, b) => a - b)[own.length >> 1]!]))
}

export interface Extent {
  readonly low: number
  readonly high: number
}

/** First row of a stroke at or after a moment. */
export function firstRowAt({ timesMs }: Stroke, timestampMs: number): number {
  let [low, high] = [0, timesMs.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (timesMs[middle]! < timestampMs) low = middle + 1
    else high = middle
  }
  return low
}

/** Least and most of strokes within a view, and of the values next to it on either side; undefined where there is none. */
export function extentOf(strokes: Iterable<Stroke>, { fromMs, toMs }: View): Extent | undefined {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const stroke of strokes) {
    const { timesMs, lows, highs } = stroke
    if (timesMs[0]! > toMs || timesMs.at(-1)! < fromMs) continue
    const from = Math.max(0, firstRowAt(stroke, fromMs) - 1)
    const to = Math.min(timesMs.length, firstRowAt(stroke, toMs) + 1)
    for (let row = from; row < to; row += 1) {
      if (lows[row]! < low) low = lows[row]!
      if (highs[row]! > high) high = highs[row]!
    }
  }
  return low <= high ? { low, high } : undefined
}

/** What the axis of a row shows: a little more than its values, and zero where that is near. */
export function axisExtent(extent: Extent | undefined): Extent {
  if (!extent) return { low: 0, high: 1 }
  const { low, high } = extent
  const size = high - low || Math.abs(high) * 0.1 || 1
  const margin = size * 0.07
  const [from, to] = [low - margin, high + margin]
  if (low >= 0 && low < size) return { low: 0, high: to }
  if (high <= 0 && -high < size) return { low: from, high: 0 }
  return { low: from, high: to }
}

export interface ReadValue {
  readonly timestampMs: number
  readonly value: number
  readonly quality: number
}

/** The value of a line nearest to a moment, within a reach; undefined in a gap. */
export function valueAt(strokes: readonly Stroke[], timestampMs: number, reachMs: number): ReadValue | undefined {
  let best: ReadValue | undefined
  for (const stroke of strokes) {
    const { timesMs, values, quality } = stroke
    const inside = timestampMs >= timesMs[0]! && timestampMs <= timesMs.at(-1)!
    const next = firstRowAt(stroke, timestampMs)
    for (const row of [next - 1, next]) {
      const timeMs = timesMs[row]
      if (timeMs === undefined) continue
      const awayMs = Math.abs(timeMs - timestampMs)
      if (!inside && awayMs > reachMs) continue
      if (best && Math.abs(best.timestampMs - timestampMs) <= awayMs) continue
      best = { timestampMs: timeMs, value: values[row]!, quality: quality[row]! }
    }
    if (inside) return best
  }
  return best
}
