import { describe, expect, it } from 'vitest'
import { parseInstant } from '../../kernel/index.ts'
import { createCalendar, dayKinds, dayOfDate } from './calendar.ts'

const calendarOf = (zone: string, from: string, days: number, step = 60, holidays: readonly string[] = []) => {
  const startMs = parseInstant(from, zone)
  return createCalendar({ startMs, stepMs: step * 60_000, count: (days * 1440) / step }, zone, holidays)
}

describe('calendar of a forecast', () => {
  it('keeps the clock on the day with 23 hours: the skipped hour is that before it', () => {
    const calendar = calendarOf('Europe/Berlin', '2026-03-28', 3)
    const day = dayOfDate('2026-03-29')
    expect(calendar.day.filter((own) => own === day)).toHaveLength(23)
    // 01:00 CET is step 25 from the midnight of the day before; 02:00 is skipped; 03:00 CEST follows at once.
    expect(calendar.stepAt(day, 1)).toBe(25)
    expect(calendar.stepAt(day, 2)).toBe(25)
    expect(calendar.stepAt(day, 3)).toBe(26)
    expect(calendar.slot[26]).toBe(3)
  })

  it('takes the earlier of a repeated hour on the day with 25 hours', () => {
    const calendar = calendarOf('Europe/Berlin', '2026-10-24', 3)
    const day = dayOfDate('2026-10-25')
    expect(calendar.day.filter((own) => own === day)).toHaveLength(25)
    expect(calendar.stepAt(day, 2)).toBe(26)
    expect([calendar.slot[26], calendar.slot[27], calendar.slot[28]]).toEqual([2, 2, 3])
  })

  it('knows weekdays and that a holiday is a holiday on any of them', () => {
    const calendar = calendarOf('Asia/Shanghai', '2026-10-01', 7, 15, ['2026-10-01'])
    expect(dayKinds[calendar.kind(dayOfDate('2026-10-01'))]).toBe('holiday')
    expect(dayKinds[calendar.kind(dayOfDate('2026-10-02'))]).toBe('working day')
    expect(dayKinds[calendar.kind(dayOfDate('2026-10-03'))]).toBe('Saturday')
    expect(dayKinds[calendar.kind(dayOfDate('2026-10-04'))]).toBe('Sunday')
    expect(calendar.weekday(dayOfDate('2026-10-05'))).toBe(1)
  })

  it('has no step outside of its grid', () => {
    const calendar = calendarOf('UTC', '2026-01-01', 2)
    expect(calendar.stepAt(dayOfDate('2025-12-31'), 0)).toBe(-1)
    expect(calendar.stepAt(dayOfDate('2026-01-03'), 0)).toBe(-1)
    expect(calendar.stepAt(dayOfDate('2026-01-02'), 23)).toBe(47)
  })

  it('tells a false date', () => {
    expect(dayOfDate('2026-13-01')).toBeNaN()
  })
})
