import { beforeAll, describe, expect, it } from 'vitest'
import {
  type CheckpointStore,
  type DataPort,
  type EngineRun,
  type EvidenceRecord,
  type EvidenceStore,
  fixedClock,
  replayRun,
  runEngine,
  type SolverPort,
  stepStartMs,
} from '../../kernel/index.ts'
import { createInlineSolver } from '../../solve/index.ts'
import { type TestPark, testData, testSite } from '../park.fixture.ts'
import type { BacktestOutput } from '../schema/index.ts'
import { backtestEngine } from './backtest.ts'

const startMs = Date.UTC(2026, 6, 6)
const hour = (hours: number): number => 3_600_000 * hours

/** Values that depend on the moment alone, whatever window is asked for. */
const byClock: Readonly<Record<string, (hourOfDay: number, day: number) => number>> = {
  price: (h) => (h < 6 ? 0.2 : h >= 17 && h < 21 ? 1.2 : 0.6),
  sun: (h, day) => Math.max(0, 40 * Math.sin(((h - 6) / 12) * Math.PI)) * (day % 2 ? 1 : 0.7),
  work: (h, day) => 40 + (h >= 8 && h < 20 ? 45 : 0) + 6 * ((day * 7 + Math.floor(h)) % 3),
}
const clockData: DataPort = {
  ...testData,
  series: async (site, request) => {
    const of = byClock[(request.source as unknown as { byClock?: string }).byClock ?? '']
    if (!of) return testData.series(site, request)
    const { grid, unit } = request
    const values = Float64Array.from({ length: grid.count }, (_, k) => {
      const hours = stepStartMs(grid, k) / hour(1)
      return of(hours % 24, Math.floor(hours / 24))
    })
    return { grid, values, quality: new Uint8Array(grid.count), unit }
  },
}

const park: TestPark = {
  grid: { startMs, stepMs: hour(1), count: 48 },
  tariff: {
    import: { spot: { byClock: 'price' } },
    demand: [{ name: 'month', pricePerKwMonth: 8, peakSoFarKw: 60 }],
  },
  assets: {
    grid: { kind: 'grid', importLimitKw: 300, exportLimitKw: 100 },
    pv: { kind: 'pv', capacityKwp: 60, production: { byClock: 'sun' } },
    battery: {
      kind: 'battery',
      capacityKwh: 150,
      maxChargeKw: 50,
      maxDischargeKw: 50,
      wear: { replacementCostPerKwh: 200 },
    },
    load: {
      kind: 'load',
      demand: { byClock: 'work' },
      shiftable: { share: 0.1, windowHours: 4 },
    },
    ev: {
      kind: 'ev-charging',
      feederLimitKw: 40,
      sessions: [
        { id: 'bus', arrival: '18:00', departure: '06:00', energyKwh: 70, maxKw: 22 },
        { id: 'van', arrival: '09:00', departure: '15:00', energyKwh: 30, maxKw: 11 },
      ],
    },
  },
}
const site = testSite(park)
const data: DataPort = { ...clockData, site: async () => site }
const input = { site: 'test', at: '2026-07-06T00:00Z', days: 2, step: '1h', historyDays: 14 }

const memory = (): CheckpointStore & { readonly texts: Map<string, string[]> } => {
  const texts = new Map<string, string[]>()
  return {
    texts,
    read: async (key) => texts.get(key) ?? [],
    append: async (key, text) => void texts.set(key, [...(texts.get(key) ?? []), text]),
    drop: async (key) => void texts.delete(key),
  }
}

describe('a backtest of two days', () => {
  const solvers = { inline: undefined as unknown as SolverPort }
  let run: EngineRun<BacktestOutput>
  const messages: string[] = []
  beforeAll(async () => {
    solvers.inline = await createInlineSolver()
    run = await runEngine<BacktestOutput>(backtestEngine, input, {
      data,
      solver: solvers.inline,
      clock: fixedClock(0),
      progress: (_, message) => messages.push(message),
    })
  })
  const of = (name: string) => run.output.runs.find(({ controller }) => controller === name)!

  it('ranks as it must: perfect foresight, control, rule, nothing', () => {
    const total = (name: string): number => of(name).cost.total
    expect(total('perfect')).toBeLessThanOrEqual(total('control') + 1e-6)
    expect(total('control')).toBeLessThan(total('rule'))
    expect(total('rule')).toBeLessThan(total('none'))
    expect(of('control').regret).toBeLessThan(0.1)
  })

  it('serves every load and vehicle, and has costs that add up', () => {
    for (const { cost, unservedKwh, controller } of run.output.runs) {
      const { total, ...parts } = cost
      expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBeCloseTo(total, 4)
      expect(unservedKwh, controller).toBeLessThan(0.5)
    }
  })

  it('prints the bill of each run, whose lines are what the run cost', () => {
    for (const { bill, cost, controller } of run.output.runs) {
      expect(bill!.byKind.energy, controller).toBeCloseTo(cost.energy, 4)
      // 8 a kW from the first on; a plan counts what passes the 60 kW that were owed anyway.
      expect(bill!.byKind.demand! - 8 * 60, controller).toBeCloseTo(cost.demand, 4)
      const lines = bill!.statements.flatMap((statement) => statement.lines)
      expect(lines.reduce((sum, { amount }) => sum + amount, 0)).toBeCloseTo(bill!.total, 4)
    }
  })

  it('plans every hour, and tells who is at work on which day', () => {
    expect(of('control')).toMatchObject({ replans: 48, kept: 0, ruled: 0 })
    expect(of('none').replans).toBe(0)
    expect(messages).toContain('control: day 2 of 2')
  })

  it('reads each series once, however often it plans', () => {
    const series = run.record.readings.filter(({ kind }) => kind === 'series')
    expect(series.length).toBeLessThan(16)
    expect(run.record.readings.filter(({ kind }) => kind === 'start')).toEqual([])
  })

  it('replays to the same bytes', async () => {
    const records = new Map<string, EvidenceRecord>([[run.record.id, run.record]])
    const evidence: EvidenceStore = {
      put: async () => undefined,
      record: async (id) => records.get(id),
      blob: async (sha256) => run.blobs.get(sha256),
    }
    const engines = new Map([[backtestEngine.id, backtestEngine]])
    const replay = await replayRun(run.record.id, { engines, evidence, solver: await createInlineSolver() })
    expect(replay.differences).toEqual([])
    expect(replay.identical).toBe(true)
  })

  it('goes on after an interruption and gives the same bytes', async () => {
    const checkpoints = memory()
    let solves = 0
    const dying: SolverPort = {
      solve: (model, options) => {
        solves += 1
        return solves > 60 ? Promise.reject(new Error('the process is ending')) : solvers.inline.solve(model, options)
      },
    }
    const abort = new AbortController()
    const cut = { ...input, days: 4 }
    const ports = { data, clock: fixedClock(0), checkpoints }
    await expect(
      runEngine(backtestEngine, cut, {
        ...ports,
        solver: dying,
        signal: abort.signal,
        progress: (_, message) => {
          if (message === 'control: day 4 of 4') abort.abort(new Error('the process ended'))
        },
      }),
    ).rejects.toThrow()
    expect([...checkpoints.texts.values()].flat().length).toBeGreaterThan(0)
    // The machine has another solver and another clock now.
    const [resumed, whole] = await Promise.all([
      runEngine(backtestEngine, cut, { ...ports, solver: await createInlineSolver() }),
      runEngine(backtestEngine, cut, { data, clock: fixedClock(0), solver: await createInlineSolver() }),
    ])
    // What was lost in the last hours of the first process are answers of a dying solver; before them all is the same.
    expect(resumed.record.outputSha256).toBe(whole.record.outputSha256)
    expect(checkpoints.texts.size).toBe(0)
  })
})
