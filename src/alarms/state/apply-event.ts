import type { AlarmEvent } from './alarm-event.ts'
import { type AlarmState, isHidden, unknownAlarm } from './alarm-state.ts'

/** States of the alarms of a site. */
export type AlarmStates = ReadonlyMap<string, AlarmState>

/**
 * One line more. What the evaluator found is there once: a line whose time is not newer than what the state knows of its kind
 * changes nothing, so that two nodes, or one that starts again, may write the same line twice.
 *
 * @returns the same object where nothing changed; undefined where the alarm is no more
 */
export function applyEvent(before: AlarmState | undefined, event: AlarmEvent): AlarmState | undefined {
  if (event.kind === 'removed') return undefined
  const state = before ?? unknownAlarm(event.alarm)
  const next = changed(state, event)
  return next === state ? before : { ...next, changedMs: event.atMs }
}

function changed(state: AlarmState, event: Exclude<AlarmEvent, { kind: 'removed' }>): AlarmState {
  switch (event.kind) {
    case 'raised': {
      // While it is suppressed nothing counts.
      if (state.condition || state.suppressed || (state.raisedMs !== null && event.eventMs <= state.raisedMs))
        return state
      const raised: AlarmState = {
        ...state,
        condition: true,
        raisedMs: event.eventMs,
        priority: event.priority,
        latching: event.latching ?? false,
        notifyWindowMs: event.notifyWindowMs,
        value: event.value ?? null,
        words: event.words ?? null,
      }
      return isHidden(raised) ? raised : announced(raised, event.atMs, event.eventMs)
    }
    case 'cleared': {
      if (!state.condition || (state.clearedMs !== null && event.eventMs < state.clearedMs)) return state
      const over = state.open && state.acknowledged && !state.latching
      return { ...state, condition: false, clearedMs: event.eventMs, open: state.open && !over }
    }
    case 'suppressed':
      if (state.suppressed || isOld(event.eventMs, state.suppressionMs)) return state
      return { ...hidden(state), suppressed: true, condition: false, suppressionMs: event.eventMs }
    case 'unsuppressed':
      if (!state.suppressed || isOld(event.eventMs, state.suppressionMs)) return state
      return shownAgain({ ...state, suppressed: false, suppressionMs: event.eventMs }, event.atMs)
    case 'acknowledged': {
      if (!state.open || state.acknowledged) return state
      return said({ ...state, acknowledged: true, open: state.condition || state.latching }, event)
    }
    case 'reset':
      if (!state.open || !state.latching || state.condition || !state.acknowledged) return state
      return said({ ...state, open: false }, event)
    case 'shelved':
      return said({ ...hidden(state), shelvedUntilMs: event.untilMs }, event)
    case 'unshelved':
      if (state.shelvedUntilMs === null) return state
      return shownAgain(said({ ...state, shelvedUntilMs: null }, event), event.atMs)
    case 'out-of-service':
      return state.outOfService ? state : said({ ...hidden(state), outOfService: true }, event)
    case 'in-service':
      return state.outOfService ? shownAgain(said({ ...state, outOfService: false }, event), event.atMs) : state
    case 'escalated':
      if (!state.open || state.acknowledged || event.announcement !== state.announcements) return state
      return event.level > state.escalated ? { ...state, escalated: event.level } : state
  }
}

const isOld = (eventMs: number, thanMs: number | null): boolean => thanMs !== null && eventMs < thanMs

const hidden = (state: AlarmState): AlarmState => ({ ...state, open: false, acknowledged: false })

/** Told to the operator; at most one notification a window, counted in the time of the field. */
function announced(state: AlarmState, atMs: number, eventMs: number): AlarmState {
  const notifies = state.notifiedMs === null || eventMs - state.notifiedMs >= state.notifyWindowMs
  return {
    ...state,
    open: true,
    acknowledged: false,
    announcements: state.announcements + 1,
    announcedMs: atMs,
    escalated: 0,
    ...(notifies ? { notifications: state.notifications + 1, notifiedMs: eventMs } : {}),
  }
}

/** Out of hiding: a condition that counts is a new alarm. */
const shownAgain = (state: AlarmState, atMs: number): AlarmState =>
  state.condition && !state.open && !isHidden(state)
    ? announced(state, atMs, Math.max(state.raisedMs ?? 0, atMs))
    : state

const said = (
  state: AlarmState,
  { user, comment }: { readonly user?: string; readonly comment?: string },
): AlarmState => ({ ...state, user: user ?? null, comment: comment ?? null })

/**
 * The states after a log. `foldLog(rest, foldLog(beginning))` is `foldLog(whole)`.
 *
 * @param seen told of each line that changed something
 */
export function foldLog(
  events: Iterable<AlarmEvent>,
  states: AlarmStates = new Map(),
  seen?: (event: AlarmEvent, before: AlarmState | undefined, after: AlarmState | undefined) => void,
): AlarmStates {
  const next = new Map(states)
  for (const event of events) {
    const before = next.get(event.alarm)
    const after = applyEvent(before, event)
    if (after === before) continue
    if (after) next.set(event.alarm, after)
    else next.delete(event.alarm)
    seen?.(event, before, after)
  }
  return next
}
