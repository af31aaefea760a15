import { describe, expect, it } from 'vitest'
import { priorities } from '../schema.ts'
import type { AlarmEvent } from '../state/index.ts'
import { alarmKpis, priorityShares } from './index.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const raised = (alarm: string, atMs: number, priority = 'low'): AlarmEvent =>
  ({ kind: 'raised', alarm, atMs, eventMs: atMs, priority, notifyWindowMs: 0 }) as AlarmEvent
const cleared = (alarm: string, atMs: number): AlarmEvent => ({ kind: 'cleared', alarm, atMs, eventMs: atMs })
const period = { fromMs: 0, toMs: hourMs, operators: 1 }

describe('figures of a log', () => {
  it('of an hour, by hand', () => {
    const log = [
      // Eleven in the first ten minutes: a flood of one sixth of the hour.
      ...Array.from({ length: 11 }, (_, index) => raised(`a${index}`, index * 30_000, index < 2 ? 'high' : 'low')),
      // Three times within a minute, each gone at once.
      ...[0, 1, 2].flatMap((index) => [
        raised('chatter', 20 * minuteMs + index * 30_000, 'medium'),
        cleared('chatter', 20 * minuteMs + index * 30_000 + 5000),
      ]),
      cleared('a0', 40 * minuteMs),
      { kind: 'acknowledged', alarm: 'a0', atMs: 41 * minuteMs, user: 'm.rivera' } as AlarmEvent,
    ]
    const kpis = alarmKpis(log, period)
    expect(kpis.announcements).toBe(14)
    expect(kpis.averagePerTenMinutes).toMatchObject({ value: 14 / 6, met: false, most: 1 })
    expect(kpis.peakPerTenMinutes).toMatchObject({ value: 11, met: false, most: 10 })
    expect(kpis.floodShare.value).toBeCloseTo(1 / 6, 12)
    expect(kpis.topTenShare.value).toBeCloseTo(12 / 14, 12)
    expect(kpis.top[0]).toEqual({ alarm: 'chatter', count: 3 })
    expect(kpis.chatteringAlarms).toEqual(['chatter'])
    expect(kpis.fleetingAlarms).toEqual(['chatter'])
    // a1 to a10 are open, and so is what nobody acknowledged.
    expect(kpis.standing).toMatchObject({ value: 11, met: false })
    expect(kpis.byPriority.high).toEqual({ count: 2, share: 2 / 14 })
    expect(kpis.byPriority.critical.count).toBe(0)
    // With two operators it is no flood.
    expect(alarmKpis(log, { ...period, operators: 2 }).floodShare.value).toBe(0)
  })

  it('of a quiet time meet every target', () => {
    const { announcements: _, byPriority: __, top: ___, ...rest } = alarmKpis([], period)
    for (const verdict of Object.values(rest))
      if (!Array.isArray(verdict)) expect(verdict).toMatchObject({ value: 0, met: true })
  })

  it('count what stands since before the period, and nothing after it', () => {
    const day = 24 * hourMs
    const log = [raised('old', 0), raised('late', 3 * day)]
    const kpis = alarmKpis(log, { fromMs: 2 * day, toMs: 3 * day, operators: 1 })
    expect(kpis).toMatchObject({ announcements: 0, staleAlarms: ['old'], standing: { value: 1 } })
  })

  it('leave out what was shelved', () => {
    const log = [{ kind: 'shelved', alarm: 'a', atMs: 0, user: 'x', untilMs: hourMs } as AlarmEvent, raised('a', 1)]
    expect(alarmKpis(log, period).announcements).toBe(0)
  })
})

it('shares of the priorities make a whole, but for the rounding of the standard', () => {
  const sum = priorities.reduce((total, priority) => total + priorityShares[priority], 0)
  expect(Math.abs(sum - 1)).toBeLessThan(0.02)
})
