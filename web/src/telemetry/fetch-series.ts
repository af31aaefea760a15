import { readArrowStream } from './arrow-stream.ts'
import type { ToldProblem } from './protocol.ts'
import { joinColumns, type SeriesAnswer, type SeriesColumns, type SeriesRequest, withoutMissing } from './series.ts'

const mediaType = 'application/vnd.apache.arrow.stream'
/** Pages of single values that one request follows: with the 50,000 values of a page more than any screen shows. */
const mostPages = 12

/** A request that was refused, or not answered. */
export class ReadError extends Error {
  readonly problem: ToldProblem

  constructor(problem: ToldProblem) {
    super(problem.detail)
    this.name = 'ReadError'
    this.problem = problem
  }
}

/**
 * Values of points from the API, page after page. Buckets without a value are left out: what spacing is a gap is seen from those that
 * are there.
 *
 * @throws ReadError
 */
export async function fetchSeries(request: SeriesRequest, signal: AbortSignal): Promise<SeriesAnswer> {
  const { site, points, fromMs, toMs, bucket, band = false } = request
  const query = new URLSearchParams({
    site,
    points: points.join(','),
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    ...(bucket === undefined ? {} : { bucket, aggregates: band ? 'mean,min,max' : 'mean' }),
  })
  const found: Record<string, SeriesColumns> = {}
  for (let page = 0; page < mostPages; page += 1) {
    const { bytes, next } = await readPage(query, signal)
    for (const [ref, columns] of Object.entries(readArrowStream(bytes))) {
      const own = bucket === undefined ? columns : withoutMissing(columns)
      const before = found[ref]
      found[ref] = before ? joinColumns(before, own) : own
    }
    if (next === undefined) break
    query.set('cursor', next)
  }
  return found
}

async function readPage(query: URLSearchParams, signal: AbortSignal) {
  let response: Response
  try {
    response = await fetch(`/api/v1/observations?${query}`, { signal, headers: { accept: mediaType } })
  } catch (error) {
    if (signal.aborted) throw error
    throw new ReadError({
      ...{ code: 'offline', status: 0, title: 'No connection', detail: 'The server cannot be reached' },
    })
  }
  if (!response.ok) {
    const told = (await response.json().catch(() => ({}))) as Partial<ToldProblem>
    const { status, statusText } = response
    throw new ReadError({ code: 'http', title: statusText, detail: statusText, ...told, status })
  }
  const next = /cursor=([^&>]+)[^>]*>;\s*rel="?next/.exec(response.headers.get('link') ?? '')?.[1]
  return { bytes: await response.arrayBuffer(), next: next === undefined ? undefined : decodeURIComponent(next) }
}
