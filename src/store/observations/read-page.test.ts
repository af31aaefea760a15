import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { engines } from '../engines.fixture.ts'
import { dayStartMs, observation } from '../store.fixture.ts'
import { maxRangeValues, type PointRange } from './observation-types.ts'

const points = ['a.powerKw', 'b.powerKw', 'c.powerKw']
const moments = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 40 })), {
  selector: ([point, second]) => `${point} ${second}`,
  maxLength: 40,
})

describe.each(engines)('pages of a range on $name', (engine) => {
  it('put together are the range, each of them within its limit and further on (property)', async () => {
    await fc.assert(
      fc.asyncProperty(moments, fc.integer({ min: 1, max: 12 }), async (observed, limit) => {
        const store = await engine.open()
        try {
          await store.observations.put(
            observed.map(([point, second]) =>
              observation({ point: points[point]!, timestampMs: dayStartMs + second * 1000, value: second }),
            ),
          )
          const range = { site: 'park', points, fromMs: dayStartMs, toMs: dayStartMs + 60_000 }
          const whole = await store.observations.range(range)
          const joined: Record<string, PointRange> = {}
          let fromMs: number | undefined = range.fromMs
          while (fromMs !== undefined) {
            const page = await store.observations.page({ ...range, fromMs, limit })
            for (const [name, part] of Object.entries(page.points)) {
              expect(part.values.length).toBeLessThanOrEqual(limit)
              joined[name] = {
                unit: part.unit,
                timestampsMs: [...(joined[name]?.timestampsMs ?? []), ...part.timestampsMs],
                values: [...(joined[name]?.values ?? []), ...part.values],
                quality: [...(joined[name]?.quality ?? []), ...part.quality],
              }
            }
            if (page.nextMs !== undefined) expect(page.nextMs).toBeGreaterThan(fromMs)
            fromMs = page.nextMs
          }
          expect(joined).toEqual(whole)
        } finally {
          await store.end()
        }
      }),
      { numRuns: 12 },
    )
  })

  it('are refused where they could hold too much', async () => {
    const store = await engine.open()
    const range = { site: 'park', points, fromMs: 0, toMs: 1 }
    const refused = expect(store.observations.page({ ...range, limit: maxRangeValues })).rejects
    await refused.toMatchObject({ code: 'store.too-many' })
    await store.end()
  })
})
