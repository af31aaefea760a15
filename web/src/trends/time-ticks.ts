import { dayOnly } from '../format/times.ts'

const secondMs = 1000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** Distances between ticks; days, months and years by the calendar of the site. */
const steps = [
  ...[1, 2, 5, 10, 15, 30].map((count) => ({
    unit: 'even' as const,
    count: count * secondMs,
    aboutMs: count * secondMs,
  })),
  ...[1, 2, 5, 10, 15, 30].map((count) => ({
    unit: 'even' as const,
    count: count * minuteMs,
    aboutMs: count * minuteMs,
  })),
  ...[1, 2, 3, 6, 12].map((count) => ({ unit: 'even' as const, count: count * hourMs, aboutMs: count * hourMs })),
  ...[1, 2, 7].map((count) => ({ unit: 'day' as const, count, aboutMs: count * dayMs })),
  ...[1, 2, 3, 6].map((count) => ({ unit: 'month' as const, count, aboutMs: count * 30.4 * dayMs })),
  ...[1, 2, 5, 10].map((count) => ({ unit: 'month' as const, count: 12 * count, aboutMs: 12 * count * 30.4 * dayMs })),
]

export type TickStep = (typeof steps)[number]

/** Room of a tick with its label, CSS pixels. */
const tickPx = 76

export function tickStep(spanMs: number, widthPx: number): TickStep {
  const leastMs = spanMs / Math.max(1, widthPx / tickPx)
  return steps.find(({ aboutMs }) => aboutMs >= leastMs) ?? steps.at(-1)!
}

const parts = new Map<string, Intl.DateTimeFormat>()

/** What the clock of a zone shows, as if it were UTC, ms. */
export function localMs(timestampMs: number, zone: string): number {
  let format = parts.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en', {
      ...{ timeZone: zone, hourCycle: 'h23' },
      ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
    })
    parts.set(zone, format)
  }
  const told = Object.fromEntries(format.formatToParts(timestampMs).map(({ type, value }) => [type, Number(value)]))
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = told
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((timestampMs % 1000) + 1000) % 1000)
}

/** The moment at which the clock of a zone shows a time; the first after it where the clock leaves that time out. */
export function fromLocalMs(clockMs: number, zone: string): number {
  const guessMs = clockMs - (localMs(clockMs, zone) - clockMs)
  return clockMs - (localMs(guessMs, zone) - guessMs)
}

/** Ticks of a view at round times of the clock of the site. */
export function timeTicks(fromMs: number, toMs: number, step: TickStep, zone: string): readonly number[] {
  const startMs = localMs(fromMs, zone)
  const ticks: number[] = []
  const take = (clockMs: number): boolean => {
    const tickMs = fromLocalMs(clockMs, zone)
    if (tickMs >= fromMs && tickMs <= toMs && tickMs !== ticks.at(-1)) ticks.push(tickMs)
    return tickMs <= toMs && ticks.length < 200
  }
  if (step.unit === 'month') {
    const date = new Date(startMs)
    let month = date.getUTCFullYear() * 12 + date.getUTCMonth()
    month = Math.floor(month / step.count) * step.count
    while (take(Date.UTC(1970, month - 1970 * 12, 1))) month += step.count
    return ticks
  }
  const widthMs = step.unit === 'day' ? step.count * dayMs : step.count
  for (let clockMs = Math.floor(startMs / widthMs) * widthMs; take(clockMs); clockMs += widthMs);
  return ticks
}

const formats = new Map<string, Intl.DateTimeFormat>()

function format(timestampMs: number, zone: string, language: string, options: Intl.DateTimeFormatOptions): string {
  const key = JSON.stringify([zone, language, options])
  let own = formats.get(key)
  if (!own) {
    own = new Intl.DateTimeFormat(language, { ...options, timeZone: zone, hourCycle: 'h23' })
    formats.set(key, own)
  }
  return own.format(timestampMs)
}

/** What stands at a tick: a time of day, at the beginning of a day the day, of a year the year. */
export function tickText(timestampMs: number, step: TickStep, zone: string, language: string): string {
  const clock = new Date(localMs(timestampMs, zone))
  const midnight = clock.getTime() % dayMs === 0
  if (step.unit === 'month') {
    if (clock.getUTCMonth() === 0) return format(timestampMs, zone, language, { year: 'numeric' })
    return format(timestampMs, zone, language, { month: 'short' })
  }
  if (step.unit === 'day') return format(timestampMs, zone, language, { day: 'numeric', month: 'short' })
  if (midnight) return dayOnly(timestampMs, zone, language)
  const seconds: Intl.DateTimeFormatOptions = step.count < minuteMs ? { second: '2-digit' } : {}
  return format(timestampMs, zone, language, { hour: '2-digit', minute: '2-digit', ...seconds })
}
