import { describe, expect, it } from 'vitest'
import { type Alarm, countWaiting, groupAlarms, newlyAnnounced } from './alarm.ts'
import { barsOf, type JournalLine, leftToRespondMs, shelvingTimes } from './announcements.ts'
import { afterMessage, type LiveAlarms, readMessage } from './live-alarms.ts'
import { conditionOf, valueText } from './written-condition.ts'

const alarm = (id: string, more: Partial<Alarm> = {}): Alarm => ({
  ...{ id: `park:${id}`, alarm: id, title: id, point: 'grid.powerKw', unit: 'kW', priority: 'low' },
  ...{ state: 'unacknowledged', condition: true, message: 'm', action: 'a', consequence: null },
  ...{ respondWithinMs: null, raisedMs: 1, clearedMs: null, announcedMs: 1, shelvedUntilMs: null },
  ...{ shelveAtMostMs: 28_800_000, value: null, explanation: null, escalated: 0, user: null, comment: null },
  ...more,
})

describe('the list', () => {
  it('has the gravest first, of one priority the newest, and each alarm in one part', () => {
    const parts = groupAlarms([
      alarm('old', { priority: 'high', announcedMs: 1 }),
      alarm('seen', { priority: 'critical', state: 'acknowledged' }),
      alarm('new', { priority: 'high', announcedMs: 2 }),
      alarm('low'),
      alarm('away', { state: 'shelved' }),
      alarm('over', { priority: 'critical', state: 'returned-unacknowledged' }),
      alarm('fine', { state: 'normal' }),
    ])
    const ids = (list: readonly Alarm[]) => list.map((one) => one.alarm)
    expect(ids(parts.waiting)).toEqual(['over', 'new', 'old', 'low'])
    expect(ids(parts.standing)).toEqual(['seen'])
    expect(ids(parts.hidden)).toEqual(['away'])
  })

  it('counts what waits by priority; what is acknowledged or hidden does not wait', () => {
    const alarms = [
      alarm('a', { priority: 'high' }),
      alarm('b', { state: 'acknowledged' }),
      alarm('c', { state: 'shelved' }),
    ]
    expect(countWaiting(alarms)).toEqual({ critical: 0, high: 1, medium: 0, low: 0 })
  })
})

describe('messages', () => {
  const none: LiveAlarms = { alarms: undefined, connected: false, lost: false, heardMs: 0, number: 0, fresh: [] }
  const first = afterMessage(none, { type: 'alarms', number: 7, complete: true, alarms: [alarm('a'), alarm('b')] }, 10)

  it('begin with all there are, which are no news', () => {
    expect([...first.alarms!.keys()]).toEqual(['park:a', 'park:b'])
    expect(first).toMatchObject({ connected: true, heardMs: 10, number: 7, fresh: [] })
  })

  it('then change what changed, take away what is normal, and tell what is announced anew', () => {
    const changed = [
      alarm('a', { state: 'acknowledged', user: 'somebody else' }),
      alarm('b', { state: 'normal' }),
      alarm('c', { announcedMs: 5 }),
    ]
    const next = afterMessage(first, { type: 'alarms', number: 8, alarms: changed }, 20)
    expect([...next.alarms!.values()].map((one) => [one.alarm, one.state])).toEqual([
      ['a', 'acknowledged'],
      ['c', 'unacknowledged'],
    ])
    expect(next.fresh.map((one) => one.alarm)).toEqual(['c'])
  })

  it('of a connection that was broken leave nothing behind that ended meanwhile', () => {
    const again = afterMessage(first, { type: 'alarms', number: 9, complete: true, alarms: [alarm('b')] }, 30)
    expect([...again.alarms!.keys()]).toEqual(['park:b'])
    expect(again.fresh).toEqual([])
  })

  it('of other kinds, and nonsense, are none', () => {
    for (const data of ['{"type":"subscribed"}', '{"type":"alarms"}', 'null', '[', ''])
      expect(readMessage(data)).toBeUndefined()
    expect(readMessage('{"type":"alarms","number":1,"alarms":[]}')).toMatchObject({ number: 1 })
  })

  it('announce an alarm again that came back, and not one that escalated', () => {
    expect(newlyAnnounced([alarm('a')], [alarm('a', { escalated: 1 })])).toEqual([])
    expect(newlyAnnounced([alarm('a')], [alarm('a', { announcedMs: 9 })])).toHaveLength(1)
    expect(newlyAnnounced([alarm('a', { state: 'acknowledged' })], [alarm('a')])).toHaveLength(1)
  })
})

describe('the strip', () => {
  const line = (atMs: number, more: Partial<JournalLine> = {}): JournalLine => ({
    ...{ number: 1, alarm: 'a', kind: 'raised', atMs, eventMs: atMs, user: null, comment: null },
    ...{ details: { priority: 'high' }, ...more },
  })

  it('counts what was raised in each part, by priority, and a line that stands twice once', () => {
    const lines = [
      line(0),
      line(9),
      line(9),
      line(9, { alarm: 'b', details: { priority: 'low' } }),
      line(10, { kind: 'cleared' }),
      line(25),
      line(-1),
      line(30),
    ]
    const bars = barsOf(lines, { fromMs: 0, toMs: 30, partMs: 10 })
    expect(bars.map(({ total }) => total)).toEqual([3, 0, 1])
    expect(bars[0]?.counts).toEqual({ critical: 0, high: 2, medium: 0, low: 1 })
  })
})

describe('times', () => {
  it('to respond end, and are told when they are over', () => {
    const own = alarm('a', { announcedMs: 100, respondWithinMs: 50 })
    expect([leftToRespondMs(own, 120), leftToRespondMs(own, 160), leftToRespondMs(alarm('b'), 0)]).toEqual([
      30,
      -10,
      undefined,
    ])
  })

  it('to shelve end with the longest that the rule allows', () => {
    expect(shelvingTimes(3_600_000).map((ms) => ms / 60_000)).toEqual([15, 30, 60])
    expect(shelvingTimes(600_000).map((ms) => ms / 60_000)).toEqual([10])
  })
})

describe('a condition', () => {
  const sections = {
    alarms: {
      rules: {
        high: { when: { kind: 'high', limit: '3.4 MW' } },
        count: { when: { kind: 'high', limit: 0.5 } },
        power: { when: { kind: 'low', limit: 12_000 } },
      },
    },
  }
  it('is told as it is written, a bare number in the unit of its point', () => {
    expect(conditionOf(sections, { alarm: 'high', unit: 'kW' })).toMatchObject({
      kind: 'high',
      values: { limit: '3.4 MW' },
    })
    expect(conditionOf(sections, { alarm: 'count', unit: '1' })?.values.limit).toBe('0.5')
    expect(conditionOf(sections, { alarm: 'power', unit: 'kW' })?.values.limit).toBe('12\u00a0MW')
  })

  it('is missing where the site does not tell it', () => {
    for (const odd of [{}, { alarms: null }, { alarms: { rules: [] } }, { alarms: { rules: { high: {} } } }])
      expect(conditionOf(odd, { alarm: 'high', unit: 'kW' })).toBeUndefined()
  })

  it('makes a share of a number without dimension only beside per cent', () => {
    expect([valueText(0.12, '1', '12 %'), valueText(2, '1', '0.5'), valueText(2, '1')]).toEqual(['12\u00a0%', '2', '2'])
  })
})
