/** Year, month, day and minute of the day that a clock of the zone shows. */
function clockOf(timestampMs: number, zone: string): readonly [year: number, month: number, day: number, rest: number] {
  const format = new Intl.DateTimeFormat('en', {
    ...{ timeZone: zone, hourCycle: 'h23' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' },
  })
  const parts = Object.fromEntries(format.formatToParts(timestampMs).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = parts
  return [year, month, day, 60 * hour + minute]
}

/**
 * A period as people say it: `2025`, `Mar 2025`, `Mar 1 – 15, 2025`. Its end is the moment after it, so that the last day is the
 * one before; a period that is not of whole days has its clock times too.
 */
export function periodText(fromMs: number, toMs: number, zone: string, language: string): string {
  const [year, month, day, rest] = clockOf(fromMs, zone)
  const [endYear, endMonth, endDay, endRest] = clockOf(toMs, zone)
  const text = (options: Intl.DateTimeFormatOptions, lastMs = fromMs): string =>
    new Intl.DateTimeFormat(language, { ...options, timeZone: zone, hourCycle: 'h23' }).formatRange(fromMs, lastMs)
  const date = { year: 'numeric', month: 'short', day: 'numeric' } as const
  if (rest !== 0 || endRest !== 0) return text({ ...date, hour: '2-digit', minute: '2-digit' }, toMs)
  const months = 12 * (endYear - year) + endMonth - month
  if (day === 1 && endDay === 1 && month === 1 && months === 12) return String(year)
  if (day === 1 && endDay === 1 && months === 1) return text({ year: 'numeric', month: 'short' })
  return text(date, toMs - 1)
}

/** The same for a period of whole days, told as `YYYY-MM-DD` with the first day after it. */
export const daysText = (from: string, to: string, language: string): string =>
  periodText(Date.parse(`${from}T00:00:00Z`), Date.parse(`${to}T00:00:00Z`), 'UTC', language)
