import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyMs } from './observations.fixture.ts'
import { readTime, timeOf, timeProblem } from './read-time.ts'

const read = (text: string): number => readTime(Buffer.from(`x${text}9`), 1, 1 + text.length)

describe('a time', () => {
  it('is the moment that Date has, with every offset and in every form', () => {
    fc.assert(
      fc.property(anyMs, fc.integer({ min: -23 * 60 - 59, max: 23 * 60 + 59 }), (ms, offset) => {
        const local = new Date(ms + offset * 60_000).toISOString().slice(0, -1)
        const size = Math.abs(offset)
        const [hours, minutes] = [Math.floor(size / 60), size % 60].map((part) => String(part).padStart(2, '0'))
        const sign = offset < 0 ? '-' : '+'
        for (const text of [
          `${local}${sign}${hours}:${minutes}`,
          `${local.replace('T', ' ')}${sign}${hours}${minutes}`,
        ]) {
          expect(read(text), text).toBe(ms)
          expect(timeOf(text), text).toBe(ms)
        }
        expect(read(new Date(ms).toISOString())).toBe(ms)
        expect(read(String(ms))).toBe(ms)
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['2026-07-06T08:15+08:00', '2026-07-06T00:15:00Z'],
    ['2026-07-06t08:15:00z', '2026-07-06T08:15:00Z'],
    ['2026-07-06 08:15:00.5+08', '2026-07-06T00:15:00.500Z'],
    ['2026-07-06T08:15:00.123456789Z', '2026-07-06T08:15:00.123Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z'],
    ['2000-02-29T00:00:00-00:00', '2000-02-29T00:00:00Z'],
  ])('%s is %s', (text, iso) => expect(read(text)).toBe(Date.parse(iso)))

  it.each([
    ['2026-07-06T08:15:00', 'no-offset'],
    ['2026-07-06 08:15', 'no-offset'],
    ['2026-07-06', 'no-offset'],
    ['1970-01-01T00:00:00Z', 'implausible-time'],
    ['2262-04-11T23:47:16Z', 'implausible-time'],
    ['2200-01-01T00:00:00Z', 'implausible-time'],
    ['1979-12-31T23:59:59.999Z', 'implausible-time'],
    ['0', 'implausible-time'],
    ['1783310400', 'implausible-time'],
    ['1783310400000000000', 'implausible-time'],
    ['-5', 'implausible-time'],
    ['2026-02-29T00:00:00Z', 'bad-time'],
    ['2100-02-29T00:00:00Z', 'bad-time'],
    ['2026-13-01T00:00:00Z', 'bad-time'],
    ['2026-04-31T00:00:00Z', 'bad-time'],
    ['2026-07-06T24:00:00Z', 'bad-time'],
    ['2026-07-06T08:15:60Z', 'bad-time'],
    ['2026-07-06T08:15:00+24:00', 'bad-time'],
    ['2026-07-06T08:15:00.Z', 'bad-time'],
    ['06.07.2026 08:15', 'bad-time'],
    ['1783310400000.5', 'bad-time'],
    ['yesterday', 'bad-time'],
    ['', 'bad-time'],
  ])('%s is refused as %s', (text, code) => {
    expect(read(text)).toBeNaN()
    expect(timeOf(text)).toBeNaN()
    expect(timeProblem(text)).toMatchObject({ code: `gateway.${code}`, found: text })
  })

  it('is a whole number of milliseconds', () => {
    expect(timeOf(1783310400000)).toBe(1783310400000)
    for (const found of [1783310400000.5, Number.NaN, 0, true, null, {}]) expect(timeOf(found)).toBeNaN()
  })
})
