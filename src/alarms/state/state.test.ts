import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rule, rulesOf, siteWith } from '../alarms.fixture.ts'
import {
  type AlarmEvent,
  type AlarmEventKind,
  type AlarmState,
  type AlarmStateName,
  type AlarmStates,
  applyEvent,
  dueEvents,
  foldLog,
  isHidden,
  stateName,
} from './index.ts'

const windowMs = 900_000

/** A line of the log of alarm `a`, with what its kind needs. */
function line(kind: AlarmEventKind, atMs: number, more: Record<string, unknown> = {}): AlarmEvent {
  const found = { eventMs: atMs, priority: 'high', notifyWindowMs: windowMs }
  const said = { user: 'm.rivera', untilMs: atMs + 3_600_000, announcement: 1, level: 1, to: 'manager' }
  return { kind, alarm: 'a', atMs, ...found, ...said, ...more } as unknown as AlarmEvent
}

const stateAfter = (...kinds: readonly (AlarmEventKind | 'latched')[]): AlarmState | undefined =>
  foldLog(
    kinds.map((kind, index) =>
      kind === 'latched' ? line('raised', index + 1, { latching: true }) : line(kind, index + 1),
    ),
  ).get('a')

describe('the states of ISA-18.2', () => {
  it.each<[readonly (AlarmEventKind | 'latched')[], AlarmStateName]>([
    [['raised'], 'unacknowledged'],
    [['raised', 'acknowledged'], 'acknowledged'],
    [['raised', 'acknowledged', 'cleared'], 'normal'],
    [['raised', 'cleared'], 'returned-unacknowledged'],
    [['raised', 'cleared', 'acknowledged'], 'normal'],
    [['raised', 'cleared', 'raised'], 'unacknowledged'],
    [['raised', 'acknowledged', 'cleared', 'raised'], 'unacknowledged'],
    [['latched', 'cleared'], 'latched-unacknowledged'],
    [['latched', 'cleared', 'acknowledged'], 'latched-acknowledged'],
    [['latched', 'acknowledged', 'cleared'], 'latched-acknowledged'],
    [['latched', 'cleared', 'reset'], 'latched-unacknowledged'],
    [['latched', 'cleared', 'acknowledged', 'reset'], 'normal'],
    [['latched', 'acknowledged', 'reset'], 'acknowledged'],
    [['raised', 'shelved'], 'shelved'],
    [['raised', 'shelved', 'unshelved'], 'unacknowledged'],
    [['raised', 'acknowledged', 'shelved', 'unshelved'], 'unacknowledged'],
    [['raised', 'shelved', 'cleared', 'unshelved'], 'normal'],
    [['shelved', 'raised', 'unshelved'], 'unacknowledged'],
    [['raised', 'suppressed'], 'suppressed'],
    [['raised', 'suppressed', 'unsuppressed'], 'normal'],
    [['raised', 'out-of-service'], 'out-of-service'],
    [['raised', 'out-of-service', 'in-service'], 'unacknowledged'],
    [['shelved', 'suppressed', 'out-of-service'], 'out-of-service'],
    [['shelved', 'suppressed', 'out-of-service', 'in-service'], 'suppressed'],
    [['acknowledged', 'cleared', 'unshelved'], 'normal'],
  ])('after %j it is %s', (kinds, name) => {
    const state = stateAfter(...kinds)
    expect(state ? stateName(state) : 'normal').toBe(name)
  })

  it('end with the rule', () => {
    expect(stateAfter('raised', 'removed')).toBeUndefined()
  })
})

const kinds: readonly AlarmEventKind[] = [
  ...(['raised', 'cleared', 'raised', 'cleared', 'acknowledged', 'reset', 'shelved', 'unshelved'] as const),
  ...(['suppressed', 'unsuppressed', 'out-of-service', 'in-service', 'escalated', 'removed'] as const),
]
const anyLine = fc.record({
  kind: fc.constantFrom(...kinds),
  alarm: fc.constantFrom('a', 'b', 'c'),
  waitMs: fc.integer({ min: 0, max: 400_000 }),
  backMs: fc.constantFrom(0, 0, 0, 600_000),
  latching: fc.boolean(),
  announcement: fc.integer({ min: 0, max: 4 }),
})
const anyLog = fc.array(anyLine, { maxLength: 80 }).map((lines) => {
  let atMs = 0
  return lines.map(({ kind, alarm, waitMs, backMs, latching, announcement }) => {
    atMs += waitMs
    return line(kind, atMs, { alarm, eventMs: atMs - backMs, announcement, ...(latching ? { latching } : {}) })
  })
})
const asJson = (states: AlarmStates): AlarmStates => new Map(JSON.parse(JSON.stringify([...states])) as [])

describe('the fold of the log', () => {
  it('of a beginning and of the rest is that of the whole, through JSON too', () => {
    fc.assert(
      fc.property(anyLog, fc.nat(80), (log, at) => {
        const whole = foldLog(log)
        expect(foldLog(log.slice(at), asJson(foldLog(log.slice(0, at))))).toEqual(whole)
      }),
    )
  })

  it('of a log in which what the evaluator found stands twice is that of the log', () => {
    const found = new Set<AlarmEventKind>(['raised', 'cleared'])
    fc.assert(
      fc.property(anyLog, fc.array(fc.nat(5), { minLength: 1 }), (log, picks) => {
        // Field time that goes on, as an evaluator gives it; the second node is late by any number of lines.
        const steady = log
          .filter(({ kind }) => found.has(kind))
          .map((event, index) => ({ ...event, eventMs: index * 60_000 }))
        const doubled: AlarmEvent[] = []
        const waiting: AlarmEvent[] = []
        for (const [index, event] of steady.entries()) {
          doubled.push(event as AlarmEvent)
          waiting.push(event as AlarmEvent)
          for (let count = picks[index % picks.length]!; count > 0 && waiting.length > 0; count -= 1)
            doubled.push(waiting.shift()!)
        }
        const [once, twice] = [foldLog(steady as AlarmEvent[]), foldLog([...doubled, ...waiting])]
        const facts = (states: AlarmStates) =>
          [...states.values()].map(({ alarm, condition, open, announcements, notifications, raisedMs, clearedMs }) => ({
            ...{ alarm, condition, open, announcements, notifications, raisedMs, clearedMs },
          }))
        expect(facts(twice)).toEqual(facts(once))
      }),
    )
  })

  it('keeps every alarm in one state that fits its parts', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        for (const state of foldLog(log).values()) {
          if (isHidden(state)) expect(state.open).toBe(false)
          if (state.suppressed) expect(state.condition).toBe(false)
          // What counts and is not hidden is announced.
          if (state.condition && !isHidden(state)) expect(state.open).toBe(true)
          if (state.open) expect(state.announcements).toBeGreaterThan(0)
          expect(state.notifications).toBeLessThanOrEqual(state.announcements)
        }
      }),
    )
  })

  it('gives flapping input one notification a window at most', () => {
    const flaps = fc.array(
      fc.record({ on: fc.integer({ min: 1, max: 200_000 }), off: fc.integer({ min: 1, max: 200_000 }) }),
      {
        minLength: 1,
        maxLength: 60,
      },
    )
    fc.assert(
      fc.property(flaps, fc.boolean(), (cycles, acknowledges) => {
        let ms = 0
        const log = cycles.flatMap(({ on, off }) => {
          const raised = line('raised', ms + off)
          ms += off + on
          const cleared = line('cleared', ms)
          return acknowledges ? [raised, line('acknowledged', ms - 1), cleared] : [raised, cleared]
        })
        const times: number[] = []
        foldLog(log, new Map(), (event, before, next) => {
          if ((next?.notifications ?? 0) > (before?.notifications ?? 0)) times.push(event.atMs)
        })
        expect(times.length).toBeGreaterThan(0)
        for (const [index, time] of times.entries())
          if (index > 0) expect(time - times[index - 1]!).toBeGreaterThanOrEqual(windowMs)
      }),
    )
  })

  it('returns the same object for a line that changes nothing', () => {
    const state = foldLog([line('raised', 10)]).get('a')
    expect(applyEvent(state, line('raised', 10))).toBe(state)
    expect(applyEvent(state, line('escalated', 20, { announcement: 7 }))).toBe(state)
    expect(applyEvent(undefined, line('cleared', 1))).toBeUndefined()
  })
})

describe('time', () => {
  const rules = new Map(
    rulesOf(
      siteWith(
        rule(
          'a',
          'point: hall.feedKw, when: { kind: high, limit: 5 }, escalate: [{ after: 10m, to: manager }, { after: 5m, to: operators }]',
        ),
      ),
    ).map((own) => [own.id, own]),
  )
  it('escalates what nobody acknowledged, level by level and once', () => {
    let states = foldLog([line('raised', 0)])
    const due = (nowMs: number): readonly string[] => {
      const events = dueEvents(states, rules, nowMs)
      states = foldLog(events, states)
      return events.map((event) => (event.kind === 'escalated' ? `${event.level} ${event.to}` : event.kind))
    }
    expect(due(299_000)).toEqual([])
    expect(due(300_000)).toEqual(['1 operators'])
    expect(due(310_000)).toEqual([])
    expect(due(700_000)).toEqual(['2 manager'])
    states = foldLog([line('acknowledged', 710_000)], states)
    expect(due(9e9)).toEqual([])
  })

  it('ends shelving', () => {
    const states = foldLog([line('raised', 0), line('shelved', 1, { untilMs: 1000 })])
    expect(dueEvents(states, rules, 999)).toEqual([])
    const ended = foldLog(dueEvents(states, rules, 1000), states).get('a')
    expect(stateName(ended!)).toBe('unacknowledged')
    expect(ended?.user).toBeNull()
  })
})
