import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { localParts } from '../../kernel/index.ts'
import { bucketEdges, readWidth } from './bucket-edges.ts'

const hourMs = 3_600_000
const edges = (text: string, from: string, to: string, zone: string): readonly number[] => [
  ...bucketEdges(readWidth(text), { fromMs: Date.parse(from), toMs: Date.parse(to) }, zone, 10_000),
]

describe('edges of buckets', () => {
  it('are aligned to 1970 UTC and hold the first and the last moment of the span', () => {
    expect(edges('15m', '2026-07-06T00:07:00Z', '2026-07-06T00:30:00.001Z', 'UTC')).toEqual(
      ['00:00', '00:15', '00:30', '00:45'].map((time) => Date.parse(`2026-07-06T${time}:00Z`)),
    )
  })

  // Clock changes of 2026 in the IANA data: Europe/Berlin on 29 March and 25 October.
  it('of days have 23 and 25 hours when the clock changes', () => {
    const hours = (from: string, to: string): readonly number[] => {
      const found = edges('1d', from, to, 'Europe/Berlin')
      return found.slice(1).map((edge, at) => (edge - found[at]!) / hourMs)
    }
    expect(hours('2026-03-28T12:00:00Z', '2026-03-30T12:00:00Z')).toEqual([24, 23, 24])
    expect(hours('2026-10-24T12:00:00Z', '2026-10-26T12:00:00Z')).toEqual([24, 25, 24])
  })

  it('of months and quarters begin at local midnight of their first day', () => {
    expect(edges('1mo', '2026-01-31T17:00:00Z', '2026-03-01T00:00:00Z', 'Asia/Shanghai')).toEqual(
      ['2026-02-01', '2026-03-01', '2026-04-01'].map((day) => Date.parse(`${day}T00:00:00+08:00`)),
    )
    expect(edges('3mo', '2026-02-10T00:00:00Z', '2026-02-11T00:00:00Z', 'UTC')).toEqual(
      ['2026-01-01', '2026-04-01'].map((day) => Date.parse(`${day}T00:00:00Z`)),
    )
  })

  // Samoa had no 30 December 2011; Santiago has no midnight on 6 September 2026 (IANA).
  it('of days that a zone leaves out, or whose midnight the clock skips', () => {
    const apia = edges('1d', '2011-12-29T22:00:00Z', '2011-12-31T22:00:00Z', 'Pacific/Apia')
    expect(new Set(apia).size).toBe(apia.length)
    const santiago = edges('1d', '2026-09-05T12:00:00Z', '2026-09-07T12:00:00Z', 'America/Santiago')
    expect(santiago.map((edge) => localParts(edge, 'America/Santiago')).map(({ day, hour }) => [day, hour])).toEqual([
      [5, 0],
      [6, 1],
      [7, 0],
      [8, 0],
    ])
  })

  it('ascend, hold the span and begin at a local midnight, whatever is asked (property)', () => {
    const zones = ['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/Santiago', 'Australia/Lord_Howe']
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom('1d', '7d', '1mo', '12mo', '90m', '1s'),
        fc.integer({ min: 0, max: 4_000_000_000_000 }),
        fc.integer({ min: 1, max: 9_000_000 }),
        (zone, width, fromMs, lengthMs) => {
          const found = bucketEdges(readWidth(width), { fromMs, toMs: fromMs + lengthMs }, zone, 10_000)
          expect(found[0]).toBeLessThanOrEqual(fromMs)
          expect(found[1]).toBeGreaterThan(fromMs)
          expect(found.at(-1)).toBeGreaterThanOrEqual(fromMs + lengthMs)
          expect(found.at(-2)).toBeLessThan(fromMs + lengthMs)
          for (let at = 1; at < found.length; at += 1) expect(found[at]).toBeGreaterThan(found[at - 1]!)
          if (!/d|mo/.test(width)) return
          for (const edge of found) {
            const { hour, minute } = localParts(edge, zone)
            const before = localParts(edge - 1, zone)
            expect(hour * 60 + minute === 0 || before.day !== localParts(edge, zone).day).toBe(true)
          }
        },
      ),
    )
  })

  it.each([
    ['1s', 0, 1e12],
    ['1d', 0, 999_999_999_999_999],
    ['99999mo', 0, 999_999_999_999_999],
    ['1h', 10, 10],
  ])('of %s from %d to %d are refused before they are made, or few', (width, fromMs, toMs) => {
    try {
      expect(bucketEdges(readWidth(width), { fromMs, toMs }, 'Asia/Shanghai', 2000).length).toBeLessThan(10)
    } catch (error) {
      expect((error as { code: string }).code).toMatch(/^(store\.(too-many|bad-range)|server\.bad-input)$/)
    }
  })
})
