import { energyErrors } from '../errors.ts'
import { refuseYears } from './terms.ts'

export interface Depreciation {
  readonly method: 'straight-line' | 'declining-balance'
  /** Years over which tax law lets it be written off. */
  readonly years: number
  /** Part of the price that is never written off; default 0. */
  readonly residualShare?: number
  /** Of the straight line's rate, of what is left; default 2, double declining. */
  readonly factor?: number
  /** Whether the straight line over the years left is taken once it is more; default true. */
  readonly switches?: boolean
}

/**
 * Part of the price that is written off in each year after the purchase.
 *
 * @throws `energy.bad-economics`
 */
export function depreciationShares(depreciation: Depreciation): Float64Array {
  const { method, years, residualShare = 0, factor = 2, switches = true } = depreciation
  refuseYears('depreciation.years', years)
  if (!(residualShare >= 0 && residualShare <= 1) || !(factor > 0)) {
    throw energyErrors.badEconomics({
      detail: 'The depreciation cannot be',
      place: { path: 'depreciation' },
      found: { residualShare, factor },
      expected: 'a residual share from 0 to 1 and a factor above 0',
    })
  }
  const shares = new Float64Array(years)
  let left = 1
  for (let year = 0; year < years; year += 1) {
    const straight = method === 'straight-line' ? (1 - residualShare) / years : (left - residualShare) / (years - year)
    const declining = Math.min((left * factor) / years, left - residualShare)
    const share = method === 'straight-line' ? straight : switches ? Math.max(straight, declining) : declining
    shares[year] = Math.max(0, share)
    left -= shares[year]!
  }
  return shares
}

export interface Books {
  /** Written off in each year. */
  readonly writtenOff: Float64Array
  /** Left in the books after the last year. */
  readonly left: number
}

/** Books of purchases of the years 0, 1, …: what is bought in a year is written off from the next on. */
export function keepBooks(purchases: Float64Array, depreciation: Depreciation): Books {
  const shares = depreciationShares(depreciation)
  const writtenOff = new Float64Array(purchases.length)
  let left = 0
  for (let bought = 0; bought < purchases.length; bought += 1) {
    const price = purchases[bought]!
    left += price
    for (let age = 1; age <= shares.length && bought + age < purchases.length; age += 1) {
      writtenOff[bought + age]! += price * shares[age - 1]!
      left -= price * shares[age - 1]!
    }
  }
  return { writtenOff, left }
}
