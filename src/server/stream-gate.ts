import { serverErrors } from './errors.ts'

/** Counts streams that are open, so that nobody opens them without end. */
export interface StreamGate {
  /** @throws `server.too-many-streams` (429) where one more has no place */
  check(who: string): void
  /** The same, and takes the place. Returns the way out. */
  enter(who: string): () => void
  figures(): { readonly open: number; readonly most: number; readonly refused: number }
}

export interface StreamLimits {
  /** Of all callers. A stream takes about 10 kB, and 100 B for each point that waits for a slow reader. */
  readonly most: number
  /** Of one credential. */
  readonly each: number
}

export const streamLimits: StreamLimits = { most: 10_000, each: 200 }

export function createStreamGate({ most, each }: StreamLimits = streamLimits): StreamGate {
  const open = new Map<string, number>()
  let count = 0
  let refused = 0
  const check = (who: string): void => {
    const own = open.get(who) ?? 0
    if (count < most && own < each) return
    refused += 1
    throw serverErrors.tooManyStreams({
      detail: count < most ? 'Too many streams are open with this credential' : 'Too many streams are open',
      found: count < most ? own : count,
      expected: `at most ${count < most ? each : most}`,
    })
  }
  return {
    check,
    enter(who) {
      check(who)
      open.set(who, (open.get(who) ?? 0) + 1)
      count += 1
      let left = false
      return () => {
        if (left) return
        left = true
        count -= 1
        const own = (open.get(who) ?? 1) - 1
        if (own === 0) open.delete(who)
        else open.set(who, own)
      }
    },
    figures: () => ({ open: count, most, refused }),
  }
}
