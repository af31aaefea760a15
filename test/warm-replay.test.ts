import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type DataPort,
  type EngineRun,
  type EvidenceRecord,
  type EvidenceStore,
  fixedClock,
  type Replay,
  replayRun,
  runEngine,
  type SolverPort,
} from '../src/kernel/index.ts'
import { packs } from '../src/packs.ts'
import { createInlineSolver, createSolverPool } from '../src/solve/index.ts'
import { createFileData } from '../src/store/index.ts'
import { root } from './command.ts'

const engines = new Map(packs.flatMap((pack) => pack.engines).map((engine) => [engine.id, engine]))
const plan = engines.get('energy.plan')!

function memory(): EvidenceStore {
  const records = new Map<string, EvidenceRecord>()
  const blobs = new Map<string, string>()
  return {
    async put(record, more) {
      records.set(record.id, record)
      for (const [sha256, blob] of more) blobs.set(sha256, blob)
    },
    record: async (id) => records.get(id),
    blob: async (sha256) => blobs.get(sha256),
  }
}

interface Case {
  readonly site: string
  readonly input: object
  /** What changes between one plan and the next: prices and limits. */
  readonly changesOf: (k: number) => unknown
}

const cases: readonly Case[] = [
  {
    site: 'liyang-park',
    input: { at: '2026-07-06T06:00', hours: 12, step: '1h' },
    changesOf: (k) => ({
      tariff: {
        carbonPricePerKg: 0.08 + 0.03 * ((k * 7) % 5),
        demand: [{ name: 'maximum demand', pricePerKwMonth: 40 + 15 * (k % 3), peakSoFarKw: 1500 + 300 * (k % 4) }],
      },
      limits: { importKw: 3600 - 250 * ((k * 3) % 5) },
    }),
  },
  {
    // Gensets without a grid: branch and bound runs.
    site: 'quarry-microgrid',
    input: { at: '2026-07-06T14:00', hours: 6, step: '30m' },
    changesOf: (k) => ({
      tariff: { carbonPricePerKg: 0.08 + 0.05 * ((k * 7) % 5) },
      assets: {
        'genset-a': { fuel: { pricePerUnit: 8.1 + 0.4 * ((k * 3) % 4) } },
        camp: { demand: 100 + 20 * (k % 3) },
      },
    }),
  },
]

/** Re-plans of one site, one after the other. */
const plansInARow = 4

describe.each(cases)('a chain of warm re-plans of $site', ({ site, input, changesOf }) => {
  const pool = createSolverPool({ size: 2 })
  const evidence = memory()
  const runs: EngineRun[] = []
  let data: DataPort

  const planOnce = (k: number, solver: SolverPort): Promise<EngineRun> =>
    runEngine(
      plan,
      { site: join(root, 'examples', site, 'site.yaml'), changes: changesOf(k), ...input },
      { data, solver, clock: fixedClock(0) },
    )
  const replayAll = async (solverOf: () => Promise<SolverPort>): Promise<readonly Replay[]> => {
    const replays: Replay[] = []
    for (const { record } of runs) {
      replays.push(await replayRun(record.id, { engines, evidence, solver: await solverOf() }))
    }
    return replays
  }

  beforeAll(async () => {
    data = await createFileData({ packs })
    for (let k = 0; k < plansInARow; k += 1) {
      const run = await planOnce(k, pool)
      await evidence.put(run.record, run.blobs)
      runs.push(run)
    }
  })
  afterAll(() => pool.close())

  it('begins each plan but the first where the last one ended', () => {
    const starts = runs.map(({ record }) => record.readings.filter(({ kind }) => kind === 'start').length)
    expect(starts[0]).toBe(0)
    expect(Math.min(...starts.slice(1))).toBeGreaterThanOrEqual(2)
  })

  it('finds other plans than cold ones, equally good: else the replays below would prove nothing', async () => {
    const cold = await Promise.all(runs.map(async (_, k) => planOnce(k, await createInlineSolver())))
    expect(cold.some(({ record }, k) => record.outputSha256 !== runs[k]?.record.outputSha256)).toBe(true)
  })

  it('replays each to the same bytes on a fresh solver', async () => {
    const replays = await replayAll(createInlineSolver)
    expect(replays.flatMap(({ differences }) => differences)).toEqual([])
    expect(replays.every(({ identical }) => identical)).toBe(true)
  })

  it('replays each to the same bytes on a pool that has solved other things since', async () => {
    for (const k of [11, 12]) await planOnce(k, pool)
    const replays = await replayAll(async () => pool)
    expect(replays.flatMap(({ differences }) => differences)).toEqual([])
    expect(replays.every(({ identical }) => identical)).toBe(true)
  })
})
