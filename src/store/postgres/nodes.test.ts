import { expect, it } from 'vitest'
import { type Quality, quality } from '../../kernel/index.ts'
import { engines } from '../engines.fixture.ts'
import type { Observation } from '../observations/observation-types.ts'
import type { QuarterKey } from '../observations/quarters.ts'
import { type Opened, partsOf } from '../open-store.ts'
import { dayStartMs, observation } from '../store.fixture.ts'
import { openPostgresEngine } from './open-engine.ts'
import { describeWithServer } from './postgres.fixture.ts'
import { ask, newSchema } from './test-schema.fixture.ts'

const hourMs = 3_600_000
const points = ['a.powerKw', 'b.powerKw', 'm.energyKwh']
const sources = ['meter', 'edge']
const sites = ['park', 'port']
/** The last of two writers to a moment counts, so each moment of a node's own data is told apart by its milliseconds. */
const nodeCount = 3

/** A generator that gives the same numbers everywhere (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Batches of one node: its own moments in any order, corrections of them, and rows that every node sends alike. */
function batchesOf(node: number): readonly (readonly Observation[])[] {
  const next = numbers(node + 1)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!
  const own = (): Observation => {
    const point = pick(points)
    const value = next() < 0.05 ? Number.NaN : (next() - 0.3) * 1000
    return observation({
      site: pick(sites),
      point,
      unit: point.endsWith('Kwh') ? 'kWh' : 'kW',
      source: pick(sources),
      timestampMs: dayStartMs + Math.floor(next() * 360) * 20_000 + node,
      value,
      quality: (Number.isNaN(value) ? quality.missing : pick([quality.good, quality.suspect])) as Quality,
    })
  }
  const shared = Array.from({ length: 40 }, (_, index) =>
    observation({ site: 'park', timestampMs: dayStartMs + index * 30_000 + 500, point: 'a.powerKw', value: index / 7 }),
  )
  return Array.from({ length: 12 }, (_, batch) => [
    ...Array.from({ length: 60 }, own),
    ...shared.slice(batch * 2, batch * 2 + 15),
  ])
}

const counters = sites.map((site) => ({
  site,
  name: 'm.energyKwh',
  unit: 'kWh',
  rules: { counter: { rollover: 1e5 } },
}))

async function answersOf({ observations, upkeep }: Pick<Opened, 'observations' | 'upkeep'>): Promise<unknown> {
  while ((await upkeep.turn()).quarters > 0);
  const edgesMs = Float64Array.from({ length: 4 * 3 + 1 }, (_, edge) => dayStartMs + edge * 900_000)
  const answers = []
  for (const site of sites) {
    const range = { site, points, fromMs: dayStartMs, toMs: dayStartMs + 3 * hourMs }
    const latest = await observations.latest(site)
    answers.push({
      range: sortedByName(await observations.range(range)),
      quarters: sortedByName(await observations.buckets({ site, points, edgesMs })),
      hours: sortedByName(
        await observations.buckets({ site, points, edgesMs: edgesMs.filter((_, edge) => edge % 4 === 0) }),
      ),
      // Points are told in the order in which they were first met.
      latest: latest.toSorted((a, b) => (a.point < b.point ? -1 : 1)),
    })
  }
  return answers
}

const sortedByName = <T>(named: Readonly<Record<string, T>>): readonly (readonly [string, T])[] =>
  Object.entries(named).sort(([a], [b]) => (a < b ? -1 : 1))

await describeWithServer('several nodes on one PostgreSQL', ({ url }) => {
  it('that ingest and make quarters at once come to what DuckDB makes of the same, to the bit', async () => {
    const schema = newSchema()
    const clock = { now: () => dayStartMs + 4 * hourMs }
    const opened = await Promise.all(
      Array.from({ length: nodeCount }, () => openPostgresEngine(url, clock, { schema, reads: 3, writes: 2 })),
    )
    const taken = new Map<string, number>()
    let making = 0
    let mostMaking = 0
    const nodes = opened.map((engine) => {
      const { tables } = engine
      const refresh: typeof tables.refresh = (beforeMs, limit, remake) =>
        // A few at a time, so that all nodes find some.
        tables.refresh(beforeMs, Math.min(limit, 8), async (stale, read) => {
          making += 1
          mostMaking = Math.max(mostMaking, making)
          const count = (by: number): void =>
            stale.forEach((key: QuarterKey) => {
              const name = `${key.point}/${key.startMs}`
              taken.set(name, (taken.get(name) ?? 0) + by)
              // None is made by two nodes at the same moment.
              expect(taken.get(name)).toBeLessThanOrEqual(1)
            })
          count(1)
          try {
            return await remake(stale, read)
          } finally {
            count(-1)
            making -= 1
          }
        })
      return partsOf({ ...engine, tables: { ...tables, refresh } }, 'unused', clock)
    })
    await Promise.all(nodes.map(({ observations }) => observations.declare(counters)))
    await Promise.all(
      nodes.flatMap(({ observations, upkeep }, node) => {
        let sending = true
        const send = async (): Promise<void> => {
          for (const batch of batchesOf(node)) await observations.put(batch)
          sending = false
        }
        const refresh = async (): Promise<void> => {
          while (sending) await upkeep.turn()
        }
        return [send(), refresh()]
      }),
    )
    const [one, other] = nodes
    const found = await answersOf(one!)
    expect(await answersOf(other!)).toEqual(found)

    const duckdb = await engines[0]!.open()
    duckdb.clock.nowMs = clock.now()
    await duckdb.observations.declare(counters)
    for (let node = 0; node < nodeCount; node += 1) {
      for (const batch of batchesOf(node)) await duckdb.observations.put(batch)
    }
    expect(found).toEqual(await answersOf(duckdb))
    expect(mostMaking).toBeGreaterThan(1)
    await duckdb.end()
    await Promise.all(nodes.map((node) => node.close()))
    await ask(url, `DROP SCHEMA ${schema} CASCADE`)
  })

  it('give the lines of one journal numbers without gaps, and points one id', async () => {
    const schema = newSchema()
    const clock = { now: () => dayStartMs }
    const opened = await Promise.all(
      Array.from({ length: nodeCount }, () => openPostgresEngine(url, clock, { schema, reads: 2, writes: 2 })),
    )
    const nodes = opened.map((engine) => partsOf(engine, 'unused', clock))
    const numbersOf = await Promise.all(
      nodes.flatMap(({ journal }, node) =>
        Array.from({ length: 10 }, async (_, line) => (await journal.append('audit', { node, line })).number),
      ),
    )
    expect(numbersOf.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1))
    const names = Array.from({ length: 200 }, (_, index) => ({ site: 'park', name: `p${index}`, unit: 'kW' }))
    const ids = await Promise.all(
      opened.map(async ({ tables }, node) =>
        (await tables.ensurePoints(node % 2 === 0 ? names : names.toReversed())).map(({ id, name }) => `${name} ${id}`),
      ),
    )
    for (const list of ids) expect(list.toSorted()).toEqual(ids[0]?.toSorted())
    const found = await Promise.all(opened.map(({ tables }, node) => tables.ensureSources([`s${node}`, 'meter'])))
    expect(new Set(found.map(([, meter]) => meter)).size).toBe(1)
    expect(new Set(found.map(([own]) => own)).size).toBe(nodeCount)
    await Promise.all(nodes.map((node) => node.close()))
    await ask(url, `DROP SCHEMA ${schema} CASCADE`)
  })
})
