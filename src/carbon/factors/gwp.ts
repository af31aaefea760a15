import { carbonErrors } from '../errors.ts'
import { Decimal, type GwpSet, parseDecimal, plus, times } from '../quantity/index.ts'
import type { FactorBook } from './book.ts'

/** Parts by mass of refrigerant blends. Source: ANSI/ASHRAE Standard 34-2022, Table 4-2. */
export const blends: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  R404A: { 'HFC-125': '0.44', 'HFC-143a': '0.52', 'HFC-134a': '0.04' },
  R407C: { 'HFC-32': '0.23', 'HFC-125': '0.25', 'HFC-134a': '0.52' },
  R410A: { 'HFC-32': '0.5', 'HFC-125': '0.5' },
  R507A: { 'HFC-125': '0.5', 'HFC-143a': '0.5' },
}

export interface GwpOf {
  readonly value: Decimal
  /** Ids of the factors it came from; none for CO2, which is 1 by definition. */
  readonly factors: readonly string[]
}

/**
 * The GWP over 100 years of a gas, or of a blend by the mass of its parts, in one set.
 *
 * @throws `carbon.no-factor` where the set does not have the gas: it is never taken from another set, and never zero
 */
export function gwpOf(book: FactorBook, gas: string, gwpSet: GwpSet): GwpOf {
  if (gas === 'CO2') return { value: new Decimal(1), factors: [] }
  const parts = Object.hasOwn(blends, gas) ? blends[gas] : undefined
  if (parts) {
    const all = Object.entries(parts).map(([part, share]) => ({ share, ...gwpOf(book, part, gwpSet) }))
    return {
      value: all.reduce((sum, { share, value }) => plus(sum, times(value, parseDecimal(share))), new Decimal(0)),
      factors: all.flatMap(({ factors }) => factors),
    }
  }
  const known = book.of('gwp', gas)
  const factor = known.find(({ basis }) => basis.gwpSet === gwpSet)
  if (factor) return { value: parseDecimal(factor.value), factors: [factor.id] }
  throw carbonErrors.noFactor({
    detail: `The set ${gwpSet} has no GWP of ${gas}`,
    found: gas,
    expected:
      known.length > 0 ? `one of ${known.map(({ basis }) => basis.gwpSet).join(', ')}` : 'CH4, N2O, HFC-134a, R410A …',
  })
}
