import { clockToMs, localParts, offsetMsAt, type StepGrid, stepEdgesMs } from '../../kernel/index.ts'

const dayMs = 86_400_000

/** One local day of a grid. */
export interface LocalDay {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
  /** ISO: 1 = Monday. */
  readonly weekday: number
  readonly holiday: boolean
  /** Number of the billing month the day is in; see {@link monthNumber}. */
  readonly billingMonth: number
}

/** The steps of a grid in the local calendar of a tariff. */
export interface Calendar {
  readonly grid: StepGrid
  readonly zone: string
  /** Day of the month on which a billing month begins. */
  readonly billingDay: number
  readonly days: readonly LocalDay[]
  /** Index of the day of each step's start. */
  readonly dayOf: Int32Array
  /** Local minute of the day at each step's start. */
  readonly minuteOf: Int16Array
}

/** A month as one number, so that months are counted: 12 × year + month − 1. */
export const monthNumber = (year: number, month: number): number => year * 12 + month - 1

/** `YYYY-MM` of a month number. */
export const monthText = (month: number): string =>
  `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`

/** Month number of `YYYY-MM`. */
export const monthOfText = (text: string): number => monthNumber(Number(text.slice(0, 4)), Number(text.slice(5, 7)))

/** Month of the year, 1 to 12, of a month number. */
export const monthOfYear = (month: number): number => (month % 12) + 1

export interface CalendarOptions {
  readonly zone: string
  readonly billingDay?: number
  /** Local dates, YYYY-MM-DD. */
  readonly holidays?: readonly string[]
}

/** Lays the local calendar over a grid. A billing month is named after the month it begins in. */
export function createCalendar(grid: StepGrid, { zone, billingDay = 1, holidays = [] }: CalendarOptions): Calendar {
  const free = new Set(holidays)
  const days: LocalDay[] = []
  const dayOf = new Int32Array(grid.count)
  const minuteOf = new Int16Array(grid.count)
  const edgesMs = stepEdgesMs(grid)
  let known = Number.NaN
  for (let k = 0; k < grid.count; k += 1) {
    const timestampMs = edgesMs[k]!
    const localMs = timestampMs + offsetMsAt(timestampMs, zone)
    const dayNumber = Math.floor(localMs / dayMs)
    if (dayNumber !== known) {
      known = dayNumber
      days.push(dayAt(timestampMs, zone, billingDay, free))
    }
    dayOf[k] = days.length - 1
    minuteOf[k] = Math.floor((localMs - dayNumber * dayMs) / 60_000)
  }
  return { grid, zone, billingDay, days, dayOf, minuteOf }
}

function dayAt(timestampMs: number, zone: string, billingDay: number, free: ReadonlySet<string>): LocalDay {
  const { year, month, day, weekday } = localParts(timestampMs, zone)
  const date = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
  const billingMonth = monthNumber(year, month) - (day < billingDay ? 1 : 0)
  return { year, month, day, weekday, holiday: free.has(date), billingMonth }
}

/** The billing month of each step. */
export const billingMonthOf = ({ days, dayOf }: Calendar, step: number): number => days[dayOf[step]!]!.billingMonth

/** First moment of a billing month. */
export const monthStartMs = (month: number, { zone, billingDay }: Pick<Calendar, 'zone' | 'billingDay'>): number =>
  clockToMs({ year: Math.floor(month / 12), month: monthOfYear(month), day: billingDay, hour: 0, minute: 0 }, zone)

/** Local days that a billing month has. */
export const daysOfMonth = (month: number): number =>
  // From a day to the same day of the next month there are as many days as the first of both has.
  new Date(Date.UTC(Math.floor(month / 12), monthOfYear(month), 0)).getUTCDate()

/** Steps of one billing month of a grid, and how much of the month they are. */
export interface MonthSpan {
  readonly month: number
  readonly from: number
  /** Exclusive. */
  readonly to: number
  readonly startMs: number
  readonly endMs: number
  /** Part of the month that the steps cover; 1 for all of it. */
  readonly covered: number
}

/** The billing months of a grid in their order. */
export function monthSpans(calendar: Calendar): readonly MonthSpan[] {
  const { grid, days, dayOf } = calendar
  const spans: MonthSpan[] = []
  const edgesMs = stepEdgesMs(grid)
  let from = 0
  for (let k = 1; k <= grid.count; k += 1) {
    const month = days[dayOf[from]!]!.billingMonth
    if (k < grid.count && days[dayOf[k]!]!.billingMonth === month) continue
    const firstMs = edgesMs[from]!
    const lastMs = edgesMs[k]!
    const stepMs = lastMs - edgesMs[k - 1]!
    const beginMs = monthStartMs(month, calendar)
    const wholeMs = monthStartMs(month + 1, calendar) - beginMs
    const covered = Math.abs(lastMs - firstMs - wholeMs) < stepMs / 2 ? 1 : (lastMs - firstMs) / wholeMs
    spans.push({ month, from, to: k, startMs: firstMs, endMs: lastMs, covered })
    from = k
  }
  return spans
}
