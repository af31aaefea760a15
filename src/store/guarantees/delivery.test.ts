import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Quality, quality } from '../../kernel/index.ts'
import { engines, type TestStore } from '../engines.fixture.ts'
import { evenEdges } from '../observations/buckets.ts'
import type { Observation } from '../observations/observation-types.ts'
import { dayStartMs, observation } from '../store.fixture.ts'

const day = 86_400_000
const points = ['a.powerKw', 'b.powerKw', 'c.energyKwh']
const unitOf = (point: string): string => (point === 'c.energyKwh' ? 'kWh' : 'kW')
/** Up to 400 days late, and what comes in time. */
const fromMs = dayStartMs - 400 * day
const toMs = dayStartMs + day

/** A stream without two values for one identity: what counts does not depend on what was sent last. */
const stream = fc.uniqueArray(
  fc.record({
    point: fc.constantFrom(...points),
    source: fc.constantFrom('meter', 'edge'),
    minute: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: -400 * 1440, max: -1 })),
    value: fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.constant(Number.NaN)),
    code: fc.constantFrom(quality.good, quality.estimated, quality.suspect),
  }),
  {
    minLength: 5,
    maxLength: 120,
    selector: ({ point, source, minute }) => `${point} ${source} ${minute}`,
  },
)
type Stream = readonly { point: string; source: string; minute: number; value: number; code: Quality }[]

const observationsOf = (rows: Stream): readonly Observation[] =>
  rows.map(({ point, source, minute, value, code }) =>
    observation({
      point,
      unit: unitOf(point),
      source,
      timestampMs: dayStartMs + minute * 60_000,
      value,
      quality: Number.isNaN(value) ? quality.missing : code,
    }),
  )

/** Everything that can be read, to the bit. */
async function contentOf({ observations }: TestStore): Promise<string> {
  const hash = createHash('sha256')
  const range = { site: 'park', points, fromMs, toMs }
  hash.update(text(await observations.range(range)))
  hash.update(text(await observations.latest('park'), 'receivedMs'))
  for (const edgesMs of [evenEdges(fromMs, toMs, day), evenEdges(dayStartMs, toMs, 900_000)]) {
    hash.update(text(await observations.buckets({ site: 'park', points, edgesMs })))
  }
  return hash.digest('hex')
}
const text = (content: unknown, ...without: readonly string[]): string =>
  JSON.stringify(content, (name, value: unknown) => {
    if (without.includes(name)) return undefined
    if (value instanceof Float64Array || Array.isArray(value))
      return [...value].map((one) => (Number.isNaN(one) ? 'missing' : one))
    return value
  })

async function filled(
  engine: (typeof engines)[number],
  send: (store: TestStore) => Promise<void>,
): Promise<{ readonly content: string; readonly rollups: string; readonly anew: string }> {
  const store = await engine.open({ eager: true })
  try {
    store.clock.nowMs = toMs
    await store.observations.declare(
      points.map((name) => ({
        site: 'park',
        name,
        unit: unitOf(name),
        rules: name === 'c.energyKwh' ? { counter: {} } : {},
      })),
    )
    await send(store)
    while ((await store.upkeep.turn()).more);
    const request = { site: 'park', points, edgesMs: evenEdges(fromMs, toMs, day) }
    const rollups = text(await store.observations.buckets(request))
    const content = await contentOf(store)
    // Every rollup made anew: changed rules make all quarters stale.
    await store.observations.declare(
      points.map((name) => ({ site: 'park', name, unit: unitOf(name), rules: { counter: { rollover: 1e9 } } })),
    )
    await store.observations.declare(
      points.map((name) => ({
        site: 'park',
        name,
        unit: unitOf(name),
        rules: name === 'c.energyKwh' ? { counter: {} } : {},
      })),
    )
    while ((await store.upkeep.turn()).more);
    return { content, rollups, anew: text(await store.observations.buckets(request)) }
  } finally {
    await store.end()
  }
}

/** Cuts of a list at some places. */
const pieces = <T>(list: readonly T[], sizes: readonly number[]): readonly (readonly T[])[] => {
  const cut: (readonly T[])[] = []
  for (let from = 0, at = 0; from < list.length; at += 1) {
    const size = sizes[at % sizes.length]!
    cut.push(list.slice(from, from + size))
    from += size
  }
  return cut
}

describe.each(engines)('delivery to a store on $name', (engine) => {
  it('split, shuffled, sent twice and by several writers at once gives the same content to the bit (property)', async () => {
    const ways = fc.record({
      order: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 240, maxLength: 240 }),
      twice: fc.array(fc.boolean(), { minLength: 120, maxLength: 120 }),
      sizes: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 3, maxLength: 6 }),
      writers: fc.integer({ min: 1, max: 5 }),
      keeps: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(stream, ways, async (rows, { order, twice, sizes, writers, keeps }) => {
        const sent = observationsOf(rows)
        const plain = await filled(engine, ({ observations }) => observations.put(sent))
        const shuffled = [...sent, ...sent.filter((_, at) => twice[at])]
          .map((one, at) => ({ one, key: order[at]! }))
          .sort((a, b) => a.key - b.key)
          .map(({ one }) => one)
        const wild = await filled(engine, async ({ observations, upkeep }) => {
          const waiting = [...pieces(shuffled, sizes)]
          const write = async (): Promise<void> => {
            for (let batch = waiting.pop(); batch; batch = waiting.pop()) {
              await observations.put(batch)
              if (keeps) await upkeep.turn()
            }
          }
          await Promise.all(Array.from({ length: writers }, write))
        })
        expect(wild.content).toBe(plain.content)
      }),
      { numRuns: 6 },
    )
  })

  it('up to 400 days late leaves rollups as if they were made of all at once (property)', async () => {
    await fc.assert(
      fc.asyncProperty(
        stream,
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 2, maxLength: 5 }),
        async (rows, sizes) => {
          const { rollups, anew } = await filled(engine, async ({ observations, upkeep }) => {
            for (const batch of pieces(observationsOf(rows), sizes)) {
              await observations.put(batch)
              await upkeep.turn()
            }
          })
          expect(rollups).toBe(anew)
        },
      ),
      { numRuns: 6 },
    )
  })
})
