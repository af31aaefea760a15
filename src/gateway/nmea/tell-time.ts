import type { Facts } from './read-facts.ts'

const dayMs = 86_400_000
/** The number of the week of GPS begins anew after so many (IS-GPS-200, 20.3.3.3.1.1): an old receiver tells a day of long ago. */
const rolloverMs = 1024 * 7 * dayMs
const aheadMs = 300_000
const behindMs = dayMs

/**
 * When a sentence was so: its time of day on the day that it tells; without one, on the day at whose time it is soonest now, so that
 * midnight between two sentences makes no day of it. Where that cannot be believed, now.
 */
export function timeOfFacts({ timeOfDayMs, date }: Facts, nowMs: number): number {
  if (timeOfDayMs === undefined) return nowMs
  const days = date ? [dateNear(date, nowMs)] : daysAround(nowMs)
  const ms = days.map((day) => day + timeOfDayMs).reduce((a, b) => (Math.abs(b - nowMs) < Math.abs(a - nowMs) ? b : a))
  return ms <= nowMs + aheadMs && ms >= nowMs - behindMs ? ms : nowMs
}

const daysAround = (nowMs: number): readonly number[] => {
  const today = Math.floor(nowMs / dayMs) * dayMs
  return [today - dayMs, today, today + dayMs]
}

/** Midnight UTC of a day whose year has two digits: in the century, and the round of weeks, that is nearest to now. */
export function dateNear({ day, month, year }: NonNullable<Facts['date']>, nowMs: number): number {
  const century = Math.floor(new Date(nowMs).getUTCFullYear() / 100) * 100
  const told = [century - 100, century, century + 100].map((base) => Date.UTC(base + year, month - 1, day))
  const near = told.reduce((a, b) => (Math.abs(b - nowMs) < Math.abs(a - nowMs) ? b : a))
  const rounds = Math.round((nowMs - near) / rolloverMs)
  const moved = near + rounds * rolloverMs
  // Only a receiver that is off by whole rounds is; any other has a wrong clock.
  return rounds > 0 && Math.abs(nowMs - moved) < 2 * dayMs ? moved : near
}
