import { formatNumber } from '../format/numbers.ts'

/** A quotient of printed numbers: three significant digits, for few claims are printed to more. */
export const claimNumber = (value: number): string => formatNumber(Number(value.toPrecision(3)))
