import { describe, expect, it } from 'vitest'
import { createInlineSolver } from '../../solve/index.ts'
import { hourly, planTestPark, type TestPark } from '../park.fixture.ts'
import { termsOf } from './column-terms.ts'
import { conflictsOf } from './conflicts.ts'
import { fixPlan } from './fixed-plan.ts'

const solver = await createInlineSolver()

async function conflictsIn(park: TestPark) {
  const planned = await planTestPark(park, { solver, relativeGap: 1e-4 })
  const plan = await fixPlan(planned, planned.solved, { solver })
  return conflictsOf(plan, termsOf(plan), {
    relaxed: planned.relaxed,
    values: planned.solved.solution.columnValues,
  })
}

const stay = (id: string, from: number, to: number, energyKwh: number) => ({
  id,
  arrival: `2026-07-06T0${from}:00Z`,
  departure: `2026-07-06T0${to}:00Z`,
  energyKwh,
  maxKw: 22,
})

describe('the smallest conflict', () => {
  it('names the feeder that is full while a vehicle is there, and when', async () => {
    const conflicts = await conflictsIn({
      grid: hourly(6),
      assets: {
        a: { kind: 'ev-charging', feederLimitKw: 100, efficiency: 1, sessions: [stay('1', 0, 6, 30)] },
        b: { kind: 'ev-charging', feederLimitKw: 10, efficiency: 1, sessions: [stay('7', 2, 4, 23.2)] },
        battery: { kind: 'battery', capacityKwh: 100, maxChargeKw: 50, maxDischargeKw: 50 },
        load: { kind: 'load', demand: 20 },
        grid: { kind: 'grid', importLimitKw: 500 },
      },
    })
    expect(conflicts).toHaveLength(1)
    expect(conflicts[0]).toMatchObject({ wish: 'ev-energy', asset: 'b', smallest: true, values: { stay: '7' } })
    expect(conflicts[0]!.amount).toBeCloseTo(3.2, 6)
    expect(conflicts[0]!.limits.map(({ path }) => path)).toEqual(['assets.b.feederLimitKw'])
    expect(conflicts[0]!.text).toBe(
      'Vehicle 7 at b misses 3.2 kWh because the feeder of b (10 kW) is full 02:00–04:00.',
    )
  })

  it('names the import limit and the load that comes first', async () => {
    const conflicts = await conflictsIn({
      grid: hourly(4),
      limits: { importKw: 50 },
      assets: {
        b: { kind: 'ev-charging', feederLimitKw: 100, efficiency: 1, sessions: [stay('7', 0, 4, 60)] },
        load: { kind: 'load', demand: 40 },
        grid: { kind: 'grid', importLimitKw: 500 },
      },
    })
    expect(conflicts).toHaveLength(1)
    expect(conflicts[0]!.limits.map(({ path }) => path)).toEqual(['limits.importKw'])
    expect(conflicts[0]!.wishes).toMatchObject([{ wish: 'serve-load', asset: 'load' }])
    expect(conflicts[0]!.amount).toBeCloseTo(20, 6)
    expect(conflicts[0]).toMatchObject({
      from: '2026-07-06T00:00:00+00:00',
      to: '2026-07-06T04:00:00+00:00',
      smallest: true,
    })
  })

  it('says so when nothing on the site can give what is missing', async () => {
    const conflicts = await conflictsIn({ grid: hourly(2), assets: { load: { kind: 'load', demand: 5 } } })
    expect(conflicts.map(({ text }) => text)).toEqual(['load goes without 10.0 kWh: nothing on the site can give it.'])
  })

  it('is found where a machine’s least load stands in the way, not a limit of energy', async () => {
    const conflicts = await conflictsIn({
      grid: hourly(2),
      assets: {
        genset: {
          kind: 'genset',
          ratedKw: 100,
          minLoad: 0.5,
          fuel: { pricePerUnit: 2, kgCo2ePerUnit: 1, perKwh: 0.2 },
        },
        load: { kind: 'load', demand: 20 },
      },
    })
    expect(conflicts.length).toBeGreaterThan(0)
    expect(conflicts[0]!.text).toMatch(/least times and loads/)
  })

  it('finds none in a plan in which every wish is met', async () => {
    const conflicts = await conflictsIn({
      grid: hourly(2),
      assets: { load: { kind: 'load', demand: 5 }, grid: { kind: 'grid', importLimitKw: 10 } },
    })
    expect(conflicts).toEqual([])
  })
})
