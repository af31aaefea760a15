import { type DataPort, endMs, MangroveError, type Site, stepEdgesMs } from '../../kernel/index.ts'
import type { ModelBuilder } from '../../solve/index.ts'
import { perStep } from '../components/component.ts'
import type { Frame } from '../frame.ts'
import { type ParkModel, type PreparedAsset, prepareAssets } from '../park-model.ts'
import type { Tariff } from '../schema/index.ts'
import { createCalendar } from '../tariff/calendar.ts'
import { owedBefore } from '../tariff/index.ts'
import { isUncertain } from './forecasters.ts'

export interface PeakReserve {
  /** Past days like this one that are looked at, at most. */
  readonly days: number
  /** Part of them whose net load the reserve is enough for. */
  readonly share: number
  /** A peak of a past day may come so much sooner or later. */
  readonly withinMinutes: number
  /** How many peaks like that a day is expected to bring. */
  readonly perDay: number
}

export const usualReserve: PeakReserve = { days: 9, share: 0.9, withinMinutes: 60, perDay: 1 }

/** Of a solution: the most that is kept for peaks in any step, and what of that there is not, kWh. */
export type KeptStock = (columnValues: Float64Array) => { readonly needKwh: number; readonly shortKwh: number }

interface Foreseen {
  readonly frame: Frame
  readonly assets: readonly PreparedAsset[]
}

/**
 * Keeps stock in batteries for peaks that may come. A demand charge bills the highest quarter-hour of a month, so that one
 * day unlike its forecast costs more than weeks of trade in energy earn. From whatever step the net load begins to pass its
 * forecast by a margin, the batteries are to hold the import at the peak of the plan until the end of the horizon, filling up
 * where it lies below:
 *
 *   need_k ≥ need_(k+1) + hours_k · f(net_k + margin_k − peak),  need_k ≥ 0,  stock before k + short_k ≥ need_k
 *
 * where f takes losses into account and fills no faster than the batteries can. What is short costs what it would raise the
 * charge by, spread over the hours in which the load may begin to pass its forecast. It is a robust reserve for one event (the
 * budget of Bertsimas & Sim 2004, Operations Research 52(1), 35–53), whose inner problem is the recursion above: linear
 * rows, no scenario.
 *
 * @param marginKw how far the net load of each step may pass what is foreseen; see {@link peakMargins}
 */
export function reserveForPeaks(
  builder: ModelBuilder,
  park: ParkModel,
  { frame, assets }: Foreseen,
  { marginKw, perDay }: { readonly marginKw: Float64Array } & Pick<PeakReserve, 'perDay'>,
): KeptStock | undefined {
  const stores = park.parts.flatMap(({ formulated, uses }) => (formulated.stock ? [{ ...formulated.stock, uses }] : []))
  const connection = park.parts.find(({ formulated }) => formulated.peaks)
  if (!connection || stores.length === 0) return undefined
  const columns: { readonly need: number; readonly short: number }[] = []
  const { hours, tariff, grid } = frame
  const giving = Math.min(...stores.map(({ dischargeEfficiency }) => dischargeEfficiency))
  const filling = Math.min(...stores.map(({ chargeEfficiency }) => chargeEfficiency))
  const fillKw = stores.reduce((sum, { chargeKw }) => sum + chargeKw, 0)
  const startKwh = stores.reduce((sum, store) => sum + store.startKwh, 0)
  const netKw = netLoadOf(frame, assets)
  tariff.demand.forEach((window, index) => {
    const counts = new Uint8Array(grid.count)
    for (const step of window.intervals.step) counts[step] = 1
    const owedKw = owedBefore(window)
    let overHours = 0
    for (let k = 0; k < grid.count; k += 1) {
      if (counts[k] === 1 && netKw[k]! + marginKw[k]! > owedKw) overHours += hours[k]!
    }
    const price = window.pricePerKw * tariff.taxFactor * window.countedBills
    if (!(price > 0) || overHours === 0) return
    const peak = connection.formulated.peaks![index]!
    const name = `peakReserve.${window.name}`
    const need = builder.addColumns(`${name}.needKwh`, grid.count, {})
    const short = builder.addColumns(`${name}.shortKwh`, grid.count, {
      cost: perStep((perDay * price) / (24 * Math.max(1, overHours)), hours),
    })
    for (let k = 0; k < grid.count; k += 1) {
      const beginNeed = (lower: number): void => {
        builder.beginRow(`${name}.need`, lower, Number.POSITIVE_INFINITY)
        builder.term(need + k, 1)
        if (k + 1 < grid.count) builder.term(need + k + 1, -1)
      }
      for (const factor of counts[k] === 1 ? [hours[k]! / giving, hours[k]! * filling] : []) {
        beginNeed(factor * marginKw[k]!)
        builder.term(peak, factor)
        // What the site draws beside its batteries: import, less export, more what they give.
        for (const { uses } of [connection, ...stores]) {
          for (const { first, from, to, carrier, factor: sign } of uses) {
            if (carrier === 'electricity' && k >= from && k < to) builder.term(first + k - from, -factor * sign)
          }
        }
        builder.endRow()
      }
      beginNeed(-hours[k]! * filling * fillKw)
      builder.endRow()
      builder.beginRow(`${name}.stock`, k === 0 ? -startKwh : 0, Number.POSITIVE_INFINITY)
      if (k > 0) for (const store of stores) for (const first of store.columns) builder.term(first + k - 1, 1)
      builder.term(short + k, 1)
      builder.term(need + k, -1)
      builder.endRow()
    }
    columns.push({ need, short })
  })
  if (columns.length === 0) return undefined
  const most = (values: Float64Array, first: number): number =>
    values.subarray(first, first + grid.count).reduce((highest, value) => Math.max(highest, value), 0)
  return (values) => ({
    needKwh: Math.max(...columns.map(({ need }) => most(values, need))),
    shortKwh: Math.max(...columns.map(({ short }) => most(values, short))),
  })
}

/**
 * How far the net load of each step may pass what is foreseen, kW: by what past days like this one had about that time.
 *
 * @param past data of which nothing after the beginning of the frame is asked for
 * @returns undefined where no such day is known, or where no demand charge makes peaks dear
 */
export async function peakMargins(
  { frame, assets }: Foreseen,
  past: DataPort,
  { days, share, withinMinutes }: PeakReserve,
): Promise<Float64Array | undefined> {
  if (frame.tariff.demand.length === 0) return undefined
  const known: Float64Array[] = []
  for (const back of daysLike(frame, days)) {
    try {
      const data = asDaysBefore(past, back)
      known.push(netLoadOf(frame, await prepareAssets(frame, data)))
    } catch (error) {
      // A day that is not known in full says nothing.
      if (!(error instanceof MangroveError)) throw error
    }
  }
  if (known.length === 0) return undefined
  const foreseenKw = netLoadOf(frame, assets)
  const rank = Math.max(0, Math.ceil(share * known.length) - 1)
  const highKw = foreseenKw.map((value, k) => {
    const sorted = known.map((netKw) => netKw[k]!).sort((a, b) => a - b)
    return Math.max(value, sorted[rank]!)
  })
  const edgesMs = stepEdgesMs(frame.grid)
  const withinMs = withinMinutes * 60_000
  return foreseenKw.map((value, k) => {
    let highest = value
    for (let j = 0; j < highKw.length; j += 1) {
      const isNear = edgesMs[j]! < edgesMs[k + 1]! + withinMs && edgesMs[j + 1]! > edgesMs[k]! - withinMs
      if (isNear) highest = Math.max(highest, highKw[j]!)
    }
    return highest - value
  })
}

/** Net load of each step as it was foreseen, kW: what is asked for less what is offered. */
function netLoadOf({ grid }: Frame, assets: readonly PreparedAsset[]): Float64Array {
  const netKw = new Float64Array(grid.count)
  for (const { component, inputs } of assets) {
    const sign = component.draws ? 1 : -1
    for (let k = 0; k < netKw.length; k += 1) netKw[k]! += sign * component.offeredKw(inputs, k)
  }
  return netKw
}

const dayMs = 86_400_000
/** Weeks that are looked back for days like this one. */
const mostDays = 35

/** How many days back the nearest days lie that are like this one, at both ends of a plan: working days, or free ones. */
function daysLike({ grid, site }: Frame, most: number): number[] {
  const holidays = (site.sections.tariff as Tariff | undefined)?.holidays ?? []
  const isFree = (timestampMs: number): boolean => isFreeAt(timestampMs, site, holidays)
  const lastMs = endMs(grid) - 1
  const [begins, ends] = [isFree(grid.startMs), isFree(lastMs)]
  const found: number[] = []
  // Of a day that is not over nobody knows the end.
  for (let back = Math.ceil((lastMs - grid.startMs) / dayMs); back <= mostDays && found.length < most; back += 1) {
    const backMs = back * dayMs
    if (isFree(grid.startMs - backMs) === begins && isFree(lastMs - backMs) === ends) found.push(back)
  }
  return found
}

/** Whether a moment lies in a weekend or on a holiday. */
function isFreeAt(timestampMs: number, { zone }: Site, holidays: readonly string[]): boolean {
  const { days } = createCalendar({ startMs: timestampMs, stepMs: 60_000, count: 1 }, { zone, holidays })
  return days.some(({ weekday, holiday }) => holiday || weekday > 5)
}

/** Data in which what nobody knows ahead is as it was some days before. */
const asDaysBefore = (data: DataPort, days: number): DataPort => ({
  ...data,
  async series(site, request) {
    if (!isUncertain(request.path)) return data.series(site, request)
    const { grid } = request
    const then = await data.series(site, { ...request, grid: { ...grid, startMs: grid.startMs - days * dayMs } })
    return { ...then, grid }
  },
})
