import { describe, expect, it } from 'vitest'
import type { Solution, SolverPort } from '../kernel/index.ts'
import { createInlineSolver } from '../solve/index.ts'
import { hourly, planTestPark, type TestPark } from './park.fixture.ts'
import { breachesOf } from './plan-breaches.fixture.ts'

const real = await createInlineSolver()

/** Burning energy pays while prices are below zero: the relaxation charges and discharges, imports and exports at once. */
const park: TestPark = {
  grid: hourly(8),
  tariff: { import: { spot: [-1, -1, 0.5, 1, -0.5, 1, 1, 0.2] }, export: { spot: -0.2 } },
  assets: {
    grid: { kind: 'grid', importLimitKw: 200, exportLimitKw: 100 },
    battery: { kind: 'battery', capacityKwh: 100, maxChargeKw: 50, maxDischargeKw: 50 },
    genset: {
      kind: 'genset',
      ratedKw: 100,
      minLoad: 0.5,
      fuel: { pricePerUnit: 2, kgCo2ePerUnit: 1, perKwh: 0.2 },
    },
    load: { kind: 'load', demand: 60 },
  },
}

/** A solver that changes its answers by how many it has given. */
const answering = (change: (solution: Solution, call: number) => Solution): SolverPort => {
  let call = 0
  return {
    ...real,
    solve: async (model, options) => {
      call += 1
      return change(await real.solve(model, options), call)
    },
  }
}

describe('a park that is solved', () => {
  it('needs a second round here, and comes out optimal', async () => {
    const plan = await planTestPark(park, { solver: real })
    expect(plan.solved.exclusiveSteps).toBeGreaterThan(0)
    expect(plan.solved.solution.status).toBe('optimal')
    expect(breachesOf(plan)).toEqual([])
  })

  it('has a sound plan when the time is over after the first round, and a bound that holds', async () => {
    const best = await planTestPark(park, { solver: real })
    const late = answering((solution, call) => (call === 2 ? { ...solution, status: 'none' } : solution))
    const plan = await planTestPark(park, { solver: late })
    const { solution, certificate } = plan.solved
    expect(solution.status).toBe('feasible')
    expect(breachesOf(plan)).toEqual([])
    expect(certificate.ok).toBe(true)
    expect(solution.bound).toBeLessThanOrEqual(best.solved.solution.objective + 1e-6)
    expect(solution.objective).toBeGreaterThanOrEqual(best.solved.solution.objective - 1e-6)
  })

  it('has a bound when the solver was ended before it had one', async () => {
    const ended = answering((solution) => ({ ...solution, status: 'feasible', bound: Number.NEGATIVE_INFINITY }))
    const { certificate, solution } = (await planTestPark(park, { solver: ended })).solved
    expect(Number.isFinite(certificate.boundGap)).toBe(true)
    expect(solution.bound).toBeLessThanOrEqual(solution.objective + 1e-6)
  })

  it('is refused when nothing can be had', async () => {
    const lost = answering((solution) => ({ ...solution, status: 'none' }))
    await expect(planTestPark(park, { solver: lost })).rejects.toThrow(/no plan within 30.00 s/)
  })
})
