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
  /** Round numbers along it. */
  readonly marks: readonly { readonly at: number; readonly value: number }[]
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
    marks: roundNumbers(Math.min(...values), Math.max(...values)).map((value) => ({ at: at(value), value })),
  }
}

const fewestMarks = 3
const mostMarks = 8

/** Round numbers from one number to another: powers of ten, with 2 and 5, or with all digits, where those are too few. */
function roundNumbers(least: number, most: number): readonly number[] {
  const decades = Array.from(
    { length: Math.floor(Math.log10(most)) - Math.floor(Math.log10(least)) + 1 },
    (_, k) => Math.floor(Math.log10(least)) + k,
  )
  const within = (digits: readonly number[]): readonly number[] =>
    decades
      .flatMap((power) => digits.map((digit) => Number((digit * 10 ** power).toPrecision(2))))
      .filter((value) => value >= least && value <= most)
  const choices = [[1], [1, 2, 5], [1, 1.5, 2, 3, 4, 5, 6, 8]].map(within)
  const chosen = choices.find(({ length }) => length >= fewestMarks) ?? choices.at(-1) ?? []
  return chosen.filter((_, k) => k % Math.ceil(chosen.length / mostMarks) === 0)
}
