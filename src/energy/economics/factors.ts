import type { Terms } from './terms.ts'

/** Worth today of 1 paid at the end of each of so many years: (1 − (1 + i)^−n) / i, and n where i is 0. */
export const annuityFactor = (rate: number, years: number): number =>
  rate === 0 ? years : -Math.expm1(-years * Math.log1p(rate)) / rate

/** Equal sum a year that pays back 1 with interest: i·(1 + i)^n / ((1 + i)^n − 1). */
export const capitalRecoveryFactor = (rate: number, years: number): number => 1 / annuityFactor(rate, years)

/** Worth today of 1 paid at the end of a year. */
export const discountFactor = (rate: number, year: number): number => (1 + rate) ** -year

/** How an amount that is told for one year runs through the others. */
export interface Course {
  /** Rise of its price a year beyond inflation; default 0. */
  readonly escalation?: number
  /** Change of its quantity a year, from the second year on: −0.005 is a loss of 0.5 %; default 0. */
  readonly change?: number
}

/** What 1 of a year's amount has become in a year, in the money of that year. */
export const courseFactor = (
  { inflation, priceYear }: Terms,
  { escalation = 0, change = 0 }: Course,
  year: number,
): number => ((1 + inflation) * (1 + escalation)) ** (year - priceYear) * (1 + change) ** (year - 1)

/**
 * Worth today of an amount of 1 a year that runs its course over all years.
 *
 * With `priceYear` 0 this is the annuity of REopt (`annuity` in its `src/core/utils.jl`), with `priceYear` 1 its
 * `annuity_escalation`.
 */
export function presentWorthFactor(terms: Terms, course: Course = {}): number {
  let factor = 0
  for (let year = 1; year <= terms.years; year += 1) {
    factor += courseFactor(terms, course, year) * discountFactor(terms.nominalRate, year)
  }
  return factor
}

/** Equal sum a year in today's money with the present worth of an amount of 1 a year that runs its course. */
export const levelisationFactor = (terms: Terms, course: Course = {}): number =>
  annualised(presentWorthFactor(terms, course), terms)

/** Equal sum a year, in today's money, that has a present worth. */
export const annualised = (presentWorth: number, { realRate, years }: Terms): number =>
  presentWorth * capitalRecoveryFactor(realRate, years)
