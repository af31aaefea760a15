/** How fine values are asked for: as they were observed, or in buckets of one width. */
export interface Level {
  /** As the API writes it; undefined: as observed. */
  readonly bucket: string | undefined
  /** 0: as observed. */
  readonly bucketMs: number
  /** What is read and kept together, aligned to 1970, ms. */
  readonly tileMs: number
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
/** Buckets of a tile: a tenth of what a wide screen shows. */
const bucketsATile = 128

const bucketed = (bucket: string, bucketMs: number): Level => ({ bucket, bucketMs, tileMs: bucketsATile * bucketMs })

/** From the finest to the coarsest. */
export const levels: readonly Level[] = [
  { bucket: undefined, bucketMs: 0, tileMs: 5 * minuteMs },
  bucketed('10s', 10_000),
  bucketed('1m', minuteMs),
  bucketed('5m', 5 * minuteMs),
  bucketed('15m', 15 * minuteMs),
  bucketed('1h', hourMs),
  bucketed('6h', 6 * hourMs),
  bucketed('24h', dayMs),
]

/** Buckets narrower than this many CSS pixels show nothing more. */
const narrowestPx = 0.6

/** The finest level whose buckets can still be told apart. */
export function levelFor(spanMs: number, widthPx: number): Level {
  const leastMs = (spanMs / Math.max(1, widthPx)) * narrowestPx
  const [observed, finest] = levels
  if (leastMs < finest!.bucketMs / 2) return observed!
  return levels.find(({ bucketMs }) => bucketMs >= leastMs) ?? levels.at(-1)!
}

/** Numbers of the tiles that a stretch touches. */
export function tilesOf({ tileMs }: Level, fromMs: number, toMs: number): readonly number[] {
  const first = Math.floor(fromMs / tileMs)
  const last = Math.ceil(toMs / tileMs)
  return Array.from({ length: Math.max(0, last - first) }, (_, index) => first + index)
}
