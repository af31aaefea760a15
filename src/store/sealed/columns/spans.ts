/** Rows that follow each other: the first, and the one after the last. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** Places of what is not below `least` and below `beyond`, in numbers that do not fall between `from` and `to`. */
export function rowsWithin(
  numbers: Float64Array,
  least: number,
  beyond: number,
  { from, to }: Span = { from: 0, to: numbers.length },
): Span {
  return { from: firstNotBelow(numbers, least, from, to), to: firstNotBelow(numbers, beyond, from, to) }
}

/**
 * Spans of rows of some points within a range of time, in rows that are ordered by point and time.
 *
 * @param ids of the points, ascending
 */
export function spansWithin(
  points: Float64Array,
  timesMs: Float64Array,
  ids: Float64Array,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): readonly Span[] {
  const spans: Span[] = []
  if (points.length === 0) return spans
  const asked = rowsWithin(ids, points[0]!, points[points.length - 1]! + 1)
  for (const id of ids.subarray(asked.from, asked.to)) {
    const own = rowsWithin(points, id, id + 1)
    const span = rowsWithin(timesMs, fromMs, toMs, own)
    if (span.to > span.from) spans.push(span)
  }
  return spans
}

/** The span of a range of time, in rows of one point that are ordered by time. */
export function spansOfOne(
  timesMs: Float64Array,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): readonly Span[] {
  const span = rowsWithin(timesMs, fromMs, toMs)
  return span.to > span.from ? [span] : []
}

function firstNotBelow(numbers: Float64Array, least: number, from: number, to: number): number {
  let [low, high] = [from, to]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (numbers[middle]! < least) low = middle + 1
    else high = middle
  }
  return low
}
