import { carbonErrors } from '../errors.ts'
import { Decimal } from './decimal.ts'

/**
 * A decimal as a whole number and how many of its digits stand behind the point: 0.5306 is 5306 and 4. Sums and products of
 * these are exact by construction, and an order of magnitude faster than of decimals.
 */
export interface Scaled {
  readonly digits: bigint
  /** 0 to 30. */
  readonly decimals: number
}

const pattern = /^(-?)(\d{1,32})(?:\.(\d{1,30}))?$/

/** @throws `carbon.bad-decimal` for what is no plain decimal of at most 32 digits before the point and 30 behind it */
export function parseScaled(text: string): Scaled {
  const match = pattern.exec(text)
  if (!match) {
    throw carbonErrors.badDecimal({
      detail: 'This is no plain decimal number',
      found: text,
      expected: 'digits with a decimal point: at most 32 before it and 30 behind it',
    })
  }
  const [, sign = '', whole = '', part = ''] = match
  const digits = whole + part
  // Fifteen digits are exact as a number, which makes a BigInt several times faster than text does.
  const value = digits.length <= 15 ? BigInt(Number(digits)) : BigInt(digits)
  return { digits: sign === '' ? value : -value, decimals: part.length }
}

const tenToThe: readonly bigint[] = Array.from({ length: 130 }, (_, power) => 10n ** BigInt(power))

export const scaledToDecimal = ({ digits, decimals }: Scaled): Decimal =>
  new Decimal(digits.toString()).times(new Decimal(10).pow(-decimals))

/** `a · b`, exact. */
export const timesScaled = (a: Scaled, b: Scaled): Scaled => ({
  digits: a.digits * b.digits,
  decimals: a.decimals + b.decimals,
})

/** The plain decimal text of a scaled number, with all its digits. */
export function scaledText({ digits, decimals }: Scaled): string {
  if (decimals === 0) return digits.toString()
  const sign = digits < 0n ? '-' : ''
  const text = (digits < 0n ? -digits : digits).toString().padStart(decimals + 1, '0')
  return `${sign}${text.slice(0, -decimals)}.${text.slice(-decimals)}`
}

/** A sum that never rounds, for many rows. */
export interface ExactSum {
  add(digits: bigint, decimals: number): void
  total(): Scaled
}

/** Keeps one whole number for each count of decimals and brings them together at the end. */
export function createExactSum(): ExactSum {
  const sums: bigint[] = []
  return {
    add(digits, decimals) {
      sums[decimals] = (sums[decimals] ?? 0n) + digits
    },
    total() {
      const decimals = Math.max(0, sums.length - 1)
      let digits = 0n
      sums.forEach((sum, own) => {
        digits += sum * tenToThe[decimals - own]!
      })
      return { digits, decimals }
    },
  }
}
