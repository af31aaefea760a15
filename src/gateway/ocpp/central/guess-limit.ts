import type { Clock } from '../../../kernel/index.ts'

export interface GuessLimitOptions {
  /** Wrong passwords of one station from one address without a wait. */
  readonly free: number
  /** Longest wait after one more of these, ms. */
  readonly longestMs: number
  /** Wrong passwords at once of one address, and of one station. */
  readonly atOnce: number
  /** One more of these is allowed after so many ms. */
  readonly everyMs: number
  /** Keys that are remembered; the one asked longest ago is forgotten first. */
  readonly keys: number
}

export const usualGuesses: GuessLimitOptions = {
  ...{ free: 5, longestMs: 300_000, atOnce: 60, everyMs: 10_000, keys: 20_000 },
}

/** How often passwords of stations may be guessed. */
export interface GuessLimit {
  /** Until a try of this station from this address is heard, ms; 0: it is heard now. */
  waitMs(stationId: string, address: string): number
  failed(stationId: string, address: string): void
  succeeded(stationId: string, address: string): void
  /** Keys that are remembered. */
  size(): number
}

/**
 * Three bounds on guesses. A station that calls from one address with a wrong password waits 1 s, 2 s, 4 s … after the free ones. One address
 * has so many wrong passwords in a while for all stations, and one station has so many from all addresses: guesses that are spread over
 * either get no further. A station that came in from an address before is heard there whatever others guess, so that nobody shuts it
 * out; its own wrong passwords alone make it wait. Nobody is locked out for ever, and memory is bounded.
 */
export function createGuessLimit(clock: Clock, options: GuessLimitOptions = usualGuesses): GuessLimit {
  const { free, longestMs, atOnce, everyMs, keys } = options
  const pairs = new Map<string, { readonly count: number; readonly atMs: number }>()
  const buckets = new Map<string, { readonly level: number; readonly atMs: number }>()
  const known = new Map<string, true>()
  const pairOf = (stationId: string, address: string): string => `${address} ${stationId}`
  const keysOf = (stationId: string, address: string): readonly string[] => [
    `address ${address}`,
    `station ${stationId}`,
  ]

  const pairWaitMs = (pair: string): number => {
    const own = pairs.get(pair)
    if (!own || own.count <= free) return 0
    const delayMs = Math.min(longestMs, 1000 * 2 ** Math.min(30, own.count - free - 1))
    return Math.min(delayMs, Math.max(0, own.atMs + delayMs - clock.now()))
  }
  const levelOf = (key: string): number => {
    const own = buckets.get(key)
    return own ? Math.min(atOnce, own.level + Math.max(0, clock.now() - own.atMs) / everyMs) : atOnce
  }
  return {
    size: () => Math.max(pairs.size, buckets.size, known.size),
    waitMs(stationId, address) {
      const pair = pairOf(stationId, address)
      const waitMs = pairWaitMs(pair)
      if (waitMs > 0 || known.has(pair)) return waitMs
      const level = Math.min(...keysOf(stationId, address).map(levelOf))
      return level >= 1 ? 0 : Math.ceil((1 - level) * everyMs)
    },
    failed(stationId, address) {
      const pair = pairOf(stationId, address)
      const nowMs = clock.now()
      // After a long while without a failure it begins anew.
      const before = pairs.get(pair)
      const count = before && nowMs - before.atMs < 10 * longestMs ? before.count : 0
      remember(pairs, pair, { count: count + 1, atMs: nowMs }, keys)
      for (const key of keysOf(stationId, address)) {
        remember(buckets, key, { level: Math.max(0, levelOf(key) - 1), atMs: nowMs }, keys)
      }
    },
    succeeded(stationId, address) {
      const pair = pairOf(stationId, address)
      pairs.delete(pair)
      remember(known, pair, true, keys)
    },
  }
}

/** Puts a key last and forgets the first where there are too many. */
function remember<T>(map: Map<string, T>, key: string, value: T, most: number): void {
  map.delete(key)
  map.set(key, value)
  if (map.size <= most) return
  const [oldest] = map.keys()
  if (oldest !== undefined) map.delete(oldest)
}
