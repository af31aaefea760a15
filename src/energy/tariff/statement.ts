import { hoursOfSteps, stepHours, type TimeGrid } from '../../kernel/index.ts'
import { daysOfMonth, type MonthSpan, monthSpans, monthText } from './calendar.ts'
import { blocksBetween } from './curve.ts'
import { billDemand, type DemandOutcome } from './demand.ts'
import { surplusKwh } from './netting.ts'
import { powerFactorOf } from './power-factor.ts'
import type { SidePrices } from './prices.ts'
import { roundMoney, sumMoney } from './rounding.ts'
import {
  type BillLine,
  blockName,
  demandLines,
  type LineKind,
  line,
  lineKinds,
  minimumLines,
  powerFactorLines,
  taxLines,
} from './statement-lines.ts'
import type { TariffOnGrid, TariffParts } from './tariff-on-grid.ts'

/** What a meter says, one value a step of its grid; NaN where it says nothing. */
export interface Meter {
  readonly grid: TimeGrid
  /** Mean power, 0 or more. */
  readonly importKw: Float64Array
  /** Mean power, 0 or more. */
  readonly exportKw: Float64Array
  /** Mean reactive power, in either direction: both count. */
  readonly reactiveKvar?: Float64Array
}

/** The bill of one billing month. Money in the currency of the site. */
export interface Statement {
  /** YYYY-MM, the month it begins in. */
  readonly month: string
  readonly startMs: number
  readonly endMs: number
  /** Part of the month that the meter covers; what is charged a month or a day is charged for that part. */
  readonly covered: number
  readonly lines: readonly BillLine[]
  readonly total: number
  readonly byKind: Readonly<Record<LineKind, number>>
  readonly importKwh: number
  readonly exportKwh: number
  readonly reactiveKvarh?: number
  readonly powerFactor?: number
  /** Of each demand charge: what was measured and what is billed. */
  readonly peaks: readonly {
    readonly name: string
    readonly peakKw: number
    readonly atMs?: number
    readonly billedKw: number
  }[]
  /** Steps without a value: their energy and peaks are not in the bill. */
  readonly missingSteps: number
  /** Beside the bill: what the imported energy emitted, and what that costs at the site's own carbon price. */
  readonly emissionsKgCo2e: number
  readonly carbonCost: number
}

export interface StatementOptions {
  readonly currency: string
}

/**
 * Prints the bill of each billing month, line by line; the lines add up to the total. The windows and prices are those that
 * a plan on the same grid decides on.
 *
 * @param tariff evaluated on the grid of the meter, without what the site file says of "until now"
 */
export function statements(tariff: TariffOnGrid, meter: Meter, { currency }: StatementOptions): readonly Statement[] {
  const { parts } = tariff
  if (!parts) return []
  const read = gaplessMeter(meter)
  const demand = billDemand(tariff.demand, read.importKw)
  const surplus = surplusKwh(tariff.netting, read.importKw, read.exportKw, hoursOfSteps(meter.grid))
  const countedSoFar = new Map<number, { readonly month: number; readonly energyKwh: number }>()
  const book: Book = {
    tariff,
    parts,
    meter: read,
    demand,
    surplus,
    countedSoFar,
    currency,
    hours: stepHours(meter.grid),
  }
  return monthSpans(parts.calendar).map((span) => statementOf(book, span))
}

interface GaplessMeter {
  readonly grid: TimeGrid
  readonly importKw: Float64Array
  readonly exportKw: Float64Array
  readonly reactiveKvar?: Float64Array
  readonly missing: Uint8Array
}

/** What one run of {@link statements} looks things up in. */
interface Book {
  readonly tariff: TariffOnGrid
  readonly parts: TariffParts
  readonly meter: GaplessMeter
  readonly demand: readonly DemandOutcome[]
  readonly surplus: Float64Array
  /** By list of blocks that count over a year: the year and what it has counted before this month. */
  readonly countedSoFar: Map<number, { readonly month: number; readonly energyKwh: number }>
  readonly currency: string
  readonly hours: number
}

function gaplessMeter({ grid, importKw, exportKw, reactiveKvar }: Meter): GaplessMeter {
  const missing = new Uint8Array(grid.count)
  const cleaned = (values: Float64Array): Float64Array =>
    values.map((value, k) => {
      if (!Number.isNaN(value)) return value
      missing[k] = 1
      return 0
    })
  return {
    grid,
    importKw: cleaned(importKw),
    exportKw: cleaned(exportKw),
    ...(reactiveKvar ? { reactiveKvar: cleaned(reactiveKvar).map(Math.abs) } : {}),
    missing,
  }
}

function statementOf(book: Book, span: MonthSpan): Statement {
  const { tariff, parts, meter, currency, hours } = book
  const imported = sideSums(parts.import, meter.importKw, span, hours)
  const exported = sideSums(parts.export, meter.exportKw, span, hours)
  const reactiveKvarh = meter.reactiveKvar && sumBetween(meter.reactiveKvar, span) * hours
  const powerFactor = reactiveKvarh === undefined ? undefined : powerFactorOf(imported.energyKwh, reactiveKvarh)
  const { rounding } = parts.tariff
  // Rounded as they are printed, so that what is charged on other lines is charged on what stands there.
  const printed = (lines: readonly BillLine[]): readonly BillLine[] =>
    lines.map((each) => ({ ...each, amount: roundMoney(each.amount, rounding) }))
  const charges = printed([
    ...sideLines('energy', parts.import, imported, 1),
    ...tierLines(book, span),
    ...nettedLines(book, span),
    ...demandChargeLines(book, span),
    ...standingLines(parts, span),
  ])
  const factored = [...charges, ...printed(powerFactorLines(parts.tariff, charges, powerFactor, currency))]
  const surcharged = [...factored, ...printed(surchargeLines(parts, imported.energyKwh))]
  const taxed = [...surcharged, ...printed(taxLines(parts.tariff, surcharged, currency))]
  const lines = [
    ...taxed,
    ...printed([
      ...minimumLines(parts.tariff, taxed, span.covered, currency),
      ...sideLines('export', parts.export, exported, -1),
      ...surplusLines(book, span),
    ]),
  ]
  const emissionsKgCo2e = emissionsOf(tariff, meter.importKw, span, hours)
  return {
    month: monthText(span.month),
    startMs: span.startMs,
    endMs: span.endMs,
    covered: span.covered,
    lines,
    total: sumMoney(
      lines.map(({ amount }) => amount),
      rounding,
    ),
    byKind: sumsByKind(lines, rounding),
    importKwh: imported.energyKwh,
    exportKwh: exported.energyKwh,
    ...(reactiveKvarh === undefined ? {} : { reactiveKvarh }),
    ...(powerFactor === undefined ? {} : { powerFactor }),
    peaks: peaksOf(book, span),
    missingSteps: meter.missing.subarray(span.from, span.to).reduce((sum, mark) => sum + mark, 0),
    emissionsKgCo2e,
    carbonCost: emissionsKgCo2e * tariff.carbonPricePerKg,
  }
}

function sumsByKind(lines: readonly BillLine[], rounding: number | undefined): Record<LineKind, number> {
  const of = (wanted: LineKind): number =>
    sumMoney(
      lines.filter(({ kind }) => kind === wanted).map(({ amount }) => amount),
      rounding,
    )
  return Object.fromEntries(lineKinds.map((kind) => [kind, of(kind)])) as Record<LineKind, number>
}

function sumBetween(values: Float64Array, { from, to }: MonthSpan): number {
  let sum = 0
  for (let k = from; k < to; k += 1) sum += values[k]!
  return sum
}

function emissionsOf(
  { carbonIntensity }: TariffOnGrid,
  importKw: Float64Array,
  { from, to }: MonthSpan,
  hours: number,
): number {
  let sum = 0
  for (let k = from; k < to; k += 1) sum += importKw[k]! * carbonIntensity[k]!
  return sum * hours
}

/** Energy of one direction in a month: in all, by period, and times the spot price. */
interface SideSums {
  readonly energyKwh: number
  readonly byPeriodKwh: Float64Array
  readonly spotCost: number
}

function sideSums(
  { periodOf, periods, spot }: SidePrices,
  powerKw: Float64Array,
  { from, to }: MonthSpan,
  hours: number,
): SideSums {
  const byPeriodKwh = new Float64Array(periods.length)
  let energy = 0
  let spotCost = 0
  for (let k = from; k < to; k += 1) {
    const power = powerKw[k]!
    energy += power
    const period = periodOf?.[k] ?? -1
    if (period >= 0) byPeriodKwh[period]! += power
    if (spot) spotCost += power * spot[k]!
  }
  return {
    energyKwh: energy * hours,
    byPeriodKwh: byPeriodKwh.map((sum) => sum * hours),
    spotCost: spotCost * hours,
  }
}

/** Time of use by period and price, spot at its mean, and the fee of one direction. */
function sideLines(
  kind: 'energy' | 'export',
  { periods, spot, feePerKwh }: SidePrices,
  sums: SideSums,
  sign: 1 | -1,
): readonly BillLine[] {
  const merged = new Map<string, { name: string; pricePerKwh: number; energyKwh: number }>()
  periods.forEach(({ name, pricePerKwh }, index) => {
    const key = `${name}\n${pricePerKwh}`
    const found = merged.get(key)
    merged.set(key, { name, pricePerKwh, energyKwh: (found?.energyKwh ?? 0) + sums.byPeriodKwh[index]! })
  })
  if (kind === 'export' && sums.energyKwh === 0) return []
  const unit = 'kWh'
  const meanSpot = sums.energyKwh === 0 ? 0 : sums.spotCost / sums.energyKwh
  return [
    ...[...merged.values()]
      .filter(({ energyKwh }) => energyKwh !== 0)
      .map(({ name, pricePerKwh, energyKwh }) =>
        line(kind, `${kind}.time-of-use`, { period: name, quantity: energyKwh, unit, rate: sign * pricePerKwh }),
      ),
    ...(spot ? [line(kind, `${kind}.spot`, { quantity: sums.energyKwh, unit, rate: sign * meanSpot })] : []),
    ...(feePerKwh === 0 ? [] : [line(kind, `${kind}.fee`, { quantity: sums.energyKwh, unit, rate: sign * feePerKwh })]),
  ]
}

function tierLines({ tariff, meter, countedSoFar, hours }: Book, { month, from, to }: MonthSpan): readonly BillLine[] {
  return tariff.tiers.flatMap((window) => {
    const { list, name, per, steps, curve } = window
    if (per === 'month' && window.month !== month) return []
    if (per === 'year' && Math.floor(window.month / 12) !== Math.floor(month / 12)) return []
    let energy = 0
    for (let i = lowerBound(steps, from); i < steps.length && steps[i]! < to; i += 1)
      energy += meter.importKw[steps[i]!]!
    const known = countedSoFar.get(list)
    const startKwh = known?.month === window.month ? known.energyKwh : window.startKwh
    const endKwh = startKwh + energy * hours
    countedSoFar.set(list, { month: window.month, energyKwh: endKwh })
    return blocksBetween(curve, startKwh, endKwh).map((block) => {
      const knot = curve.knots.findLast((each) => each.from <= block.from)?.from ?? 0
      const end = curve.knots.find((each) => each.from > block.from)?.from
      return line('energy', 'energy.tier', {
        name,
        period: blockName(knot, end),
        quantity: block.width,
        unit: 'kWh',
        rate: block.price,
      })
    })
  })
}

function lowerBound(values: Int32Array, least: number): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (values[middle]! < least) low = middle + 1
    else high = middle
  }
  return low
}

/** kWh that export and credit take off import, at the price of their period. */
function nettedLines({ tariff, meter, surplus, hours }: Book, { month }: MonthSpan): readonly BillLine[] {
  return tariff.netting.flatMap(({ month: own, period, steps, before, startKwh, pricePerKwh }, i) => {
    if (own !== month) return []
    let exportKw = 0
    for (const step of steps) exportKw += meter.exportKw[step]!
    const offeredKwh = startKwh + (before >= 0 ? surplus[before]! : 0) + exportKw * hours
    const nettedKwh = offeredKwh - surplus[i]!
    if (nettedKwh === 0) return []
    const rate = -pricePerKwh / tariff.taxFactor
    return [line('energy', 'net-metering.netted', { period, quantity: nettedKwh, unit: 'kWh', rate })]
  })
}

/** What of the surplus is paid with this month, and what is carried into the next. */
const surplusLines = ({ tariff, surplus }: Book, { month }: MonthSpan): readonly BillLine[] =>
  tariff.netting.flatMap(({ month: own, period, settles, surplusPricePerKwh }, i) => {
    if (own !== month || surplus[i] === 0) return []
    const code = settles ? 'net-metering.surplus' : 'net-metering.carried'
    const rate = settles ? -surplusPricePerKwh : 0
    return [line('export', code, { period, quantity: surplus[i]!, unit: 'kWh', rate })]
  })

const demandChargeLines = ({ tariff, parts, demand }: Book, { month }: MonthSpan): readonly BillLine[] =>
  tariff.demand.flatMap((window, i) =>
    window.month === month ? demandLines(parts.tariff.demand[window.charge]!, demand[i]!) : [],
  )

/** What is charged whatever the meter says: capacity and fixed charges, for the part of the month that is billed. */
function standingLines({ tariff }: TariffParts, { month, covered }: MonthSpan): readonly BillLine[] {
  const quantityOf = { month: covered, day: daysOfMonth(month) * covered, year: covered / 12 }
  return [
    ...tariff.capacity.map(({ name, capacityKva, pricePerKvaMonth }) =>
      line('capacity', 'capacity', { name, quantity: capacityKva * covered, unit: 'kVA', rate: pricePerKvaMonth }),
    ),
    ...tariff.fixed.map(({ name, price, per }) =>
      line('fixed', `fixed.${per}`, { name, quantity: quantityOf[per], unit: per, rate: price }),
    ),
  ]
}

const surchargeLines = ({ tariff }: TariffParts, importKwh: number): readonly BillLine[] =>
  tariff.surcharges.map(({ name, pricePerKwh }) =>
    line('surcharge', 'surcharge', { name, quantity: importKwh, unit: 'kWh', rate: pricePerKwh }),
  )

const peaksOf = ({ tariff, demand, meter }: Book, { month }: MonthSpan): Statement['peaks'] =>
  tariff.demand.flatMap(({ name, month: own }, i) => {
    if (own !== month) return []
    const { peakKw, billedKw, step } = demand[i]!
    const atMs = meter.grid.startMs + step * meter.grid.stepMs
    return [{ name, peakKw, billedKw, ...(step < 0 ? {} : { atMs }) }]
  })
