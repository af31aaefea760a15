import type { CheckedQuotient, Family } from './checked-claim.ts'

/** A place on a ruler, in percent of its length. */
export interface Span {
  readonly from: number
  readonly to: number
}

export interface Tick {
  readonly at: number
  readonly family: Family
  readonly kind: 'match' | 'official' | 'nearest'
}

export interface Ruler {
  /** Where such quotients usually lie. */
  readonly usual: Span | undefined
  /** What the claim implies. */
  readonly implied: Span
  readonly ticks: readonly Tick[]
}

const mostTicks = 8
/** Of the length, left free at both ends. */
const margin = 4

/** Lays a quotient and the factors near it on a logarithmic ruler; undefined where nothing of it is above zero. */
export function rulerOf({ low, high, bounds, matches, official, nearest }: CheckedQuotient): Ruler | undefined {
  const families: readonly (readonly [Family, Tick['kind']])[] = [
    ...(official ? [[official, 'official'] as const] : []),
    ...matches.slice(0, mostTicks).map((family) => [family, 'match'] as const),
    ...(matches.length === 0 && nearest ? [[nearest, 'nearest'] as const] : []),
  ]
  const values = [low, high, ...(bounds?.usual ?? []), ...families.map(([{ value }]) => value)].filter(
    (value) => value > 0,
  )
  if (values.length === 0 || high <= 0) return undefined
  const [least, most] = [Math.log(Math.min(...values)), Math.log(Math.max(...values))]
  const at = (value: number): number => {
    const share = most === least ? 0.5 : (Math.log(Math.max(value, Math.min(...values))) - least) / (most - least)
    return margin + share * (100 - 2 * margin)
  }
  const [usualLow, usualHigh] = bounds?.usual ?? []
  return {
    usual: usualLow === undefined || usualHigh === undefined ? undefined : { from: at(usualLow), to: at(usualHigh) },
    implied: { from: at(low), to: at(high) },
    ticks: families.map(([family, kind]) => ({ at: at(family.value), family, kind })),
  }
}
