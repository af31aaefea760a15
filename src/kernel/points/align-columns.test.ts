import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quality } from '../series/quality.ts'
import { alignColumns, type Samples } from './align-columns.ts'

type Row = readonly [timestampMs: number, value: number | null, code?: number]
const samples = (...rows: readonly Row[]): Samples => ({
  timestampsMs: rows.map(([time]) => time),
  values: rows.map(([, value]) => value ?? Number.NaN),
  quality: rows.map(([, value, code = quality.good]) => (value === null ? quality.missing : code)),
})
const { good, estimated, suspect, missing } = quality

describe('aligning on buckets', () => {
  const grid = { startMs: 1000, stepMs: 100, count: 4 }
  const aligned = (...rows: readonly Row[]) => {
    const { timestampsMs, columns } = alignColumns(new Map([['a.x', samples(...rows)]]), { kind: 'buckets', grid })
    const { values, quality: codes } = columns.get('a.x')!
    return { timestampsMs: [...timestampsMs], values: [...values], codes: [...codes] }
  }

  it('takes the mean of each bucket with its worst quality; the end belongs to the next', () => {
    expect(
      aligned([1000, 2, good], [1050, 4, suspect], [1100, 6, estimated], [1399, 8], [1400, 100], [999, 100]),
    ).toEqual({
      timestampsMs: [1000, 1100, 1200, 1300],
      values: [3, 6, Number.NaN, 8],
      codes: [suspect, estimated, missing, good],
    })
  })

  it('does not count what is missing, as the store does not, unless there is nothing else', () => {
    expect(aligned([1000, 2], [1010, null], [1100, null])).toMatchObject({
      values: [2, Number.NaN, Number.NaN, Number.NaN],
      codes: [good, missing, missing, missing],
    })
  })

  it('gives means between the least and the greatest, however great the values', () => {
    const value = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e308, max: 1e308 })
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 20 }), (given) => {
        const { values } = aligned(...given.map((one, k): Row => [1000 + k, one]))
        const slack = 1e-12 * Math.max(...given.map(Math.abs))
        if (Number.isNaN(values[0])) return
        expect(values[0]).toBeGreaterThanOrEqual(Math.min(...given) - slack)
        expect(values[0]).toBeLessThanOrEqual(Math.max(...given) + slack)
      }),
    )
  })
})

describe('aligning at events', () => {
  it('carries the last known value, no longer than its age allows, and a missing one ends what was known', () => {
    const points = new Map([
      ['a.x', samples([0, 1, estimated], [10_000, null], [20_000, 3])],
      ['b.x', samples([5000, 7], [26_000, 8])],
    ])
    const { timestampsMs, columns } = alignColumns(points, { kind: 'events', maxAgeSeconds: 10 })
    expect([...timestampsMs]).toEqual([0, 5000, 10_000, 20_000, 26_000])
    expect([...columns.get('a.x')!.values]).toEqual([1, 1, Number.NaN, 3, 3])
    expect([...columns.get('a.x')!.quality]).toEqual([estimated, estimated, missing, good, good])
    expect([...columns.get('b.x')!.values]).toEqual([Number.NaN, 7, 7, Number.NaN, 8])
  })

  it('holds a value a quarter of an hour when nothing else is said', () => {
    const points = new Map([
      ['a.x', samples([0, 1])],
      ['b.x', samples([900_000, 1], [900_001, 1])],
    ])
    expect([...alignColumns(points, { kind: 'events' }).columns.get('a.x')!.values]).toEqual([1, 1, Number.NaN])
  })

  it('equals a search at each time, for random observations', () => {
    const rows = fc
      .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.option(fc.integer({ min: 0, max: 9 }))), {
        selector: ([time]) => time,
        maxLength: 20,
      })
      .map((list) => list.toSorted(([a], [b]) => a - b).map(([time, value]): Row => [time * 1000, value]))
    fc.assert(
      fc.property(rows, rows, fc.integer({ min: 1, max: 30 }), (a, b, maxAgeSeconds) => {
        const points = new Map([
          ['a.x', samples(...a)],
          ['b.x', samples(...b)],
        ])
        const { timestampsMs, columns } = alignColumns(points, { kind: 'events', maxAgeSeconds })
        expect([...timestampsMs]).toEqual([...new Set([...a, ...b].map(([time]) => time))].sort((x, y) => x - y))
        timestampsMs.forEach((now, k) => {
          const last = a.findLast(([time]) => time <= now)
          const wanted = last && now - last[0] <= maxAgeSeconds * 1000 ? last[1] : null
          expect(columns.get('a.x')!.values[k]).toBe(wanted ?? Number.NaN)
        })
      }),
    )
  })

  it('of no points and no observations is empty', () => {
    expect(alignColumns(new Map(), { kind: 'events' }).timestampsMs).toHaveLength(0)
    expect(alignColumns(new Map([['a.x', samples()]]), { kind: 'events' }).columns.get('a.x')!.values).toHaveLength(0)
  })
})
