import { formatIso, offsetMsAt, parseDuration, parseInstant, type Site } from '../../kernel/index.ts'
import { energyErrors } from '../errors.ts'
import type { BillInput, Tariff } from '../schema/index.ts'
import { billingMonthOf, createCalendar, monthOfText, monthStartMs } from '../tariff/calendar.ts'

/** What is billed, and the step of its meter. */
export interface BillPeriod {
  readonly startMs: number
  /** Exclusive. */
  readonly endMs: number
  readonly stepMs: number
}

/** More than two years of quarter-hours. */
const mostSteps = 80_000

/** The billing month a moment lies in. */
export const billingMonthAt = (timestampMs: number, zone: string, billingDay: number): number =>
  billingMonthOf(createCalendar({ startMs: timestampMs, stepMs: 60_000, count: 1 }, { zone, billingDay }), 0)

/** @throws `energy.bad-bill` for a step or period that is none */
export function billPeriod(input: BillInput, site: Site, nowMs: number): BillPeriod {
  const { zone } = site
  const { billingDay } = site.sections.tariff as Tariff
  const stepMs = parseDuration(input.step)
  if (stepMs < 60_000 || stepMs > 3_600_000 || 3_600_000 % stepMs !== 0) {
    throw energyErrors.badBill({
      detail: 'The step must divide the hour',
      place: { path: 'step' },
      found: input.step,
      expected: '1m, 5m, 10m, 15m, 30m or 1h',
    })
  }
  if (input.month !== undefined && (input.from !== undefined || input.to !== undefined)) {
    throw energyErrors.badBill({
      detail: 'A month and a period are asked for at once',
      place: { path: 'month' },
      found: input.month,
      expected: '`month`, or `from` and `to`',
    })
  }
  if (input.from === undefined && input.to !== undefined) {
    throw energyErrors.badBill({
      detail: 'A period has no begin',
      place: { path: 'from' },
      expected: '`from` beside `to`',
    })
  }
  const month = input.month === undefined ? billingMonthAt(nowMs, zone, billingDay) - 1 : monthOfText(input.month)
  const startMs = input.from === undefined ? monthStartMs(month, { zone, billingDay }) : parseInstant(input.from, zone)
  const endMs =
    input.to !== undefined
      ? parseInstant(input.to, zone)
      : monthStartMs(billingMonthAt(startMs, zone, billingDay) + 1, { zone, billingDay })
  checkPeriod({ startMs, endMs, stepMs }, zone)
  return { startMs, endMs, stepMs }
}

function checkPeriod({ startMs, endMs, stepMs }: BillPeriod, zone: string): void {
  const span = `${formatIso(startMs, zone)} to ${formatIso(endMs, zone)}`
  if (endMs <= startMs) {
    throw energyErrors.badBill({
      detail: 'The period ends before it begins',
      place: { path: 'to' },
      found: span,
      expected: 'an end after the begin',
    })
  }
  const offStep = (timestampMs: number): boolean => (timestampMs + offsetMsAt(timestampMs, zone)) % stepMs !== 0
  if (offStep(startMs) || (endMs - startMs) % stepMs !== 0) {
    throw energyErrors.badBill({
      detail: 'The period must begin and end on a step of the meter',
      place: { path: 'from' },
      found: span,
      expected: `multiples of ${stepMs / 60_000} min`,
    })
  }
  if ((endMs - startMs) / stepMs > mostSteps) {
    throw energyErrors.badBill({
      detail: 'The period has too many steps for one run',
      place: { path: 'to' },
      found: `${(endMs - startMs) / stepMs} steps`,
      expected: `at most ${mostSteps}`,
    })
  }
}

/**
 * From when on a tariff has to know the meter, to bill a period that begins with a month: what looks back, counts over a
 * year, carries credit or measures hours of earlier months.
 */
export function readFromMs(tariff: Tariff, { startMs }: BillPeriod, zone: string): number {
  const { billingDay, demand, netMetering } = tariff
  const month = billingMonthAt(startMs, zone, billingDay)
  if (monthStartMs(month, { zone, billingDay }) !== startMs) return startMs
  const yearOf = (first: number): number => month - ((month - (first - 1) + 12) % 12)
  const first = Math.min(
    month,
    ...demand.map(({ lookBack, billedOn }) => month - (billedOn === 'month' ? (lookBack?.months ?? 0) : 11)),
    ...(tariff.import.tiers.some(({ per }) => per === 'year') ? [yearOf(1)] : []),
    ...(netMetering?.surplus === 'carried' ? [yearOf(netMetering.yearBegins)] : []),
    ...demand.flatMap(({ coincident }) =>
      (coincident?.hours ?? []).map((text) => billingMonthAt(parseInstant(text, zone), zone, billingDay)),
    ),
  )
  return monthStartMs(first, { zone, billingDay })
}
