import { carbonErrors } from '../errors.ts'
import { type Factor, factorQuantity, gwpOf } from '../factors/index.ts'
import { countEnergy } from '../freight/category/index.ts'
import type { Lookup } from '../freight/category/look-up.ts'
import { chainUncertainty, countChain, qualityOf } from '../freight/index.ts'
import type { Finding } from '../payload/index.ts'
import { Decimal, exactUnit, multiply, parseDecimal, plus, quantity, times } from '../quantity/index.ts'
import type { Term } from './pact/fields.ts'
import type { Activity } from './schema.ts'
import { type Ratings, readSupplier } from './supplier.ts'
import { scaleTerms, type Terms, termsOf } from './terms.ts'

/** An activity of the period with what it gives off. */
export interface CountedActivity {
  readonly activity: Activity
  readonly terms: Terms
  /** Outbound freight: told apart. */
  readonly isOutbound: boolean
  readonly primaryPercent: Decimal | null
  readonly ratings: Ratings | null
  /** Half of the 95 % interval over its emissions, where it is known. */
  readonly relative: number | null
  readonly factors: readonly Factor[]
  readonly findings: readonly Finding[]
  readonly warnings: readonly string[]
}

type Counted = Omit<CountedActivity, 'activity'>

/** What a gas of an origin is a term of (PACT Methodology 3.0, 3.3.2.4). */
const terms: Readonly<Record<Extract<Activity, { kind: 'emission' }>['origin'], (gas: string) => Term | undefined>> = {
  fossil: () => 'fossilGhgEmissions',
  // The CO2 of biomass went into it before: it is in no sum, as its uptake is not.
  biogenic: (gas) => (gas === 'CO2' ? undefined : 'biogenicNonCO2Emissions'),
  'land-use-change': () => 'landUseChangeGhgEmissions',
  'land-management': (gas) => (gas === 'CO2' ? 'landManagementBiogenicCO2Emissions' : 'biogenicNonCO2Emissions'),
}

/**
 * Counts an activity, upstream with it: cradle to gate (ISO 14067:2018).
 *
 * @throws `carbon.bad-product`, `carbon.no-factor`, `carbon.basis-mismatch`, `carbon.unit-mismatch`
 */
export function countActivity(activity: Activity, lookup: Lookup, path: string): CountedActivity {
  return { activity, ...count(activity, lookup, path) }
}

function count(activity: Activity, lookup: Lookup, path: string): Counted {
  const own = (some: Partial<Terms>, more: Partial<Counted> = {}): Counted => ({
    ...{ terms: termsOf(some), isOutbound: false, factors: [], findings: [], warnings: [] },
    primaryPercent: activity.data === undefined ? null : new Decimal(activity.data === 'primary' ? 100 : 0),
    ratings: activity.quality ?? null,
    relative: activity.relative ?? null,
    ...more,
  })
  switch (activity.kind) {
    case 'energy': {
      const { ttwKg, wttKg, biogenicKg, factors, warnings } = countEnergy(activity.use, lookup, `${path}.use`)
      if (ttwKg === null || wttKg === null) {
        throw carbonErrors.noFactor({
          detail: `${activity.id}: the upstream of ${activity.use.carrier} is not known, and a footprint begins at the cradle`,
          place: { path: `${path}.use.wttKgCo2ePerUnit` },
          found: 'no well-to-tank factor',
          expected: 'wttKgCo2ePerUnit, or an upstreamRegion that has one',
        })
      }
      const note = biogenicKg.isZero()
        ? []
        : [
            `${activity.id}: ${biogenicKg.toFixed()} kg biogenic CO2 of burnt biomass are in no sum, as their uptake is not`,
          ]
      return own({ fossilGhgEmissions: plus(ttwKg, wttKg) }, { factors, warnings: [...warnings, ...note] })
    }
    case 'emission': {
      const { gas, massKg, origin } = activity
      const { value, factors } = gwpOf(lookup.book, gas, lookup.gwpSet)
      const kg = times(parseDecimal(massKg), value)
      const term = terms[origin](gas)
      const used = factors.map((id) => lookup.book.get(id))
      if (term === undefined) {
        return own(
          {},
          {
            factors: used,
            warnings: [`${activity.id}: ${massKg} kg biogenic CO2 are in no sum, as their uptake is not`],
          },
        )
      }
      return own({ [term]: kg }, { factors: used })
    }
    case 'factor': {
      const factor = lookup.book.get(activity.factor)
      const { boundary, gwpSet, gas } = factor.basis
      if (factor.kind !== 'emission' || (boundary !== 'lifecycle' && boundary !== 'WTW')) {
        throw carbonErrors.basisMismatch({
          detail: `${factor.id} is ${factor.kind === 'emission' ? boundary : factor.kind}; a footprint counts from the cradle on`,
          place: { path: `${path}.factor` },
          found: boundary ?? factor.kind,
          expected: 'lifecycle or WTW',
        })
      }
      if (gas !== 'CO2e' || gwpSet !== lookup.gwpSet) {
        throw carbonErrors.basisMismatch({
          detail: `${factor.id} is ${gas} by ${gwpSet ?? 'no set'}, the footprint is CO2e by ${lookup.gwpSet}`,
          place: { path: `${path}.factor` },
          found: `${gas}, ${gwpSet ?? 'no set'}`,
          expected: `CO2e, ${lookup.gwpSet}`,
        })
      }
      const used = quantity(activity.amount, activity.unit, { subject: factor.subject })
      const kg = multiply(used, factorQuantity(factor), 'kg').amount
      const warnings = factor.verify === undefined ? [] : [`${factor.id} is to be verified: ${factor.verify}`]
      return own({ fossilGhgEmissions: kg }, { factors: [factor], warnings })
    }
    case 'supplier': {
      const { gwpSet } = lookup
      const { amount, unit } = activity
      const { terms: of, ...reading } = readSupplier(activity.footprint, { amount, unit, gwpSet }, path)
      const { primaryPercent, ratings, findings, warnings } = reading
      return own(of, {
        ...{ findings, warnings, ratings: activity.quality ?? ratings },
        ...(activity.data === undefined ? { primaryPercent } : {}),
      })
    }
    case 'stated': {
      exactUnit(activity.unit)
      const stated = Object.entries(activity.per).map(([name, value]) => [name, parseDecimal(String(value))] as const)
      return own(scaleTerms(termsOf(Object.fromEntries(stated)), parseDecimal(activity.amount)))
    }
    case 'transport':
      return transport(activity, lookup, path, own)
  }
}

function transport(
  { id, chain, direction, times: often = '1', relative }: Extract<Activity, { kind: 'transport' }>,
  { book, gwpSet }: Lookup,
  path: string,
  own: (some: Partial<Terms>, more: Partial<Counted>) => Counted,
): Counted {
  if (chain.gwpSet !== gwpSet || chain.boundary !== 'WTW') {
    throw carbonErrors.basisMismatch({
      detail: `${id}: the chain is ${chain.boundary} by ${chain.gwpSet}, the footprint WTW by ${gwpSet}`,
      place: { path: `${path}.chain` },
      found: `${chain.boundary}, ${chain.gwpSet}`,
      expected: `WTW, ${gwpSet}`,
    })
  }
  const { elements, factors, warnings } = countChain(chain, book)
  const by = parseDecimal(often)
  const sum = (all: typeof elements): Decimal =>
    times(
      all.reduce((total, { kg }) => plus(total, kg.wtw!), new Decimal(0)),
      by,
    )
  const { primaryShareOfEmissionsPercent } = qualityOf(elements, 'WTW')
  const { halfWidthKg, uncertainShare } = chainUncertainty(elements, 'WTW')
  const once = sum(elements)
    .dividedBy(by.isZero() ? 1 : by)
    .toNumber()
  return own(
    {
      fossilGhgEmissions: sum(elements),
      aircraftGhgEmissions: sum(elements.filter(({ category }) => category.mode === 'air')),
    },
    {
      ...{ factors: [...factors.values()], warnings, isOutbound: direction === 'outbound' },
      relative: relative ?? (uncertainShare === 1 && once > 0 ? halfWidthKg / once : null),
      primaryPercent: primaryShareOfEmissionsPercent === null ? null : new Decimal(primaryShareOfEmissionsPercent),
    },
  )
}
