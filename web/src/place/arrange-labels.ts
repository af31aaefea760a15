/** A name that wants to stand over a place of the picture; `x` is its middle, `y` its foot. */
export interface Label {
  readonly id: string
  readonly x: number
  readonly y: number
  readonly widthPx: number
  readonly heightPx: number
  /** The higher stands where two want the same room. */
  readonly rank: number
}

const gapPx = 4

/** Which names can be written without one standing on another or beyond the edge. */
export function arrangeLabels(
  labels: readonly Label[],
  picture: { readonly widthPx: number; readonly heightPx: number },
): ReadonlySet<string> {
  const placed: Label[] = []
  for (const label of labels.toSorted((a, b) => b.rank - a.rank)) {
    const { x, y, widthPx, heightPx } = label
    const fits =
      x - widthPx / 2 >= 0 && x + widthPx / 2 <= picture.widthPx && y - heightPx >= 0 && y <= picture.heightPx
    if (fits && placed.every((other) => !overlap(label, other))) placed.push(label)
  }
  return new Set(placed.map(({ id }) => id))
}

const overlap = (a: Label, b: Label): boolean =>
  Math.abs(a.x - b.x) < (a.widthPx + b.widthPx) / 2 + gapPx &&
  a.y - a.heightPx < b.y + gapPx &&
  b.y - b.heightPx < a.y + gapPx
