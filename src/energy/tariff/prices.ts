import type { DataPort, Site, TimeGrid } from '../../kernel/index.ts'
import type { Tariff } from '../schema/index.ts'
import type { Calendar } from './calendar.ts'
import { stepsInWindow } from './window.ts'

type Side = Pick<Tariff['import'], 'timeOfUse' | 'spot' | 'feePerKwh'>

/** The parts of the price of one direction, each by itself: a bill prints them, their sum is what a plan pays. */
export interface SidePrices {
  /** Index of the time-of-use period of each step, −1 where none matches; absent without time of use. */
  readonly periodOf?: Int16Array
  readonly periods: readonly { readonly name: string; readonly pricePerKwh: number }[]
  /** Spot price of each step; absent without one. */
  readonly spot?: Float64Array
  readonly feePerKwh: number
}

/** The first period that each step lies in. */
function periodsOf(calendar: Calendar, periods: readonly Parameters<typeof stepsInWindow>[1][]): Int16Array {
  const periodOf = new Int16Array(calendar.grid.count).fill(-1)
  let left = periodOf.length
  for (let index = 0; index < periods.length && left > 0; index += 1) {
    const marks = stepsInWindow(calendar, periods[index]!)
    for (let k = 0; k < periodOf.length; k += 1) {
      if (marks[k] === 0 || periodOf[k]! >= 0) continue
      periodOf[k] = index
      left -= 1
    }
  }
  return periodOf
}

/** Reads one direction of a tariff on a grid. */
export async function sidePrices(
  side: Side | undefined,
  {
    site,
    grid,
    calendar,
    data,
    path,
  }: {
    readonly site: Site
    readonly grid: TimeGrid
    readonly calendar: Calendar
    readonly data: DataPort
    readonly path: string
  },
): Promise<SidePrices> {
  const periods = side?.timeOfUse?.periods ?? []
  const spot =
    side?.spot === undefined
      ? undefined
      : await data.series(site, { source: side.spot, grid, unit: `${site.currency}/kWh`, path: `${path}.spot` })
  return {
    ...(side?.timeOfUse ? { periodOf: periodsOf(calendar, periods) } : {}),
    periods,
    ...(spot ? { spot: spot.values } : {}),
    feePerKwh: side?.feePerKwh ?? 0,
  }
}

/** Whether a side of the tariff says a price at all. A plan on free energy must be asked for: `spot: 0`. */
export const saysPrice = (side: Tariff['import'] | undefined): boolean =>
  side !== undefined &&
  (side.timeOfUse !== undefined || side.spot !== undefined || side.feePerKwh !== 0 || side.tiers.length > 0)

/** Price of each step with time of use and fee, and with spot when asked; NaN where a period or the spot price is missing. */
export function priceOfSteps(
  { periodOf, periods, spot, feePerKwh }: SidePrices,
  count: number,
  withSpot: boolean,
): Float64Array {
  const prices = new Float64Array(count).fill(feePerKwh)
  if (periodOf) for (let k = 0; k < count; k += 1) prices[k]! += periods[periodOf[k]!]?.pricePerKwh ?? Number.NaN
  if (spot && withSpot) for (let k = 0; k < count; k += 1) prices[k]! += spot[k]!
  return prices
}
