import type { Priority } from '../schema.ts'

/** States of ISA-18.2-2016, clause 5.6: a normal, b to f annunciated, g shelved, h suppressed by design, i out of service. */
export const alarmStates = [
  'normal',
  'unacknowledged',
  'acknowledged',
  'returned-unacknowledged',
  'latched-unacknowledged',
  'latched-acknowledged',
  'shelved',
  'suppressed',
  'out-of-service',
] as const
export type AlarmStateName = (typeof alarmStates)[number]

/** What the log has come to for one alarm; plain JSON. */
export interface AlarmState {
  readonly alarm: string
  readonly priority: Priority
  /** Whether the evaluator says that the condition counts. */
  readonly condition: boolean
  /** Whether it was announced and is not over: states b to f. */
  readonly open: boolean
  readonly acknowledged: boolean
  readonly latching: boolean
  /** Steady time at which shelving ends by itself; null: not shelved. */
  readonly shelvedUntilMs: number | null
  readonly suppressed: boolean
  readonly outOfService: boolean
  /** Times of the field. */
  readonly raisedMs: number | null
  readonly clearedMs: number | null
  readonly suppressionMs: number | null
  /** How often it was announced to the operator. */
  readonly announcements: number
  /** Steady time of the last announcement. */
  readonly announcedMs: number | null
  /** How often somebody was to be notified, and for which time: the first announcement of each window. */
  readonly notifications: number
  readonly notifiedMs: number | null
  readonly notifyWindowMs: number
  /** Levels of escalation that the last announcement has gone through. */
  readonly escalated: number
  readonly value: number | null
  readonly words: string | null
  /** Of the last thing that a person did. */
  readonly user: string | null
  readonly comment: string | null
  readonly changedMs: number
}

/** Before the first line. */
export const unknownAlarm = (alarm: string): AlarmState => ({
  alarm,
  priority: 'low',
  condition: false,
  open: false,
  acknowledged: false,
  latching: false,
  shelvedUntilMs: null,
  suppressed: false,
  outOfService: false,
  raisedMs: null,
  clearedMs: null,
  suppressionMs: null,
  announcements: 0,
  announcedMs: null,
  notifications: 0,
  notifiedMs: null,
  notifyWindowMs: 0,
  escalated: 0,
  value: null,
  words: null,
  user: null,
  comment: null,
  changedMs: 0,
})

/** Hidden from the operator's list: states g, h and i. */
export const isHidden = ({ shelvedUntilMs, suppressed, outOfService }: AlarmState): boolean =>
  shelvedUntilMs !== null || suppressed || outOfService

/** The one state that ISA-18.2 has a name for. Out of service goes before suppressed, that before shelved. */
export function stateName(state: AlarmState): AlarmStateName {
  if (state.outOfService) return 'out-of-service'
  if (state.suppressed) return 'suppressed'
  if (state.shelvedUntilMs !== null) return 'shelved'
  if (!state.open) return 'normal'
  if (state.condition) return state.acknowledged ? 'acknowledged' : 'unacknowledged'
  if (state.latching) return state.acknowledged ? 'latched-acknowledged' : 'latched-unacknowledged'
  return 'returned-unacknowledged'
}
