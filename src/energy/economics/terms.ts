import { energyErrors } from '../errors.ts'

export interface TermsInput {
  /** Whole years that are looked at. */
  readonly years: number
  /** A year: 0.06 is 6 %. */
  readonly discountRate: number
  /** Whether the rate counts inflation (`nominal`) or stands above it (`real`); default `nominal`. */
  readonly rate?: 'nominal' | 'real'
  /** General rise of prices a year; default 0. */
  readonly inflation?: number
  /** The year whose prices the amounts of a year are told in: 1 rises from the second year on; default 1. */
  readonly priceYear?: 0 | 1
}

/** What all money of an appraisal is measured with. Year 0 is when it is built; years 1 … `years` end when they are paid. */
export interface Terms {
  readonly years: number
  readonly nominalRate: number
  readonly realRate: number
  readonly inflation: number
  readonly priceYear: 0 | 1
}

const mostYears = 100

/**
 * Completes the terms by the Fisher equation, 1 + nominal = (1 + real)·(1 + inflation).
 *
 * @throws `energy.bad-economics` for years or rates that are none
 */
export function createTerms({
  years,
  discountRate,
  rate = 'nominal',
  inflation = 0,
  priceYear = 1,
}: TermsInput): Terms {
  refuseYears('years', years)
  refuseRate('discountRate', discountRate)
  refuseRate('inflation', inflation)
  const nominalRate = rate === 'nominal' ? discountRate : (1 + discountRate) * (1 + inflation) - 1
  const realRate = rate === 'real' ? discountRate : (1 + discountRate) / (1 + inflation) - 1
  return { years, nominalRate, realRate, inflation, priceYear }
}

/** @throws `energy.bad-economics` */
export function refuseYears(path: string, years: number): void {
  if (Number.isInteger(years) && years >= 1 && years <= mostYears) return
  throw energyErrors.badEconomics({
    detail: 'This is no number of years',
    place: { path },
    found: years,
    expected: `a whole number from 1 to ${mostYears}`,
  })
}

/** @throws `energy.bad-economics` */
export function refuseRate(path: string, rate: number): void {
  if (rate > -1 && rate < 10) return
  throw energyErrors.badEconomics({
    detail: 'This is no rate a year',
    place: { path },
    found: rate,
    expected: 'a share above −1 and below 10: 0.06 is 6 %',
  })
}

/** @throws `energy.bad-economics` */
export function refuseAmount(path: string, amount: number, least = 0): void {
  if (Number.isFinite(amount) && amount >= least) return
  throw energyErrors.badEconomics({
    detail: 'This amount cannot be',
    place: { path },
    found: amount,
    expected: least === Number.NEGATIVE_INFINITY ? 'a finite number' : `a finite number of at least ${least}`,
  })
}
