import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { ObservationTables, RowRange } from './observation-tables.ts'
import { quarterColumnsOf } from './quarter-columns.ts'
import { type Quarter, quarterMs } from './quarters.ts'
import { readBuckets, togetherLimits } from './read-buckets.ts'

const order = { rankOf: (source: number) => source }

const quarterAt = (point: number, startMs: number): Quarter => {
  const value = point + startMs / quarterMs
  const ends = { firstMs: startMs, lastMs: startMs + 10, rise: 0 }
  return {
    point,
    startMs,
    count: 1,
    sum: value,
    min: value,
    max: value,
    first: value,
    last: value,
    ...ends,
    quality: 0,
  }
}

const allIn = ({ points, fromMs, toMs }: RowRange): readonly Quarter[] =>
  points.flatMap((point) =>
    Array.from({ length: (toMs - fromMs) / quarterMs }, (_, at) => quarterAt(point, fromMs + at * quarterMs)),
  )

const pointsOf = (count: number) =>
  Array.from({ length: count }, (_, id) => ({ id, site: 'park', name: `p${id}.powerKw`, unit: 'kW', rules: {} }))

const hourEdges = (hours: number): Float64Array =>
  Float64Array.from({ length: hours + 1 }, (_, at) => at * 4 * quarterMs)

it('reads many points in groups and gives the loop back between them', async () => {
  const asked: number[] = []
  const tables = {
    async quarters(range: RowRange) {
      const quarters = allIn(range)
      asked.push(quarters.length)
      return range.points[0]! % 2 === 0
        ? { quarters, stale: [] }
        : { quarters: [], stale: [], sealed: [quarterColumnsOf(quarters)] }
    },
  } as unknown as ObservationTables
  let turns = 0
  let done = false
  const others = (async () => {
    for (; !done; turns += 1) await nextTurn()
  })()
  const points = pointsOf(200)
  const buckets = await readBuckets(tables, points, hourEdges(31 * 24), order)
  done = true
  await others
  expect(Math.max(...asked)).toBeLessThanOrEqual(togetherLimits.quarters)
  expect(turns).toBeGreaterThanOrEqual(asked.length - 1)
  expect(asked.length).toBeGreaterThan(5)
  expect(Object.keys(buckets)).toEqual(points.map(({ name }) => name))
  expect(buckets['p7.powerKw']!.sum[3]).toBe(4 * 7 + 12 + 13 + 14 + 15)
})

it('takes the kept quarter before the sealed one, and none that is stale', async () => {
  const kept = { ...quarterAt(0, 2 * quarterMs), sum: 1000 }
  const late = quarterAt(0, 6 * quarterMs)
  const tables = {
    quarters: async (range: RowRange) => ({
      quarters: [kept, late],
      stale: [{ point: 0, startMs: 3 * quarterMs }],
      sealed: [
        quarterColumnsOf(allIn({ ...range, toMs: 2 * quarterMs })),
        quarterColumnsOf(allIn({ ...range, fromMs: 2 * quarterMs, toMs: 5 * quarterMs })),
      ],
    }),
    async *rows() {},
  } as unknown as ObservationTables
  const { 'p0.powerKw': found } = await readBuckets(tables, pointsOf(1), hourEdges(2), order)
  expect([...found!.sum]).toEqual([0 + 1 + 1000, 4 + 6])
  expect([...found!.count]).toEqual([3, 2])
})
