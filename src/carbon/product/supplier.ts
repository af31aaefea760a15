import { MangroveError } from '../../kernel/index.ts'
import { carbonErrors } from '../errors.ts'
import { createFindings, type Fields, type Finding, fieldsOf, readDecimal } from '../payload/index.ts'
import { convert, Decimal, quantity } from '../quantity/index.ts'
import { checkFootprint } from './check-footprint.ts'
import { allTerms, type DeclaredUnit, exactUnitOf, type Term } from './pact/fields.ts'
import { type Terms, termsOf } from './terms.ts'

export interface SupplierReading {
  /** kg CO2e of the amount. */
  readonly terms: Terms
  readonly primaryPercent: Decimal | null
  readonly ratings: Ratings | null
  readonly findings: readonly Finding[]
  readonly warnings: readonly string[]
}
export interface Ratings {
  readonly technology: number
  readonly geography: number
  readonly time: number
}

/** Digits of a quotient behind the point. */
const quotientDecimals = 20

/**
 * What an amount of something comes to by the footprint of its supplier. Its findings are told and nothing is refused for them;
 * what cannot be meant for the amount is: another unit, another set of GWPs, no number.
 *
 * @throws `carbon.bad-product`, `carbon.unit-mismatch`, `carbon.basis-mismatch`
 */
export function readSupplier(
  footprint: Fields,
  { amount, unit, gwpSet }: { readonly amount: string; readonly unit: string; readonly gwpSet: string },
  path: string,
): SupplierReading {
  const { kind, findings } = checkFootprint(footprint, path)
  const pcf = fieldsOf(footprint.pcf)
  const bad = (detail: string, field: string, found: unknown, expected: string) =>
    carbonErrors.badProduct({ detail, place: { path: `${path}.${field}` }, found, expected })
  if (kind !== 'pact-3' || pcf === null) {
    throw bad('An input is counted by a footprint of PACT 3', 'footprint', kind, 'pact-3; state the terms of others')
  }
  const ignored = createFindings()
  const declared = readDecimal(pcf.declaredUnitAmount, 'declaredUnitAmount', ignored)
  if (declared === null || !declared.gt(0)) {
    throw bad(
      'The footprint says no declared amount',
      'footprint.pcf.declaredUnitAmount',
      pcf.declaredUnitAmount,
      'above 0',
    )
  }
  const factors = Array.isArray(pcf.ipccCharacterizationFactors) ? pcf.ipccCharacterizationFactors.map(String) : []
  if (!factors.includes(gwpSet)) {
    throw carbonErrors.basisMismatch({
      detail: `The supplier’s footprint is by ${factors.join(', ') || 'no set that it says'}, this one by ${gwpSet}`,
      place: { path: `${path}.footprint.pcf.ipccCharacterizationFactors` },
      found: factors,
      expected: gwpSet,
    })
  }
  const own = exactUnitOf[pcf.declaredUnitOfMeasurement as DeclaredUnit]
  if (own === undefined) {
    throw bad(
      'The unit is not known',
      'footprint.pcf.declaredUnitOfMeasurement',
      pcf.declaredUnitOfMeasurement,
      'kilogram, piece …',
    )
  }
  const units = inUnit(amount, unit, own, `${path}.unit`)
  const read = (name: Term): Decimal => readDecimal(pcf[name], name, ignored) ?? new Decimal(0)
  const scaled = (value: Decimal): Decimal => value.times(units).dividedBy(declared).toDecimalPlaces(quotientDecimals)
  const dqi = fieldsOf(pcf.dqi)
  const rating = (name: string): number => Number(dqi?.[name])
  const ratings = {
    technology: rating('technologicalDQR'),
    geography: rating('geographicalDQR'),
    time: rating('temporalDQR'),
  }
  return {
    terms: termsOf(Object.fromEntries(allTerms.map((name) => [name, scaled(read(name))])) as Partial<Terms>),
    primaryPercent: readDecimal(pcf.primaryDataShare, 'primaryDataShare', ignored),
    ratings: Object.values(ratings).every((one) => one >= 1 && one <= 5) ? ratings : null,
    findings: findings.map((finding) => ({ ...finding, path: `${path}.footprint.${finding.path}` })),
    warnings:
      factors.length > 1
        ? [`The footprint of ${String(footprint.productNameCompany)} mixes ${factors.join(' and ')}`]
        : [],
  }
}

function inUnit(amount: string, unit: string, own: string, path: string): Decimal {
  try {
    return convert(quantity(amount, unit), own).amount
  } catch (error) {
    if (!(error instanceof MangroveError)) throw error
    throw new MangroveError(error.problems.map((problem) => ({ ...problem, place: { path } })))
  }
}
