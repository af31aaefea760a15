/** How much time the bar shows: by name, or as hours once it was zoomed. */
export type Span = 'day' | 'week' | 'month' | number

/** What the frame itself keeps in the address of every page of a site. */
export interface FrameSearch {
  /** The moment that the whole console shows, ms; absent for now. */
  readonly at?: number
  readonly span?: Span
  /** On a wall: `1`, or the pages that take turns, parted by commas. */
  readonly wall?: string | number
  /** How long a page stays on a wall: `30s`, `2m`. */
  readonly every?: string
}

const leastHours = 1
const mostHours = 200_000

const spanOf = (value: unknown): Span | undefined =>
  value === 'day' || value === 'week' || value === 'month'
    ? value
    : typeof value === 'number' && value >= leastHours && value <= mostHours
      ? value
      : undefined

/** Reads what the frame keeps out of an address that anybody may have written. */
export function readFrameSearch({ at, span, wall, every }: Readonly<Record<string, unknown>>): FrameSearch {
  const wanted = spanOf(span)
  return {
    ...(typeof at === 'number' && Number.isFinite(at) && Math.abs(at) < 8.64e15 ? { at } : {}),
    ...(wanted === undefined ? {} : { span: wanted }),
    ...((typeof wall === 'string' && wall !== '') || wall === 1 ? { wall } : {}),
    ...(typeof every === 'string' ? { every } : {}),
  }
}

/** What goes along to another page: the frame's own, and nothing that only the page before understood. */
export const keptSearch = (search: Readonly<Record<string, unknown>>): FrameSearch => readFrameSearch(search)

/** An address with another moment; all else in it stays. */
export function withMoment<Search extends object>(search: Search, at: number | undefined): Search & FrameSearch {
  const { at: _, ...rest } = search as Search & FrameSearch
  return (at === undefined ? rest : { ...rest, at }) as Search & FrameSearch
}
