import { parseInstant } from '../../kernel/index.ts'
import { energyErrors } from '../errors.ts'
import type { DayMeans, Observations, Observed } from './observations.ts'
import { type Period, periodEndMs, periodStartMs } from './period.ts'

/** A bill as it is printed; `to` is the day of the next reading. */
export interface Bill {
  readonly from: string
  readonly to: string
  readonly amount: number
}

/** Shorter and longer readings come from faults of reading or changes of tenant (CalTRACK 2.2.3.4 and 2.2.3.5, bimonthly). */
const billDays = { least: 25, most: 70 }
/** Share of the days of a billing period that must be known (CalTRACK 2.2.3.2). */
const knownShare = 0.9

/** Days of a period that make up one billing period, and its energy when a bill says it. */
interface Span {
  readonly fromDay: number
  readonly toDay: number
  readonly energyKwh?: number
}

/** Billing periods, of unequal length: stated bills, or the calendar months of a meter's series. */
export function monthlyObservations(means: DayMeans, bills: readonly Span[] | undefined): Observed {
  const { period } = means
  const spans = bills ?? calendarMonths(period)
  const kept: { span: Span; days: readonly number[]; place: number }[] = []
  spans.forEach((span, place) => {
    const whole = Array.from({ length: span.toDay - span.fromDay }, (_, k) => span.fromDay + k)
    const days = whole.filter((day) => means.complete[day])
    const enough = whole.length >= billDays.least && whole.length <= billDays.most
    if (enough && days.length >= knownShare * whole.length) kept.push({ span, days, place })
  })
  const meansOf = (values: Float64Array): Float64Array =>
    Float64Array.from(kept, ({ days }) => days.reduce((sum, day) => sum + values[day]!, 0) / days.length)
  const daysOf = (fromDay: number, toDay: number): number =>
    (period.dayStartsMs[toDay]! - period.dayStartsMs[fromDay]!) / 86_400_000
  // A bill is measured whole; of a metered month only the known days count.
  const length = Float64Array.from(kept, ({ span, days }) =>
    span.energyKwh === undefined
      ? days.reduce((sum, day) => sum + daysOf(day, day + 1), 0)
      : daysOf(span.fromDay, span.toDay),
  )
  const power = meansOf(means.powerKw)
  const celsius = means.temperatureC
  const starts = Int32Array.of(0, ...kept.map(({ days }) => days.length))
  for (let k = 1; k < starts.length; k += 1) starts[k]! += starts[k - 1]!
  const observations: Observations = {
    startMs: Float64Array.from(kept, ({ span }) => period.dayStartsMs[span.fromDay]!),
    endMs: Float64Array.from(kept, ({ span }) => period.dayStartsMs[span.toDay]!),
    length,
    rate: Float64Array.from(kept, ({ span }, i) =>
      span.energyKwh === undefined ? power[i]! * 24 : span.energyKwh / length[i]!,
    ),
    weight: length.slice(),
    hourOfWeek: new Int32Array(kept.length),
    place: Int32Array.from(kept, ({ place }) => place),
    ...(celsius
      ? {
          temperatures: {
            starts,
            values: Float64Array.from(
              kept.flatMap(({ days }) => days),
              (day) => celsius[day]!,
            ),
          },
        }
      : {}),
    variables: means.variables.map(meansOf),
  }
  return { observations, expected: spans.length, missing: means.missing }
}

function calendarMonths({ dates, days }: Period): readonly Span[] {
  const firsts = dates.flatMap((date, day) => (day === 0 || date.endsWith('-01') ? [day] : []))
  return firsts.map((fromDay, k) => ({ fromDay, toDay: firsts[k + 1] ?? days }))
}

/**
 * The bills that lie within a period, as spans of its days.
 * @throws `energy.bad-savings` for bills that overlap or end before they begin
 */
export function billsWithin(
  bills: readonly Bill[],
  period: Period,
  { zone, path, kwhPerUnit }: { readonly zone: string; readonly path: string; readonly kwhPerUnit: number },
): readonly Span[] {
  const read = bills
    .map((bill, index) => ({
      index,
      fromMs: parseInstant(bill.from, zone),
      toMs: parseInstant(bill.to, zone),
      energyKwh: bill.amount * kwhPerUnit,
    }))
    .sort((a, b) => a.fromMs - b.fromMs)
  read.forEach(({ fromMs, toMs, index }, k) => {
    const overlaps = k > 0 && fromMs < read[k - 1]!.toMs
    if (toMs > fromMs && !overlaps) return
    throw energyErrors.badSavings({
      detail: overlaps ? 'The bill begins before the one before it ends' : 'The bill ends before it begins',
      place: { path: `${path}.${index}` },
      found: `${bills[index]!.from} to ${bills[index]!.to}`,
      expected: 'bills one after the other; `to` is the day of the next reading',
    })
  })
  const dayAt = new Map(Array.from(period.dayStartsMs, (ms, day) => [ms, day] as const))
  return read
    .filter(({ fromMs, toMs }) => fromMs >= periodStartMs(period) && toMs <= periodEndMs(period))
    .flatMap(({ fromMs, toMs, energyKwh, index }) => {
      const [fromDay, toDay] = [dayAt.get(fromMs), dayAt.get(toMs)]
      if (fromDay !== undefined && toDay !== undefined) return [{ fromDay, toDay, energyKwh }]
      throw energyErrors.badSavings({
        detail: 'A bill begins and ends between two days',
        place: { path: `${path}.${index}` },
        found: `${bills[index]!.from} to ${bills[index]!.to}`,
        expected: 'local dates, YYYY-MM-DD',
      })
    })
}
