import { type LocalParts, localToMs, offsetMsAt } from '../../kernel/index.ts'

type ClockTime = Omit<LocalParts, 'weekday'>

/** Moments that a clock time may be: one, or two where an autumn change repeats it. */
export interface LocalMoments {
  readonly earlierMs: number
  readonly laterMs: number
}

const dayMs = 86_400_000

/**
 * Moments of a clock time in a zone. Days without a change of the clock near them are reckoned with the offset alone:
 * a file has a stamp in each row.
 *
 * @throws `kernel.bad-time` for a time that the clock does not show
 */
export function localMoments(clock: ClockTime, zone: string): LocalMoments {
  const { year, month, day, hour, minute } = clock
  const asUtcMs = Date.UTC(year, month - 1, day, hour, minute)
  const date = new Date(asUtcMs)
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && year > 99
  if (isReal) {
    const offsetMs = zone === 'UTC' ? 0 : offsetMsAt(asUtcMs + dayMs, zone)
    if (zone === 'UTC' || offsetMsAt(asUtcMs - dayMs, zone) === offsetMs) {
      return { earlierMs: asUtcMs - offsetMs, laterMs: asUtcMs - offsetMs }
    }
  }
  return { earlierMs: localToMs(clock, zone), laterMs: localToMs(clock, zone, 'later') }
}
