import fc from 'fast-check'
import { describe, expect, inject, it } from 'vitest'
import { createInlineSolver } from '../solve/index.ts'
import { planTestPark } from './park.fixture.ts'
import { breachesOf } from './plan-breaches.fixture.ts'
import { randomPark } from './random-park.fixture.ts'

/** Sites, and the seed they are drawn from; `SOAK_SITES=500 MANGROVE_SEED=3` draws others. */
const sites = Number(process.env.SOAK_SITES ?? 10_000)
const { seed } = inject('draws')
const relativeGap = 1e-3

describe('random sites of every kind, with wild prices, capacities of nothing and contradictory wishes', () => {
  it(`each end in a certified plan that breaks no limit: ${sites} sites from seed ${seed}`, async () => {
    const solver = await createInlineSolver()
    let done = 0
    await fc.assert(
      fc.asyncProperty(randomPark, async (park) => {
        const plan = await planTestPark(park, { solver, relativeGap })
        const { certificate, solution } = plan.solved
        expect(['optimal', 'feasible']).toContain(solution.status)
        expect(certificate.ok).toBe(true)
        if (solution.status === 'optimal') expect(certificate.boundGap).toBeLessThanOrEqual(relativeGap * 1.05)
        expect(breachesOf(plan)).toEqual([])
        done += 1
        if (done % 500 === 0) process.stdout.write(`${done} sites planned\n`)
      }),
      { numRuns: sites, endOnFailure: true },
    )
  })
})
