import type { Reason } from '../schema/index.ts'
import { columns, type Explained, type Formulated, type Formulation, type Published, sumKwh } from './component.ts'
import { brokenSteps, outside, tolerance } from './limits.ts'
import { needBreaches, needReserve, offerReserve, reserveBreaches } from './reserve.ts'
import { addSizedColumns, sizeIn } from './sized.ts'

/** What the sun, the wind or the river offers, kW a step. */
export interface Available {
  readonly availableKw: Float64Array
}

/** A source of a size that its known production is not of: a sizing tries others than the one that stands. */
export interface Grown {
  /** Size that the production is of; absent: its own. */
  readonly productionAt?: number
}

/** Known production at another size than the one it is of: in proportion, as {@link formulateAvailable} has it. */
export const grownProduction = (powerKw: Float64Array, size: number, { productionAt = size }: Grown): Float64Array =>
  productionAt === size ? powerKw : powerKw.map((value) => (value * size) / productionAt)

/** What a known production is of, where the asset gets another size. */
export const productionSize = (asset: Grown & { readonly production?: unknown }, stated: number): Grown =>
  asset.production === undefined ? {} : { productionAt: asset.productionAt ?? stated }

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
  formulation: Formulation<A, Available>,
  field: keyof A & string,
): Formulated {
  const { asset, model, bus, size } = formulation
  const { availableKw } = formulation.inputs
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
  // What is held back can be given; what is given can be held back.
  const most =
    availableKw.reduce((largest, value) => Math.max(largest, value), 0) * (known ? 1 : sized.most / statedSize)
  const reserve = offerReserve(
    formulation,
    asset.curtailable && known
      ? {
          up: { upToKw: most, limits: [{ most: availableKw, terms: [{ first: power, factor: -1 }] }] },
          down: { upToKw: most, limits: [{ most: 0, terms: [{ first: power, factor: 1 }] }] },
        }
      : {},
  )
  const need = needReserve(formulation, 'sourceShare', [{ first: power, factor: 1 }])
  return {
    cover: { bounded: [{ power, mostKw: availableKw, rank: 0 }] },
    read: (values) => ({
      points: {
        powerKw: columns(values, power, count),
        availableKw: known ? availableKw : availableKw.map((value) => (value / statedSize) * sizeIn(sized, values)),
        ...reserve.points(values),
        ...need(columns(values, power, count)),
      },
      cost: {},
      emissionsKgCo2e: 0,
      relaxed: [],
    }),
  }
}

/** What a source published that it cannot have given. */
export function availableBreaches(published: Published<Source, Available>, ratedKw = Infinity): string[] {
  const { asset, values } = published
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
    ...reserveBreaches(published, {
      upKw: (k) => (asset.curtailable ? availableKw[k]! - powerKw[k]! : 0),
      downKw: (k) => (asset.curtailable ? powerKw[k]! : 0),
    }),
    ...needBreaches(published, 'sourceShare'),
  ]
}

/** Says how much was curtailed and when most. */
export function describeAvailable({ asset, outcome, frame }: Explained<unknown>): readonly Reason[] {
  const { powerKw, availableKw } = outcome.points
  if (!powerKw || !availableKw) return []
  const curtailed = availableKw.map((value, k) => value - powerKw[k]!)
  const energyKwh = sumKwh(curtailed, frame.hours)
  if (energyKwh < 0.5) return []
  const heldKwh = sumKwh(outcome.points.reserveUpKw ?? new Float64Array(), frame.hours)
  if (heldKwh > 0.5 * energyKwh) {
    return [
      {
        asset: asset.id,
        code: 'source.held-back',
        text: `${asset.title} gives ${energyKwh.toFixed(0)} kWh less than it could, most of it as reserve that could be called up.`,
        values: { energyKwh },
      },
    ]
  }
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
