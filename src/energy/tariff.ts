import { type DataPort, type LocalParts, localParts, type Site, stepStartMs, type TimeGrid } from '../kernel/index.ts'
import type { Tariff, TimeOfUse } from './schema/index.ts'

/** The part that a step has in a clock quarter-hour; the shares of one quarter-hour add up to 1. */
export interface DemandShare {
  readonly step: number
  readonly share: number
}

/** One demand charge of one month of the horizon. */
export interface DemandWindow {
  readonly name: string
  readonly pricePerKw: number
  /** Billed peak of the month before the horizon; zero for a month that begins inside it. */
  readonly peakSoFarKw: number
  /** The clock quarter-hours; one that lies within a longer step stands for all of that step. */
  readonly quarters: readonly (readonly DemandShare[])[]
}

/** Mean power of one quarter-hour, of values a step. */
export const quarterMean = (quarter: readonly DemandShare[], powerKw: (step: number) => number): number =>
  quarter.reduce((sum, { step, share }) => sum + share * powerKw(step), 0)

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

/** What an islanded site pays: there is nothing to import, so nothing of the tariff is read. */
const islanded = (grid: TimeGrid, tariff: Tariff | undefined): TariffOnGrid => ({
  importPrice: new Float64Array(grid.count),
  exportPrice: new Float64Array(grid.count),
  carbonIntensity: new Float64Array(grid.count),
  carbonPricePerKg: tariff?.carbonPricePerKg ?? 0,
  demand: [],
  periodNames: Array.from({ length: grid.count }, () => ''),
})

/** Whether a side of the tariff says a price at all. A plan on free energy must be asked for: `spot: 0`. */
const saysPrice = (side: Tariff['import'] | undefined): boolean =>
  side !== undefined && (side.timeOfUse !== undefined || side.spot !== undefined || side.feePerKwh !== 0)

/**
 * Evaluates the tariff of a site on the steps of a plan. Without a grid connection prices are zero.
 * A step that no time-of-use period covers, or whose spot price is missing, comes out as NaN, and so do all steps when
 * the tariff says no import price; the plan refuses them by name. Export that no price is said for earns nothing.
 */
export async function tariffOnGrid(site: Site, grid: TimeGrid, data: DataPort): Promise<TariffOnGrid> {
  const tariff = site.sections.tariff as Tariff | undefined
  if (!site.assets.some(({ kind }) => kind === 'grid')) return islanded(grid, tariff)
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
  if (!saysPrice(tariff?.import)) importPrice.fill(Number.NaN)
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

const quarterHourMs = 900_000

/** Splits each demand charge by month and its steps by clock quarter-hour. */
function demandWindows(charges: Tariff['demand'], locals: readonly LocalParts[], grid: TimeGrid): DemandWindow[] {
  const first = locals[0]
  return charges.flatMap((charge) => {
    const byMonth = new Map<number, number[]>()
    locals.forEach((local, step) => {
      if (!inWindow(local, charge)) return
      const month = local.year * 12 + local.month
      const steps = byMonth.get(month) ?? []
      byMonth.set(month, steps)
      steps.push(step)
    })
    return [...byMonth].map(([month, steps]): DemandWindow => {
      const isFirst = first !== undefined && month === first.year * 12 + first.month
      return {
        name: charge.name,
        pricePerKw: charge.pricePerKwMonth,
        peakSoFarKw: isFirst ? charge.peakSoFarKw : 0,
        quarters: quartersOf(steps, grid),
      }
    })
  })
}

/**
 * The clock quarter-hours that steps lie in, of any length and start; every zone's quarter-hours are those of UTC.
 * Of a quarter-hour that is cut by the horizon, the part inside stands for the whole.
 */
function quartersOf(steps: readonly number[], grid: TimeGrid): DemandShare[][] {
  const parts = new Map<number, { step: number; ms: number }[]>()
  for (const step of steps) {
    const [fromMs, toMs] = [stepStartMs(grid, step), stepStartMs(grid, step + 1)]
    for (let quarter = Math.floor(fromMs / quarterHourMs); quarter * quarterHourMs < toMs; quarter += 1) {
      const ms = Math.min(toMs, (quarter + 1) * quarterHourMs) - Math.max(fromMs, quarter * quarterHourMs)
      const found = parts.get(quarter) ?? []
      parts.set(quarter, found)
      found.push({ step, ms })
    }
  }
  const alone = new Set<number>()
  return [...parts.values()].flatMap((members) => {
    const [{ step } = { step: -1 }] = members
    // Quarter-hours inside one step have one mean.
    if (members.length === 1 && alone.has(step)) return []
    if (members.length === 1) alone.add(step)
    const wholeMs = members.reduce((sum, { ms }) => sum + ms, 0)
    return [members.map(({ step, ms }) => ({ step, share: ms / wholeMs }))]
  })
}
