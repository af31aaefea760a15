import { readOcpiTime } from '../../gateway/index.ts'
import { invalid } from './ocpi-error.ts'

/** A page of a list, as OCPI 2.2.1 (4.1.3) asks and tells. */
export interface Page<T> {
  readonly data: readonly T[]
  readonly headers: Readonly<Record<string, string>>
}

const mostOnPage = 100

/**
 * Objects of a list that were changed within `date_from` (inclusive) and `date_to` (exclusive), from `offset` on.
 *
 * @param url of the list, for the link to the next page
 * @throws OcpiError 2001
 */
export function pageOf<T extends { readonly last_updated: string }>(
  all: readonly T[],
  query: Readonly<Record<string, unknown>>,
  { url, needsFrom = false }: { readonly url: string; readonly needsFrom?: boolean },
): Page<T> {
  const time = (name: 'date_from' | 'date_to'): number | undefined => {
    const text = query[name]
    if (text === undefined) return undefined
    const ms = typeof text === 'string' ? readOcpiTime(text) : undefined
    if (ms === undefined) throw invalid(`${name} has to be a time like 2026-07-06T00:00:00Z`)
    return ms
  }
  const count = (name: 'offset' | 'limit', usual: number): number => {
    const text = query[name]
    if (text === undefined) return usual
    if (typeof text !== 'string' || !/^\d{1,9}$/.test(text)) throw invalid(`${name} has to be a whole number`)
    return Number(text)
  }
  const fromMs = time('date_from')
  const toMs = time('date_to')
  if (needsFrom && fromMs === undefined) throw invalid('date_from is needed')
  const offset = count('offset', 0)
  const limit = Math.min(mostOnPage, count('limit', mostOnPage))
  if (limit === 0) throw invalid('limit has to be 1 or more')
  const wanted = all.filter(({ last_updated }) => {
    const ms = readOcpiTime(last_updated)!
    return ms >= (fromMs ?? Number.NEGATIVE_INFINITY) && ms < (toMs ?? Number.POSITIVE_INFINITY)
  })
  const data = wanted.slice(offset, offset + limit)
  const headers: Record<string, string> = { 'x-total-count': String(wanted.length), 'x-limit': String(mostOnPage) }
  if (offset + limit < wanted.length) {
    const next = new URLSearchParams()
    for (const name of ['date_from', 'date_to'] as const) {
      const value = query[name]
      if (typeof value === 'string') next.set(name, value)
    }
    next.set('offset', String(offset + limit))
    next.set('limit', String(limit))
    headers.link = `<${url}?${next}>; rel="next"`
  }
  return { data, headers }
}
