import { sameDimension } from '../../../kernel/index.ts'
import { carbonErrors } from '../../errors.ts'
import { convert, type Decimal, exactUnit, multiply, type Quantity } from '../../quantity/index.ts'
import type { EmissionRow, Figures } from '../figures/index.ts'
import type { CountContext } from './count-energy.ts'
import { placed, type UsedFactor, useFactor } from './used-factor.ts'

interface Where {
  readonly row: EmissionRow
  readonly path: string
  readonly figures: Figures
  readonly context: CountContext
}

const energyDimension = exactUnit('kWh').dimension

/**
 * Activity times factor in the emissions unit of the scheme. A fuel by mass and a factor by energy meet over the heating value,
 * `E = Q · NCV · EF`, which is looked for where it is not named; a fuel by energy says by which heating value it was told.
 *
 * @throws `carbon.unit-mismatch`, `carbon.basis-mismatch`, `carbon.no-factor`
 */
export function multiplyOut(
  activity: Quantity,
  factor: UsedFactor,
  where: Where,
): { readonly amount: Decimal; readonly factors: readonly UsedFactor[] } {
  const { row, path, context } = where
  const { emissionsUnit } = context.scheme.file.indicator
  return placed(context.placeOf(path), () => {
    const { heatingValue } = factor
    const into = (what: Quantity): Decimal => convert(multiply(what, factor.quantity, 't'), emissionsUnit).amount
    if (heatingValue === undefined) return { amount: into(activity), factors: [factor] }
    if (sameDimension(exactUnit(activity.unit).dimension, energyDimension)) {
      if (row.energyBy === undefined) {
        throw carbonErrors.basisMismatch({
          detail: 'A fuel by its energy has to say by which heating value',
          ...{
            place: context.placeOf(`${path}.energyBy`),
            found: 'nothing',
            expected: `${heatingValue}, as ${factor.factor} has it`,
          },
        })
      }
      return {
        amount: into({ ...activity, basis: { ...activity.basis, heatingValue: row.energyBy } }),
        factors: [factor],
      }
    }
    const { subject } = activity.basis
    const value = useFactor(
      row.heatingValue,
      {
        ...{ kind: 'heating-value', subject: subject ?? '', heatingValue, year: where.figures.year },
        place: context.placeOf(`${path}.heatingValue`),
      },
      context.book,
    )
    const by = value.heatingValue === undefined ? {} : { heatingValue: value.heatingValue }
    const energy = multiply({ ...activity, basis: { ...activity.basis, ...by } }, value.quantity, 'TJ')
    return { amount: into({ ...energy, basis: { ...activity.basis, ...by } }), factors: [value, factor] }
  })
}
