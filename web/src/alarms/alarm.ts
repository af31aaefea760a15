/** Priorities of ISA-18.2, the gravest first. */
export const priorities = ['critical', 'high', 'medium', 'low'] as const
export type Priority = (typeof priorities)[number]

export type AlarmStateName =
  | 'normal'
  | 'unacknowledged'
  | 'acknowledged'
  | 'returned-unacknowledged'
  | 'latched-unacknowledged'
  | 'latched-acknowledged'
  | 'shelved'
  | 'suppressed'
  | 'out-of-service'

/** An alarm as `GET /api/v1/alarms` tells it; see its entry in the OpenAPI document. */
export interface Alarm {
  /** `<site>:<alarm>` */
  readonly id: string
  readonly alarm: string
  readonly title: string
  /** `<asset>.<point>` */
  readonly point: string
  readonly unit: string
  readonly priority: Priority
  readonly state: AlarmStateName
  /** Whether its condition counts now, whatever operators did. */
  readonly condition: boolean
  readonly message: string
  /** What the operator has to do. */
  readonly action: string
  readonly consequence: string | null
  readonly respondWithinMs: number | null
  readonly raisedMs: number | null
  readonly clearedMs: number | null
  readonly announcedMs: number | null
  readonly shelvedUntilMs: number | null
  readonly shelveAtMostMs: number
  /** Of the point when it was raised, in its unit. */
  readonly value: number | null
  readonly explanation: string | null
  readonly escalated: number
  readonly user: string | null
  readonly comment: string | null
}

/** Waits for an operator to say that it was seen. */
export const isUnacknowledged = ({ state }: Alarm): boolean => state.endsWith('unacknowledged')

/** Not shown among what stands: states g, h and i of ISA-18.2. */
export const isHidden = ({ state }: Alarm): boolean =>
  state === 'shelved' || state === 'suppressed' || state === 'out-of-service'

const rankOf = ({ priority }: Alarm): number => priorities.indexOf(priority)
const sinceOf = ({ announcedMs, raisedMs }: Alarm): number => announcedMs ?? raisedMs ?? 0

/** In the order in which to act: the gravest first, of one priority the newest first. */
export const inOrder = (alarms: Iterable<Alarm>): readonly Alarm[] =>
  [...alarms].sort((a, b) => rankOf(a) - rankOf(b) || sinceOf(b) - sinceOf(a) || (a.id < b.id ? -1 : 1))

export interface AlarmGroups {
  readonly waiting: readonly Alarm[]
  /** Acknowledged, and not over. */
  readonly standing: readonly Alarm[]
  readonly hidden: readonly Alarm[]
}

/** The list of the page in its three parts, each in order. */
export function groupAlarms(alarms: Iterable<Alarm>): AlarmGroups {
  const all = inOrder(alarms).filter(({ state }) => state !== 'normal')
  const hidden = all.filter(isHidden)
  const waiting = all.filter(isUnacknowledged)
  return { waiting, hidden, standing: all.filter((one) => !isHidden(one) && !isUnacknowledged(one)) }
}

/** How many wait to be acknowledged, by priority. */
export function countWaiting(alarms: Iterable<Alarm>): Readonly<Record<Priority, number>> {
  const counts = { critical: 0, high: 0, medium: 0, low: 0 }
  for (const alarm of alarms) if (isUnacknowledged(alarm)) counts[alarm.priority] += 1
  return counts
}

/** What operators have not been told of yet: announced after everything that was known before. */
export function newlyAnnounced(before: Iterable<Alarm>, changed: Iterable<Alarm>): readonly Alarm[] {
  const known = new Map([...before].map((alarm) => [alarm.id, isUnacknowledged(alarm) ? alarm.announcedMs : null]))
  return inOrder(changed).filter(
    (alarm) => isUnacknowledged(alarm) && (known.get(alarm.id) ?? null) !== alarm.announcedMs,
  )
}
