import { type AlarmEvent, type AlarmStateName, stateName, unknownAlarm } from '../../alarms/index.ts'
import { serverErrors } from '../errors.ts'
import { type AlarmView, alarmId, alarmView } from './alarm-view.ts'
import type { Alarms } from './create-alarms.ts'

/** What an operator can do about an alarm. */
export const deskActions = [
  ...(['acknowledge', 'reset', 'shelve', 'unshelve', 'out-of-service', 'in-service'] as const),
] as const
export type DeskAction = (typeof deskActions)[number]

export interface DeskRequest {
  readonly site: string
  readonly alarm: string
  readonly action: DeskAction
  readonly user: string
  readonly comment?: string
  /** Of `shelve`. */
  readonly forMs?: number
}

/** In which state an action does something; in the states of `done` it was done already, and nothing needs to be. */
const fits: Readonly<
  Record<DeskAction, { readonly from: readonly AlarmStateName[]; readonly done: readonly AlarmStateName[] }>
> = {
  acknowledge: {
    from: ['unacknowledged', 'returned-unacknowledged', 'latched-unacknowledged'],
    done: ['acknowledged', 'latched-acknowledged'],
  },
  reset: { from: ['latched-acknowledged'], done: [] },
  shelve: {
    from: [
      ...(['normal', 'unacknowledged', 'acknowledged', 'returned-unacknowledged'] as const),
      ...(['latched-unacknowledged', 'latched-acknowledged', 'shelved'] as const),
    ],
    done: [],
  },
  unshelve: { from: ['shelved'], done: [] },
  'out-of-service': {
    from: [
      ...(['normal', 'unacknowledged', 'acknowledged', 'returned-unacknowledged'] as const),
      ...(['latched-unacknowledged', 'latched-acknowledged', 'shelved', 'suppressed'] as const),
    ],
    done: ['out-of-service'],
  },
  'in-service': { from: ['out-of-service'], done: [] },
}

/**
 * Does what an operator wants; it is in the log, on the disk, when this returns.
 *
 * @throws `server.unknown-alarm`, `server.alarm-state`, `server.bad-input` for a time of shelving that is too long
 */
export async function actOnAlarm(alarms: Alarms, request: DeskRequest): Promise<AlarmView> {
  const { site, alarm, action } = request
  const own = alarms.of(site)
  const rule = own?.rules.get(alarm)
  if (!own || !rule) {
    throw serverErrors.unknownAlarm({
      detail: 'The site has no such alarm',
      found: alarmId(site, alarm),
      expected: [...(own?.rules.keys() ?? [])].slice(0, 20).join(', ') || 'the site declares no alarms',
    })
  }
  await own.log.catchUp()
  const state = own.log.states().get(alarm) ?? unknownAlarm(alarm)
  const name = stateName(state)
  const { from, done } = fits[action]
  if (done.includes(name)) return alarmView(site, rule, state)
  if (!from.includes(name)) {
    throw serverErrors.alarmState({
      detail: `There is nothing to ${action} of this alarm now`,
      found: name,
      expected: from.join(', '),
    })
  }
  await own.log.append([eventOf(request, rule.shelveAtMostMs, alarms.steady.now())])
  return alarmView(site, rule, own.log.states().get(alarm))
}

function eventOf(
  { alarm, action, user, comment, forMs }: DeskRequest,
  shelveAtMostMs: number,
  atMs: number,
): AlarmEvent {
  const line = { alarm, atMs, user, ...(comment === undefined ? {} : { comment }) }
  switch (action) {
    case 'acknowledge':
      return { kind: 'acknowledged', ...line }
    case 'unshelve':
      return { kind: 'unshelved', ...line }
    case 'shelve': {
      const wanted = forMs ?? shelveAtMostMs
      if (wanted <= shelveAtMostMs) return { kind: 'shelved', ...line, untilMs: atMs + wanted }
      throw serverErrors.badInput({
        detail: 'This alarm may not be shelved for so long',
        place: { path: 'body.for' },
        found: `${wanted / 60_000} min`,
        expected: `at most ${shelveAtMostMs / 60_000} min`,
      })
    }
    default:
      return { kind: action, ...line }
  }
}
