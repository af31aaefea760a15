import { describe, expect, it } from 'vitest'
import { engines } from '../engines.fixture.ts'
import { dayStartMs, observation } from '../store.fixture.ts'

describe.each(engines)('names that are new, on $name', (engine) => {
  it('come in many batches at once and are made once, while others are declared', async () => {
    const store = await engine.open()
    try {
      await Promise.all(
        Array.from({ length: 40 }, async (_, batch) => {
          const rows = Array.from({ length: 10 }, (_row, at) =>
            observation({
              point: `p${(batch + at) % 15}`,
              source: `s${batch % 4}`,
              timestampMs: dayStartMs + batch * 1000,
              value: batch,
            }),
          )
          await store.observations.put(rows)
          // Forgets every name that is known.
          await store.observations.declare([{ site: 'park', name: `d${batch}`, unit: 'kW', rules: {} }])
        }),
      )
      const points = Array.from({ length: 15 }, (_, at) => `p${at}`)
      const found = await store.observations.range({
        site: 'park',
        points,
        fromMs: dayStartMs,
        toMs: dayStartMs + 60_000,
      })
      expect(Object.values(found).reduce((sum, { values }) => sum + values.length, 0)).toBe(400)
      const sources = (await store.observations.latest('park')).map(({ source, value }) => [source, `s${value % 4}`])
      expect(sources).toHaveLength(15)
      for (const [source, expected] of sources) expect(source).toBe(expected)
    } finally {
      await store.end()
    }
  })
})
