import { kernelErrors } from '../kernel-errors.ts'
import { dimensionWords, parseUnit, sameDimension, type Unit } from './parse-unit.ts'

/** `value · scale + offset` brings one unit to the other. */
export interface Conversion {
  readonly scale: number
  readonly offset: number
}

/**
 * How values in one unit become values in another.
 *
 * @throws `kernel.bad-unit`, `kernel.unit-mismatch` with both sides named
 */
export function conversion(from: string, to: string): Conversion {
  const [source, target] = [parseUnit(from), parseUnit(to)]
  if (!sameDimension(source.dimension, target.dimension)) throw mismatch(source, target)
  return { scale: source.factor / target.factor, offset: (source.offset - target.offset) / target.factor }
}

/** One value from a unit to another. @throws as {@link conversion} */
export function convert(value: number, from: string, to: string): number {
  const { scale, offset } = conversion(from, to)
  return value * scale + offset
}

function mismatch(source: Unit, target: Unit) {
  return kernelErrors.unitMismatch({
    detail: `${source.symbol} is ${dimensionWords(source.dimension)}; ${dimensionWords(target.dimension)} is meant`,
    found: source.symbol,
    expected: `a unit of the dimension of ${target.symbol}`,
  })
}

const quantityPattern = /^\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)\s*(\S.*)?$/

/**
 * Reads text such as `0.5 MW` as a number in `unit`.
 *
 * @throws `kernel.bad-quantity` when there is no number or no unit, `kernel.bad-unit`, `kernel.unit-mismatch`
 */
export function parseQuantity(text: string, unit: string): number {
  const match = quantityPattern.exec(text)
  if (!match || (match[2] === undefined && unit !== '1')) {
    throw kernelErrors.badQuantity({
      detail: match ? 'The unit is missing' : 'This is no quantity',
      found: text,
      expected: `a number in ${unit}, or text with a unit such as "5 ${unit}"`,
    })
  }
  return convert(Number(match[1]), match[2] ?? '1', unit)
}

/**
 * A number that can stand for something at a site. Beyond 10¹² of any unit there is a slip of the pen, and arithmetic
 * with everyday numbers beside it loses its digits.
 */
export const isPlausible = (value: number): boolean => Math.abs(value) <= 1e12

/** A unit with the placeholder `CUR` filled in: `CUR/kWh` at a site in China is `CNY/kWh`. */
export const inCurrency = (unit: string, currency: string): string => unit.replace(/\bCUR\b/, currency)
