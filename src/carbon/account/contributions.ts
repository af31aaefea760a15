import { MangroveError, sameDimension } from '../../kernel/index.ts'
import { carbonErrors } from '../errors.ts'
import { type Factor, type FactorBook, type FactorQuery, findFactor, gwpOf } from '../factors/index.ts'
import { multiplyDimensions } from '../quantity/exact-unit.ts'
import { Decimal, exactUnit, type GwpSet, parseDecimal, type Scaled, timesRatio } from '../quantity/index.ts'
import type { Activity } from './schema.ts'
import { wasteFactors } from './waste.ts'

/** What one unit of an activity gives, in one gas. */
export interface Contribution {
  readonly scope: number
  readonly category?: string
  /** Of scope 2; a contribution of other scopes has none. */
  readonly method?: 'location' | 'market'
  readonly gas: string
  /** Mass of the gas of one unit. */
  readonly kg: Scaled
  /** The same by the pinned set; none of a memo item. */
  readonly kgCo2e?: Scaled
  readonly factors: readonly Factor[]
  /** Half of the 95 % interval of its factors over their value, where all of them say one. */
  readonly relative?: number
}

/** What a kind of row comes to: the same for all rows of one subject, unit, place, day and use. */
export interface RowPlan {
  readonly contributions: readonly Contribution[]
  /** tce of one unit: by heat, and electricity by the coal that supplies it. */
  readonly tce?: { readonly calorific: Scaled; readonly equivalent?: Scaled }
  readonly isEnergy: boolean
  readonly isElectricity: boolean
  readonly warnings: readonly string[]
}

export interface PlanSettings {
  readonly book: FactorBook
  readonly gwpSet: GwpSet
  readonly region?: string
  readonly fallback: FactorQuery['fallback']
}

/** Decimals that a coefficient keeps: units whose ratio does not end are right to thirty. */
const decimals = 30

/**
 * Finds the factors for a kind of row and multiplies them once.
 *
 * @throws `carbon.no-factor`, `carbon.unit-mismatch`, `carbon.basis-mismatch`, `carbon.bad-activity`
 */
export function planRow(row: Activity, settings: PlanSettings): RowPlan {
  const { book, gwpSet, fallback = [] } = settings
  const region = row.region ?? settings.region
  const at = row.from
  const warnings: string[] = []
  const find = (query: Omit<FactorQuery, 'at' | 'fallback' | 'region'>): Factor => {
    const everywhere = {
      ...query,
      at,
      fallback: [...fallback, 'anywhere' as const],
      ...(region === undefined ? {} : { region }),
    }
    const found = findFactor(book, everywhere)
    // A factor that holds anywhere is no stand-in.
    warnings.push(...found.warnings.filter((warning) => !warning.includes('of anywhere stands in')))
    return found.factor
  }
  const tryFind = (query: Omit<FactorQuery, 'at' | 'fallback' | 'region'>): Factor | undefined => {
    try {
      return find(query)
    } catch (error) {
      if (error instanceof MangroveError && error.code === 'carbon.no-factor') return undefined
      throw error
    }
  }
  const contribute = (
    factors: readonly Factor[],
    where: Pick<Contribution, 'scope' | 'category' | 'method'>,
    ratio: Decimal = new Decimal(1),
    made?: string,
  ): Contribution => {
    const [last] = factors.slice(-1)
    const gas = made ?? last?.basis.gas ?? row.subject ?? ''
    const own = coefficient(row.unit, factors, 'kg', ratio)
    if (gas === 'CO2-biogenic') return { ...where, gas, kg: own, factors }
    if (gas === 'CO2e' && last?.basis.gwpSet !== gwpSet) {
      throw carbonErrors.basisMismatch({
        detail: `${last?.id} is CO2e by ${last?.basis.gwpSet}, the inventory is by ${gwpSet}`,
        found: last?.basis.gwpSet,
        expected: gwpSet,
      })
    }
    const gwp = gas === 'CO2e' ? { value: new Decimal(1), factors: [] } : gwpOf(book, gas, gwpSet)
    const all = [...factors, ...gwp.factors.map((id) => book.get(id))]
    const relatives = factors.map(({ relative }) => relative)
    return {
      ...{ ...where, gas, kg: own, kgCo2e: coefficient(row.unit, factors, 'kg', ratio.times(gwp.value)), factors: all },
      ...(relatives.every((one) => one !== undefined) ? { relative: Math.hypot(...(relatives as number[])) } : {}),
    }
  }
  const subject = (): string => {
    if (row.subject !== undefined) return row.subject
    throw carbonErrors.badActivity({ detail: `A row of ${row.activity} says its subject`, found: 'no subject' })
  }
  const plan = (contributions: readonly Contribution[], more: Partial<RowPlan> = {}): RowPlan => ({
    ...{ contributions, isEnergy: false, isElectricity: false, warnings: [...new Set(warnings)] },
    ...more,
  })

  const coalOfElectricity = (): Pick<RowPlan, 'tce'> => {
    const calorific = tryFind({ kind: 'coal-equivalent', subject: 'electricity', variant: 'calorific' })
    const equivalent = tryFind({ kind: 'coal-equivalent', subject: 'electricity', variant: 'equivalent' })
    if (!calorific) return {}
    return {
      tce: {
        calorific: coefficient(row.unit, [calorific], 'tce'),
        ...(equivalent ? { equivalent: coefficient(row.unit, [equivalent], 'tce') } : {}),
      },
    }
  }

  if (row.factor !== undefined || row.activity === 'other') {
    const factor = book.get(row.factor ?? subject())
    if (factor.kind !== 'emission' || row.scope === undefined) {
      throw carbonErrors.badActivity({
        detail: 'A row with a factor of its own says its scope, and the factor is one of emissions',
        found: `${factor.kind}, scope ${row.scope ?? 'not said'}`,
      })
    }
    if (factor.verify !== undefined) warnings.push(`${factor.id} is to be verified: ${factor.verify}`)
    checkBoundary(factor, row.scope)
    const category = categoryOf(row, row.scope)
    const methods = row.scope === 2 ? (['location', 'market'] as const) : [undefined]
    return plan(
      methods.map((method) => contribute([factor], { scope: row.scope!, ...category, ...(method ? { method } : {}) })),
    )
  }
  switch (row.activity) {
    case 'fuel': {
      const fuel = subject()
      const byEnergy = isEnergyUnit(row.unit)
      if (byEnergy && row.heatingValue !== 'LHV') {
        throw carbonErrors.basisMismatch({
          detail: `The factors of ${fuel} are by lower heating value`,
          found: row.heatingValue ?? 'no heating value',
          expected: 'LHV',
        })
      }
      const heating = byEnergy ? [] : [find({ kind: 'heating-value', subject: fuel, heatingValue: 'LHV' })]
      const biogenic = tryFind({ kind: 'emission', subject: fuel, gas: 'CO2-biogenic' })
      const carbon =
        biogenic ?? find({ kind: 'emission', subject: fuel, gas: 'CO2', variant: 'ipcc-2006', boundary: 'direct' })
      const others =
        row.use === undefined
          ? []
          : (['CH4', 'N2O'] as const).flatMap((gas) => {
              const factor = tryFind({ kind: 'emission', subject: fuel, gas, variant: row.use!, boundary: 'direct' })
              if (!factor) warnings.push(`${gas} of ${fuel} (${row.use}) is not counted: there is no factor`)
              return factor ? [factor] : []
            })
      if (row.use === undefined) warnings.push(`CH4 and N2O of ${fuel} are not counted: the row does not say its use`)
      const where = { scope: 1, category: 'combustion' } as const
      const tce = byEnergy
        ? { calorific: coefficient(row.unit, [], 'tce'), equivalent: coefficient(row.unit, [], 'tce') }
        : coalOf(row, tryFind({ kind: 'coal-equivalent', subject: fuel }))
      return plan(
        [carbon, ...others].map((factor) => contribute([...heating, factor], where)),
        { isEnergy: true, ...(tce ? { tce } : {}) },
      )
    }
    case 'electricity': {
      const query = { kind: 'emission', subject: 'electricity', gas: 'CO2', boundary: 'direct' } as const
      const average = find({ ...query, variant: 'average' })
      const residual = tryFind({ ...query, variant: 'without-traded-non-fossil' })
      if (!residual)
        warnings.push(`No residual mix of ${region ?? 'the place'} is known: ${average.id} stands in by market`)
      return plan(
        [
          contribute([average], { scope: 2, method: 'location' }),
          contribute([residual ?? average], { scope: 2, method: 'market' }),
        ],
        { ...{ isEnergy: true, isElectricity: true }, ...coalOfElectricity() },
      )
    }
    case 'own-generation': {
      coefficientKwh(row.unit)
      return plan([], { isEnergy: true, ...coalOfElectricity() })
    }
    case 'waste': {
      const { parts, notes } = wasteFactors({ ...row, subject: subject() }, find)
      warnings.push(...notes)
      const scope = row.scope ?? 3
      const where =
        scope === 1 ? { scope, category: 'waste' } : { scope, ...categoryOf({ category: row.category ?? '5' }, 3) }
      return plan(
        parts.map(({ factors, ratio, gas, shown = [] }) => {
          const own = contribute(factors, where, ratio, gas)
          return { ...own, factors: [...own.factors, ...shown] }
        }),
      )
    }
    case 'heat': {
      const factor = find({ kind: 'emission', subject: 'heat', gas: 'CO2', boundary: 'direct' })
      const tce = coalOf(row, tryFind({ kind: 'coal-equivalent', subject: 'heat' }))
      const methods = ['location', 'market'] as const
      return plan(
        methods.map((method) => contribute([factor], { scope: 2, method })),
        { isEnergy: true, ...(tce ? { tce } : {}) },
      )
    }
    case 'refrigerant': {
      const gas = subject()
      const { value, factors } = gwpOf(book, gas, gwpSet)
      const kg = coefficient(row.unit, [], 'kg')
      const kgCo2e = coefficient(row.unit, [], 'kg', value)
      return plan([{ scope: 1, category: 'fugitive', gas, kg, kgCo2e, factors: factors.map((id) => book.get(id)) }])
    }
    case 'freight': {
      const carrier = subject()
      const where = { scope: 3, ...categoryOf({ ...row, category: row.category ?? '4' }, 3) }
      const parts =
        row.boundary === 'WTW' ? (['TTW', 'WTT'] as const) : row.boundary === 'TTW' ? (['TTW'] as const) : []
      if (parts.length === 0)
        throw carbonErrors.badActivity({
          detail: 'Freight says its boundary',
          found: 'no boundary',
          expected: 'TTW or WTW',
        })
      return plan(
        parts.map((boundary) =>
          contribute([find({ kind: 'emission', subject: carrier, gas: 'CO2e', gwpSet, boundary })], where),
        ),
      )
    }
  }
}

function checkBoundary({ id, basis }: Factor, scope: number): void {
  if (scope === 3 || basis.boundary === 'direct' || basis.boundary === 'TTW') return
  throw carbonErrors.basisMismatch({
    detail: `Scope ${scope} takes direct emissions alone; with upstream category 3 of scope 3 would count them twice`,
    found: `${id}: ${basis.boundary}`,
    expected: 'a direct factor',
  })
}

function categoryOf({ category }: Pick<Activity, 'category'>, scope: number): { readonly category?: string } {
  if (scope !== 3) return category === undefined ? {} : { category }
  if (category !== undefined && /^([1-9]|1[0-5])$/.test(category)) return { category }
  throw carbonErrors.badActivity({
    detail: 'A row of scope 3 has one of 15 categories',
    found: category ?? 'none',
    expected: '1 to 15',
  })
}

const energy = exactUnit('J').dimension
const isEnergyUnit = (unit: string): boolean => sameDimension(exactUnit(unit).dimension, energy)

/** tce of one unit by a coefficient, where the coefficient is for this kind of unit. */
function coalOf(row: Activity, factor: Factor | undefined): RowPlan['tce'] | undefined {
  if (!factor) return undefined
  const dimension = multiplyDimensions(exactUnit(row.unit).dimension, exactUnit(factor.unit).dimension)
  if (!sameDimension(dimension, energy)) return undefined
  const calorific = coefficient(row.unit, [factor], 'tce')
  return { calorific, equivalent: calorific }
}

/** One unit of a row times factors, in `into`. @throws `carbon.unit-mismatch` */
function coefficient(unit: string, factors: readonly Factor[], into: string, by: Decimal = new Decimal(1)): Scaled {
  const target = exactUnit(into)
  let { numerator, denominator, dimension } = exactUnit(unit)
  let value = by
  for (const factor of factors) {
    const own = exactUnit(factor.unit)
    value = value.times(parseDecimal(factor.value))
    numerator *= own.numerator
    denominator *= own.denominator
    dimension = multiplyDimensions(dimension, own.dimension)
  }
  if (!sameDimension(dimension, target.dimension)) {
    const needed = factors.map(({ id, unit: own }) => `${own} of ${id}`).join(' and ') || target.symbol
    throw carbonErrors.unitMismatch({
      detail: `${unit} does not go with ${needed}`,
      found: unit,
      expected: `a unit whose product with ${needed} is in ${into}`,
    })
  }
  const exact = timesRatio(value, numerator * target.denominator, denominator * target.numerator).toDecimalPlaces(
    decimals,
  )
  const places = exact.decimalPlaces()
  return { digits: BigInt(exact.times(new Decimal(10).pow(places)).toFixed(0)), decimals: places }
}

/** kWh of one unit of electricity. @throws `carbon.unit-mismatch` */
export const coefficientKwh = (unit: string): Scaled => coefficient(unit, [], 'kWh')
