import { type DataPort, formatIso, type SeriesSource, type Site } from '../../kernel/index.ts'
import { energyErrors } from '../errors.ts'
import type { SavingsMeter } from '../schema/index.ts'
import type { Observations } from './observations.ts'
import type { Period } from './period.ts'

/** What a kilowatt-hour of each observation counts for, or the first moment where that is missing. */
export type Worth = { readonly perKwh: Float64Array } | { readonly missingAt: string } | undefined

/** Means of a price or a factor over each observation. */
export async function readWorth(
  data: DataPort,
  site: Site,
  period: Period,
  { startMs, endMs }: Observations,
  { source, unit, path }: { readonly source: SeriesSource | undefined; readonly unit: string; readonly path: string },
): Promise<Worth> {
  if (source === undefined) return undefined
  const { grid } = period
  const { values } = await data.series(site, { source, grid, unit, path })
  const perKwh = startMs.map((ms, i) => {
    const from = Math.round((ms - grid.startMs) / grid.stepMs)
    const to = Math.round((endMs[i]! - grid.startMs) / grid.stepMs)
    let sum = 0
    for (let k = from; k < to; k += 1) sum += values[k]!
    return sum / (to - from)
  })
  const gap = perKwh.findIndex(Number.isNaN)
  return gap < 0 ? { perKwh } : { missingAt: formatIso(startMs[gap]!, site.zone) }
}

export interface Coal {
  readonly basis: string
  readonly kgcePerKwh: number
  readonly source: string
}

/** GB/T 2589-2020, annex A: electricity by what it holds, 3,600 kJ over 29,307.6 kJ/kgce, as the standard rounds it. */
const calorificKgcePerKwh = 0.1229

/**
 * Standard coal of a kilowatt-hour. What energy took to make it changes from year to year and place to place, so that
 * coefficient is never assumed.
 * @throws `energy.bad-savings`
 */
export function coalOf({ coal }: SavingsMeter, path: string): Coal {
  const { basis = 'calorific', kgcePerKwh, source } = coal ?? {}
  if (kgcePerKwh !== undefined) return { basis, kgcePerKwh, source: source ?? 'stated' }
  if (basis === 'calorific')
    return { basis, kgcePerKwh: calorificKgcePerKwh, source: 'GB/T 2589-2020, annex A, 当量值' }
  throw energyErrors.badSavings({
    detail: 'The equivalent value (等价值) of a kilowatt-hour is not said',
    place: { path: `${path}.coal.kgcePerKwh` },
    expected: 'the coal of a kWh supplied in that year, near 0.30 kgce/kWh for the grid of China, with its source',
  })
}
