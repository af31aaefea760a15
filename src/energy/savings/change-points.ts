import { searchChangePoints } from './change-point-search.ts'
import type { Grouping, ModelForm, Shape, Term } from './model.ts'
import type { Observations } from './observations.ts'
import {
  coolingDegrees,
  heatingDegrees,
  meanTemperature,
  shareAbove,
  shareBelow,
  type Temperatures,
} from './temperatures.ts'

export type ChangePointShape = Exclude<Shape, 'TOW' | 'TOWT'>

const degreeTerm = (name: string, feature: (temperatures: Temperatures) => Float64Array): Term => ({
  name,
  unit: 'K',
  values: ({ temperatures }) => feature(temperatures!),
})

/** A form of the change-point family at given points. */
function formAt(
  shape: ChangePointShape,
  grouping: Grouping,
  others: readonly Term[],
  points: ModelForm['changePoints'],
): ModelForm {
  const { heatingC, coolingC } = points
  const heating = heatingC === undefined ? [] : [degreeTerm('heating', heatingDegrees(heatingC))]
  const cooling = coolingC === undefined ? [] : [degreeTerm('cooling', coolingDegrees(coolingC))]
  const linear = shape === '2P' ? [degreeTerm('temperature', meanTemperature)] : []
  const below = heatingC === undefined ? [] : [degreeTerm('heating point', shareBelow(heatingC))]
  const above = coolingC === undefined ? [] : [degreeTerm('cooling point', shareAbove(coolingC))]
  return {
    shape,
    grouping,
    terms: [...linear, ...heating, ...cooling, ...others],
    changePoints: points,
    shifts(coefficients) {
      if (shape !== '4P') return [...below, ...above]
      const values: Term['values'] = (observations) => {
        const over = above[0]!.values(observations)
        return below[0]!.values(observations).map((share, i) => coefficients[0]! * share - coefficients[1]! * over[i]!)
      }
      return [{ name: 'change point', unit: 'K', values }]
    },
  }
}

/**
 * The form of least squares of a shape, among those whose slopes have a physical sign.
 *
 * @returns undefined when the temperatures leave no room for the shape
 */
export function changePointForm(
  shape: ChangePointShape,
  grouping: Grouping,
  observations: Observations,
  others: readonly Term[],
): ModelForm | undefined {
  if (shape === '1P') return formAt(shape, grouping, others, {})
  const { temperatures } = observations
  if (!temperatures) return undefined
  if (shape === '2P') return formAt(shape, grouping, others, {})
  const points = searchChangePoints(shape, grouping, observations, others)
  return points && formAt(shape, grouping, others, pointsOf(shape, points))
}

const pointsOf = (shape: ChangePointShape, [first, second]: readonly number[]): ModelForm['changePoints'] =>
  shape === '3PH'
    ? { heatingC: first! }
    : shape === '3PC'
      ? { coolingC: first! }
      : { heatingC: first!, coolingC: shape === '4P' ? first! : second! }
