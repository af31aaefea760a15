import { type Problem, parseInstant } from '../../kernel/index.ts'
import { energyErrors } from '../errors.ts'
import type { DemandCharge } from '../schema/index.ts'
import {
  billingMonthOf,
  type Calendar,
  createCalendar,
  monthOfText,
  monthOfYear,
  monthSpans,
  monthText,
} from './calendar.ts'
import { type Curve, costAt, dearestOf, flatCurve } from './curve.ts'
import { clockIntervals, highestInterval, type Intervals, spanIntervals } from './intervals.ts'
import { stepsInWindow } from './window.ts'

/** A window of the same charge, in an earlier month of the grid. */
interface Earlier {
  /** Index into the windows of the tariff. */
  readonly window: number
  readonly share: number
}

/** One demand charge in one billing month of a grid. */
export interface DemandWindow {
  readonly name: string
  /** Index of the charge in the tariff. */
  readonly charge: number
  readonly month: number
  /** What one more billed kW costs at most, before taxes. */
  readonly pricePerKw: number
  /** Measured before the grid begins; zero for a month that begins inside it. */
  readonly peakSoFarKw: number
  /** Intervals of the clock, or of the system's peak, whose mean is measured. */
  readonly intervals: Intervals
  /**
   * How the billed demand follows from the peaks. `highest`: of this peak, a floor that months before the grid leave, and
   * shares of earlier peaks. `mean`: of this peak and earlier ones, `known` of which lie before the grid.
   */
  readonly billed:
    | { readonly kind: 'highest'; readonly floorKw: number; readonly earlier: readonly Earlier[] }
    | { readonly kind: 'mean'; readonly months: number; readonly knownKw: number; readonly earlier: readonly number[] }
  /** Cost of the billed kW, before taxes. */
  readonly curve: Curve
  /** Bills in which a plan counts what the peak adds. */
  readonly countedBills: number
}

export interface DemandOptions {
  readonly calendar: Calendar
  /** Whether the grid begins at "now", so that what the site file says of this month until now holds. */
  readonly soFar: boolean
  /** Months that begin before this are there to be looked back to; what they look back to need not be known. */
  readonly billedFromMs: number
  readonly file: string
  report(problem: Problem): void
}

const twelve = 12

/** Splits each demand charge by billing month and its steps by clock interval. */
export function demandWindows(charges: readonly DemandCharge[], options: DemandOptions): readonly DemandWindow[] {
  const windows: DemandWindow[] = []
  charges.forEach((charge, index) => {
    if (charge.coincident) windows.push(...coincidentWindow(charge, index, options))
    else windows.push(...monthlyWindows(charge, index, windows.length, options))
  })
  return windows
}

function monthlyWindows(charge: DemandCharge, index: number, before: number, options: DemandOptions): DemandWindow[] {
  const { calendar, soFar } = options
  const marks = stepsInWindow(calendar, charge)
  const windows: DemandWindow[] = []
  const looksBack = charge.lookBack !== undefined || charge.billedOn === 'twelve-month-mean'
  const spans = monthSpans(calendar)
  const inGrid = new Set(spans.map(({ month }) => month))
  for (const { month, from, to, startMs } of spans) {
    // A month whose window is over has a peak that later months may look back to.
    const isOver = soFar && from === 0 && looksBack && charge.peakSoFarKw > 0
    if (!marks.subarray(from, to).includes(1) && !isOver) continue
    const own = windows.map((window, i) => ({ month: window.month, window: before + i }))
    windows.push({
      name: charge.name,
      charge: index,
      month,
      pricePerKw: dearestOf(curveOf(charge)),
      peakSoFarKw: soFar && from === 0 ? charge.peakSoFarKw : 0,
      intervals: clockIntervals(calendar.grid, marks, {
        from,
        to,
        intervalMs: charge.intervalMinutes * 60_000,
        zone: calendar.zone,
      }),
      billed: billedOf(charge, index, { month, own, inGrid, isBilled: startMs >= options.billedFromMs, options }),
      curve: curveOf(charge),
      countedBills: 1,
    })
  }
  const last = windows.at(-1)
  if (last) windows[windows.length - 1] = { ...last, countedBills: charge.countedBills }
  return windows
}

/** Hours of the system's peak are one measurement, billed with the month of the last of them. */
function coincidentWindow(charge: DemandCharge, index: number, { calendar, soFar }: DemandOptions): DemandWindow[] {
  const { hours, minutes, take } = charge.coincident!
  const startsMs = hours.map((text) => parseInstant(text, calendar.zone)).sort((a, b) => a - b)
  const intervals = spanIntervals(calendar.grid, startsMs, minutes * 60_000, take === 'mean')
  const lastMs = startsMs.at(-1)!
  if (intervals.count === 0) return []
  const one = createCalendar({ startMs: lastMs, stepMs: 60_000, count: 1 }, calendar)
  return [
    {
      name: charge.name,
      charge: index,
      month: billingMonthOf(one, 0),
      pricePerKw: dearestOf(curveOf(charge)),
      peakSoFarKw: soFar ? charge.peakSoFarKw : 0,
      intervals,
      billed: { kind: 'highest', floorKw: 0, earlier: [] },
      curve: curveOf(charge),
      countedBills: charge.countedBills,
    },
  ]
}

/**
 * Cost of the billed kW of a charge: its price with the blocks on top, or what its contract says. Chinese rule for demand by
 * contract: NDRC 发改办价格〔2016〕1583号, the contract's demand is billed, and above 105 % of it every kW twice.
 */
export function curveOf({ pricePerKwMonth: price, blocks, contract }: DemandCharge): Curve {
  if (contract) {
    const { demandKw, billed, leastShare, tolerance, excessFactor } = contract
    const leastKw = leastShare * demandKw
    const within = billed === 'contract' ? 0 : price
    const excessFrom = Math.max(leastKw, tolerance * demandKw)
    return {
      atZero: price * leastKw,
      knots: [
        { from: 0, price: 0 },
        { from: leastKw, price: within },
        { from: excessFrom, price: within + excessFactor * price },
      ],
    }
  }
  if (blocks.length === 0) return flatCurve(price)
  return {
    atZero: 0,
    knots: blocks.map((block, i) => ({ from: blocks[i - 1]?.upToKw ?? 0, price: price + block.pricePerKwMonth })),
  }
}

interface BilledIn {
  readonly month: number
  /** The windows of the charge in earlier months of the grid. */
  readonly own: readonly { readonly month: number; readonly window: number }[]
  /** All months of the grid; where one has no window, the charge does not hold in it. */
  readonly inGrid: ReadonlySet<number>
  readonly isBilled: boolean
  readonly options: DemandOptions
}

function billedOf(
  charge: DemandCharge,
  index: number,
  { month, own, inGrid, isBilled, options }: BilledIn,
): DemandWindow['billed'] {
  const isMean = charge.billedOn === 'twelve-month-mean'
  const reach = isMean ? twelve - 1 : (charge.lookBack?.months ?? 0)
  const share = charge.lookBack?.share ?? 1
  const known = new Map(charge.peaks.map(({ month: text, peakKw }) => [monthOfText(text), peakKw]))
  const since = charge.since === undefined ? Number.NEGATIVE_INFINITY : monthOfText(charge.since)
  const earlier: number[] = []
  const knownKw: number[] = []
  const missing: number[] = []
  for (let m = month - reach; m < month; m += 1) {
    if (m < since || (!isMean && !(charge.lookBack?.ofMonths?.includes(monthOfYear(m)) ?? true))) continue
    if (!(charge.months?.includes(monthOfYear(m)) ?? true)) continue
    const window = own.find((each) => each.month === m)
    if (window) earlier.push(window.window)
    else if (inGrid.has(m)) continue
    else if (known.has(m)) knownKw.push(known.get(m)!)
    else missing.push(m)
  }
  if (missing.length > 0 && isBilled) {
    options.report(
      energyErrors.badTariff.problem({
        detail: `The demand charge “${charge.name}” of ${monthText(month)} looks back to months whose peaks are not known`,
        place: { file: options.file, path: `tariff.demand.${index}.peaks` },
        found: `no peak of ${missing.map(monthText).join(', ')}`,
        expected: 'the peak of each month, metered or listed, or `since` with the first month of the contract',
      }),
    )
  }
  if (isMean) {
    return {
      kind: 'mean',
      months: earlier.length + knownKw.length + 1,
      knownKw: knownKw.reduce((sum, kw) => sum + kw, 0),
      earlier,
    }
  }
  return {
    kind: 'highest',
    floorKw: share * Math.max(0, ...knownKw),
    earlier: earlier.map((window) => ({ window, share })),
  }
}

/** Billed kW of a window, from the peaks of all windows. */
export function billedKw({ billed }: DemandWindow, peakKw: number, peaksKw: ArrayLike<number>): number {
  if (billed.kind === 'mean') {
    return (peakKw + billed.earlier.reduce((sum, window) => sum + peaksKw[window]!, billed.knownKw)) / billed.months
  }
  return billed.earlier.reduce(
    (most, { window, share }) => Math.max(most, share * peaksKw[window]!),
    Math.max(peakKw, billed.floorKw),
  )
}

/** What a power means for the demand charges. */
export interface DemandOutcome {
  /** Of each window: the measured peak, with what was measured before the grid. */
  readonly peakKw: number
  /** Step in which the highest interval begins; −1 where the peak was before the grid. */
  readonly step: number
  readonly billedKw: number
  /** Cost of the billed demand, before taxes. */
  readonly cost: number
  /** The same had the site imported nothing in the grid. */
  readonly costWithout: number
}

/** Measures an import and bills it, window by window. */
export function billDemand(windows: readonly DemandWindow[], importKw: Float64Array): readonly DemandOutcome[] {
  const measured = windows.map(({ intervals, peakSoFarKw }) => {
    const highest = highestInterval(intervals, importKw)
    return highest.peakKw > peakSoFarKw ? highest : { peakKw: peakSoFarKw, step: -1 }
  })
  const peaks = measured.map(({ peakKw }) => peakKw)
  const before = windows.map(({ peakSoFarKw }) => peakSoFarKw)
  return windows.map((window, i) => {
    const billed = billedKw(window, peaks[i]!, peaks)
    return {
      ...measured[i]!,
      billedKw: billed,
      cost: costAt(window.curve, billed),
      costWithout: costAt(window.curve, billedKw(window, before[i]!, before)),
    }
  })
}

/** kW that are billed for anyway, be it for what was measured or for what months before leave. */
export const owedBefore = ({ billed, peakSoFarKw }: DemandWindow): number =>
  billed.kind === 'highest' ? Math.max(billed.floorKw, peakSoFarKw) : peakSoFarKw
