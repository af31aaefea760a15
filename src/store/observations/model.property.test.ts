import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Quality, quality } from '../../kernel/index.ts'
import { engines, type TestStore } from '../engines.fixture.ts'
import { dayStartMs, observation } from '../store.fixture.ts'
import { evenEdges, fillBuckets } from './buckets.ts'
import type { Observation } from './observation-types.ts'

/** What a store does, told as plainly as can be. */
class Model {
  readonly rows = new Map<string, Observation & { readonly ahead: boolean }>()

  put(rows: readonly Observation[], receivedMs: number): void {
    for (const row of rows) {
      const ahead = row.timestampMs > receivedMs + 600_000
      const code = ahead ? Math.max(row.quality, quality.suspect) : row.quality
      this.rows.set(`${row.point}|${row.timestampMs}|${row.source}`, { ...row, quality: code as Quality, ahead })
    }
  }

  prune(source: string, beforeMs: number): void {
    for (const [key, row] of this.rows) if (row.source === source && row.timestampMs < beforeMs) this.rows.delete(key)
  }

  /** Values of a point, one a moment: the best quality, then the first name. */
  moments(point: string): readonly Observation[] {
    const rows = [...this.rows.values()].filter((row) => row.point === point)
    rows.sort((a, b) => a.timestampMs - b.timestampMs || a.quality - b.quality || (a.source < b.source ? -1 : 1))
    return rows.filter((row, at) => row.timestampMs !== rows[at - 1]?.timestampMs)
  }

  /** The newest value that is not ahead of its receipt; without one, the newest that is. */
  latest(point: string): Observation | undefined {
    const rows = [...this.rows.values()].filter((row) => row.point === point)
    rows.sort(
      (a, b) =>
        Number(a.ahead) - Number(b.ahead) ||
        b.timestampMs - a.timestampMs ||
        a.quality - b.quality ||
        (a.source < b.source ? -1 : 1),
    )
    return rows[0]
  }

  buckets(point: string, edgesMs: Float64Array) {
    const fill = fillBuckets('kW', edgesMs)
    for (const { timestampMs, value, quality: code } of this.moments(point)) fill.addValue(timestampMs, value, code)
    return fill.done()
  }
}

const points = ['a.powerKw', 'b.powerKw']
const sources = ['meter', 'edge']
const row = fc
  .record({
    point: fc.constantFrom(...points),
    source: fc.constantFrom(...sources),
    // Three hours in steps that meet each other often, and now and then the year before.
    second: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 0, max: 180 }).map((step) => step * 60) },
      { weight: 1, arbitrary: fc.constantFrom(-400 * 86_400, -31 * 86_400 + 450) },
    ),
    value: fc.oneof(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value + 0),
      fc.integer({ min: 0, max: 5 }),
      fc.constant(Number.NaN),
    ),
    code: fc.constantFrom(quality.good, quality.estimated, quality.suspect),
  })
  .map(({ point, source, second, value, code }) =>
    observation({
      point,
      source,
      timestampMs: dayStartMs + second * 1000,
      value,
      quality: (Number.isNaN(value) ? quality.missing : code) as Quality,
    }),
  )
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('put' as const), rows: fc.array(row, { minLength: 1, maxLength: 25 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('upkeep' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('seal' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 200 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('prune' as const),
      source: fc.constantFrom(...sources),
      second: fc.integer({ min: 0, max: 10_800 }),
    }),
  },
)

async function compare(store: TestStore, model: Model): Promise<void> {
  const range = { site: 'park', points, fromMs: dayStartMs - 500 * 86_400_000, toMs: dayStartMs + 86_400_000 }
  const found = await store.observations.range(range)
  const latest = new Map((await store.observations.latest('park')).map((value) => [value.point, value]))
  const edges = [
    evenEdges(dayStartMs, dayStartMs + 4 * 3_600_000, 3_600_000),
    evenEdges(dayStartMs, dayStartMs + 4 * 3_600_000, 900_000),
    evenEdges(dayStartMs, dayStartMs + 4 * 3_600_000, 300_000),
    Float64Array.of(dayStartMs - 401 * 86_400_000, dayStartMs - 30 * 86_400_000, dayStartMs, dayStartMs + 86_400_000),
  ]
  for (const point of points) {
    const moments = model.moments(point)
    expect(found[point]?.timestampsMs ?? []).toEqual(moments.map(({ timestampMs }) => timestampMs))
    expect(found[point]?.values ?? []).toEqual(moments.map(({ value }) => value))
    expect(found[point]?.quality ?? []).toEqual(moments.map(({ quality: code }) => code))
    const last = model.latest(point)
    const newest = latest.get(point)
    expect(newest && [newest.timestampMs, newest.value, newest.source, newest.quality]).toEqual(
      last && [last.timestampMs, last.value, last.source, last.quality],
    )
  }
  for (const edgesMs of edges) {
    const buckets = await store.observations.buckets({ site: 'park', points, edgesMs })
    for (const point of points) {
      const expected = model.buckets(point, edgesMs)
      const got = buckets[point] ?? fillBuckets('kW', edgesMs).done()
      for (const name of ['count', 'observed', 'quality', 'min', 'max', 'first', 'last'] as const) {
        expect([name, ...got[name]]).toEqual([name, ...expected[name]])
      }
      // Sums of sums round otherwise than sums.
      got.sum.forEach((sum, bucket) => {
        const wanted = expected.sum[bucket]!
        if (Number.isNaN(wanted)) expect(sum).toBeNaN()
        else expect(Math.abs(sum - wanted)).toBeLessThanOrEqual(1e-9 * 1e6 * Math.max(1, expected.count[bucket]!))
      })
    }
  }
}

describe.each(engines)('a store on $name', (engine) => {
  it('answers as a plain list would, whatever comes in which order (model)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), fc.boolean(), async (steps, eager) => {
        const store = await engine.open({ eager })
        const model = new Model()
        let sealed = false
        try {
          for (const one of steps) {
            if (one.kind === 'put') {
              await store.observations.put(one.rows)
              model.put(one.rows, store.clock.now())
            } else if (one.kind === 'upkeep') await store.upkeep.turn()
            else if (one.kind === 'seal') {
              // Thirty days on: the month of most of the rows is over.
              store.clock.nowMs += 40 * 86_400_000
              sealed = (await store.upkeep.seal()).length > 0 || sealed
            } else if (one.kind === 'wait') store.clock.nowMs += one.minutes * 60_000
            else if (!sealed) {
              // What is sealed is a record: only what is not can be taken back.
              await store.observations.prune('park', one.source, dayStartMs + one.second * 1000)
              model.prune(one.source, dayStartMs + one.second * 1000)
            }
          }
          await compare(store, model)
          while ((await store.upkeep.turn()).more);
          await compare(store, model)
        } finally {
          await store.end()
        }
      }),
      { numRuns: 25 },
    )
  })
})
