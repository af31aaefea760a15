import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keptSearch, readFrameSearch, withMoment } from './frame-search.ts'
import { keyedMoment } from './keyed-moment.ts'
import { marksOf } from './time-marks.ts'
import { ticksOf, zoneOffsetMs } from './time-ticks.ts'
import { momentAt, shareOf, spanOfWidth, spans, viewOf, widthOf, within, zoomed } from './time-view.ts'
import { playedTo } from './use-playback.ts'
import { earliestOf } from './use-reach.ts'
import { viewLink } from './view-link.ts'
import { everyMs, nextPage, wallPages } from './wall-turns.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const nowMs = Date.UTC(2026, 10, 26, 12, 7)
const reach = { fromMs: nowMs - 400 * dayMs, toMs: nowMs + 24 * hourMs }

describe('the address of the frame', () => {
  it('keeps what it understands of what anybody wrote there', () => {
    expect(readFrameSearch({ at: 5, span: 'week', wall: 'park,plan', every: '30s' })).toEqual({
      at: 5,
      span: 'week',
      wall: 'park,plan',
      every: '30s',
    })
    expect(readFrameSearch({ at: '5', span: 'year', wall: '', every: 3 })).toEqual({})
    expect(readFrameSearch({ at: 1e300, span: -4, wall: { a: 1 } })).toEqual({})
    expect(readFrameSearch({ span: 6.5, wall: 1 })).toEqual({ span: 6.5, wall: 1 })
  })

  it('takes nothing of one page along to another', () => {
    expect(keptSearch({ at: 5, points: 'grid.powerKw' })).toEqual({ at: 5 })
    expect(withMoment({ points: 'a.b', at: 5 }, undefined)).toEqual({ points: 'a.b' })
    expect(withMoment({ points: 'a.b' }, 7)).toEqual({ points: 'a.b', at: 7 })
  })

  it('becomes a link with its moment, which is no wall', () => {
    const link = viewLink('https://park.example/sites/a/trends?points=x.y&wall=1&every=30s#part', 1234.6)
    expect(link).toBe('https://park.example/sites/a/trends?points=x.y&at=1235')
  })
})

describe('the view of the time bar', () => {
  const around = { nowMs, momentMs: nowMs, reach, heldFromMs: undefined }

  it('has now in it, with no more of the future than is planned', () => {
    const day = viewOf({ ...around, widthMs: widthOf('day') })
    expect(day).toEqual({ fromMs: nowMs - dayMs, toMs: nowMs + dayMs })
    const month = viewOf({ ...around, widthMs: widthOf('month') })
    expect(month.toMs - nowMs).toBeCloseTo(dayMs + 0.06 * widthOf('month'), -1)
  })

  it('goes to a moment that is out of it, and stays where somebody left it', () => {
    const momentMs = nowMs - 100 * dayMs
    const there = viewOf({ ...around, momentMs, widthMs: widthOf('week') })
    expect(shareOf(there, momentMs)).toBeCloseTo(0.5)
    const held = viewOf({ ...around, momentMs, widthMs: widthOf('week'), heldFromMs: 7 })
    expect(held).toEqual({ fromMs: 7, toMs: 7 + widthOf('week') })
  })

  it('zooms about the pointer: what is under it stays there, within the least and the most', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        fc.double({ min: 0.3, max: 3, noNaN: true }),
        (share, factor) => {
          const view = { fromMs: nowMs - 20 * dayMs, toMs: nowMs - 10 * dayMs }
          const next = zoomed(view, share, factor, reach)
          expect(momentAt(next, share)).toBeCloseTo(momentAt(view, share), -2)
        },
      ),
    )
    const view = { fromMs: nowMs - dayMs, toMs: nowMs }
    expect(zoomed(view, 0.5, 1e-9, reach).toMs - zoomed(view, 0.5, 1e-9, reach).fromMs).toBe(3 * hourMs)
    const wide = zoomed(view, 0.5, 1e9, reach)
    expect(wide.toMs - wide.fromMs).toBeCloseTo(1.2 * (reach.toMs - reach.fromMs), -1)
  })

  it('does not leave what is known', () => {
    const far = within({ fromMs: nowMs + 900 * dayMs, toMs: nowMs + 902 * dayMs }, reach)
    expect(far.fromMs).toBeLessThan(reach.toMs)
    expect(far.toMs - far.fromMs).toBe(2 * dayMs)
  })

  it('has a name for its span, or hours', () => {
    for (const span of spans) expect(spanOfWidth(widthOf(span))).toBe(span)
    expect(spanOfWidth(6.52 * hourMs)).toBe(6.5)
    expect(widthOf(6.5)).toBe(6.5 * hourMs)
  })
})

describe('ticks of the time bar', () => {
  const clock = (zone: string) => (atMs: number) =>
    new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(atMs)

  it.each([
    ['Asia/Shanghai', 8],
    ['Asia/Kolkata', 5.5],
    ['America/St_Johns', -3.5],
  ])('knows how far %s is from UTC', (zone, hours) => {
    expect(zoneOffsetMs(nowMs, zone)).toBe(hours * hourMs)
  })

  it('stands at round hours of the clock of the site, on the day it changes too', () => {
    // In Madrid the clock goes back from 3 to 2 in the night to 2026-10-25.
    const view = { fromMs: Date.UTC(2026, 9, 24, 12), toMs: Date.UTC(2026, 9, 26, 12) }
    const ticks = ticksOf(view, 'Europe/Madrid', 8)
    expect(ticks.map(({ atMs }) => clock('Europe/Madrid')(atMs))).toEqual([
      '18:00',
      '00:00',
      '06:00',
      '12:00',
      '18:00',
      '00:00',
      '06:00',
      '12:00',
    ])
    expect(ticks.map(({ says }) => says).filter((says) => says === 'day')).toHaveLength(2)
  })

  it.each([2, 6, 12])('are never more than have room, from hours to decades (%i)', (most) => {
    for (const hours of [3, 48, 168, 720, 9000, 90_000, 200_000]) {
      const ticks = ticksOf({ fromMs: nowMs - hours * hourMs, toMs: nowMs }, 'Asia/Shanghai', most)
      expect(ticks.length, `${hours} h`).toBeLessThanOrEqual(most + 1)
      expect(ticks.map(({ atMs }) => atMs)).toEqual(ticks.map(({ atMs }) => atMs).toSorted((a, b) => a - b))
    }
  })

  it('stand on Mondays and on firsts of a month where there is no room for days', () => {
    const weeks = ticksOf({ fromMs: nowMs - 40 * dayMs, toMs: nowMs }, 'UTC', 8)
    expect(new Set(weeks.map(({ atMs }) => new Date(atMs).getUTCDay()))).toEqual(new Set([1]))
    const months = ticksOf({ fromMs: nowMs - 300 * dayMs, toMs: nowMs }, 'Asia/Shanghai', 8)
    expect(months.every(({ says }) => says === 'month')).toBe(true)
    expect(months.map(({ atMs }) => new Date(atMs + 8 * hourMs).getUTCDate())).toEqual(months.map(() => 1))
  })
})

describe('keys of the time bar', () => {
  const press = (key: string, shiftKey = false) => keyedMoment({ key, shiftKey }, nowMs, reach)
  const at = (hour: number, minute: number, day = 26) => Date.UTC(2026, 10, day, hour, minute)

  it('move by quarters of an hour, hours and days, and to the ends', () => {
    expect(press('ArrowRight')).toBe(at(12, 15))
    expect(press('ArrowLeft')).toBe(at(12, 0))
    expect(press('PageDown')).toBe(at(11, 0))
    expect(press('PageUp')).toBe(at(13, 0))
    expect(press('ArrowLeft', true)).toBe(at(12, 15, 25))
    expect(press('Home')).toBe(reach.fromMs)
    expect(press('End')).toBe(reach.toMs)
    expect(press('a')).toBeUndefined()
  })

  it('stop at the end of the plan', () => {
    expect(keyedMoment({ key: 'PageUp', shiftKey: false }, reach.toMs, reach)).toBe(reach.toMs)
  })
})

describe('playing', () => {
  it('runs as many times faster as was chosen, and ends with the plan', () => {
    expect(playedTo({ timestampMs: 1000, speed: 60, elapsedMs: 250 }, 1e6)).toEqual({
      timestampMs: 16_000,
      ended: false,
    })
    expect(playedTo({ timestampMs: 1000, speed: 600, elapsedMs: 250 }, 90_000)).toEqual({
      timestampMs: 90_000,
      ended: true,
    })
  })
})

describe('marks of alarms', () => {
  const raised = (atMs: number, priority: string, alarm = 'a') => ({
    ...{ number: 1, alarm, kind: 'raised', atMs, eventMs: atMs, user: null, comment: null },
    details: { priority },
  })
  it('stand where alarms were raised, the gravest of those that are close', () => {
    const view = { fromMs: 0, toMs: 160_000 }
    const marks = marksOf([raised(50_100, 'low'), raised(50_200, 'high', 'b'), raised(900_000, 'critical')], view)
    expect(marks).toEqual([{ share: expect.closeTo(0.3156, 3), atMs: 50_500, priority: 'high', count: 2 }])
  })
})

describe('how far back observations go', () => {
  it('is the first of all points, and nothing where there is none', () => {
    expect(earliestOf({ a: { timestampsMs: [9] }, b: { timestampsMs: [4] }, c: { timestampsMs: [] } })).toBe(4)
    expect(earliestOf({ c: { timestampsMs: [] } })).toBeUndefined()
  })
})

describe('a wall', () => {
  it('shows pages in turn, those there are', () => {
    const turns = wallPages('park, plan,nonsense,alarms')
    expect(turns).toEqual(['park', 'plan', 'alarms'])
    expect(nextPage(turns, 'alarms')).toBe('park')
    expect(nextPage(turns, 'carbon')).toBe('park')
    expect(nextPage(wallPages(1), 'park')).toBeUndefined()
  })

  it('keeps a page half a minute unless it is told otherwise, never less than five seconds', () => {
    expect([everyMs(undefined), everyMs('2m'), everyMs('1h'), everyMs('1s'), everyMs('soon')]).toEqual([
      30_000, 120_000, 3_600_000, 5000, 30_000,
    ])
  })
})
