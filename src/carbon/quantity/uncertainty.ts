import { carbonErrors } from '../errors.ts'

/** A term of a total with what is known of its uncertainty. */
export interface UncertainTerm {
  /** In the unit of the total; may be negative. */
  readonly value: number
  /** Half of the 95 % interval over the value: 0.05 is ±5 %. */
  readonly relative: number
  /** Terms of one group err together, as those with the same factor do; without a group a term errs alone. */
  readonly group?: string
}

export interface CombinedUncertainty {
  readonly value: number
  /** Half of the 95 % interval, in the unit of the total. */
  readonly halfWidth: number
  /** Over the value; `null` for a total of zero, of which nothing relative can be said. */
  readonly relative: number | null
}

/**
 * Relative uncertainty of a product of quantities that err independently. IPCC 2006 Guidelines, Volume 1, Chapter 3, Equation 3.1:
 * the root of the sum of squares. Good up to about ±30 % a factor; beyond, use {@link simulate}.
 */
export const productUncertainty = (relatives: readonly number[]): number => Math.hypot(...relatives.map(checked))

/**
 * Uncertainty of a sum. IPCC 2006 Guidelines, Volume 1, Chapter 3, Equation 3.2: the root of the sum of squares of what the terms
 * err by, where those of one correlation group are added up first, with their sign, for they err in the same direction.
 */
export function sumUncertainty(terms: readonly UncertainTerm[]): CombinedUncertainty {
  const groups = new Map<string, number>()
  let value = 0
  let squares = 0
  for (const { value: own, relative, group } of terms) {
    value += own
    const error = own * checked(relative)
    if (group === undefined) squares += error * error
    else groups.set(group, (groups.get(group) ?? 0) + error)
  }
  for (const error of groups.values()) squares += error * error
  const halfWidth = Math.sqrt(squares)
  return { value, halfWidth, relative: value === 0 ? null : halfWidth / Math.abs(value) }
}

function checked(relative: number): number {
  if (Number.isFinite(relative) && relative >= 0) return relative
  throw carbonErrors.badUncertainty({
    detail: 'A relative uncertainty is half of the 95 % interval over the value',
    found: relative,
    expected: 'a number of 0 or more: 0.05 for ±5 %',
  })
}
