import { useQuery } from '@tanstack/react-query'
import { ApiError, ask, send } from '../api/client.ts'
import type { ChargingAnswer, SessionAnswer } from '../api/types.ts'

export type {
  ChargingAnswer as Charging,
  CircuitAnswer as Circuit,
  EvseAnswer as Evse,
  SessionAnswer as Session,
  StationAnswer as Station,
} from '../api/types.ts'

const rootOf = (site: string): string => `/api/v1/sites/${encodeURIComponent(site)}/charging`
const freshMs = 2000
const sessionsFreshMs = 10_000
/** A page of sessions, and how many pages are read: the rest is in the CSV file. */
const pageSize = 500
const mostPages = 4

/** Charging as it is, looked for every two seconds. */
export const useCharging = (site: string) =>
  useQuery({
    queryKey: ['charging', site],
    queryFn: ({ signal }) => ask<ChargingAnswer>(rootOf(site), { signal }),
    refetchInterval: freshMs,
  })

export interface Sessions {
  /** Newest first. */
  readonly sessions: readonly SessionAnswer[]
  /** The span has more than were read. */
  readonly isPart: boolean
}

/** Sessions that began within a span up to now. */
export const useSessions = (site: string, spanMs: number) =>
  useQuery({
    queryKey: ['charging-sessions', site, spanMs],
    queryFn: async ({ signal }): Promise<Sessions> => {
      const sessions: SessionAnswer[] = []
      let cursor: string | undefined
      const query = spanQuery(spanMs, pageSize)
      for (let page = 0; page < mostPages; page += 1) {
        if (cursor !== undefined) query.set('cursor', cursor)
        const answer = await ask<{ readonly sessions: readonly SessionAnswer[]; readonly next?: string }>(
          `${rootOf(site)}/sessions?${query}`,
          { signal },
        )
        sessions.push(...answer.sessions)
        cursor = answer.next
        if (cursor === undefined) break
      }
      return { sessions: sessions.toReversed(), isPart: cursor !== undefined }
    },
    placeholderData: (before) => before,
    refetchInterval: sessionsFreshMs,
  })

function spanQuery(spanMs: number, limit: number): URLSearchParams {
  const nowMs = Date.now()
  return new URLSearchParams({
    from: new Date(nowMs - spanMs).toISOString(),
    // A session that began in this very moment is among them.
    to: new Date(nowMs + 60_000).toISOString(),
    limit: String(limit),
  })
}

/** All sessions of a span as CSV, page after page under one line of names. @throws ApiError */
export async function sessionsCsv(site: string, spanMs: number): Promise<string> {
  const query = spanQuery(spanMs, 1000)
  let address: string | undefined = `${rootOf(site)}/sessions?${query}`
  let text = ''
  while (address !== undefined) {
    const answer: Response = await fetch(address, { headers: { accept: 'text/csv' } })
    if (!answer.ok) {
      const { status, statusText } = answer
      throw new ApiError({ code: 'http', status, title: statusText, detail: statusText })
    }
    const page = await answer.text()
    text += text === '' ? page : page.slice(page.indexOf('\n') + 1)
    const next = /<([^>]+)>\s*;\s*rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]
    address =
      next === undefined ? undefined : new URL(next, location.href).pathname + new URL(next, location.href).search
  }
  return text
}

/** What an operator may ask of a station. */
export type Order = 'start' | 'stop' | 'unlock' | 'reset'

export const orderStation = (site: string, station: string, order: Order, body: object): Promise<unknown> =>
  send(`${rootOf(site)}/stations/${encodeURIComponent(station)}/${order}`, body)
