import type { TrendPoint } from './trend-points.ts'

/** Text as it is searched: without case and accents. */
const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

const texts = new WeakMap<TrendPoint, string>()

function textOf(point: TrendPoint): string {
  const known = texts.get(point)
  if (known !== undefined) return known
  const text = plain(`${point.title} ${point.ownerTitle} ${point.ref} ${point.unit}`)
  texts.set(point, text)
  return text
}

export interface FoundPoints {
  readonly shown: readonly TrendPoint[]
  /** How many match in all. */
  readonly count: number
}

/** Points of which every word of a question stands in name, asset, reference or unit; those whose name begins with it first. */
export function searchPoints(points: readonly TrendPoint[], question: string, most: number): FoundPoints {
  const words = plain(question)
    .split(/\s+/)
    .filter((word) => word !== '')
  const found = points.filter((point) => words.every((word) => textOf(point).includes(word)))
  const [first] = words
  const rank = ({ title, unit }: TrendPoint): number =>
    first === undefined ? 0 : plain(unit) === first ? 0 : plain(title).startsWith(first) ? 1 : 2
  const ordered = first === undefined ? found : found.toSorted((a, b) => rank(a) - rank(b))
  return { shown: ordered.slice(0, most), count: found.length }
}
