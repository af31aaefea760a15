import type { PlanOutput } from '../../energy/index.ts'

/** A value as it was known when something was decided. */
export interface KnownReading {
  /** null = missing. */
  readonly value: number | null
  /** Code of the kernel's qualities. */
  readonly quality: number
  /** Event time, UTC ms. */
  readonly atMs: number
}

/** A plan by its evidence. */
export interface PlanRef {
  readonly evidence: string
  readonly outputSha256: string
  readonly publishedMs: number
}

/** A value that an operator wants instead of the plan's. */
export interface Override {
  readonly ref: string
  /** In the unit of the setpoint. */
  readonly value: number
  readonly reason: string
  readonly by: string
  readonly fromMs: number
  /** Exclusive. */
  readonly untilMs: number
}

/** An operator stopped all commands: every setpoint goes to its fallback. */
export interface Hold {
  readonly reason: string
  readonly by: string
  readonly sinceMs: number
}

/** Everything that a decision looks at, besides the rules and what it remembers. */
export interface Situation {
  /** Wall clock, UTC ms. */
  readonly nowMs: number
  /** Since the decision before, by a clock that cannot be set, ms. */
  readonly elapsedMs: number
  readonly plan: (PlanRef & { readonly output: PlanOutput }) | null
  readonly readings: Readonly<Record<string, KnownReading>>
  readonly overrides: readonly Override[]
  readonly hold: Hold | null
  /** Setpoints that no gateway takes. */
  readonly nowhere: readonly string[]
}
