import type { AlarmRule } from '../rules/index.ts'
import type { AlarmEvent } from './alarm-event.ts'
import type { AlarmStates } from './apply-event.ts'

/**
 * What time alone brings: shelving that ends, and escalation of what nobody acknowledged.
 *
 * @param nowMs of a clock that does not jump; the same that stands in the log as `atMs`
 */
export function dueEvents(states: AlarmStates, rules: ReadonlyMap<string, AlarmRule>, nowMs: number): AlarmEvent[] {
  const due: AlarmEvent[] = []
  for (const state of states.values()) {
    const { alarm, shelvedUntilMs, open, acknowledged, announcedMs, escalated, announcements } = state
    if (shelvedUntilMs !== null && nowMs >= shelvedUntilMs) due.push({ kind: 'unshelved', alarm, atMs: nowMs })
    if (!open || acknowledged || announcedMs === null) continue
    for (const [index, { afterMs, to }] of (rules.get(alarm)?.escalate ?? []).entries()) {
      if (index < escalated || nowMs - announcedMs < afterMs) continue
      due.push({ kind: 'escalated', alarm, atMs: nowMs, announcement: announcements, level: index + 1, to })
    }
  }
  return due
}

/** The line of the log for what an evaluator found. */
export function eventOf(
  rule: AlarmRule,
  {
    kind,
    eventMs,
    value,
  }: {
    readonly kind: 'raised' | 'cleared' | 'suppressed' | 'unsuppressed'
    readonly eventMs: number
    readonly value?: number
  },
  atMs: number,
  words?: string,
): AlarmEvent {
  const line = { alarm: rule.id, atMs, eventMs, ...(value === undefined ? {} : { value }) }
  if (kind !== 'raised') return { kind, ...line }
  return {
    kind,
    ...line,
    priority: rule.priority,
    notifyWindowMs: rule.notifyWindowMs,
    ...(rule.latching ? { latching: true } : {}),
    ...(words === undefined ? {} : { words }),
  }
}
