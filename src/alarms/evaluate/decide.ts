import { quality } from '../../kernel/index.ts'
import type { PointMemory } from './point-memory.ts'
import type { RateWindows } from './rate-windows.ts'
import type { Decision, DecisionKind } from './rows.ts'
import { code, type RuleTable } from './rule-table.ts'

/** Whether a condition holds; `unknown` raises nothing and clears nothing. */
const [no, yes, unknown] = [0, 1, -1]

/** Decides rule by rule; every decision has the time at which its delay was over. */
export interface Decider {
  /** A slot that the rule looks at has a value of this event time. */
  step(rule: number, timestampMs: number): void
  /** It is this late in the time of the field, and nothing came. */
  wait(rule: number, timestampMs: number): void
  /** Somebody else says whether the condition holds. */
  tell(rule: number, wanted: number, timestampMs: number): void
  suppress(rule: number, suppressed: boolean, timestampMs: number): void
  /** What was decided since it was taken last. */
  take(): readonly Decision[]
}

export function createDecider(table: RuleTable, memory: PointMemory, windows: RateWindows): Decider {
  const { limit, deadband, slot, otherSlot, on, pendingMs, decidedMs, onDelayMs, offDelayMs, suppressed } = table
  const { values } = memory
  let decided: Decision[] = []

  const note = (rule: number, kind: DecisionKind, eventMs: number): void => {
    decidedMs[rule] = Math.max(eventMs, decidedMs[rule]!)
    const value = values[slot[rule]!]!
    decided.push({
      alarm: table.rules[rule]!.id,
      kind,
      eventMs: decidedMs[rule]!,
      ...(Number.isFinite(value) ? { value } : {}),
    })
  }
  const raise = (rule: number, eventMs: number): void => {
    on[rule] = 1
    pendingMs[rule] = Number.NaN
    note(rule, 'raised', eventMs)
  }
  const clear = (rule: number, eventMs: number): void => {
    on[rule] = 0
    pendingMs[rule] = Number.NaN
    note(rule, 'cleared', eventMs)
  }
  const isKnown = (at: number): boolean => memory.quality[at]! < quality.suspect && !Number.isNaN(values[at])

  /** Whether the condition holds by the newest values; while it counts, the deadband helps it. */
  const wantedOf = (rule: number): number => {
    const at = slot[rule]!
    const kind = table.code[rule]
    if (kind === code.badQuality) return memory.quality[at]! > limit[rule]! ? yes : no
    if (kind === code.stale) return memory.quality[at] === quality.missing ? unknown : no
    if (!isKnown(at)) return unknown
    const value = values[at]!
    const edge = on[rule] === 1 ? limit[rule]! - deadband[rule]! : limit[rule]!
    switch (kind) {
      case code.above:
        return value > edge ? yes : no
      case code.below:
        return value < (on[rule] === 1 ? limit[rule]! + deadband[rule]! : limit[rule]!) ? yes : no
      case code.deviation: {
        const other = otherSlot[rule]!
        return isKnown(other) ? (Math.abs(value - values[other]!) > edge ? yes : no) : unknown
      }
      case code.rate: {
        const { rise, fall } = windows.take(table.window[rule]!, memory.lastMs[at]!, value)
        const directions = table.directions[rule]!
        const change = Math.max((directions & 1) === 1 ? rise : 0, (directions & 2) === 2 ? fall : 0)
        return change > limit[rule]! ? yes : no
      }
      default:
        return value === limit[rule] ? yes : no
    }
  }
  /** What the time until now has decided: the last known value held for so long. */
  const settle = (rule: number, untilMs: number): void => {
    const since = pendingMs[rule]!
    if (Number.isNaN(since)) return
    if (on[rule] === 0) {
      if (since + onDelayMs[rule]! < untilMs) raise(rule, since + onDelayMs[rule]!)
    } else if (since + offDelayMs[rule]! < untilMs) clear(rule, since + offDelayMs[rule]!)
  }
  const apply = (rule: number, wanted: number, timestampMs: number): void => {
    if (on[rule] === 0) {
      if (wanted === no) pendingMs[rule] = Number.NaN
      if (wanted !== yes) return
      if (Number.isNaN(pendingMs[rule])) pendingMs[rule] = timestampMs
      const dueMs = pendingMs[rule]! + onDelayMs[rule]!
      if (timestampMs >= dueMs) raise(rule, dueMs)
      return
    }
    // Back to normal has to be known: what is not known begins the delay anew.
    if (wanted !== no) {
      pendingMs[rule] = Number.NaN
      return
    }
    if (Number.isNaN(pendingMs[rule])) pendingMs[rule] = timestampMs
    const dueMs = pendingMs[rule]! + offDelayMs[rule]!
    if (timestampMs >= dueMs) clear(rule, dueMs)
  }
  const staleSince = (rule: number, knownMs: number, untilMs: number): void => {
    const dueMs = knownMs + limit[rule]! + onDelayMs[rule]!
    if (on[rule] === 0 && dueMs > Number.NEGATIVE_INFINITY && dueMs < untilMs)
      raise(rule, Math.max(dueMs, decidedMs[rule]!))
  }

  return {
    step(rule, timestampMs) {
      if (suppressed[rule] === 1) return
      const isStale = table.code[rule] === code.stale
      if (isStale) {
        const at = slot[rule]!
        staleSince(
          rule,
          memory.knownMs[at] === timestampMs ? memory.knownBeforeMs[at]! : memory.knownMs[at]!,
          timestampMs,
        )
      }
      if (timestampMs <= decidedMs[rule]!) return
      settle(rule, timestampMs)
      const wanted = wantedOf(rule)
      if (!isStale || on[rule] === 1) apply(rule, wanted, timestampMs)
    },
    wait(rule, timestampMs) {
      if (suppressed[rule] === 1) return
      settle(rule, timestampMs)
      if (table.code[rule] === code.stale) staleSince(rule, memory.knownMs[slot[rule]!]!, timestampMs)
    },
    tell(rule, wanted, timestampMs) {
      if (suppressed[rule] === 1 || timestampMs <= decidedMs[rule]!) return
      settle(rule, timestampMs)
      apply(rule, wanted, timestampMs)
    },
    suppress(rule, next, timestampMs) {
      if ((suppressed[rule] === 1) === next) return
      suppressed[rule] = next ? 1 : 0
      // While it is suppressed nothing counts, and afterwards its delay begins anew: a machine has time to start.
      on[rule] = 0
      pendingMs[rule] = Number.NaN
      note(rule, next ? 'suppressed' : 'unsuppressed', timestampMs)
      const own = table.code[rule]
      if (!next && own !== code.stale && own !== code.external && wantedOf(rule) === yes)
        pendingMs[rule] = decidedMs[rule]!
    },
    take() {
      const taken = decided
      if (taken.length > 0) decided = []
      return taken
    },
  }
}
