import { type Alarm, type Priority, priorities } from './alarm.ts'

/** A line of the log of alarms, as `GET /api/v1/alarms/journal` tells it. */
export interface JournalLine {
  readonly number: number
  readonly alarm: string
  readonly kind: string
  readonly atMs: number
  readonly eventMs: number | null
  readonly user: string | null
  readonly comment: string | null
  readonly details: Readonly<Record<string, unknown>>
}

export interface Bar {
  readonly fromMs: number
  readonly counts: Readonly<Record<Priority, number>>
  readonly total: number
}

const isPriority = (value: unknown): value is Priority => priorities.some((one) => one === value)

/**
 * Alarms that were raised in equal parts of a time, by priority. A line that stands twice, because two servers wrote it,
 * counts once.
 *
 * @param partMs length of a part; the last ends at `toMs`
 */
export function barsOf(
  lines: readonly JournalLine[],
  { fromMs, toMs, partMs }: { readonly fromMs: number; readonly toMs: number; readonly partMs: number },
): readonly Bar[] {
  const count = Math.ceil((toMs - fromMs) / partMs)
  const counts = Array.from({ length: count }, () => ({ critical: 0, high: 0, medium: 0, low: 0 }))
  const seen = new Set<string>()
  for (const { alarm, kind, atMs, eventMs, details } of lines) {
    const key = `${alarm} ${eventMs}`
    if (kind !== 'raised' || atMs < fromMs || atMs >= toMs || seen.has(key)) continue
    seen.add(key)
    const part = counts[Math.floor((atMs - fromMs) / partMs)]
    if (part && isPriority(details.priority)) part[details.priority] += 1
  }
  return counts.map((own, k) => ({
    fromMs: fromMs + k * partMs,
    counts: own,
    total: priorities.reduce((sum, priority) => sum + own[priority], 0),
  }))
}

/** Time that is left to respond, ms; negative when it is over, undefined where there is no such time. */
export const leftToRespondMs = ({ announcedMs, respondWithinMs }: Alarm, nowMs: number): number | undefined =>
  announcedMs === null || respondWithinMs === null ? undefined : announcedMs + respondWithinMs - nowMs

/** Times for which an alarm may be shelved, ms: the usual ones up to the longest, and that. */
export function shelvingTimes(longestMs: number): readonly number[] {
  const usual = [15, 30, 60, 120, 240, 480, 1440].map((minutes) => minutes * 60_000)
  return [...usual.filter((ms) => ms < longestMs), longestMs]
}
