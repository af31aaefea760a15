import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { engines } from '../engines.fixture.ts'
import { evenEdges } from '../observations/buckets.ts'
import { dayStartMs, observation } from '../store.fixture.ts'

/** Names that somebody could choose to reach into another site, and any others. */
const hostile = fc
  .oneof(
    fc.constantFrom(
      "park'; DROP TABLE settled; --",
      'park" OR "1"="1',
      '../park',
      'park\\',
      'park%',
      '_ark',
      'PARK',
      'park ',
      ' park',
      'pa\u0300rk',
      'p\u00e0rk',
      'park\u200b',
      '$1',
      '{}',
      '__proto__',
      'constructor',
      'null',
      'p.park',
    ),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  )
  // What no name may hold is refused, which other tests see to.
  .filter((name) => name.length <= 200 && !name.includes('\u0000') && name.isWellFormed())

describe.each(engines)('two sites on $name', (engine) => {
  it('see, change and remove nothing of each other, whatever they are called (property)', async () => {
    const store = await engine.open({ eager: true })
    try {
      const pair = fc.uniqueArray(hostile, { minLength: 2, maxLength: 2 })
      await fc.assert(
        fc.asyncProperty(pair, hostile, hostile, async ([mine, other], point, source) => {
          const rows = (site: string, value: number) => [
            observation({ site, point, source, value }),
            observation({ site, point, source, timestampMs: dayStartMs + 60_000, value }),
          ]
          await store.observations.put(rows(mine!, 1))
          await store.observations.put(rows(other!, 2))
          await store.upkeep.turn()
          const range = { points: [point], fromMs: dayStartMs, toMs: dayStartMs + 900_000 }
          const read = async (site: string) => {
            const values = (await store.observations.range({ site, ...range }))[point]?.values ?? []
            const edgesMs = evenEdges(range.fromMs, range.toMs, 900_000)
            const buckets = await store.observations.buckets({ site, points: [point], edgesMs })
            const latest = await store.observations.latest(site, [point])
            return [...values, buckets[point]?.sum[0], ...latest.map(({ value }) => value)]
          }
          expect(await read(mine!)).toEqual([1, 1, 2, 1])
          expect(await read(other!)).toEqual([2, 2, 4, 2])
          expect((await store.observations.latest(mine!)).every(({ value }) => value === 1)).toBe(true)
          expect(await store.observations.prune(mine!, source, dayStartMs + 900_000)).toBe(2)
          expect(await read(other!)).toEqual([2, 2, 4, 2])
          expect(await store.observations.prune(other!, source, dayStartMs + 900_000)).toBe(2)
        }),
        { numRuns: 25 },
      )
    } finally {
      await store.end()
    }
  })
})
