import { energyErrors } from '../errors.ts'
import { annuityFactor } from './factors.ts'
import { refuseRate, refuseYears, type Terms } from './terms.ts'

export interface DebtTerms {
  /** Part of what the investment costs after subsidy, 0 to 1. */
  readonly share: number
  /** Interest a year. */
  readonly rate: number
  readonly termYears: number
  /** `annuity`: interest and repayment together are equal; `linear`: repayments are equal. Default `annuity`. */
  readonly kind?: 'annuity' | 'linear'
}

/** All of the years 0 …, positive. */
export interface DebtSchedule {
  readonly principal: number
  readonly interest: Float64Array
  readonly repayment: Float64Array
  /** Owed at the end of the year. */
  readonly balance: Float64Array
}

/** @throws `energy.bad-economics`, also where the debt outlives the years that are looked at */
export function debtSchedule({ years }: Terms, debt: DebtTerms, toFinance: number): DebtSchedule {
  const { share, rate, termYears, kind = 'annuity' } = debt
  refuseRate('debt.rate', rate)
  refuseYears('debt.termYears', termYears)
  if (!(share >= 0 && share <= 1) || termYears > years) {
    throw energyErrors.badEconomics({
      detail: 'The debt does not fit the investment',
      place: { path: 'debt' },
      found: { share, termYears },
      expected: `a share from 0 to 1 and a term of at most ${years} years`,
    })
  }
  const principal = share * toFinance
  const interest = new Float64Array(years + 1)
  const repayment = new Float64Array(years + 1)
  const balance = new Float64Array(years + 1)
  balance[0] = principal
  const payment = principal / annuityFactor(rate, termYears)
  for (let year = 1; year <= termYears; year += 1) {
    const owed = balance[year - 1]!
    interest[year] = owed * rate
    const planned = kind === 'annuity' ? payment - interest[year]! : principal / termYears
    repayment[year] = year === termYears ? owed : planned
    balance[year] = owed - repayment[year]!
  }
  return { principal, interest, repayment, balance }
}
