import { formatNumber } from '../format/numbers.ts'

/** A quotient of printed numbers: three significant digits, for few claims are printed to more; a published factor has four. */
export function claimNumber(value: number, digits = 3): string {
  const rounded = Number(value.toPrecision(digits))
  // Below one, digits behind the point are significant ones that the console elsewhere leaves out.
  return Math.abs(rounded) >= 1 ? formatNumber(rounded) : String(rounded)
}

/** The value of a published factor. */
export const factorNumber = (value: number): string => claimNumber(value, 4)
