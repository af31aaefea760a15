import { Decimal } from 'decimal.js'
import type { Amount, Language } from './schema.ts'

const Exact = Decimal.clone({ precision: 120, rounding: Decimal.ROUND_HALF_UP, toExpNeg: -200, toExpPos: 200 })

interface Marks {
  readonly thousands: string
  readonly decimal: string
  /** Digits before the mark of thousands from which on there is one. */
  readonly from: number
}

/** As people of the language write numbers (CLDR 47). */
const marksOf: Readonly<Record<Language, Marks>> = {
  en: { thousands: ',', decimal: '.', from: 4 },
  zh: { thousands: ',', decimal: '.', from: 4 },
  es: { thousands: '.', decimal: ',', from: 5 },
}

/** Sign of what is below zero: as wide as a plus, and no line breaks after it. */
const minus = '\u2212'

/**
 * A number for readers, rounded half away from zero; a number that is not zero never reads as one: it gets the decimals
 * that it takes to tell.
 */
export function formatAmount({ value, decimals }: Pick<Amount, 'value' | 'decimals'>, language: Language): string {
  const number = new Exact(value)
  const rounded = number.toDecimalPlaces(decimals)
  const shown = rounded.isZero() && !number.isZero() ? number.toSignificantDigits(1) : rounded
  const text = shown.isZero() || shown.abs().gte('1e-9') ? undefined : shown.abs().toExponential()
  const { thousands, decimal, from } = marksOf[language]
  const sign = shown.isNegative() && !shown.isZero() ? minus : ''
  if (text !== undefined) return sign + text.replace('.', decimal).replace('e-', 'e\u2212')
  const [whole = '0', rest] = shown.abs().toFixed(Math.max(decimals, shown.decimalPlaces())).split('.')
  const grouped = whole.length < from ? whole : whole.replace(/\B(?=(\d{3})+$)/g, thousands)
  return sign + (rest === undefined ? grouped : grouped + decimal + rest)
}

/** The exact value without an exponent. */
export const exactText = ({ value }: Pick<Amount, 'value'>): string => new Exact(value).toFixed()

/** For lengths and angles of charts alone. */
export const sizeOf = (amount: Pick<Amount, 'value'> | null): number => (amount === null ? 0 : Number(amount.value))

/** Exact sum of products: the value of an amount of these parts. */
export const sumOf = (parts: readonly { readonly value: string; readonly times?: string }[]): string =>
  parts.reduce((sum, { value, times = '1' }) => sum.plus(new Exact(value).times(times)), new Exact(0)).toFixed()
