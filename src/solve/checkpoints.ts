export interface CheckpointOptions {
  /** End at the first checkpoint after this time. */
  readonly timeLimitMs: number
  /** End at these checkpoints and never by the clock. */
  readonly stopAt?: readonly number[] | undefined
  /** Whether someone outside has asked to stop. */
  readonly stopped?: (() => boolean) | undefined
}

/**
 * The places where a solve may be ended. The solver comes to them in the same order each time, so that a solve which the
 * clock ended can be ended at the same place again.
 */
export interface Checkpoints {
  /** Told at every checkpoint. @returns whether to end here */
  pass(): boolean
  /** Checkpoints at which the clock, or `stopAt`, ended a run; counted from 1. */
  readonly stoppedAt: readonly number[]
}

export function createCheckpoints({ timeLimitMs, stopAt, stopped }: CheckpointOptions): Checkpoints {
  const deadlineMs = performance.now() + timeLimitMs
  const stoppedAt: number[] = []
  let count = 0
  return {
    stoppedAt,
    pass() {
      count += 1
      const ends = stopAt ? stopAt.includes(count) : performance.now() > deadlineMs
      if (ends) stoppedAt.push(count)
      return ends || (stopped?.() ?? false)
    },
  }
}
