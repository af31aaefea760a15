import { clockToMs, localParts, offsetMsAt } from '../../kernel/index.ts'
import { storeErrors } from '../../store/index.ts'
import { serverErrors } from '../errors.ts'
import type { Span } from './read-moment.ts'

/** Text of a width: `30s`, `15m`, `1h`, `1d`, `1mo`. */
export const bucketPattern = '^[1-9]\\d{0,4}(s|m|h|d|mo)$'

/** Width of buckets: so many milliseconds, or days or months of the calendar. */
export type BucketWidth =
  | { readonly kind: 'even'; readonly widthMs: number }
  | { readonly kind: 'days' | 'months'; readonly count: number }

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 }

/** @param text of {@link bucketPattern} */
export function readWidth(text: string): BucketWidth {
  const [, digits = '', unit = ''] = /^(\d+)(\w+)$/.exec(text) ?? []
  const count = Number(digits)
  if (unit === 'd') return { kind: 'days', count }
  if (unit === 'mo') return { kind: 'months', count }
  return { kind: 'even', widthMs: count * (unitMs[unit] ?? Number.NaN) }
}

/** Shortest that a bucket of the calendar can be: a day of 23 hours, and of 24 where a zone leaves out a day. */
const shortestMs = { days: 23 * 3_600_000, months: 27 * 86_400_000 } as const

/**
 * Edges of the buckets that a span touches, from the start of the first to the end of the last. Even buckets are aligned to
 * 1970-01-01T00:00Z; days and months are those of the zone, 23 to 25 hours or 28 to 31 days long, in groups counted from January
 * 1970 on, so that `3mo` are the quarters of a year.
 *
 * @param most buckets that fit an answer
 * @throws `store.too-many`, `server.bad-input`
 */
export function bucketEdges(width: BucketWidth, span: Span, zone: string, most: number): Float64Array {
  const { fromMs, toMs } = span
  if (!(toMs > fromMs)) {
    throw storeErrors.badRange({
      detail: 'The range ends before it starts',
      found: `${fromMs} to ${toMs}`,
      expected: 'a start before its end',
    })
  }
  const least = width.kind === 'even' ? width.widthMs : width.count * shortestMs[width.kind]
  if ((toMs - fromMs) / least > most + 1) throw tooMany(most)
  const edges = width.kind === 'even' ? evenEdges(width.widthMs, span) : calendarEdges(width, span, zone)
  if (edges.length - 1 > most) throw tooMany(most)
  return edges
}

const tooMany = (most: number) =>
  storeErrors.tooMany({
    detail: 'The range holds more buckets than one answer carries; ask for a coarser bucket or a shorter range',
    expected: `at most ${Math.floor(most)} buckets of so many points and aggregates`,
  })

function evenEdges(widthMs: number, { fromMs, toMs }: Span): Float64Array {
  const first = Math.floor(fromMs / widthMs)
  const last = Math.ceil(toMs / widthMs)
  return Float64Array.from({ length: last - first + 1 }, (_, edge) => (first + edge) * widthMs)
}

function calendarEdges(
  { kind, count }: Extract<BucketWidth, { readonly count: number }>,
  { fromMs, toMs }: Span,
  zone: string,
): Float64Array {
  const { year, month, day } = localParts(fromMs, zone)
  const place = kind === 'days' ? Date.UTC(year, month - 1, day) / dayMs : (year - 1970) * 12 + month - 1
  const edges: number[] = []
  const startOf = (at: number): number =>
    kind === 'days' ? dayStartMs(at * dayMs, zone) : dayStartMs(Date.UTC(1970, at, 1), zone)
  for (let at = Math.floor(place / count) * count; ; at += count) {
    const edgeMs = startOf(at)
    // A day that a zone left out has no length.
    if (edgeMs !== edges.at(-1)) edges.push(edgeMs)
    if (edgeMs >= toMs) return Float64Array.from(edges)
  }
}

const dayMs = 86_400_000

/** First moment of a local day. @param dateMs midnight UTC of the same date */
function dayStartMs(dateMs: number, zone: string): number {
  const guessMs = dateMs - offsetMsAt(dateMs, zone)
  const atMs = dateMs - offsetMsAt(guessMs, zone)
  // Away from changes of the clock one subtraction is enough, and a thousand times as fast as the calendar.
  const settled = [atMs - 1, atMs, atMs + 7_200_000].every((ms) => dateMs - offsetMsAt(ms, zone) === atMs)
  if (settled) return atMs
  const date = new Date(dateMs)
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]
  if (year > maxYear) throw farAway(year)
  return clockToMs({ year, month, day, hour: 0, minute: 0 }, zone)
}

const maxYear = 9999

const farAway = (year: number) =>
  serverErrors.badInput({
    detail: 'The calendar does not reach that far',
    place: { path: 'query.to' },
    found: year,
    expected: `a year up to ${maxYear}`,
  })
