/** What a view of trends is; it stands in the address, so that a view is a link. */
export interface TrendSearch {
  /** References, parted by commas. */
  readonly points?: string
  /** Width of the view, ms. */
  readonly width?: number
  /** Its right edge, ms; absent: now, and it goes on with time. */
  readonly until?: number
}

export interface TrendAddress {
  readonly refs: readonly string[]
  readonly spanMs: number
  readonly untilMs: number | undefined
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Widths that have a button. */
export const presets = [
  { id: 'hour', spanMs: hourMs },
  { id: 'day', spanMs: dayMs },
  { id: 'week', spanMs: 7 * dayMs },
  { id: 'month', spanMs: 30 * dayMs },
  { id: 'year', spanMs: 365 * dayMs },
] as const

export const shortestSpanMs = 10_000
export const longestSpanMs = 40 * 365 * dayMs
/** Points that one view draws. */
export const mostPoints = 60
/** Moments outside of this are nobody's. */
const calendarMs = 250 * 365 * dayMs

const isMoment = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < calendarMs

/** Keeps of an address what is of trends, and leaves out what makes no sense. */
export function readTrendSearch({ points, width, until }: Readonly<Record<string, unknown>>): TrendSearch {
  return {
    ...(typeof points === 'string' && points !== '' ? { points } : {}),
    ...(isMoment(width) && width > 0 ? { width: clampSpan(width) } : {}),
    ...(isMoment(until) ? { until } : {}),
  }
}

export const clampSpan = (spanMs: number): number => Math.min(longestSpanMs, Math.max(shortestSpanMs, spanMs))

export const readAddress = ({ points = '', width = dayMs, until }: TrendSearch): TrendAddress => ({
  refs: [...new Set(points.split(',').filter((ref) => ref !== ''))].slice(0, mostPoints),
  spanMs: width,
  untilMs: until,
})

/** The last day of some points. */
export const lastDayOf = (refs: readonly string[]): TrendSearch =>
  writeAddress({ refs, spanMs: dayMs, untilMs: undefined })

export const writeAddress = ({ refs, spanMs, untilMs }: TrendAddress): TrendSearch => ({
  ...(refs.length === 0 ? {} : { points: refs.join(',') }),
  width: Math.round(spanMs),
  ...(untilMs === undefined ? {} : { until: Math.round(untilMs) }),
})
