import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MangroveError } from '../errors.ts'
import { parseDuration } from './duration.ts'
import {
  clockToMs,
  formatIso,
  localDayGrid,
  localParts,
  localToMs,
  offsetMsAt,
  parseInstant,
  stampReader,
} from './zone.ts'

const hourMs = 3_600_000

describe('local time', () => {
  it.each([
    ['2026-03-29', 'Europe/Madrid', 23],
    ['2026-10-25', 'Europe/Madrid', 25],
    ['2026-07-06', 'Asia/Shanghai', 24],
    ['2026-04-05', 'Australia/Lord_Howe', 24.5],
  ])('the day %s in %s has %d hours', (date, zone, hours) => {
    const [year, month, day] = date.split('-').map(Number) as [number, number, number]
    expect(localDayGrid(year, month, day, zone, hourMs / 4).count).toBe(hours * 4)
  })

  it('refuses clock time that the spring change skips and takes the earlier of repeated time', () => {
    expect(() => parseInstant('2026-03-29T02:30', 'Europe/Madrid')).toThrow(MangroveError)
    expect(parseInstant('2026-10-25T02:30', 'Europe/Madrid')).toBe(Date.UTC(2026, 9, 25, 0, 30))
    const later = localToMs({ year: 2026, month: 10, day: 25, hour: 2, minute: 30 }, 'Europe/Madrid', 'later')
    expect(later).toBe(Date.UTC(2026, 9, 25, 1, 30))
  })

  it('moves daily clock time that spring skips as far as the clock jumps, and keeps all other', () => {
    const at = (hour: number) => clockToMs({ year: 2026, month: 3, day: 29, hour, minute: 30 }, 'Europe/Madrid')
    expect([at(1), at(2), at(3)]).toEqual([0, 1, 1].map((hour) => Date.UTC(2026, 2, 29, hour, 30)))
    expect(() => clockToMs({ year: 2026, month: 2, day: 30, hour: 0, minute: 0 }, 'UTC')).toThrow(MangroveError)
  })

  it('begins a day without midnight at its first moment', () => {
    expect(formatIso(parseInstant('2026-09-06', 'America/Santiago'), 'America/Santiago')).toBe(
      '2026-09-06T01:00:00-03:00',
    )
    expect(() => parseInstant('2026-09-06T00:00', 'America/Santiago')).toThrow(MangroveError)
  })

  it.each(['2026-07-06T00:00+99:99', '2026-07-06T00:00+15:00', '2026-07-06T00:00+08:60', '20260706'])(
    'refuses %s',
    (text) => {
      expect(() => parseInstant(text, 'UTC')).toThrow(MangroveError)
    },
  )

  it.each(['foo', 'YYYY', 'YYYY-MM-DD YYYY', 'DD/MM HH:mm'])('refuses the pattern %s', (pattern) => {
    expect(() => stampReader(pattern)).toThrow(MangroveError)
  })

  it.each(['0m', '0h', 'PT0S', '-15m', '15', ''])('refuses the duration "%s"', (text) => {
    expect(() => parseDuration(text)).toThrow(MangroveError)
  })

  it('reads and writes ISO 8601 with offsets', () => {
    const startMs = parseInstant('2026-07-06', 'Asia/Shanghai')
    expect(startMs).toBe(Date.UTC(2026, 6, 5, 16))
    expect(formatIso(startMs, 'Asia/Shanghai')).toBe('2026-07-06T00:00:00+08:00')
    expect(parseInstant('2023-01-01 00:00:00+08:00', 'UTC')).toBe(Date.UTC(2022, 11, 31, 16))
    expect(parseInstant('2023-01-01T00:00:00Z', 'Asia/Seoul')).toBe(Date.UTC(2023, 0, 1))
    expect(formatIso(Date.UTC(2026, 0, 1), 'America/St_Johns')).toBe('2025-12-31T20:30:00-03:30')
  })

  it('agrees with the platform’s calendar at any moment, in zones with and without changes', () => {
    const zones = ['Europe/Madrid', 'Asia/Shanghai', 'America/Santiago', 'Australia/Lord_Howe', 'Africa/Nairobi']
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(1995, 0, 1), max: Date.UTC(2035, 0, 1) }),
        fc.constantFrom(...zones),
        (timestampMs, zone) => {
          const parts = new Intl.DateTimeFormat('en-CA', {
            timeZone: zone,
            hourCycle: 'h23',
            year: 'numeric',
            month: '2-digit',
            day: '2-digit',
            hour: '2-digit',
            minute: '2-digit',
          }).formatToParts(timestampMs)
          const at = (type: string): number => Number(parts.find((part) => part.type === type)?.value)
          const local = localParts(timestampMs, zone)
          expect([local.year, local.month, local.day, local.hour, local.minute]).toEqual([
            at('year'),
            at('month'),
            at('day'),
            at('hour'),
            at('minute'),
          ])
        },
      ),
      { numRuns: 300 },
    )
  })

  it('knows the offset on both sides of a change and exactly at it', () => {
    const changeMs = Date.UTC(2026, 2, 29, 1)
    expect(offsetMsAt(changeMs - 1, 'Europe/Madrid')).toBe(hourMs)
    expect(offsetMsAt(changeMs, 'Europe/Madrid')).toBe(2 * hourMs)
    expect(offsetMsAt(changeMs + 1, 'Europe/Madrid')).toBe(2 * hourMs)
    expect(offsetMsAt(changeMs - 1, 'Europe/Madrid')).toBe(hourMs)
  })

  it('reads stamps of a pattern', () => {
    expect(stampReader('DD/MM/YYYY HH:mm')('01/02/2018 00:15')?.fields).toEqual({
      year: 2018,
      month: 2,
      day: 1,
      hour: 0,
      minute: 15,
    })
    expect(stampReader('ISO')('2023-01-01 00:00:00+00:00')?.offsetMs).toBe(0)
    expect(stampReader('DD/MM/YYYY HH:mm')('2018-02-01')).toBeUndefined()
  })

  it('throws nothing but its own errors, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const read of [() => parseInstant(text, 'UTC'), () => parseDuration(text)]) {
          try {
            expect(Number.isFinite(read())).toBe(true)
          } catch (error) {
            expect(error).toBeInstanceOf(MangroveError)
          }
        }
      }),
    )
  })
})
