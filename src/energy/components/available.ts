import type { ModelBuilder } from '../../solve/index.ts'
import type { Bus } from '../bus.ts'
import type { Reason } from '../schema/index.ts'
import { columns, type Explained, type Formulated, sumKwh } from './component.ts'

/** What the sun, the wind or the river offers, kW a step. */
export interface Available {
  readonly availableKw: Float64Array
}

/** Variables of a source that gives what nature offers, or less where it may be curtailed. */
export function formulateAvailable(
  asset: { readonly id: string; readonly curtailable: boolean },
  { availableKw }: Available,
  { model, bus }: { readonly model: ModelBuilder; readonly bus: Bus },
): Formulated {
  const count = availableKw.length
  const power = model.addColumns(`${asset.id}.powerKw`, count, {
    lower: asset.curtailable ? 0 : availableKw,
    upper: availableKw,
  })
  bus.supply(power, 0, count)
  return {
    read: (values) => ({
      points: { powerKw: columns(values, power, count), availableKw },
      cost: {},
      emissionsKgCo2e: 0,
      relaxed: [],
    }),
  }
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
