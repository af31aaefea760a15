import { discountFactor } from './factors.ts'

export type Payback =
  /** `dips`: later payments, such as a replacement, take the sum below zero once more. */
  | { readonly kind: 'after'; readonly years: number; readonly dips: boolean }
  | { readonly kind: 'never' }
  /** Nothing is ever owed. */
  | { readonly kind: 'at-once' }

/**
 * When the sum of all amounts so far comes back to zero for the first time, years; within a year it is taken to come in
 * evenly. With a rate, the amounts are discounted first.
 */
export function paybackOf(amounts: ArrayLike<number>, rate = 0): Payback {
  let sum = 0
  let owed = false
  let after: number | undefined
  let dips = false
  for (let year = 0; year < amounts.length; year += 1) {
    const amount = amounts[year]! * discountFactor(rate, year)
    const before = sum
    sum += amount
    if (sum < 0) {
      owed = true
      if (after !== undefined) dips = true
    } else if (owed && after === undefined) {
      after = year - 1 + -before / amount
    }
  }
  if (!owed) return { kind: 'at-once' }
  return after === undefined ? { kind: 'never' } : { kind: 'after', years: after, dips }
}
