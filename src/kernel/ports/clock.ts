/** The only source of "now". Milliseconds since 1970-01-01T00:00:00Z. */
export interface Clock {
  now(): number
}

/** A clock that stands still: replays, tests. */
export const fixedClock = (timestampMs: number): Clock => ({ now: () => timestampMs })

/** The machine's clock. Shells create it; engines receive it. */
export const systemClock: Clock = { now: () => Date.now() }
