import { netPresentValue } from './cash-flow.ts'
import { rootsInUnit } from './polynomial-roots.ts'

/** The rate at which a cash flow is worth nothing today, if there is one and only one. */
export type RateOfReturn =
  | { readonly kind: 'one'; readonly rate: number }
  /** More than one rate fits: none of them is the return. */
  | { readonly kind: 'several'; readonly rates: readonly number[] }
  /** `one-sided`: nothing is paid, or nothing comes back. `no-rate`: it is worth something at every rate. */
  | { readonly kind: 'none'; readonly why: 'one-sided' | 'no-rate' }

/** Rates nearer to each other are one; sums this small beside their parts are zero. */
const sameRate = 1e-9
const zeroSum = 1e-14

/**
 * Internal rate of return of amounts of the years 0, 1, …: all rates above −100 % at which the present worth is zero.
 * Years that end in zero change nothing.
 */
export function internalRateOfReturn(amounts: ArrayLike<number>): RateOfReturn {
  const own = Array.from(amounts)
  if (!own.some((amount) => amount > 0) || !own.some((amount) => amount < 0)) return { kind: 'none', why: 'one-sided' }
  const size = own.reduce((sum, amount) => sum + Math.abs(amount), 0)
  const atZero = Math.abs(own.reduce((sum, amount) => sum + amount, 0)) <= zeroSum * size
  const rates = [
    ...rootsInUnit(own.toReversed()).map((growth) => growth - 1),
    ...(atZero ? [0] : []),
    ...rootsInUnit(own)
      .map((discount) => 1 / discount - 1)
      .toReversed(),
  ].filter((rate, index, all) => index === 0 || rate - all[index - 1]! > sameRate)
  const [rate] = rates
  if (rate === undefined) return { kind: 'none', why: 'no-rate' }
  return rates.length === 1 ? { kind: 'one', rate } : { kind: 'several', rates }
}

/**
 * Modified internal rate of return: what is paid is discounted at one rate, what comes back is invested at another
 * (Lin 1976). Undefined when nothing is paid or nothing comes back.
 */
export function modifiedRateOfReturn(
  amounts: ArrayLike<number>,
  { financeRate, reinvestRate }: { readonly financeRate: number; readonly reinvestRate: number },
): number | undefined {
  const own = Array.from(amounts)
  const paid = -netPresentValue(
    financeRate,
    own.map((amount) => Math.min(0, amount)),
  )
  const received = netPresentValue(
    reinvestRate,
    own.map((amount) => Math.max(0, amount)),
  )
  if (!(paid > 0) || !(received > 0)) return undefined
  return (received / paid) ** (1 / (own.length - 1)) * (1 + reinvestRate) - 1
}
