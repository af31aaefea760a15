import type { TimeView } from './time-view.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

export interface Tick {
  readonly atMs: number
  /** What is worth saying there: the time of the day, the day, or the month. */
  readonly says: 'time' | 'day' | 'month'
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** How far the clock of a zone is ahead of UTC at a moment, ms. */
export function zoneOffsetMs(timestampMs: number, zone: string): number {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    })
    formats.set(zone, format)
  }
  const part = Object.fromEntries(format.formatToParts(timestampMs).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = part
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(timestampMs / 60_000) * 60_000
}

/** The moment at which a clock of the zone shows this time, given as if it were UTC. */
function momentOf(clockMs: number, zone: string): number {
  const near = clockMs - zoneOffsetMs(clockMs, zone)
  return clockMs - zoneOffsetMs(near, zone)
}

const hourSteps = [1, 2, 3, 6, 12]
const daySteps = [1, 2, 7, 14]
const monthSteps = [1, 2, 3, 6, 12, 24, 60]
/** 1970-01-05 was a Monday: weeks begin there. */
const mondayMs = 4 * dayMs

/**
 * Round moments of the clock of a zone in a view, as close as there is room for: full hours, days, weeks from Monday, months.
 *
 * @param most how many have room
 */
export function ticksOf(view: TimeView, zone: string, most: number): readonly Tick[] {
  const widthMs = view.toMs - view.fromMs
  const fits = (stepMs: number): boolean => widthMs / stepMs <= Math.max(1, most)
  const hours = hourSteps.find((step) => fits(step * hourMs))
  if (hours !== undefined) return evenTicks(view, zone, hours * hourMs, 0)
  const days = daySteps.find((step) => fits(step * dayMs))
  if (days !== undefined) return evenTicks(view, zone, days * dayMs, days % 7 === 0 ? mondayMs : 0)
  const months = monthSteps.find((step) => fits(step * 30 * dayMs)) ?? 120
  const first = new Date(view.fromMs + zoneOffsetMs(view.fromMs, zone))
  const firstMonth = Math.ceil((first.getUTCFullYear() * 12 + first.getUTCMonth()) / months) * months
  const ticks: Tick[] = []
  for (let month = firstMonth; ; month += months) {
    const atMs = momentOf(Date.UTC(Math.floor(month / 12), month % 12), zone)
    if (atMs > view.toMs) return ticks
    if (atMs >= view.fromMs) ticks.push({ atMs, says: 'month' })
  }
}

function evenTicks(view: TimeView, zone: string, stepMs: number, phaseMs: number): readonly Tick[] {
  const clockFromMs = view.fromMs + zoneOffsetMs(view.fromMs, zone)
  const ticks: Tick[] = []
  for (let clockMs = Math.ceil((clockFromMs - phaseMs) / stepMs) * stepMs + phaseMs; ; clockMs += stepMs) {
    const atMs = momentOf(clockMs, zone)
    if (atMs > view.toMs) return ticks
    if (atMs >= view.fromMs) ticks.push({ atMs, says: clockMs % dayMs === 0 ? 'day' : 'time' })
  }
}
