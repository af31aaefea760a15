import { type Priority, priorities } from '../schema.ts'
import { type AlarmEvent, type AlarmStates, foldLog } from '../state/index.ts'
import { floodAbove, type Target, targets } from './targets.ts'

const tenMinutesMs = 600_000
const minuteMs = 60_000
const dayMs = 86_400_000
/** A chattering alarm is announced so often within a minute, as alarm systems are usually held to. */
const chatterCount = 3
/** An alarm that is gone sooner than anybody could act on it. */
const fleetingMs = 60_000
const topCount = 10

export interface KpiPeriod {
  /** Inclusive. */
  readonly fromMs: number
  /** Exclusive. */
  readonly toMs: number
  /** Among whom alarms are shared evenly. */
  readonly operators: number
}

export interface Verdict extends Target {
  readonly value: number
  readonly met: boolean
}

export interface AlarmKpis {
  readonly announcements: number
  readonly averagePerTenMinutes: Verdict
  readonly peakPerTenMinutes: Verdict
  readonly floodShare: Verdict
  readonly topTenShare: Verdict
  readonly chattering: Verdict
  readonly fleeting: Verdict
  readonly stale: Verdict
  readonly standing: Verdict
  /** Announced, by priority. */
  readonly byPriority: Readonly<Record<Priority, { readonly count: number; readonly share: number }>>
  /** The alarms that were announced most, with how often. */
  readonly top: readonly { readonly alarm: string; readonly count: number }[]
  readonly chatteringAlarms: readonly string[]
  readonly fleetingAlarms: readonly string[]
  /** Announced and not over at the end of the period for more than a day. */
  readonly staleAlarms: readonly string[]
}

interface Announced {
  readonly alarm: string
  readonly atMs: number
  readonly priority: Priority
}

/**
 * How well operators can keep up, from a log of alarms: what was announced to them, so not what was shelved, suppressed or out of
 * service. Time is when the server took it down, which is when an operator heard of it. Rates are those of one operator. Parts of
 * ten minutes begin with the period; the last may be shorter and counts for as much as it is long.
 *
 * @param events in the order of the log, from its beginning or from `states` on
 * @param states what came before `events`
 */
export function alarmKpis(
  events: Iterable<AlarmEvent>,
  { fromMs, toMs, operators }: KpiPeriod,
  states: AlarmStates = new Map(),
): AlarmKpis {
  const announced: Announced[] = []
  const fleeting = new Set<string>()
  const untilEnd: AlarmEvent[] = []
  for (const event of events) if (event.atMs < toMs) untilEnd.push(event)
  const atEnd = foldLog(untilEnd, states, (event, before, after) => {
    if (event.atMs < fromMs || !after) return
    if (after.announcements > (before?.announcements ?? 0)) {
      announced.push({ alarm: event.alarm, atMs: event.atMs, priority: after.priority })
    }
    if (
      event.kind === 'cleared' &&
      before?.open &&
      before.raisedMs !== null &&
      event.eventMs - before.raisedMs < fleetingMs
    ) {
      fleeting.add(event.alarm)
    }
  })
  const parts = perTenMinutes(announced, fromMs, toMs)
  const lengthMs = toMs - fromMs
  const rates = parts.map((count) => count / operators)
  const floodMs = rates.reduce(
    (sum, rate, index) => sum + (rate > floodAbove ? Math.min(tenMinutesMs, lengthMs - index * tenMinutesMs) : 0),
    0,
  )
  const counts = [...Map.groupBy(announced, ({ alarm }) => alarm)].map(([alarm, own]) => ({ alarm, count: own.length }))
  const top = counts.toSorted((a, b) => b.count - a.count || (a.alarm < b.alarm ? -1 : 1)).slice(0, topCount)
  const chatteringAlarms = chatteringOf(announced)
  const open = [...atEnd.values()].filter((state) => state.open)
  const staleAlarms = open.filter(({ announcedMs }) => toMs - (announcedMs ?? toMs) > dayMs).map(({ alarm }) => alarm)
  const total = announced.length
  return {
    announcements: total,
    averagePerTenMinutes: verdict('averagePerTenMinutes', total / operators / (lengthMs / tenMinutesMs)),
    peakPerTenMinutes: verdict(
      'peakPerTenMinutes',
      rates.reduce((most, rate) => Math.max(most, rate), 0),
    ),
    floodShare: verdict('floodShare', floodMs / lengthMs),
    // Of few alarms ten are all: that says nothing of one that comes too often.
    topTenShare: verdict(
      'topTenShare',
      counts.length <= topCount ? 0 : top.reduce((sum, { count }) => sum + count, 0) / total,
    ),
    chattering: verdict('chattering', chatteringAlarms.length),
    fleeting: verdict('fleeting', fleeting.size),
    stale: verdict('stale', staleAlarms.length),
    standing: verdict('standing', open.length),
    byPriority: Object.fromEntries(
      priorities.map((priority) => {
        const count = announced.filter((one) => one.priority === priority).length
        return [priority, { count, share: total === 0 ? 0 : count / total }]
      }),
    ) as unknown as AlarmKpis['byPriority'],
    top,
    chatteringAlarms,
    fleetingAlarms: [...fleeting].sort(),
    staleAlarms: staleAlarms.sort(),
  }
}

const verdict = (name: keyof typeof targets, value: number): Verdict => ({
  value,
  met: value <= targets[name].most,
  ...targets[name],
})

function perTenMinutes(announced: readonly Announced[], fromMs: number, toMs: number): readonly number[] {
  const counts = new Array<number>(Math.ceil((toMs - fromMs) / tenMinutesMs)).fill(0)
  for (const { atMs } of announced) counts[Math.floor((atMs - fromMs) / tenMinutesMs)]! += 1
  return counts
}

/** Alarms that came three times within some minute. */
function chatteringOf(announced: readonly Announced[]): readonly string[] {
  const found: string[] = []
  for (const [alarm, own] of Map.groupBy(announced, (one) => one.alarm)) {
    const times = own.map(({ atMs }) => atMs).sort((a, b) => a - b)
    const isClose = (last: number): boolean => times[last]! - times[last - chatterCount + 1]! <= minuteMs
    for (let last = chatterCount - 1; last < times.length; last += 1) {
      if (!isClose(last)) continue
      found.push(alarm)
      break
    }
  }
  return found.sort()
}
