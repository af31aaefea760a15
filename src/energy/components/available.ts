import type { Reason } from '../schema/index.ts'
import { columns, type Explained, type Formulated, type Formulation, type Published, sumKwh } from './component.ts'
import { brokenSteps, outside, tolerance } from './limits.ts'
import { addSizedColumns, sizeIn } from './sized.ts'

/** What the sun, the wind or the river offers, kW a step. */
export interface Available {
  readonly availableKw: Float64Array
}

/** A source that gives what nature offers. */
interface Source {
  readonly curtailable: boolean
}

/**
 * Variables of a source that gives what nature offers, or less where it may be curtailed.
 *
 * @param field the field that says its size, which what nature offers is in proportion to
 */
export function formulateAvailable<A extends Source>(
  { asset, inputs: { availableKw }, model, bus, size }: Formulation<A, Available>,
  field: keyof A & string,
): Formulated {
  const count = availableKw.length
  const statedSize = asset[field] as number
  const sized = size(field)
  const known = typeof sized === 'number'
  const power = addSizedColumns(model, `${asset.id}.powerKw`, count, {
    size: known ? 1 : sized,
    share: known ? availableKw : availableKw.map((value) => value / statedSize),
    whole: !asset.curtailable,
  })
  bus.supply(power, 0, count)
  return {
    read: (values) => ({
      points: {
        powerKw: columns(values, power, count),
        availableKw: known ? availableKw : availableKw.map((value) => (value / statedSize) * sizeIn(sized, values)),
      },
      cost: {},
      emissionsKgCo2e: 0,
      relaxed: [],
    }),
  }
}

/** What a source published that it cannot have given. */
export function availableBreaches({ asset, values }: Published<Source, Available>, ratedKw = Infinity): string[] {
  const powerKw = values('powerKw')
  const availableKw = values('availableKw')
  return [
    ...brokenSteps('gives more than there is, or less than nothing', powerKw, (power, k) =>
      outside(0, availableKw[k]!)(power),
    ),
    ...brokenSteps('gives more than its rating', powerKw, outside(0, ratedKw)),
    ...(asset.curtailable
      ? []
      : brokenSteps(
          'is held back and cannot be',
          powerKw,
          (power, k) => Math.abs(power - availableKw[k]!) > tolerance,
        )),
  ]
}

/** Says how much was curtailed and when most. */
export function describeAvailable({ asset, outcome, frame }: Explained<unknown>): readonly Reason[] {
  const { powerKw, availableKw } = outcome.points
  if (!powerKw || !availableKw) return []
  const curtailed = availableKw.map((value, k) => value - powerKw[k]!)
  const energyKwh = sumKwh(curtailed, frame.stepHours)
  if (energyKwh < 0.5) return []
  let step = 0
  curtailed.forEach((value, k) => {
    if (value > curtailed[step]!) step = k
  })
  return [
    {
      step,
      asset: asset.id,
      code: 'source.curtailed',
      text: `${asset.title} gives away ${energyKwh.toFixed(0)} kWh: nothing on the site can use them and export is not worth more.`,
      values: { energyKwh, powerKw: curtailed[step]! },
    },
  ]
}
