import type { CheckedExpression } from '../../kernel/index.ts'
import type { Priority } from '../schema.ts'

/** What is looked for; numbers in the unit of the point of the rule. */
export type Condition =
  | { readonly kind: 'high-high' | 'high' | 'low' | 'low-low'; readonly limit: number; readonly deadband: number }
  | {
      readonly kind: 'rate'
      readonly limit: number
      readonly withinMs: number
      readonly direction: 'rise' | 'fall' | 'either'
    }
  | { readonly kind: 'deviation'; readonly other: string; readonly limit: number; readonly deadband: number }
  | { readonly kind: 'state'; readonly is: number }
  | { readonly kind: 'stale'; readonly afterMs: number }
  /** `worstAllowed`: codes of quality above it are an alarm. */
  | { readonly kind: 'bad-quality'; readonly worstAllowed: number }
  /** Decided by a learned profile; see `anomaly/`. */
  | { readonly kind: 'anomaly'; readonly falseAlarmDaysPerYear: number }

export interface Escalation {
  readonly afterMs: number
  /** Id of a recipient. */
  readonly to: string
}

/** One alarm of a site, as read and checked. */
export interface AlarmRule {
  readonly id: string
  readonly title: string
  /** `<asset>.<point>` */
  readonly point: string
  readonly unit: string
  readonly priority: Priority
  readonly when: Condition
  readonly onDelayMs: number
  readonly offDelayMs: number
  readonly message: string
  readonly action: string
  readonly consequence?: string
  readonly respondWithinMs?: number
  readonly latching: boolean
  /** 1 where it holds, 0 where not, missing where nobody knows: then nothing is suppressed. */
  readonly suppressWhile?: CheckedExpression
  readonly shelveAtMostMs: number
  readonly notify: readonly string[]
  readonly notifyWindowMs: number
  /** The soonest first. */
  readonly escalate: readonly Escalation[]
}
