import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createInlineSolver } from '../solve/index.ts'
import { hourly, planTestPark } from './park.fixture.ts'
import { formulatePark } from './park-model.ts'
import { randomPark } from './random-park.fixture.ts'

const solver = await createInlineSolver()
const genset = {
  ...{ kind: 'genset', ratedKw: 600, minLoad: 0.3 },
  fuel: { pricePerUnit: 8, kgCo2ePerUnit: 0, perKwh: 0.23, perHourRunning: 9 },
}
const assets = {
  battery: { kind: 'battery', capacityKwh: 1200, maxChargeKw: 500, maxDischargeKw: 500 },
  genset,
  load: { kind: 'load', demand: [95, 95, 110, 200, 550, 550, 500, 420], shiftable: { share: 0.25 } },
}

/** Of a park without its integers. */
async function relaxedBound(park: Parameters<typeof planTestPark>[0], cuts: boolean): Promise<number> {
  const { frame, assets: prepared } = await planTestPark(park, { solver, relativeGap: 1e-3 })
  const written = formulatePark(frame, prepared)
  if (cuts) written.writeCuts?.()
  const { model } = written.builder.build()
  return (await solver.solve({ ...model, integrality: new Uint8Array(model.columnCount) })).objective
}

describe('cover inequalities', () => {
  it('forbid the relaxation to run a part of a large set beside an idle battery', async () => {
    const park = { grid: hourly(8), assets }
    const [without, withCuts] = [await relaxedBound(park, false), await relaxedBound(park, true)]
    const { objective } = (await planTestPark(park, { solver, relativeGap: 1e-6 })).solved.solution
    expect(withCuts).toBeLessThanOrEqual(objective + 1e-4)
    // Two fifths of what lies between relaxation and optimum, at the least.
    expect((withCuts - without) / (objective - without)).toBeGreaterThan(0.4)
  })

  it('are kept by every plan and leave the worth of a kWh alone', async () => {
    const plan = await planTestPark({ grid: hourly(8), assets }, { solver })
    const { model, solution } = plan.solved
    const [{ first, count } = { first: 0, count: 0 }] = model.cutRows ?? []
    expect(count).toBe(16)
    for (let i = first; i < first + count; i += 1) expect(Math.abs(solution.rowDuals[i]!)).toBe(0)
  })

  it('never cut a plan off, whatever the park', async () => {
    await fc.assert(
      fc.asyncProperty(randomPark, async (park) => {
        const { solved, frame, assets: prepared } = await planTestPark(park, { solver, relativeGap: 1e-3 })
        const { model } = formulatePark(frame, prepared).builder.build()
        const free = await solver.solve(model, { relativeGap: 1e-3, timeLimitMs: 20_000 })
        // Without cuts and without the exclusive pairs nothing can be dearer than with them.
        const dust = 1e-6 * Math.max(1, Math.abs(free.objective))
        expect(free.bound).toBeLessThanOrEqual(solved.solution.objective + dust)
        if (solved.exclusiveSteps === 0) {
          expect(solved.solution.bound).toBeLessThanOrEqual(free.objective + dust)
        }
      }),
      { seed: 20260706, numRuns: 30 },
    )
  }, 120_000)
})
