import { clockToMs, formatIso, localParts, parseInstant, type TimeGrid } from '../../kernel/index.ts'
import { energyErrors } from '../errors.ts'

const dayMs = 86_400_000

/** Whole local days, the clock's changes included, and a grid of even steps over them. */
export interface Period {
  /** First moment of each day, and the end of the last. */
  readonly dayStartsMs: Float64Array
  readonly days: number
  /** Local date of each day, `YYYY-MM-DD`. */
  readonly dates: readonly string[]
  /** 0 = Monday … 6 = Sunday; a holiday counts as a Sunday. */
  readonly weekday: Uint8Array
  /** Steps of an hour, or of 15 or 30 min where the zone's days begin on no whole hour of each other. */
  readonly grid: TimeGrid
}

/** Steps that are read of one series at most: ten years of hours. */
const mostSteps = 90_000

/**
 * @param text first day and the day after the last, local dates or moments at local midnight
 * @throws `energy.bad-savings`
 */
export function readPeriod(
  text: { readonly from: string; readonly to: string },
  zone: string,
  path: string,
  holidays: ReadonlySet<string>,
): Period {
  const bounds = (['from', 'to'] as const).map((end) => {
    const ms = parseInstant(text[end], zone)
    const { year, month, day } = localParts(ms, zone)
    if (clockToMs({ year, month, day, hour: 0, minute: 0 }, zone) === ms)
      return { ms, day: Date.UTC(year, month - 1, day) }
    throw energyErrors.badSavings({
      detail: 'A period begins and ends between two days',
      place: { path: `${path}.${end}` },
      found: text[end],
      expected: 'a local date, YYYY-MM-DD',
    })
  }) as [{ ms: number; day: number }, { ms: number; day: number }]
  const [from, to] = bounds
  const days = Math.round((to.day - from.day) / dayMs)
  if (days < 1 || days * 24 > mostSteps) {
    throw energyErrors.badSavings({
      detail: days < 1 ? 'The period ends before it begins' : 'The period is too long',
      place: { path },
      found: `${text.from} to ${text.to}`,
      expected: `1 day to ${Math.floor(mostSteps / 24)} days; \`to\` is the day after the last`,
    })
  }
  const dates = Array.from({ length: days }, (_, k) => new Date(from.day + k * dayMs).toISOString().slice(0, 10))
  const dayStartsMs = Float64Array.from({ length: days + 1 }, (_, k) => {
    const date = new Date(from.day + k * dayMs)
    return clockToMs(
      { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), hour: 0, minute: 0 },
      zone,
    )
  })
  const stepMs = [3_600_000, 1_800_000, 900_000].find((step) => dayStartsMs.every((ms) => (ms - from.ms) % step === 0))
  const step = stepMs ?? 900_000
  return {
    dayStartsMs,
    days,
    dates,
    weekday: Uint8Array.from(dates, (date) =>
      holidays.has(date) ? 6 : (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7,
    ),
    grid: { startMs: from.ms, stepMs: step, count: Math.round((to.ms - from.ms) / step) },
  }
}

export const periodStartMs = (period: Period): number => period.dayStartsMs[0]!
export const periodEndMs = (period: Period): number => period.dayStartsMs[period.days]!

/** Baseline before reporting, nothing of one in the other. @throws `energy.bad-savings` */
export function refuseOverlap(baseline: Period, reporting: Period, zone: string): void {
  if (periodEndMs(baseline) <= periodStartMs(reporting)) return
  throw energyErrors.badSavings({
    detail: 'The reporting period begins before the baseline period ends',
    place: { path: 'reporting.from' },
    found: formatIso(periodStartMs(reporting), zone),
    expected: `${formatIso(periodEndMs(baseline), zone)} or later`,
  })
}
