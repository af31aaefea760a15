import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { useClockOffsetMs } from '../api/clock.ts'
import { useConnection } from '../api/connection.ts'
import { useLive } from '../api/live.ts'
import { withMoment } from './frame-search.ts'

export const quarterHourMs = 900_000

export interface Moment {
  /** The moment shown. */
  readonly timestampMs: number
  /** `live` while nobody chose a moment. */
  readonly kind: 'history' | 'live' | 'plan'
  readonly nowMs: number
  /** Shows another moment; undefined for now. */
  move(timestampMs: number | undefined): void
  /** The same many times a second: the address follows when it has come to rest. */
  scrub(timestampMs: number | undefined): void
}

/** A moment on its way into the address. */
interface Scrub {
  readonly timestampMs: number | undefined
  readonly settling: boolean
}

/** Browsers let a page change its address only so often, and a change of it draws every route anew. */
const settleAfterMs = 300
let scrubbed: Scrub | undefined
let timer: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<() => void>()

function publish(next: Scrub | undefined): void {
  scrubbed = next
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** Forgets a moment on its way, where the address was given another one meanwhile. */
function leaveScrub(): void {
  if (!scrubbed || scrubbed.settling) return
  clearTimeout(timer)
  publish(undefined)
}

/** Now by the clock of the server, told anew as often as is asked for. */
export function useNowMs(everyMs: number): number {
  const [deviceMs, setDeviceMs] = useState(Date.now)
  const offsetMs = useClockOffsetMs()
  useEffect(() => {
    const tick = setInterval(() => setDeviceMs(Date.now()), everyMs)
    return () => clearInterval(tick)
  }, [everyMs])
  return deviceMs + offsetMs
}

/** The moment of the time bar; it stands in the address, so that a view is a link. */
export function useMoment(): Moment {
  const { at } = useSearch({ from: '/sites/$site' })
  const navigate = useNavigate()
  const nowMs = useNowMs(10_000)
  const moving = useSyncExternalStore(subscribe, () => scrubbed)
  const chosenMs = moving ? moving.timestampMs : at
  const move = (next: number | undefined): void => {
    clearTimeout(timer)
    const own = { timestampMs: next, settling: true }
    publish(own)
    const search = (before: object) => withMoment(before, next)
    void navigate({ to: '.', search, replace: true }).finally(() => {
      if (scrubbed === own) publish(undefined)
    })
  }
  return {
    timestampMs: chosenMs ?? nowMs,
    nowMs,
    kind: chosenMs === undefined ? 'live' : chosenMs < nowMs ? 'history' : 'plan',
    move,
    scrub(next) {
      clearTimeout(timer)
      publish({ timestampMs: next, settling: false })
      timer = setTimeout(() => move(next), settleAfterMs)
    },
  }
}

/** What is said of the moment shown: now is not live while its values do not come. */
export function useMomentWord(siteId: string): Moment['kind'] | 'lost' {
  const { kind } = useMoment()
  const { online } = useConnection()
  const { lost } = useLive(siteId)
  return kind === 'live' && (lost || !online) ? 'lost' : kind
}

/** For the time bar alone: another moment in the address, by a link or a key, takes the place of one on its way. */
export function useAddressWins(): void {
  const { at } = useSearch({ from: '/sites/$site' })
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change of the address that counts
  useEffect(leaveScrub, [at])
}

export const useSiteId = (): string => useParams({ from: '/sites/$site' }).site
