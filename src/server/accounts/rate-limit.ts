import type { Clock } from '../../kernel/index.ts'

export interface RateLimitOptions {
  /** How many at once. */
  readonly capacity: number
  readonly perSecond: number
  /** Keys that are remembered; the one asked longest ago is forgotten first. Default 10 000. */
  readonly keys?: number
}

/** Token buckets by key. */
export interface RateLimit {
  /** Takes one. @returns milliseconds to wait; 0 = taken */
  take(key: string): number
  /** How many keys are remembered. */
  size(): number
}

/** Bounded in memory; a clock that jumps back gives nobody more and locks nobody out. */
export function createRateLimit({ capacity, perSecond, keys = 10_000 }: RateLimitOptions, clock: Clock): RateLimit {
  const buckets = new Map<string, { readonly level: number; readonly atMs: number }>()
  return {
    size: () => buckets.size,
    take(key) {
      const now = clock.now()
      const known = buckets.get(key) ?? { level: capacity, atMs: now }
      const filled = Math.min(capacity, known.level + (Math.max(0, now - known.atMs) / 1000) * perSecond)
      const taken = filled >= 1
      remember(buckets, key, { level: taken ? filled - 1 : filled, atMs: now }, keys)
      return taken ? 0 : Math.ceil(((1 - filled) / perSecond) * 1000)
    },
  }
}

export interface FailureDelayOptions {
  /** Failures without a delay. */
  readonly free: number
  readonly longestMs: number
  readonly keys?: number
}

/** Delays that grow with failures and end: nobody is locked out for ever. */
export interface FailureDelay {
  /** Milliseconds until the next try is heard. */
  waitMs(key: string): number
  failed(key: string): void
  succeeded(key: string): void
  size(): number
}

/** After the free failures 1 s, 2 s, 4 s … up to the longest; forgotten after ten times the longest without a failure. */
export function createFailureDelay(
  { free, longestMs, keys = 10_000 }: FailureDelayOptions,
  clock: Clock,
): FailureDelay {
  const failures = new Map<string, { readonly count: number; readonly atMs: number }>()
  const of = (key: string): { readonly count: number; readonly atMs: number } => {
    const known = failures.get(key)
    return known && clock.now() - known.atMs < 10 * longestMs ? known : { count: 0, atMs: 0 }
  }
  return {
    size: () => failures.size,
    waitMs(key) {
      const { count, atMs } = of(key)
      if (count <= free) return 0
      const delayMs = Math.min(longestMs, 1000 * 2 ** Math.min(30, count - free - 1))
      return Math.min(delayMs, Math.max(0, atMs + delayMs - clock.now()))
    },
    failed(key) {
      remember(failures, key, { count: of(key).count + 1, atMs: clock.now() }, keys)
    },
    succeeded: (key) => void failures.delete(key),
  }
}

/** Puts a key last and forgets the first where there are too many. */
function remember<T>(map: Map<string, T>, key: string, value: T, most: number): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > most && oldest !== undefined) map.delete(oldest)
}
