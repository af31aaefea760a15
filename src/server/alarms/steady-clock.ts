import type { Clock } from '../../kernel/index.ts'

/** Time that goes on as fast as the world and never jumps, whatever becomes of the machine's clock. */
export interface SteadyClock extends Clock {
  /** For differences: milliseconds since some moment. */
  monotonicMs(): number
  /** The latest time that a value from the field may have: one after it comes from a clock that runs ahead. */
  latestMs(): number
}

/** A clock of the field may be ahead by this much, as in the store. */
const mayBeAheadMs = 600_000

/** Reads the machine's clock once, and goes on from there by the monotonic one. */
export function createSteadyClock(clock: Clock, monotonic: () => number = () => performance.now()): SteadyClock {
  const [beganMs, beganMonotonicMs] = [clock.now(), monotonic()]
  const now = (): number => Math.round(beganMs + monotonic() - beganMonotonicMs)
  return {
    now,
    monotonicMs: monotonic,
    // Where the machine's clock was wrong at first and is right now, what it says counts too.
    latestMs: () => Math.max(now(), clock.now()) + mayBeAheadMs,
  }
}
