import { MangroveError, type Place, sameDimension } from '../../../kernel/index.ts'
import { carbonErrors } from '../../errors.ts'
import type { FactorBook } from '../../factors/index.ts'
import { convert, exactUnit, multiply, type Quantity, quantity } from '../../quantity/index.ts'
import type { EnergyRow, Figures } from '../figures/index.ts'
import type { CoalMethod, Scheme } from '../schemes/index.ts'
import { amountSource, type CountedRow, factorSource, kept, scoreOf } from './term.ts'
import { placed, type UsedFactor, useFactor } from './used-factor.ts'

export type EnergyRowCounted = CountedRow<CoalMethod>

export interface CountContext {
  readonly scheme: Scheme
  readonly book: FactorBook
  placeOf(path: string): Place
}

/**
 * The energy use of the park, in the energy unit of the scheme, with electricity counted in each way that the scheme allows:
 * `tce = Σ Q · coefficient`.
 *
 * @returns no row where nothing is stated
 * @throws `carbon.unit-mismatch` for what is no energy and has no coefficient, `carbon.no-factor`, `carbon.bad-figures`
 */
export function countEnergy(figures: Figures, context: CountContext): readonly EnergyRowCounted[] {
  const { totals, carriers } = figures.energy
  if (totals && carriers) {
    throw carbonErrors.badFigures({
      detail: 'The energy use is stated twice: by carrier and as a total',
      place: context.placeOf('energy.totals'),
      expected: 'one of the two',
    })
  }
  refuseTwice(carriers ?? [], context)
  return [
    ...(['calorific', 'equivalent'] as const).flatMap((method) => {
      const total = totals?.[method]
      return total ? [statedTotal(total, method, figures, context)] : []
    }),
    ...(carriers ?? []).map((row, k) => carrierRow(row, `energy.carriers.${k}`, figures, context)),
  ]
}

type Stated = NonNullable<NonNullable<Figures['energy']['totals']>['calorific']>

function statedTotal(total: Stated, method: CoalMethod, figures: Figures, context: CountContext): EnergyRowCounted {
  const path = `energy.totals.${method}`
  const id = `energy-${method}`
  const { energyUnit } = context.scheme.file.indicator
  const value = placed(context.placeOf(path), () =>
    kept(convert(quantity(total.amount, total.unit), energyUnit).amount),
  )
  const sources = [amountSource(id, total, figures.assumeRelative)]
  return {
    ...{ id, path, title: `Energy use, ${method}`, stated: `${total.amount} ${total.unit}` },
    terms: { [method]: { id, value, sources, ...scoreOf(total) } },
    missing: {},
    factors: [],
  }
}

const energyDimension = exactUnit('kWh').dimension

function carrierRow(row: EnergyRow, path: string, figures: Figures, context: CountContext): EnergyRowCounted {
  const { id, carrier, amount, unit } = row
  const { scheme, placeOf } = context
  const activity = placed(placeOf(`${path}.amount`), () => quantity(amount, unit, { subject: carrier }))
  const counted = scheme.coalMethods.map((method) => {
    const { quantity: energy, factor } = placed(placeOf(path), () =>
      inEnergy(row, activity, method, { path, figures, context }),
    )
    const source = amountSource(id, row, figures.assumeRelative)
    const sources = factor ? [source, factorSource(factor, row.factorRelative, figures.assumeRelative)] : [source]
    return { method, factor, term: { id, value: kept(energy.amount), sources, ...scoreOf(row) } }
  })
  const factors = counted.flatMap(({ factor }) => factor ?? [])
  return {
    ...{ id, path, title: carrier, stated: `${amount} ${unit}`, missing: {} },
    terms: Object.fromEntries(counted.map(({ method, term }) => [method, term])),
    factors: factors.filter((one, k) => factors.findIndex(({ key }) => key === one.key) === k),
  }
}

interface Where {
  readonly path: string
  readonly figures: Figures
  readonly context: CountContext
}

function inEnergy(
  row: EnergyRow,
  activity: Quantity,
  method: CoalMethod,
  { path, figures, context }: Where,
): { readonly quantity: Quantity; readonly factor?: UsedFactor } {
  const { scheme, book, placeOf } = context
  const { energyUnit } = scheme.file.indicator
  const isEnergy = sameDimension(exactUnit(row.unit).dimension, energyDimension)
  const dependsOnMethod = row.carrier === 'electricity' && scheme.file.coal !== undefined
  if (dependsOnMethod && /ce$/.test(row.unit)) {
    throw carbonErrors.badFigures({
      detail: 'Electricity in coal equivalent does not say how it was counted',
      ...{ found: row.unit, expected: 'electricity in kWh, or energy.totals by method' },
    })
  }
  if (row.equivalentCoefficient !== undefined && !dependsOnMethod) {
    throw carbonErrors.badFigures({
      detail: `${row.carrier} is counted in one way alone`,
      ...{
        place: placeOf(`${path}.equivalentCoefficient`),
        found: row.carrier,
        expected: 'electricity, in a scheme with coal',
      },
    })
  }
  // A coefficient of one way of counting says nothing of the other.
  const isEquivalent = dependsOnMethod && method === 'equivalent'
  const ref = isEquivalent ? row.equivalentCoefficient : row.coefficient
  // Energy is energy: 29.3076 GJ are a tce. Electricity and heat have coefficients of their own in the standard.
  const isPlain = isEnergy && !/ce$/.test(energyUnit)
  const isFuelEnergy = isEnergy && row.carrier !== 'electricity' && row.carrier !== 'heat'
  if (ref === undefined && (isPlain || isFuelEnergy || (isEnergy && /ce$/.test(row.unit)))) {
    return { quantity: convert(activity, energyUnit) }
  }
  const { country } = scheme.file
  const factor = useFactor(
    ref,
    {
      ...{ kind: 'coal-equivalent', subject: row.carrier, year: figures.year },
      ...(country === undefined ? {} : { region: country }),
      ...(dependsOnMethod && ref === undefined ? { variant: method } : {}),
      ...(row.variant === undefined ? {} : { variant: row.variant }),
      place: placeOf(`${path}.${ref === undefined ? 'carrier' : 'coefficient'}`),
    },
    book,
  )
  const other = dependsOnMethod && factor.variant !== undefined && factor.variant !== method
  if (other) {
    throw carbonErrors.basisMismatch({
      detail: `${factor.factor} counts electricity as ${factor.variant}, and stands where it is counted as ${method}`,
      place: placeOf(`${path}.coefficient`),
      ...{ found: factor.variant, expected: method },
    })
  }
  return { quantity: multiply(activity, factor.quantity, energyUnit), factor }
}

function refuseTwice(rows: readonly { readonly id: string }[], { placeOf }: CountContext): void {
  const problems = rows.flatMap(({ id }, k) =>
    rows.findIndex((row) => row.id === id) === k
      ? []
      : [
          carbonErrors.badFigures.problem({
            detail: 'Two rows have this id',
            ...{ place: placeOf(`energy.carriers.${k}.id`), found: id, expected: 'ids that differ' },
          }),
        ],
  )
  if (problems.length > 0) throw new MangroveError(problems)
}
