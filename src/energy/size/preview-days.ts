import { segmentsOf } from '../../kernel/index.ts'
import type { Frame } from '../frame.ts'
import type { PreparedAsset } from '../park-model.ts'
import { groupAlikeDays, type Profile } from './group-days.ts'
import type { AlikeDays } from './share-days.ts'

/**
 * Days that a quick answer looks at. More are slower and nearer to the exact answer: the park of `bench/size.ts` is off by 1.4 %
 * with 28, 1.0 % with 40, 0.5 % with 56; with much wind the way is longer (5.3 % with 48, 2.6 % with 90).
 */
const typicalDays = 40

/** Groups the days of a year by load, sun, wind and prices; undefined where the steps do not make up whole days. */
export function previewDays(frame: Frame, assets: readonly PreparedAsset[]): AlikeDays | undefined {
  const [segment, more] = segmentsOf(frame.grid)
  const stepsPerDay = 86_400_000 / (segment?.stepMs ?? 1)
  const steps = frame.grid.count
  if (more || !Number.isInteger(stepsPerDay) || steps % stepsPerDay !== 0) return undefined
  return { steps, stepsPerDay, groupOfDay: groupAlikeDays(profileOf(frame, assets), stepsPerDay, typicalDays) }
}

const meanOf = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + Math.abs(value), 0) / Math.max(1, values.length)

/**
 * Prices as parts of their mean and powers as parts of the mean demand. What a source could give at its largest size counts
 * no more than all demand does: how much of it will be built is not known yet.
 */
function profileOf({ tariff, grid }: Frame, assets: readonly PreparedAsset[]): Profile {
  const bought = tariff.importPrice.map((price, k) => price + tariff.carbonPricePerKg * tariff.carbonIntensity[k]!)
  const usualPrice = meanOf(bought)
  const prices = [bought, tariff.exportPrice].filter((price) => usualPrice > 0 && meanOf(price) > 0)
  const series = assets.flatMap(({ inputs }) =>
    Object.entries((inputs ?? {}) as Record<string, unknown>).flatMap(([name, values]) =>
      values instanceof Float64Array && values.length === grid.count
        ? [{ values, mean: meanOf(values), drawn: name.startsWith('demand') }]
        : [],
    ),
  )
  const demand = series.reduce((sum, { mean, drawn }) => sum + (drawn ? mean : 0), 0)
  const usualPower = demand > 0 ? demand : Math.max(0, ...series.map(({ mean }) => mean))
  return [
    ...prices.map((price) => price.map((value) => value / usualPrice)),
    ...series
      .filter(({ mean }) => Number.isFinite(mean) && mean > 0)
      .map(({ values, mean }) => values.map((value) => value / Math.max(mean, usualPower))),
  ]
}
