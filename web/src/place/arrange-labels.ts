/** A name that wants to stand over a place of the picture. */
export interface Label {
  readonly id: string
  /** Of the place. */
  readonly x: number
  readonly y: number
  readonly widthPx: number
  readonly heightPx: number
  /** The higher stands where two want the same room. */
  readonly rank: number
}

/** Upper left corner of a name. */
export interface Written {
  readonly x: number
  readonly y: number
}

const gapPx = 4
const awayPx = 14

/** Over its place, under it, or beside it. */
const corners: readonly ((label: Label) => Written)[] = [
  ({ x, y, widthPx, heightPx }) => ({ x: x - widthPx / 2, y: y - heightPx }),
  ({ x, y, widthPx }) => ({ x: x - widthPx / 2, y: y + awayPx }),
  ({ x, y, heightPx }) => ({ x: x + awayPx, y: y - heightPx / 2 }),
  ({ x, y, widthPx, heightPx }) => ({ x: x - widthPx - awayPx, y: y - heightPx / 2 }),
]

/** Where names are written so that none stands on another or beyond the edge; those that find no room are not. */
export function arrangeLabels(
  labels: readonly Label[],
  picture: { readonly widthPx: number; readonly heightPx: number },
): ReadonlyMap<string, Written> {
  const written = new Map<string, Written>()
  const taken: (Written & Pick<Label, 'widthPx' | 'heightPx'>)[] = []
  for (const label of labels.toSorted((a, b) => b.rank - a.rank)) {
    const { id, widthPx, heightPx } = label
    for (const corner of corners) {
      const box = { ...corner(label), widthPx, heightPx }
      const fits =
        box.x >= 0 && box.y >= 0 && box.x + widthPx <= picture.widthPx && box.y + heightPx <= picture.heightPx
      if (!fits || taken.some((other) => overlap(box, other))) continue
      taken.push(box)
      written.set(id, { x: box.x, y: box.y })
      break
    }
  }
  return written
}

type Box = Written & Pick<Label, 'widthPx' | 'heightPx'>

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.widthPx + gapPx &&
  b.x < a.x + a.widthPx + gapPx &&
  a.y < b.y + b.heightPx + gapPx &&
  b.y < a.y + a.heightPx + gapPx
