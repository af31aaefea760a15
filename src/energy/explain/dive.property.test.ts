import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createInlineSolver } from '../../solve/index.ts'
import { planTestPark } from '../park.fixture.ts'
import { formulatePark, readOutcomes, readSurplus } from '../park-model.ts'
import { randomPark } from '../random-park.fixture.ts'
import { verifyPlan } from '../verify-plan.ts'
import { divePark } from './dive.ts'
import { barredColumns } from './fixed-plan.ts'

const solver = await createInlineSolver()
const seed = 20260706
const settings = { solver, relativeGap: 1e-3, timeLimitMs: 20_000, sessionKey: 'dive' }

describe('the fast plan of a variant', () => {
  it('breaks no limit, stays above its bound, and costs no more than the plan it came from when nothing changed', async () => {
    await fc.assert(
      fc.asyncProperty(randomPark, async (park) => {
        const { frame, assets, solved, model } = await planTestPark(park, { solver, relativeGap: 1e-3 })
        const fresh = formulatePark(frame, assets)
        const { columnName } = model.builder.build()
        const barred = new Set([...barredColumns(solved, model)].map(columnName))
        const { solution, certificate } = await divePark(fresh, { ...settings, barred })
        const size = Math.max(1, Math.abs(solution.objective))
        expect(certificate.boundGap).toBeGreaterThan(-1e-6)
        expect((solution.objective - solved.solution.objective) / size).toBeLessThan(1.1e-3)
        const outcomes = readOutcomes(fresh, solution.columnValues)
        const relaxed = [
          ...readSurplus(fresh, frame, solution.columnValues),
          ...[...outcomes.values()].flatMap((outcome) => outcome.relaxed),
        ]
        expect(verifyPlan({ frame, assets, outcomes, relaxed }).breaches).toEqual([])
      }),
      { seed, numRuns: 12, endOnFailure: true },
    )
  }, 60_000)
})
