import { MangroveError, sameDimension } from '../../../kernel/index.ts'
import { carbonErrors } from '../../errors.ts'
import { type Factor, type FactorQuery, factorQuantity, gwpOf } from '../../factors/index.ts'
import {
  convert,
  Decimal,
  exactUnit,
  multiply,
  parseDecimal,
  plus,
  type Quantity,
  quantity,
  times,
  weigh,
} from '../../quantity/index.ts'
import type { Lookup } from './look-up.ts'
import type { EnergyUse } from './schema.ts'

/** What some energy gave off; `null` where it is not known, which is not zero. */
export interface EnergyEmissions {
  readonly ttwKg: Decimal | null
  readonly wttKg: Decimal | null
  readonly biogenicKg: Decimal
  readonly factors: readonly Factor[]
  readonly warnings: readonly string[]
}

const zero = new Decimal(0)
const energy = exactUnit('J').dimension
const volume = exactUnit('L').dimension

/**
 * Emissions of energy. Fuels: IPCC 2006, Volume 2, Equation 3.2.1, each gas weighed by the set of the chain, and well-to-tank by a
 * factor of its own. Electricity has none in the vehicle (ISO 14083:2023): its generation belongs to the energy's provision.
 *
 * @throws `carbon.no-factor`, `carbon.unit-mismatch`, `carbon.bad-chain`
 */
export function countEnergy(use: EnergyUse, lookup: Lookup, path: string): EnergyEmissions {
  const amount = parseDecimal(use.amount, `${path}.amount`)
  const own = (perUnit: string | undefined, name: string): Decimal | undefined =>
    perUnit === undefined ? undefined : times(amount, parseDecimal(perUnit, `${path}.${name}`))
  const ownTtw = own(use.ttwKgCo2ePerUnit, 'ttwKgCo2ePerUnit')
  const ownWtt = own(use.wttKgCo2ePerUnit, 'wttKgCo2ePerUnit')
  // The unit is read in any case: a slip in it is a slip of the row.
  exactUnit(use.unit)
  if (use.carrier === 'electricity') return countElectricity(use, lookup, { ownTtw, ownWtt }, path)
  const burnt =
    ownTtw === undefined ? burn(use, lookup, path) : { kg: ownTtw, biogenic: zero, factors: [], warnings: [] }
  const made = ownWtt === undefined ? makeFuel(use, lookup, path) : { kg: ownWtt, factors: [], warnings: [] }
  return {
    ...{ ttwKg: burnt.kg, wttKg: made.kg, biogenicKg: burnt.biogenic },
    factors: [...burnt.factors, ...made.factors],
    warnings: [...burnt.warnings, ...made.warnings],
  }
}

type Own = { readonly ownTtw: Decimal | undefined; readonly ownWtt: Decimal | undefined }

function countElectricity(use: EnergyUse, lookup: Lookup, { ownTtw, ownWtt }: Own, path: string): EnergyEmissions {
  if (ownTtw !== undefined && !ownTtw.isZero()) {
    throw carbonErrors.badChain({
      detail: 'Electricity gives nothing off in the vehicle; what its generation gives off is well-to-tank',
      place: { path: `${path}.ttwKgCo2ePerUnit` },
      found: use.ttwKgCo2ePerUnit,
      expected: '0, and wttKgCo2ePerUnit',
    })
  }
  const none = { ttwKg: zero, biogenicKg: zero }
  if (ownWtt !== undefined) return { ...none, wttKg: ownWtt, factors: [], warnings: [] }
  const found = lookup.find(
    { kind: 'emission', subject: 'electricity', variant: 'average', gas: 'CO2', boundary: 'direct' },
    use.region,
  )
  const used = quantity(use.amount, use.unit, { subject: 'electricity' })
  return {
    ...none,
    wttKg: multiply(used, factorQuantity(found.factor), 'kg').amount,
    factors: [found.factor],
    warnings: [
      ...found.warnings,
      `${found.factor.id} is the direct CO2 of power plants: their fuel’s upstream, CH4, N2O and the losses of the grid are not in it`,
    ],
  }
}

function burn(use: EnergyUse, lookup: Lookup, path: string) {
  const { carrier, use: place } = use
  const used = fuelEnergy(use, lookup, path)
  const byHeat: Quantity = { ...used.tj, basis: { subject: carrier, heatingValue: 'LHV' } }
  const find = (query: Pick<FactorQuery, 'gas' | 'variant'>) =>
    lookup.tryFind({ kind: 'emission', subject: carrier, boundary: 'direct', ...query })
  const biogenic = lookup.tryFind({ kind: 'emission', subject: carrier, gas: 'CO2-biogenic' })
  const carbon =
    biogenic ??
    lookup.find({ kind: 'emission', subject: carrier, gas: 'CO2', variant: 'ipcc-2006', boundary: 'direct' })
  const warnings = [...used.warnings, ...carbon.warnings]
  const factors = [...used.factors, carbon.factor]
  const mass = multiply(byHeat, factorQuantity(carbon.factor), 'kg')
  let kg = biogenic ? zero : weigh(mass, new Decimal(1), lookup.gwpSet).amount
  for (const gas of ['CH4', 'N2O'] as const) {
    const found = place === undefined ? undefined : find({ gas, variant: place })
    if (!found) {
      warnings.push(`${gas} of ${carrier} is not counted: ${place ? `no factor of ${place}` : 'its use is not said'}`)
      continue
    }
    const gwp = gwpOf(lookup.book, gas, lookup.gwpSet)
    kg = plus(kg, weigh(multiply(byHeat, factorQuantity(found.factor), 'kg'), gwp.value, lookup.gwpSet).amount)
    factors.push(found.factor, ...gwp.factors.map((id) => lookup.book.get(id)))
    warnings.push(...found.warnings)
  }
  return { kg, biogenic: biogenic ? mass.amount : zero, factors, warnings }
}

function makeFuel(use: EnergyUse, lookup: Lookup, path: string) {
  const { carrier, upstreamRegion, region } = use
  const query = { kind: 'emission', subject: carrier, gas: 'CO2e', gwpSet: lookup.gwpSet, boundary: 'WTT' } as const
  const found = lookup.tryFind(query, upstreamRegion ?? region)
  if (!found) return { kg: null, factors: [], warnings: [] }
  const mass = fuelMass(use, path)
  if (mass === undefined)
    return { kg: null, factors: [], warnings: [`${found.factor.id} is by mass, ${carrier} is given by energy`] }
  return {
    kg: multiply(mass, factorQuantity(found.factor), 'kg').amount,
    factors: [found.factor],
    warnings: found.warnings,
  }
}

/** Mass of a fuel; undefined of one that is given by energy. */
function fuelMass({ carrier, amount, unit, densityKgPerL }: EnergyUse, path: string): Quantity | undefined {
  const used = quantity(amount, unit, { subject: carrier })
  const { dimension } = exactUnit(unit)
  if (sameDimension(dimension, energy)) return undefined
  if (!sameDimension(dimension, volume)) return convert(used, 'kg')
  if (densityKgPerL === undefined) {
    throw carbonErrors.badChain({
      detail: `${carrier} is given by volume, and factors are by mass`,
      place: { path: `${path}.densityKgPerL` },
      found: unit,
      expected: 'densityKgPerL, or a mass',
    })
  }
  const litres = convert(used, 'L').amount
  return { amount: times(litres, parseDecimal(densityKgPerL)), unit: 'kg', basis: { subject: carrier } }
}

/** Energy of a fuel by its lower heating value. */
function fuelEnergy(use: EnergyUse, lookup: Lookup, path: string) {
  const mass = fuelMass(use, path)
  if (mass === undefined) {
    if (use.heatingValue !== 'LHV') {
      throw carbonErrors.basisMismatch({
        detail: `The factors of ${use.carrier} are by lower heating value`,
        place: { path: `${path}.heatingValue` },
        found: use.heatingValue ?? 'no heating value',
        expected: 'LHV',
      })
    }
    return { tj: convert(quantity(use.amount, use.unit), 'TJ'), factors: [], warnings: [] }
  }
  const { factor, warnings } = lookup.find({ kind: 'heating-value', subject: use.carrier, heatingValue: 'LHV' })
  const value = { ...factorQuantity(factor), basis: { subject: use.carrier } }
  return { tj: multiply(mass, value, 'TJ'), factors: [factor], warnings }
}

/** What escaped of a refrigerant, by its GWP: of the vehicle, so tank-to-wheel (ISO 14083:2023). @throws `carbon.no-factor` */
export function countRefrigerant(gas: string, massKg: string, { book, gwpSet }: Lookup, path: string) {
  try {
    const { value, factors } = gwpOf(book, gas, gwpSet)
    return { kg: times(parseDecimal(massKg), value), factors: factors.map((id) => book.get(id)) }
  } catch (error) {
    if (!(error instanceof MangroveError)) throw error
    throw new MangroveError(error.problems.map((problem) => ({ ...problem, place: { path } })))
  }
}
