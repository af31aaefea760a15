import { families, familyOf } from '../ui/families.ts'
import type { TrendPoint } from './trend-points.ts'

/** A line of a row, with its colour as CSS writes it. */
export interface TrendLine {
  readonly point: TrendPoint
  readonly colour: string
}

/** Lines of one unit on one axis of values. */
export interface TrendRow {
  readonly unit: string
  readonly lines: readonly TrendLine[]
}

/** What a colour of a family turns into when it is taken: the same hue, nearer to ink. */
const shades = ['', '62', '38', '20'] as const
/** Colours of points whose asset has no family, in turn. */
const spare = ['ink', 'accent', 'advisory', 'manual', 'warning'] as const

/** Chosen points as rows: one a unit, in the order in which units were chosen first. */
export function rowsOf(points: readonly TrendPoint[]): readonly TrendRow[] {
  const byUnit = Map.groupBy(points, ({ unit }) => unit)
  return [...byUnit].map(([unit, own]) => {
    const taken = new Map<string, number>()
    let next = 0
    return {
      unit,
      lines: own.map((point) => {
        const family = familyOf(point.kind ?? '')
        const token = (families as readonly (string | undefined)[]).includes(family)
          ? family!
          : spare[next++ % spare.length]!
        const times = taken.get(token) ?? 0
        taken.set(token, times + 1)
        const shade = shades[times % shades.length]!
        const base = `var(--${token})`
        return { point, colour: shade === '' ? base : `color-mix(in oklab, ${base} ${shade}%, var(--ink))` }
      }),
    }
  })
}
