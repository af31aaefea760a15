import { useSyncExternalStore } from 'react'

/** When a request left and its answer came by the clock of this device, and what the server called that moment, ms. */
export interface HeardClock {
  readonly sentMs: number
  readonly heardMs: number
  readonly dateMs: number
}

/**
 * How far the clock of the server is ahead, ms. A Date header tells whole seconds, and the answer was made at some moment between
 * sending and hearing: an offset that fits into both stays, so that ages do not tremble.
 */
export function offsetAfter(offsetMs: number, { sentMs, heardMs, dateMs }: HeardClock): number {
  const leastMs = dateMs - heardMs
  const mostMs = dateMs + 1000 - sentMs
  return offsetMs >= leastMs && offsetMs <= mostMs ? offsetMs : Math.round((leastMs + mostMs) / 2)
}

let offsetMs = 0
const listeners = new Set<() => void>()

/** Reads the clock of the server out of an answer. One that a cache may have given says nothing of now. */
export function hearClock(headers: Headers, sentMs: number, heardMs: number): void {
  const dateMs = Date.parse(headers.get('date') ?? '')
  if (Number.isNaN(dateMs) || /max-age/.test(headers.get('cache-control') ?? '')) return
  const next = offsetAfter(offsetMs, { sentMs, heardMs, dateMs })
  if (next === offsetMs) return
  offsetMs = next
  for (const listener of listeners) listener()
}

/** Now, by the clock of the server as far as it is known: ages are reckoned by it, whatever this device believes. */
export const serverNowMs = (): number => Date.now() + offsetMs

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** How far the clock of the server is ahead of that of this device, ms. */
export const useClockOffsetMs = (): number => useSyncExternalStore(subscribe, () => offsetMs)
