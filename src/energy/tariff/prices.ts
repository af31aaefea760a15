import { type DataPort, finestGrid, meansOnSteps, type Site, type StepGrid } from '../../kernel/index.ts'
import type { Tariff } from '../schema/index.ts'
import { type Calendar, createCalendar } from './calendar.ts'
import { stepsInWindow } from './window.ts'

type Side = Pick<Tariff['import'], 'timeOfUse' | 'spot' | 'feePerKwh'>

/** The parts of the price of one direction, each by itself: a bill prints them, their sum is what a plan pays. */
export interface SidePrices {
  /** Index of the time-of-use period of each step, −1 where none matches; absent without time of use. */
  readonly periodOf?: Int16Array
  readonly periods: readonly { readonly name: string; readonly pricePerKwh: number }[]
  /** Time-of-use price of each step, NaN where no period matches; of a step with several the mean. Absent without time of use. */
  readonly periodPrice?: Float64Array
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

/** Prices of the periods that each step of a calendar lies in. */
const pricesOf = (periodOf: Int16Array, periods: SidePrices['periods']): Float64Array =>
  Float64Array.from(periodOf, (index) => periods[index]?.pricePerKwh ?? Number.NaN)

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
    readonly grid: StepGrid
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
  const periodOf = side?.timeOfUse && periodsOf(calendar, periods)
  // Steps that have grown long may hold several periods.
  const fine = finestGrid(grid)
  const finePeriodOf = periodOf && fine !== grid ? periodsOf(createCalendar(fine, calendar), periods) : periodOf
  return {
    ...(periodOf && finePeriodOf ? { periodOf, periodPrice: meansOnSteps(pricesOf(finePeriodOf, periods), grid) } : {}),
    periods,
    ...(spot ? { spot: spot.values } : {}),
    feePerKwh: side?.feePerKwh ?? 0,
  }
}

/** Whether a side of the tariff says a price at all. A plan on free energy must be asked for: `spot: 0`. */
export const saysPrice = (side: Tariff['import'] | undefined): boolean =>
  side !== undefined &&
  (side.timeOfUse !== undefined || side.spot !== undefined || side.feePerKwh !== 0 || side.tiers.length > 0)

/** Price of each step with time of use, spot and fee; NaN where a period or the spot price is missing. */
export function priceOfSteps({ periodPrice, spot, feePerKwh }: SidePrices, count: number): Float64Array {
  const prices = new Float64Array(count).fill(feePerKwh)
  if (periodPrice) for (let k = 0; k < count; k += 1) prices[k]! += periodPrice[k]!
  if (spot) for (let k = 0; k < count; k += 1) prices[k]! += spot[k]!
  return prices
}

/** Price of the period that each step begins in, with the fee: what a kWh that is netted in it spares. */
export const nettedPriceOfSteps = ({ periodOf, periods, feePerKwh }: SidePrices, count: number): Float64Array =>
  periodOf ? pricesOf(periodOf, periods).map((price) => price + feePerKwh) : new Float64Array(count).fill(feePerKwh)
