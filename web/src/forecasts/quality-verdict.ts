import type { Lead } from './forecast-queries.ts'

export const partsOfDay = ['night', 'morning', 'afternoon', 'evening'] as const
export type PartOfDay = (typeof partsOfDay)[number]

/** What is to be said of the forecasts of a quantity, in one sentence. */
export type Verdict =
  /** Not enough was foreseen and measured. */
  | { readonly kind: 'tooFew'; readonly pairs: number }
  /** It was what was foreseen. */
  | { readonly kind: 'exact' }
  /** Off to one side in a part of the day. */
  | { readonly kind: 'low' | 'high'; readonly part: PartOfDay; readonly share: number }
  /** Off to either side alike; undefined: the share of nothing. */
  | { readonly kind: 'even'; readonly share: number | undefined }

const hoursOfPart = 6
/** Less than this to one side is not worth a word. */
const leastShare = 0.02
/** A part of the day in which there is almost nothing says nothing: the sun at night. */
const leastLevelShare = 0.1
const leastPairsOfPart = 8

/** Says of a lead where the error stands out: the part of the day that is off most to one side. */
export function verdictOf({ pairs, mae, nmae, hours }: Pick<Lead, 'pairs' | 'mae' | 'nmae' | 'hours'>): Verdict {
  if (mae === null) return { kind: 'tooFew', pairs }
  if (mae === 0) return { kind: 'exact' }
  const parts = partsOfDay.map((part, index) => {
    const own = hours.filter(({ hour }) => Math.floor(hour / hoursOfPart) === index)
    const known = own.filter(({ bias, level }) => bias !== null && level !== null)
    const count = known.reduce((sum, one) => sum + one.pairs, 0)
    const mean = (of: 'bias' | 'level'): number =>
      count === 0 ? 0 : known.reduce((sum, one) => sum + (one[of] ?? 0) * one.pairs, 0) / count
    return { part, count, bias: mean('bias'), level: Math.abs(mean('level')) }
  })
  const most = Math.max(...parts.map(({ level }) => level))
  const judged = parts
    .filter(({ count, level }) => count >= leastPairsOfPart && level > leastLevelShare * most)
    .map(({ part, bias, level }) => ({ part, share: bias / level }))
    .toSorted((a, b) => Math.abs(b.share) - Math.abs(a.share))
  const [worst] = judged
  if (worst && Math.abs(worst.share) >= leastShare)
    return { kind: worst.share < 0 ? 'low' : 'high', part: worst.part, share: Math.abs(worst.share) }
  return { kind: 'even', share: nmae ?? undefined }
}
