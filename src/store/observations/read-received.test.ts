import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Quality, quality } from '../../kernel/index.ts'
import { engines, type TestStore } from '../engines.fixture.ts'
import { dayStartMs, observation } from '../store.fixture.ts'
import type { ObservationBatch } from './observation-batch.ts'
import type { Observation } from './observation-types.ts'

const points = ['a.powerKw', 'b.powerKw']
const dayMs = 86_400_000

/** What was told last of each identity. */
function take(told: Map<string, unknown>, batch: ObservationBatch): void {
  for (let row = 0; row < batch.count; row += 1) {
    const { point } = batch.series[batch.seriesOf[row]!]!
    const key = `${point}|${batch.timestampsMs[row]}|${batch.sources[batch.sourceOf[row]!]}`
    told.set(key, [batch.values[row], batch.quality[row]])
  }
}

/** Follows a store from a moment on until there is nothing more; returns where it stands. */
async function follow(store: TestStore, fromMs: number, told: Map<string, unknown>, limit: number): Promise<number> {
  const toMs = await store.observations.receivedUntil()
  let atMs = fromMs
  while (atMs < toMs) {
    const page = await store.observations.received({ site: 'park', points, fromMs: atMs, toMs, limit })
    expect(page.nextMs).toBeGreaterThan(atMs)
    take(told, page.batch)
    atMs = page.nextMs
  }
  return atMs
}

const row = fc
  .record({
    point: fc.constantFrom(...points),
    source: fc.constantFrom('meter', 'edge'),
    minute: fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 0, max: 60 }) },
      { weight: 2, arbitrary: fc.constantFrom(-400 * 1440, -40 * 1440 + 7) },
    ),
    value: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant(Number.NaN)),
  })
  .map(({ point, source, minute, value }): Observation => {
    const code = (Number.isNaN(value) ? quality.missing : quality.good) as Quality
    return observation({ point, source, timestampMs: dayStartMs + minute * 60_000, value, quality: code })
  })
const step = fc.oneof(
  { weight: 5, arbitrary: fc.array(row, { minLength: 1, maxLength: 12 }) },
  { weight: 2, arbitrary: fc.constant('upkeep' as const) },
  { weight: 1, arbitrary: fc.constant('seal' as const) },
  { weight: 2, arbitrary: fc.constant('follow' as const) },
)

describe.each(engines)('a store on $name', (engine) => {
  it('tells everything that it holds to whoever follows what it receives, late rows and corrections too', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 10 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        async (steps, eager, limit) => {
          const store = await engine.open({ eager })
          const told = new Map<string, unknown>()
          const held = new Map<string, unknown>()
          let atMs = 0
          try {
            for (const one of steps) {
              store.clock.nowMs += 700
              if (one === 'upkeep') await store.upkeep.turn()
              else if (one === 'seal') {
                store.clock.nowMs += 40 * dayMs
                await store.upkeep.seal()
              } else if (one === 'follow') atMs = await follow(store, atMs, told, limit)
              else {
                await store.observations.put(one)
                for (const { point, timestampMs, source, value, quality: code } of one) {
                  const ahead = timestampMs > store.clock.nowMs + 600_000
                  const worst = ahead ? Math.max(code, quality.suspect) : code
                  held.set(`${point}|${timestampMs}|${source}`, [value, worst])
                }
              }
            }
            store.clock.nowMs += 1
            await follow(store, atMs, told, limit)
            expect(new Map([...told].sort())).toEqual(new Map([...held].sort()))
          } finally {
            await store.end()
          }
        },
      ),
      { numRuns: 4 },
    )
  })

  it('tells of a window in pages that end between two receive times', async () => {
    const store = await engine.open()
    try {
      for (let number = 0; number < 6; number += 1) {
        store.clock.nowMs += 1000
        await store.observations.put([
          observation({ timestampMs: dayStartMs + number, point: points[0]!, value: number }),
        ])
      }
      store.clock.nowMs += 1
      const window = { site: 'park', points, fromMs: 0, toMs: await store.observations.receivedUntil(), limit: 4 }
      const first = await store.observations.received(window)
      expect([...first.batch.values]).toEqual([0, 1, 2, 3])
      const second = await store.observations.received({ ...window, fromMs: first.nextMs })
      expect([...second.batch.values]).toEqual([4, 5])
      expect(second).toMatchObject({ firstMs: dayStartMs + 5000, nextMs: window.toMs })
    } finally {
      await store.end()
    }
  })
})
