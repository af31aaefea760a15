import type { Clock } from '../../kernel/index.ts'

/** After this long it is believed that the new time is the right one. */
const patienceMs = 86_400_000

/**
 * The time at which something is received: what the clock says, but it does not go back. A clock that is set back by a
 * day would make every sound device look as if it were a day ahead; so for a day the time goes on from where it was, as
 * this process counts it, until the clock has caught up.
 *
 * @param elapsedMs a count of milliseconds that nobody sets
 */
export function createReceiveTimes(clock: Clock, elapsedMs: () => number = () => performance.now()): () => number {
  let toldMs = Number.NEGATIVE_INFINITY
  let toldAtMs = 0
  let heldSinceMs: number | undefined
  return () => {
    const nowMs = clock.now()
    const atMs = elapsedMs()
    heldSinceMs = nowMs >= toldMs ? undefined : (heldSinceMs ?? atMs)
    const held = heldSinceMs !== undefined && atMs - heldSinceMs < patienceMs
    toldMs = held ? Math.round(toldMs + (atMs - toldAtMs)) : nowMs
    toldAtMs = atMs
    return toldMs
  }
}
