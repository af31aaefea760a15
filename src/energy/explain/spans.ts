/** Steps `from … to − 1`. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** Stretches of neighbouring steps of which something is true. */
export function spansOf(count: number, isIn: (step: number) => boolean): Span[] {
  const spans: Span[] = []
  let from = -1
  for (let k = 0; k <= count; k += 1) {
    if (k < count && isIn(k)) {
      if (from < 0) from = k
    } else if (from >= 0) {
      spans.push({ from, to: k })
      from = -1
    }
  }
  return spans
}
