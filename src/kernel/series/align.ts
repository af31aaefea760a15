import { clockToMs, localParts } from '../time/zone.ts'

const dayMs = 86_400_000

/** How moments outside a file's time are served from it; see `FileSource.align`. */
export type Alignment = 'calendar' | 'weekday'

/**
 * Maps moments to the year of a file, day by local day.
 *
 * @param year the year to borrow from
 * @returns the moment in that year, same local clock time
 */
export function createAligner(alignment: Alignment, year: number, zone: string): (timestampMs: number) => number {
  const days = new Map<
    string,
    {
      readonly year: number
      readonly month: number
      readonly day: number
      readonly startMs: number
      readonly plain: boolean
    }
  >()
  return (timestampMs) => {
    const local = localParts(timestampMs, zone)
    const key = `${local.year}-${local.month}-${local.day}`
    let donor = days.get(key)
    if (!donor) {
      donor = donorDay(alignment, year, local, zone)
      days.set(key, donor)
    }
    const withinMinuteMs = timestampMs % 60_000
    if (donor.plain) return donor.startMs + (local.hour * 60 + local.minute) * 60_000 + withinMinuteMs
    return clockToMs({ ...donor, hour: local.hour, minute: local.minute }, zone) + withinMinuteMs
  }
}

interface DayOf {
  readonly year: number
  readonly month: number
  readonly day: number
}

function donorDay(alignment: Alignment, year: number, local: DayOf & { readonly weekday: number }, zone: string) {
  // 29 February borrows from the 28th.
  const lastDay = new Date(Date.UTC(year, local.month, 0)).getUTCDate()
  let noon = Date.UTC(year, local.month - 1, Math.min(local.day, lastDay), 12)
  if (alignment === 'weekday') {
    const weekday = ((new Date(noon).getUTCDay() + 6) % 7) + 1
    // −3 … +3 days: the nearest day with the weekday asked for, inside the year.
    let shift = ((local.weekday - weekday + 10) % 7) - 3
    const shifted = new Date(noon + shift * dayMs).getUTCFullYear()
    if (shifted < year) shift += 7
    if (shifted > year) shift -= 7
    noon += shift * dayMs
  }
  const date = new Date(noon)
  const day = { year, month: date.getUTCMonth() + 1, day: date.getUTCDate() }
  const startMs = clockToMs({ ...day, hour: 0, minute: 0 }, zone)
  const next = new Date(noon + dayMs)
  const endMs = clockToMs(
    { year: next.getUTCFullYear(), month: next.getUTCMonth() + 1, day: next.getUTCDate(), hour: 0, minute: 0 },
    zone,
  )
  return { ...day, startMs, plain: endMs - startMs === dayMs }
}
