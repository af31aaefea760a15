/** Values of one point over time, in columns and in order of time. */
export interface SeriesColumns {
  readonly unit: string
  /** Event times, or starts of buckets, ms. */
  readonly timestampsMs: Float64Array
  /** As observed, or means of buckets; NaN = missing. */
  readonly values: Float64Array
  /** Least and most of each bucket; absent where values stand as they were observed, and for computed points. */
  readonly lows?: Float64Array
  readonly highs?: Float64Array
  /** Codes: 0 good, 1 estimated, 2 synthetic, 3 suspect, 4 missing. */
  readonly quality: Uint8Array
}

/** The words of the API for the codes of quality. */
export const qualityNames = ['good', 'estimated', 'synthetic', 'suspect', 'missing'] as const
export type QualityName = (typeof qualityNames)[number]

/** Code of a word; what a newer server says and this console does not know counts as suspect. */
export function qualityCode(name: string): number {
  const code = (qualityNames as readonly string[]).indexOf(name)
  return code < 0 ? 3 : code
}

/** What is asked of a server in one request. */
export interface SeriesRequest {
  readonly site: string
  readonly points: readonly string[]
  /** Inclusive. */
  readonly fromMs: number
  /** Exclusive. */
  readonly toMs: number
  /** Width of the buckets as the API writes it; absent: values as they were observed. */
  readonly bucket?: string
  /** Least and most of each bucket are asked for too. */
  readonly band?: boolean
}

export type SeriesAnswer = Readonly<Record<string, SeriesColumns>>

/** Rows that hold a value; the same columns where all do. */
export function withoutMissing(columns: SeriesColumns): SeriesColumns {
  const { timestampsMs, values, quality, lows, highs, unit } = columns
  let kept = 0
  for (let row = 0; row < values.length; row += 1) if (!Number.isNaN(values[row])) kept += 1
  if (kept === values.length) return columns
  const rows = new Uint32Array(kept)
  for (let row = 0, at = 0; row < values.length; row += 1) if (!Number.isNaN(values[row])) rows[at++] = row
  const pick = (from: Float64Array): Float64Array => Float64Array.from(rows, (row) => from[row]!)
  return {
    unit,
    timestampsMs: pick(timestampsMs),
    values: pick(values),
    quality: Uint8Array.from(rows, (row) => quality[row]!),
    ...(lows && highs ? { lows: pick(lows), highs: pick(highs) } : {}),
  }
}

/** Two stretches of one point, the second after the first. */
export function joinColumns(first: SeriesColumns, second: SeriesColumns): SeriesColumns {
  const join = (a: Float64Array, b: Float64Array): Float64Array => {
    const both = new Float64Array(a.length + b.length)
    both.set(a)
    both.set(b, a.length)
    return both
  }
  const quality = new Uint8Array(first.quality.length + second.quality.length)
  quality.set(first.quality)
  quality.set(second.quality, first.quality.length)
  return {
    unit: second.unit,
    timestampsMs: join(first.timestampsMs, second.timestampsMs),
    values: join(first.values, second.values),
    quality,
    ...(first.lows && second.lows ? { lows: join(first.lows, second.lows) } : {}),
    ...(first.highs && second.highs ? { highs: join(first.highs, second.highs) } : {}),
  }
}

/** First row at or after a moment. */
export function rowAt(timestampsMs: Float64Array, timestampMs: number): number {
  let [low, high] = [0, timestampsMs.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (timestampsMs[middle]! < timestampMs) low = middle + 1
    else high = middle
  }
  return low
}

/** Rows of a stretch, as views on the same memory. */
export function rowsBetween(columns: SeriesColumns, fromMs: number, toMs: number): SeriesColumns {
  const from = rowAt(columns.timestampsMs, fromMs)
  const to = rowAt(columns.timestampsMs, toMs)
  if (from === 0 && to === columns.timestampsMs.length) return columns
  const { unit, timestampsMs, values, quality, lows, highs } = columns
  return {
    unit,
    timestampsMs: timestampsMs.subarray(from, to),
    values: values.subarray(from, to),
    quality: quality.subarray(from, to),
    ...(lows && highs ? { lows: lows.subarray(from, to), highs: highs.subarray(from, to) } : {}),
  }
}
