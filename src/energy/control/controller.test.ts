import { describe, expect, it } from 'vitest'
import type { DataPort, LinearModel, Solution, SolverPort } from '../../kernel/index.ts'
import { createInlineSolver } from '../../solve/index.ts'
import { type TestPark, testData, testSite } from '../park.fixture.ts'
import { prepareAssets } from '../park-model.ts'
import { createPlant } from '../plant.ts'
import { type ControllerMemory, createController, type Situation } from './controller.ts'
import { planAt, stepsOfPlan } from './planned-setpoints.ts'
import { resumeSite } from './resume.ts'
import { momentAt } from './roll-out.ts'
import { safeSetpoints, setpointBreaches } from './safe-setpoints.ts'

const startMs = Date.UTC(2026, 6, 6)
const hourMs = 3_600_000
const prices = [0.2, 0.2, 0.2, 0.5, 1, 1, 0.5, 0.2, 0.2, 0.9, 1, 0.3]

const park: TestPark = {
  grid: { startMs, stepMs: hourMs, count: 12 },
  tariff: { import: { spot: prices }, demand: [{ name: 'month', pricePerKwMonth: 10, peakSoFarKw: 90 }] },
  limits: { importKw: 180 },
  assets: {
    grid: { kind: 'grid', importLimitKw: 200, exportLimitKw: 50 },
    pv: { kind: 'pv', capacityKwp: 80, production: [0, 0, 0, 10, 40, 70, 70, 60, 40, 10, 0, 0] },
    battery: { kind: 'battery', capacityKwh: 200, maxChargeKw: 60, maxDischargeKw: 60 },
    genset: {
      kind: 'genset',
      ratedKw: 100,
      minLoad: 0.4,
      fuel: { pricePerUnit: 2, kgCo2ePerUnit: 2.6, perKwh: 0.25 },
      minUpHours: 2,
    },
    load: { kind: 'load', demand: [60, 60, 70, 90, 120, 130, 120, 110, 100, 120, 110, 80] },
    ev: {
      kind: 'ev-charging',
      feederLimitKw: 40,
      sessions: [
        { id: 'bus', arrival: '2026-07-06T01:00Z', departure: '2026-07-06T07:00Z', energyKwh: 60, maxKw: 22 },
        { id: 'van', arrival: '2026-07-06T03:00Z', departure: '2026-07-06T11:00Z', energyKwh: 40, maxKw: 11 },
      ],
    },
  },
}

/** Serves series from `from` hours after the start of the park on. */
const dataFrom = (from: number): DataPort => ({
  ...testData,
  series: (site, { source, grid, ...request }) =>
    testData.series(site, { ...request, grid, source: Array.isArray(source) ? source.slice(from) : source }),
})

const controller = createController({ horizon: [{ steps: 12, minutes: 60 }] })
const situationAt = (
  hour: number,
  changes: Partial<TestPark> = {},
  states: ReadonlyMap<string, unknown> = new Map(),
): Situation => ({
  nowMs: startMs + hour * hourMs,
  site: resumeSite(testSite({ ...park, ...changes }), states),
  data: dataFrom(hour),
  knownUntilMs: startMs + 12 * hourMs,
})
const solver = await createInlineSolver()

const solution = (model: LinearModel, value: (j: number) => number, status: Solution['status']): Solution => ({
  status,
  objective: 0,
  bound: 0,
  columnValues: Float64Array.from({ length: model.columnCount }, (_, j) => value(j)),
  rowDuals: new Float64Array(model.rowCount),
  columnDuals: new Float64Array(model.columnCount),
  solveMs: 1,
})

/** Solvers that must never be trusted. */
const fakes: Readonly<Record<string, SolverPort['solve']>> = {
  crashes: () => Promise.reject(new Error('the thread ended')),
  throws: () => {
    throw new Error('not even a promise')
  },
  'gives no number': async (model) => solution(model, () => Number.NaN, 'optimal'),
  'gives infinities': async (model) => solution(model, (j) => (j % 2 ? Infinity : -Infinity), 'optimal'),
  'says infeasible': async (model) => ({ ...solution(model, () => 0, 'infeasible'), columnValues: new Float64Array() }),
  'finds nothing': async (model) => ({ ...solution(model, () => 0, 'none'), columnValues: new Float64Array() }),
  'never answers': () => new Promise(() => undefined),
  'lies with zeros': async (model) => solution(model, () => 0, 'optimal'),
  'lies with thousands': async (model) => solution(model, (j) => 1000 * (j % 7), 'optimal'),
  'lies with upper bounds': async (model) =>
    solution(model, (j) => (Number.isFinite(model.columnUpper[j]) ? model.columnUpper[j]! : 1e6), 'optimal'),
  'shifts the truth': async (model, options) => {
    const true_ = await solver.solve(model, options)
    return { ...true_, columnValues: true_.columnValues.map((value) => value + 3) }
  },
}

/** Commands of a decision, checked by the machines’ own physics. */
function commandsOf(situation: Situation, decision: Awaited<ReturnType<typeof controller.decide>>) {
  const plant = createPlant(situation.site)
  if (!decision.frame || !decision.outcomes) throw new Error('nothing was foreseen')
  const offeredKw = new Map<string, number>([
    ['load', 100],
    ['pv', 30],
  ])
  const moment = { timestampMs: situation.nowMs, stepHours: 1, offeredKw }
  const wanted = planAt(decision.plan, situation.nowMs, offeredKw)?.setpointKw ?? new Map()
  const safe = safeSetpoints(situation.site, plant, moment, wanted)
  expect(setpointBreaches(situation.site, plant, moment, safe.setpointKw)).toEqual([])
  return { safe, points: plant.step({ ...moment, setpointKw: safe.setpointKw }), plant }
}

describe('a controller', () => {
  it('makes a new plan, checked and within its gap', async () => {
    const decision = await controller.decide(situationAt(0), {}, { solver })
    expect(decision).toMatchObject({ status: 'fresh', verified: true, why: [] })
    expect(decision.gap).toBeLessThan(1e-3 * 1.05)
    expect(stepsOfPlan(decision.plan).count).toBe(12)
    expect(decision.memory.plan).toBe(decision.plan)
  })

  it('proves a bound by the duals when its time is over before the solver had one', async () => {
    const inTime: SolverPort = {
      solve: async (...call) => ({
        ...(await solver.solve(...call)),
        status: 'feasible',
        bound: Number.NEGATIVE_INFINITY,
      }),
    }
    const { status, why } = await controller.decide(situationAt(0), {}, { solver: inTime })
    expect(status).toBe('fresh')
    expect(why.map(({ text }) => text)).toEqual([expect.stringContaining('0.0 % above its bound')])
    expect(JSON.stringify(why)).not.toMatch(/NaN|Infinity/)
  })

  it('gives the same decision for the same situation and memory', async () => {
    const first = await controller.decide(situationAt(0), {}, { solver: await createInlineSolver() })
    const memory = JSON.parse(JSON.stringify(first.memory)) as ControllerMemory
    const again = async () => controller.decide(situationAt(1), memory, { solver: await createInlineSolver() })
    const [a, b] = await Promise.all([again(), again()])
    expect(a.status).toBe('fresh')
    expect(a.plan).toEqual(b.plan)
    expect(a.memory).toEqual(b.memory)
  })

  describe.each(Object.entries(fakes))('whose solver %s', (_, solve) => {
    const broken: SolverPort = { solve }
    /** A deadline that does not wait, for the solver that never answers. */
    const after = (_delayMs: number, signal: AbortSignal): Promise<void> =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, 300)
        signal.addEventListener('abort', () => clearTimeout(timer))
      })

    it('keeps the last plan, says so, and what it tells machines is safe', async () => {
      const { memory, plan } = await controller.decide(situationAt(0), {}, { solver })
      const situation = situationAt(1)
      const before = performance.now()
      const decision = await controller.decide(situation, memory, { solver: broken, after })
      expect(performance.now() - before).toBeLessThan(2000)
      // From where the machines stand after an hour of the plan the rest of it is still sound.
      expect(['kept', 'rule']).toContain(decision.status)
      expect(decision.why.map(({ code }) => code)).toContain('control.no-solution')
      expect(decision.verified).toBe(true)
      expect(decision.memory.plan).toEqual(plan)
      commandsOf(situation, decision)
    })

    it('follows the rule when there is no plan to keep', async () => {
      const situation = situationAt(0)
      const decision = await controller.decide(situation, {}, { solver: broken, after })
      expect(decision).toMatchObject({ status: 'rule', verified: true })
      expect(decision.why.map(({ code }) => code)).toEqual(['control.no-solution', 'control.rule'])
      commandsOf(situation, decision)
    })
  })

  it('keeps a plan exactly while its machines are where it left them', async () => {
    const { memory, plan, frame } = await controller.decide(situationAt(0), {}, { solver })
    const plant = createPlant(testSite(park))
    const assets = await prepareAssets(frame!, dataFrom(0))
    const moment = momentAt(frame!, assets, 0)
    plant.step({ ...moment, setpointKw: planAt(plan, startMs, moment.offeredKw)!.setpointKw })
    const situation = situationAt(1, {}, plant.states)
    const decision = await controller.decide(situation, memory, { solver: { solve: fakes.crashes! } })
    expect(decision.status).toBe('kept')
    expect(stepsOfPlan(decision.plan).count).toBe(11)
    for (let k = 0; k < 11; k += 1) {
      expect(decision.plan.series['battery.soc']![k]).toBeCloseTo(plan.series['battery.soc']![k + 1]!, 6)
      expect(decision.plan.series['grid.powerKw']![k]).toBeCloseTo(plan.series['grid.powerKw']![k + 1]!, 6)
    }
  })

  it('holds a kept plan against the limits of now: a lower one is kept by the battery', async () => {
    const { memory } = await controller.decide(situationAt(0), {}, { solver })
    const situation = situationAt(1, { limits: { importKw: 95 } })
    const decision = await controller.decide(situation, memory, { solver: { solve: fakes.crashes! } })
    expect(decision.verified).toBe(true)
    for (const power of decision.plan.series['grid.powerKw']!) expect(power).toBeLessThanOrEqual(95 + 1e-6)
  })

  it('goes on unchecked, and says so, when the hours ahead are not known', async () => {
    const { memory, plan } = await controller.decide(situationAt(0), {}, { solver })
    const data: DataPort = { ...testData, series: () => Promise.reject(new Error('no forecast today')) }
    const decision = await controller.decide({ ...situationAt(1), data }, memory, { solver })
    expect(decision).toMatchObject({ status: 'kept', verified: false, plan })
    expect(decision.why[0]?.text).toContain('no forecast today')
    const without = await controller.decide({ ...situationAt(1), data }, {}, { solver })
    expect(without).toMatchObject({ status: 'rule', verified: false })
  })

  it('ends when it is told to', async () => {
    const ports = { solver, signal: AbortSignal.abort() }
    await expect(controller.decide(situationAt(0), {}, ports)).rejects.toThrow()
  })
})
