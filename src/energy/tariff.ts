import {
  type DataPort,
  type LocalParts,
  localParts,
  type Site,
  stepHours,
  stepStartMs,
  type TimeGrid,
} from '../kernel/index.ts'
import type { Tariff, TimeOfUse } from './schema/index.ts'

/** One demand charge of one month of the horizon. */
export interface DemandWindow {
  readonly name: string
  readonly pricePerKw: number
  /** Billed peak of the month before the horizon; zero for a month that begins inside it. */
  readonly peakSoFarKw: number
  /** Groups of step indices; the mean import of a group is one clock quarter-hour's demand (or longer, for longer steps). */
  readonly groups: readonly (readonly number[])[]
}

/** A tariff evaluated on the steps of a plan. Currency per kWh and kgCO2e per kWh. */
export interface TariffOnGrid {
  readonly importPrice: Float64Array
  readonly exportPrice: Float64Array
  /** kgCO2e per kWh imported; NaN never: missing is an error where it is used. */
  readonly carbonIntensity: Float64Array
  readonly carbonPricePerKg: number
  readonly demand: readonly DemandWindow[]
  /** Name of the time-of-use period of each step; empty where there is none. */
  readonly periodNames: readonly string[]
}

interface LocalWindow {
  readonly from: string
  readonly to: string
  readonly months?: readonly number[]
  readonly weekdays?: readonly number[]
}

const minuteOfDay = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))

/** Whether a local moment lies in a window; a window whose `to` is not after `from` runs past midnight. */
export function inWindow(local: LocalParts, window: LocalWindow): boolean {
  if (window.months && !window.months.includes(local.month)) return false
  if (window.weekdays && !window.weekdays.includes(local.weekday)) return false
  const minute = local.hour * 60 + local.minute
  const from = minuteOfDay(window.from)
  const to = minuteOfDay(window.to)
  return from < to ? minute >= from && minute < to : minute >= from || minute < to
}

function addTimeOfUse(prices: Float64Array, names: string[], locals: readonly LocalParts[], tou: TimeOfUse): number {
  let uncovered = 0
  locals.forEach((local, k) => {
    const period = tou.periods.find((candidate) => inWindow(local, candidate))
    if (!period) {
      prices[k] = Number.NaN
      uncovered += 1
      return
    }
    prices[k]! += period.pricePerKwh
    names[k] = period.name
  })
  return uncovered
}

/**
 * Evaluates the tariff of a site on the steps of a plan.
 * A step that no time-of-use period covers, or whose spot price is missing, comes out as NaN; the plan refuses it by name.
 */
export async function tariffOnGrid(site: Site, grid: TimeGrid, data: DataPort): Promise<TariffOnGrid> {
  const tariff = site.sections.tariff as Tariff | undefined
  const locals = Array.from({ length: grid.count }, (_, k) => localParts(stepStartMs(grid, k), site.zone))
  const periodNames = locals.map(() => '')
  const priced = async (side: Tariff['import'] | undefined, path: string): Promise<Float64Array> => {
    const prices = new Float64Array(grid.count).fill(side?.feePerKwh ?? 0)
    if (side?.timeOfUse) addTimeOfUse(prices, path === 'tariff.import' ? periodNames : [], locals, side.timeOfUse)
    if (side?.spot !== undefined) {
      const spot = await data.series(site, {
        source: side.spot,
        grid,
        unit: `${site.currency}/kWh`,
        path: `${path}.spot`,
      })
      for (let k = 0; k < grid.count; k += 1) prices[k]! += spot.values[k]!
    }
    return prices
  }
  const importPrice = await priced(tariff?.import, 'tariff.import')
  const exportPrice = await priced(tariff?.export, 'tariff.export')
  const carbonIntensity = new Float64Array(grid.count)
  if (tariff?.carbonIntensity !== undefined) {
    const series = await data.series(site, {
      source: tariff.carbonIntensity,
      grid,
      unit: 'kgCO2e/kWh',
      path: 'tariff.carbonIntensity',
    })
    carbonIntensity.set(series.values)
  }
  return {
    importPrice,
    exportPrice,
    carbonIntensity,
    carbonPricePerKg: tariff?.carbonPricePerKg ?? 0,
    demand: demandWindows(tariff?.demand ?? [], locals, grid),
    periodNames,
  }
}

/** Splits each demand charge by month and its steps by clock quarter-hour. */
function demandWindows(charges: Tariff['demand'], locals: readonly LocalParts[], grid: TimeGrid): DemandWindow[] {
  const quarterHourMs = 900_000
  const first = locals[0]
  const windows: DemandWindow[] = []
  for (const charge of charges) {
    const byMonth = new Map<number, Map<number, number[]>>()
    locals.forEach((local, k) => {
      if (!inWindow(local, charge)) return
      const month = local.year * 12 + local.month
      const quarter = stepHours(grid) >= 0.25 ? k : Math.floor(stepStartMs(grid, k) / quarterHourMs)
      const quarters = byMonth.get(month) ?? new Map<number, number[]>()
      byMonth.set(month, quarters)
      const steps = quarters.get(quarter) ?? []
      quarters.set(quarter, steps)
      steps.push(k)
    })
    for (const [month, quarters] of byMonth) {
      const isFirst = first !== undefined && month === first.year * 12 + first.month
      windows.push({
        name: charge.name,
        pricePerKw: charge.pricePerKwMonth,
        peakSoFarKw: isFirst ? charge.peakSoFarKw : 0,
        groups: [...quarters.values()],
      })
    }
  }
  return windows
}
