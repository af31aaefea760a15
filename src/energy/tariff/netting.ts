import type { Problem } from '../../kernel/index.ts'
import { energyErrors } from '../errors.ts'
import type { Tariff } from '../schema/index.ts'
import { type Calendar, monthOfYear, monthSpans } from './calendar.ts'

/**
 * Net metering of one time-of-use period over one billing month. Every exported kWh earns `pricePerKwh`, what an imported
 * one costs; where more was exported than imported, the surplus gives that back and earns `surplusPricePerKwh`, now or,
 * carried over, at the end of the netting year.
 */
export interface NettingWindow {
  /** Name of the time-of-use period; empty where there is none. */
  readonly period: string
  readonly month: number
  readonly steps: Int32Array
  /** Price of a netted kWh with taxes. */
  readonly pricePerKwh: number
  readonly surplusPricePerKwh: number
  /** Credit and export less import before the grid begins, kWh. */
  readonly startKwh: number
  /** The same period in the month before, whose surplus is carried in; −1: none. */
  readonly before: number
  /** The month after, into which this one's surplus is carried; −1: none in the grid. */
  readonly after: number
  /** Whether the surplus is paid with this month's bill. */
  readonly settles: boolean
}

export interface NettingOptions {
  readonly calendar: Calendar
  readonly soFar: boolean
  readonly file: string
  /** Period of each step and its price per kWh, with taxes. */
  readonly periodNames: readonly string[]
  readonly nettedPrice: Float64Array
  report(problem: Problem): void
}

/** Splits a grid into the months and periods in which export is taken off import. */
export function nettingWindows(tariff: Tariff, options: NettingOptions): readonly NettingWindow[] {
  const { netMetering } = tariff
  if (!netMetering) return []
  const { calendar, soFar, periodNames, nettedPrice } = options
  const windows: NettingWindow[] = []
  const last = new Map<string, number>()
  for (const { month, from, to } of monthSpans(calendar)) {
    const groups = new Map<string, number[]>()
    for (let k = from; k < to; k += 1) {
      const steps = groups.get(periodNames[k]!) ?? []
      if (steps.length === 0) groups.set(periodNames[k]!, steps)
      steps.push(k)
    }
    const yearBegins = monthOfYear(month) === netMetering.yearBegins
    const yearEnds = monthOfYear(month + 1) === netMetering.yearBegins
    const carried = netMetering.surplus === 'carried'
    // What is carried is settled with the year, also of a period that the last month does not have.
    if (carried && yearEnds) for (const period of last.keys()) if (!groups.has(period)) groups.set(period, [])
    for (const [period, steps] of groups) {
      const price = nettedPrice[steps[0] ?? -1] ?? windows[last.get(period) ?? -1]?.pricePerKwh ?? 0
      if (steps.some((k) => nettedPrice[k] !== price)) options.report(unequal(period, options.file))
      const before = carried && !yearBegins ? (last.get(period) ?? -1) : -1
      if (before >= 0) windows[before] = { ...windows[before]!, after: windows.length }
      last.set(period, windows.length)
      windows.push({
        period,
        month,
        steps: Int32Array.from(steps),
        pricePerKwh: price,
        surplusPricePerKwh: netMetering.surplusPricePerKwh,
        startKwh: soFar && from === 0 ? startOf(netMetering, period, carried) : 0,
        before,
        after: -1,
        settles: !carried || yearEnds,
      })
    }
  }
  return windows
}

function startOf(netMetering: NonNullable<Tariff['netMetering']>, period: string, carried: boolean): number {
  const credit = netMetering.credits.find((entry) => entry.period === period)?.energyKwh ?? 0
  const soFar = netMetering.soFar.find((entry) => entry.period === period)
  return (carried ? credit : 0) + (soFar ? soFar.exportKwh - soFar.importKwh : 0)
}

const unequal = (period: string, file: string): Problem =>
  energyErrors.badTariff.problem({
    detail: 'Net metering takes kWh off kWh of one price; this time-of-use period has several in one month',
    place: { file, path: 'tariff.import.timeOfUse.periods' },
    found: period,
    expected: 'one price for all periods of a name in a month: give the dearer hours a name of their own',
  })

/** Surplus of each window at the end of its month, kWh. */
export function surplusKwh(
  windows: readonly NettingWindow[],
  importKw: Float64Array,
  exportKw: Float64Array,
  hours: Float64Array,
): Float64Array {
  const surplus = new Float64Array(windows.length)
  windows.forEach(({ steps, startKwh, before }, i) => {
    let net = 0
    for (const k of steps) net += (exportKw[k]! - importKw[k]!) * hours[k]!
    surplus[i] = Math.max(0, startKwh + (before >= 0 ? surplus[before]! : 0) + net)
  })
  return surplus
}

/**
 * What a kWh of surplus of a window gives back: its price, less what it is worth where it goes. A surplus that is carried
 * out of the grid counts as what it earns at least: the price of the rest.
 */
export const surplusWeight = (windows: readonly NettingWindow[], i: number): number => {
  const { pricePerKwh, surplusPricePerKwh, after } = windows[i]!
  return pricePerKwh - (after >= 0 ? windows[after]!.pricePerKwh : surplusPricePerKwh)
}

/**
 * Whether a plan would gain by making up surplus in a window: a kWh of it would give back less than it is worth in one of
 * the months that it is carried into.
 */
export function gainsBySurplus(windows: readonly NettingWindow[], i: number): boolean {
  let weight = 0
  for (let at = i; at >= 0; at = windows[at]!.after) {
    weight += surplusWeight(windows, at)
    if (weight < 0) return true
  }
  return false
}

/** Surplus before anything of the grid happened, kWh, in a window that the grid begins in. */
export const startSurplus = ({ startKwh }: NettingWindow): number => Math.max(0, startKwh)
