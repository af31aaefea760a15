import type { AlarmEvent } from '../../alarms/index.ts'
import type { AlarmLog } from './alarm-log.ts'

/** A line of the log as the API shows it. */
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

const pageEntries = 500
/** Entries that one page looks through for the lines of one alarm. */
const mostEntries = 5000

/** Which lines of a log are wanted. */
export interface JournalWish {
  /** Lines, about. */
  readonly limit: number
  /** Of one alarm. */
  readonly alarm?: string
  /** Of entries before this one. */
  readonly before?: number
  /** Inclusive: when a line was written, UTC ms. */
  readonly fromMs?: number
  /** Exclusive. */
  readonly toMs?: number
}

/** Lines newest first; a page ends with a whole entry. */
export async function readJournal(
  log: Pick<AlarmLog, 'read'>,
  { limit, alarm, before, fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY }: JournalWish,
): Promise<{ readonly lines: readonly JournalLine[]; readonly nextBefore?: number }> {
  const lines: JournalLine[] = []
  let at = before
  for (let read = 0; read < mostEntries; ) {
    const entries = await log.read({ limit: Math.min(limit, pageEntries), ...(at === undefined ? {} : { before: at }) })
    for (const { number, content } of entries) {
      at = number
      // Entries follow each other in time: what was written before them is before the beginning too.
      if (content.events.every(({ atMs }) => atMs < fromMs)) return { lines }
      for (const event of content.events.toReversed()) {
        const inTime = event.atMs >= fromMs && event.atMs < toMs
        if (inTime && (alarm === undefined || event.alarm === alarm)) lines.push(lineOf(number, event))
      }
      if (lines.length >= limit) return { lines, ...(number > 1 ? { nextBefore: number } : {}) }
    }
    read += entries.length
    if (entries.length < Math.min(limit, pageEntries)) return { lines }
  }
  return { lines, ...(at !== undefined && at > 1 ? { nextBefore: at } : {}) }
}

function lineOf(number: number, event: AlarmEvent): JournalLine {
  const { alarm, kind, atMs, eventMs, user, comment, ...details } = event as AlarmEvent &
    Partial<Record<'eventMs', number> & Record<'user' | 'comment', string>>
  return { number, alarm, kind, atMs, eventMs: eventMs ?? null, user: user ?? null, comment: comment ?? null, details }
}

/** All lines from the beginning of the log until a moment: what stands then needs them all. */
export async function readPeriod(log: Pick<AlarmLog, 'read'>, toMs: number): Promise<readonly AlarmEvent[]> {
  const events: AlarmEvent[] = []
  for (let after = 0; ; ) {
    const entries = await log.read({ after, limit: pageEntries })
    for (const { content } of entries) events.push(...content.events)
    after = entries.at(-1)?.number ?? after
    const isPast = (entries.at(-1)?.content.events.at(-1)?.atMs ?? 0) >= toMs
    if (entries.length < pageEntries || isPast) return events
  }
}
