import type { Priority } from '../schema.ts'

/** What every line of the log says. */
interface Line {
  readonly alarm: string
  /** When the server took it down, on its steady clock. */
  readonly atMs: number
}

/** Found by the evaluator: `eventMs` is the time of the field, and with alarm and kind the identity of the line. */
interface Found extends Line {
  readonly eventMs: number
  readonly value?: number
}

/** Said by a person. */
interface Said extends Line {
  readonly user: string
  readonly comment?: string
}

/** One line of the log of alarms. The log is the truth; every state is a fold of it. */
export type AlarmEvent =
  | (Found & {
      readonly kind: 'raised'
      /** As the rule said then: the log is read without the rules. */
      readonly priority: Priority
      readonly latching?: true
      /** Longest time in which it is notified once. */
      readonly notifyWindowMs: number
      /** In words, of alarms that explain themselves. */
      readonly words?: string
    })
  | (Found & { readonly kind: 'cleared' })
  | (Found & { readonly kind: 'suppressed' | 'unsuppressed' })
  | (Said & { readonly kind: 'acknowledged' | 'reset' | 'out-of-service' | 'in-service' })
  | (Said & { readonly kind: 'shelved'; readonly untilMs: number })
  /** `user` is absent where the time ran out. */
  | (Line & { readonly kind: 'unshelved'; readonly user?: string; readonly comment?: string })
  /** Nobody acknowledged in time; `announcement` says which one was not. */
  | (Line & { readonly kind: 'escalated'; readonly announcement: number; readonly level: number; readonly to: string })
  /** The rule is not in the site file any more. */
  | (Line & { readonly kind: 'removed' })

export type AlarmEventKind = AlarmEvent['kind']
