import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'

export const quarterHourMs = 900_000

export interface Moment {
  /** The moment shown. */
  readonly timestampMs: number
  /** `live` while nobody chose a moment. */
  readonly kind: 'history' | 'live' | 'plan'
  readonly nowMs: number
  /** Shows another moment; undefined for now. */
  move(timestampMs: number | undefined): void
}

/** Now, told anew as often as is asked for. */
export function useNowMs(everyMs: number): number {
  const [nowMs, setNowMs] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return nowMs
}

/** The moment of the time bar; it stands in the address, so that a view is a link. */
export function useMoment(): Moment {
  const { at } = useSearch({ from: '/sites/$site' })
  const navigate = useNavigate()
  const nowMs = useNowMs(10_000)
  const timestampMs = at ?? nowMs
  return {
    timestampMs,
    nowMs,
    kind: at === undefined ? 'live' : at < nowMs ? 'history' : 'plan',
    // What else stands in the address stays: what a page shows does not change with the moment.
    move: (next) => void navigate({ to: '.', search: (now) => ({ ...now, at: next }) as object, replace: true }),
  }
}

export const useSiteId = (): string => useParams({ from: '/sites/$site' }).site
