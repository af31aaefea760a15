import type { Problem } from '../../kernel/index.ts'
import { gatewayErrors } from '../errors.ts'
import { byte, latin1 } from './byte-text.ts'
import { shown } from './check-name.ts'

/** 10^0 to 10^15, each exact in a double. */
const powersOfTen = Float64Array.from({ length: 16 }, (_, exponent) => Number(`1e${exponent}`))
/** Digits of a mantissa that is exact in a double: 10^15 < 2^53. */
const exactDigits = 15

/**
 * Value of a plain decimal of JSON's grammar with at most 15 digits and no exponent; NaN for all else. It equals
 * `Number(text)` to the bit: mantissa and power of ten are exact doubles and one division rounds once (W. D. Clinger,
 * How to read floating point numbers accurately, 1990, section 2).
 */
export function readShortDecimal(bytes: Buffer, start: number, end: number): number {
  let at = start
  const negative = bytes[at] === byte.minus
  if (negative) at += 1
  const first = at
  let mantissa = 0
  let digit = 0
  while (at < end) {
    digit = bytes[at]! - byte.zero
    if (digit < 0 || digit > 9) break
    mantissa = mantissa * 10 + digit
    at += 1
  }
  const whole = at - first
  if (whole === 0 || whole > exactDigits || (whole > 1 && bytes[first] === byte.zero)) return Number.NaN
  if (at < end) {
    if (bytes[at] !== byte.point) return Number.NaN
    at += 1
    const fraction = at
    while (at < end) {
      digit = bytes[at]! - byte.zero
      if (digit < 0 || digit > 9) return Number.NaN
      mantissa = mantissa * 10 + digit
      at += 1
    }
    const places = at - fraction
    if (places === 0 || whole + places > exactDigits) return Number.NaN
    mantissa /= powersOfTen[places]!
  }
  return negative ? -mantissa : mantissa
}

/** Value of a decimal with or without exponent, `NaN` for what is none, ±Infinity for what a double cannot hold. */
export function readNumber(bytes: Buffer, start: number, end: number): number {
  const short = readShortDecimal(bytes, start, end)
  if (!Number.isNaN(short)) return short
  return isDecimal(bytes, start, end, false) ? Number(latin1(bytes, start, end)) : Number.NaN
}

/** The same by JSON's grammar: no plus sign, no leading zero, digits on both sides of a point. */
export function readJsonNumber(bytes: Buffer, start: number, end: number): number {
  const short = readShortDecimal(bytes, start, end)
  if (!Number.isNaN(short)) return short
  return isDecimal(bytes, start, end, true) ? Number(latin1(bytes, start, end)) : Number.NaN
}

/** Nobody writes more digits of a double; a longer text is no number. */
const longestNumber = 400

const digitsEnd = (bytes: Buffer, start: number, end: number): number => {
  let at = start
  while (at < end && bytes[at]! >= byte.zero && bytes[at]! <= byte.nine) at += 1
  return at
}

function isDecimal(bytes: Buffer, start: number, end: number, strict: boolean): boolean {
  if (end - start > longestNumber) return false
  const sign = bytes[start]
  const first = start + (sign === byte.minus || (sign === byte.plus && !strict) ? 1 : 0)
  let at = digitsEnd(bytes, first, end)
  let digits = at - first
  if (strict && (digits === 0 || (digits > 1 && bytes[first] === byte.zero))) return false
  if (at < end && bytes[at] === byte.point) {
    const fraction = digitsEnd(bytes, at + 1, end) - at - 1
    if (strict && fraction === 0) return false
    digits += fraction
    at += 1 + fraction
  }
  if (digits === 0) return false
  if (at < end && (bytes[at] === 0x65 || bytes[at] === 0x45)) {
    const exponentSign = bytes[at + 1]
    at += exponentSign === byte.plus || exponentSign === byte.minus ? 2 : 1
    const exponentEnd = digitsEnd(bytes, at, end)
    if (exponentEnd === at) return false
    at = exponentEnd
  }
  return at === end
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const notFinite = /^[+-]?(?:nan|inf(?:inity)?)$/i

/** Why a text or a value is not one that can be stored. */
export function numberProblem(found: unknown): Problem {
  const beyond =
    typeof found === 'string'
      ? notFinite.test(found) || (decimal.test(found) && !Number.isFinite(Number(found)))
      : typeof found === 'number'
  return beyond
    ? gatewayErrors.notFinite.problem({
        detail: 'The value is not finite',
        found: shown(found),
        expected: 'a finite number, or a missing value',
      })
    : gatewayErrors.notANumber.problem({
        detail: 'The value is not a number',
        found: shown(found),
        expected: 'a number, true or false',
      })
}
