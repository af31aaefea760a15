import { Decimal as DecimalJs } from 'decimal.js'
import { carbonErrors } from '../errors.ts'

/** Significant digits of every operation. */
export const decimalDigits = 64
/** Digits that a number may come with: the product of two is exact. */
export const inputDigits = 32

/**
 * Decimals of this room: a constructor of our own, so that nobody else's settings reach it. Ties go to the even digit.
 * Sums and products that {@link plus} and {@link times} give are exact; a quotient has {@link decimalDigits} digits.
 */
export const Decimal: DecimalJs.Constructor = DecimalJs.clone({
  defaults: true,
  precision: decimalDigits,
  rounding: DecimalJs.ROUND_HALF_EVEN,
  toExpNeg: -100,
  toExpPos: 100,
})
export type Decimal = DecimalJs.Instance

const pattern = /^[+-]?(?:\d+(?:\.(\d+))?|\.(\d+))(?:[eE]([+-]?\d{1,2}))?$/

/**
 * Reads a decimal number as it is printed: `0.5306`, `-3`, `1.2e6`. A JSON number is read by its shortest decimal form.
 *
 * @throws `carbon.bad-decimal` for a comma, a thousands mark, infinity, an empty text; `carbon.too-many-digits`
 */
export function parseDecimal(value: string | number | bigint, path?: string): Decimal {
  const text = typeof value === 'string' ? value.trim() : String(value)
  if (!pattern.test(text)) {
    throw carbonErrors.badDecimal({
      detail: text.includes(',') ? 'A comma stands in the number; decimals have a point' : 'This is no decimal number',
      ...(path === undefined ? {} : { place: { path } }),
      found: value,
      expected: 'digits with a decimal point, such as 0.5306',
    })
  }
  const decimal = new Decimal(text)
  if (decimal.precision() > inputDigits) {
    throw carbonErrors.tooManyDigits({
      detail: 'The number has more digits than are computed exactly',
      ...(path === undefined ? {} : { place: { path } }),
      found: text,
      expected: `${inputDigits} significant digits at most`,
    })
  }
  return decimal
}

/** Digits behind the point that a number is printed with: 2 of `5187.50`, 0 of `145000`, 4 of `3e-4`. */
export function printedDecimals(value: string | number): number {
  const match = pattern.exec(String(value).trim())
  if (!match) throw carbonErrors.badDecimal({ detail: 'This is no decimal number', found: value })
  return Math.max(0, (match[1] ?? match[2] ?? '').length - Number(match[3] ?? 0))
}

/** Exact sum. @throws `carbon.too-many-digits` */
export function plus(a: Decimal, b: Decimal): Decimal {
  if (a.isZero()) return b
  if (b.isZero()) return a
  const lowest = Math.min(a.e - a.precision(), b.e - b.precision())
  if (Math.max(a.e, b.e) + 1 - lowest > decimalDigits) throw tooLong(a, b, '+')
  return a.plus(b)
}

/** Exact product. @throws `carbon.too-many-digits` */
export function times(a: Decimal, b: Decimal): Decimal {
  if (a.precision() + b.precision() > decimalDigits) throw tooLong(a, b, '×')
  return a.times(b)
}

/** `value · numerator / denominator` with one rounding at the end; exact where the quotient ends within the digits. */
export const timesRatio = (value: Decimal, numerator: bigint, denominator: bigint): Decimal =>
  value.times(String(numerator)).dividedBy(String(denominator))

const tooLong = (a: Decimal, b: Decimal, sign: string) =>
  carbonErrors.tooManyDigits({
    detail: 'The result has more digits than are computed exactly',
    found: `${a} ${sign} ${b}`,
    expected: `a result of ${decimalDigits} digits at most`,
  })
