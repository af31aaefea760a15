import type { ModelBuilder } from '../../solve/index.ts'
import { blocksBetween } from './curve.ts'
import { addBlockColumns } from './curve-columns.ts'
import { billedKw, type DemandWindow } from './demand.ts'
import { gainsBySurplus, startSurplus, surplusKwh, surplusWeight } from './netting.ts'
import type { TariffOnGrid } from './tariff-on-grid.ts'

export interface TariffColumns {
  /** Prefix of names: the id of the grid connection. */
  readonly name: string
  /** First of the columns of imported and of exported kW, one a step. */
  readonly imported: number
  readonly exported: number
  readonly importMaxKw: number
  readonly exportMaxKw: number
  /** Of each step. */
  readonly hours: Float64Array
}

/** Hours that some steps have together. */
const hoursIn = (steps: Int32Array, hours: Float64Array): number => steps.reduce((sum, step) => sum + hours[step]!, 0)

/**
 * Adds to a model what a tariff counts over many steps: tiers, net metering, demand charges. What the horizon cannot reach
 * adds no column and no row; a tariff without them adds nothing. The objective then is what {@link settle} makes of it.
 *
 * @returns the column of the measured peak of each demand charge
 */
export function formulateTariff(model: ModelBuilder, tariff: TariffOnGrid, columns: TariffColumns): readonly number[] {
  formulateTiers(model, tariff, columns)
  formulateNetting(model, tariff, columns)
  return formulateDemand(model, tariff, columns)
}

function formulateTiers(model: ModelBuilder, { tiers, taxFactor }: TariffOnGrid, columns: TariffColumns): void {
  const { name, imported, importMaxKw, hours } = columns
  for (const { name: list, steps, startKwh, curve } of tiers) {
    const reachKwh = startKwh + importMaxKw * hoursIn(steps, hours)
    const blocks = blocksBetween(curve, startKwh, reachKwh)
    const [only, second] = blocks
    if (only === undefined) continue
    if (second === undefined) {
      for (const step of steps) model.addCost(imported + step, only.price * taxFactor * hours[step]!)
      continue
    }
    const parts = addBlockColumns(model, `${name}.tierKwh.${list}`, blocks, taxFactor)
    model.beginRow(`${name}.tier.${list}`, 0, 0)
    for (const part of parts) model.term(part, 1)
    for (const step of steps) model.term(imported + step, -hours[step]!)
    model.endRow()
  }
}

function formulateNetting(model: ModelBuilder, { netting }: TariffOnGrid, columns: TariffColumns): void {
  if (netting.length === 0) return
  const { name, imported, exported, exportMaxKw, hours } = columns
  const nothing = new Float64Array(Math.max(...netting.map(({ steps }) => steps.at(-1) ?? 0)) + 1)
  const without = surplusKwh(netting, nothing, nothing, hours)
  const surplus: number[] = []
  const mostKwh: number[] = []
  netting.forEach((window, i) => {
    const weight = surplusWeight(netting, i)
    const { steps, startKwh, before, period } = window
    const most = startSurplus(window) + (before >= 0 ? mostKwh[before]! : 0) + exportMaxKw * hoursIn(steps, hours)
    mostKwh.push(most)
    const column = model.addColumns(`${name}.surplusKwh.${period}`, 1, { lower: 0, upper: most, cost: weight })
    surplus.push(column)
    model.addOffset(-weight * without[i]!)
    const surplusIsMore = (slack: number, lower: number, upper: number, factor: number): void => {
      model.beginRow(`${name}.surplus.${period}`, lower, upper)
      model.term(column, 1)
      if (before >= 0) model.term(surplus[before]!, -1)
      for (const step of steps) {
        model.term(exported + step, -hours[step]!)
        model.term(imported + step, hours[step]!)
      }
      if (slack >= 0) model.term(slack, factor)
      model.endRow()
    }
    surplusIsMore(-1, startKwh, Number.POSITIVE_INFINITY, 0)
    if (!gainsBySurplus(netting, i)) return
    // A surplus that is worth more than its kWh cost must not be made up: it is what is over, or nothing.
    const over = model.addColumns(`${name}.hasSurplus.${period}`, 1, { lower: 0, upper: 1, integer: true })
    model.beginRow(`${name}.surplus.none`, Number.NEGATIVE_INFINITY, 0)
    model.term(column, 1)
    model.term(over, -most)
    model.endRow()
    const shortKwh = Math.max(0, -startKwh) + columns.importMaxKw * hoursIn(steps, hours)
    surplusIsMore(over, Number.NEGATIVE_INFINITY, startKwh + shortKwh, shortKwh)
  })
}

function formulateDemand(model: ModelBuilder, tariff: TariffOnGrid, columns: TariffColumns): readonly number[] {
  const { demand } = tariff
  const peaks = demand.map((window) => addPeak(model, window, columns))
  const before = demand.map(({ peakSoFarKw }) => peakSoFarKw)
  demand.forEach((window, i) => {
    const factor = tariff.taxFactor * window.countedBills
    const least = billedKw(window, before[i]!, before)
    const mostPeaks = before.map((peak) => Math.max(peak, columns.importMaxKw))
    const most = billedKw(window, mostPeaks[i]!, mostPeaks)
    const blocks = blocksBetween(window.curve, least, most)
    const [only, second] = blocks
    if (only === undefined) return
    if (second === undefined && followsPeaks(window)) {
      addLinear(model, window, { price: only.price * factor, peaks, column: peaks[i]!, least, most })
      return
    }
    const parts = addBlockColumns(model, `${columns.name}.billedKw.${window.name}`, blocks, factor)
    addBilledRows(model, window, { parts, least, peaks, column: peaks[i]!, name: columns.name })
  })
  return peaks
}

/** The measured peak of a window: at least every interval of it. */
function addPeak(
  model: ModelBuilder,
  { name: charge, peakSoFarKw, intervals }: DemandWindow,
  { name, imported, importMaxKw }: TariffColumns,
): number {
  const column = model.addColumns(`${name}.peakKw.${charge}`, 1, {
    lower: peakSoFarKw,
    upper: Math.max(peakSoFarKw, importMaxKw),
  })
  const { count, first, step, share } = intervals
  for (let i = 0; i < count; i += 1) {
    model.beginRow(`${name}.peak.${charge}`, 0, Number.POSITIVE_INFINITY)
    model.term(column, 1)
    for (let j = first[i]!; j < first[i + 1]!; j += 1) model.term(imported + step[j]!, -share[j]!)
    model.endRow()
  }
  return column
}

/** Whether the billed kW are a sum of peaks, or one peak above a floor: then no column of their own is needed. */
const followsPeaks = ({ billed }: DemandWindow): boolean => billed.kind === 'mean' || billed.earlier.length === 0

interface LinearPeak {
  readonly price: number
  readonly peaks: readonly number[]
  readonly column: number
  /** Billed kW that are owed anyway, and that can be reached. */
  readonly least: number
  readonly most: number
}

function addLinear(
  model: ModelBuilder,
  { billed, peakSoFarKw }: DemandWindow,
  { price, peaks, column, least, most }: LinearPeak,
): void {
  if (billed.kind === 'mean') {
    model.addCost(column, price / billed.months)
    for (const window of billed.earlier) model.addCost(peaks[window]!, price / billed.months)
    model.addOffset(-price * (least - billed.knownKw / billed.months))
    return
  }
  if (billed.floorKw <= peakSoFarKw) {
    model.addCost(column, price)
    model.addOffset(-price * peakSoFarKw)
    return
  }
  // The floor is owed whatever the peak is: only what passes it costs.
  const above = model.addColumns('peakAboveFloorKw', 1, { lower: 0, upper: most - least, cost: price })
  model.beginRow('peakAboveFloor', -billed.floorKw, Number.POSITIVE_INFINITY)
  model.term(above, 1)
  model.term(column, -1)
  model.endRow()
}

interface BilledRows {
  readonly parts: readonly number[]
  readonly least: number
  readonly peaks: readonly number[]
  readonly column: number
  readonly name: string
}

/** The sum of the blocks is at least the billed kW, from where the first block begins. */
function addBilledRows(
  model: ModelBuilder,
  window: DemandWindow,
  { parts, least, peaks, column, name }: BilledRows,
): void {
  const { billed } = window
  const row = (terms: readonly { readonly column: number; readonly factor: number }[], lower: number): void => {
    model.beginRow(`${name}.billed.${window.name}`, lower, Number.POSITIVE_INFINITY)
    for (const part of parts) model.term(part, 1)
    for (const term of terms) model.term(term.column, -term.factor)
    model.endRow()
  }
  if (billed.kind === 'mean') {
    const factor = 1 / billed.months
    row(
      [{ column, factor }, ...billed.earlier.map((earlier) => ({ column: peaks[earlier]!, factor }))],
      billed.knownKw * factor - least,
    )
    return
  }
  row([{ column, factor: 1 }], -least)
  for (const { window: earlier, share } of billed.earlier) row([{ column: peaks[earlier]!, factor: share }], -least)
}
