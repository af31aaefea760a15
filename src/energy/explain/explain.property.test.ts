import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createInlineSolver } from '../../solve/index.ts'
import { hourly, planTestPark, type SolvedPark, type TestPark } from '../park.fixture.ts'
import { randomPark } from '../random-park.fixture.ts'
import { termsOf } from './column-terms.ts'
import { conflictsOf } from './conflicts.ts'
import { worthsOf } from './explain.ts'
import { type FixedPlan, fixPlan } from './fixed-plan.ts'
import { limitsOf, nudge, worthBySolving, worthBySteps } from './limits.ts'

const solver = await createInlineSolver()
/** Same parks in every run; a failure prints the seed and the smallest park that shows it. */
const seed = 20260706
const relativeGap = 1e-3

/** Every property draws the same parks, which are planned once; nothing here changes a plan. */
const planned = new Map<string, Promise<readonly [SolvedPark, FixedPlan]>>()
function planOnce(park: TestPark): Promise<readonly [SolvedPark, FixedPlan]> {
  const key = JSON.stringify(park)
  const found = planned.get(key) ?? planPark(park)
  planned.set(key, found)
  return found
}
async function planPark(park: TestPark): Promise<readonly [SolvedPark, FixedPlan]> {
  const plan = await planTestPark(park, { solver, relativeGap })
  return [plan, await fixPlan(plan, plan.solved, { solver })]
}

describe('the explanation of any plan', () => {
  it('has parts that add up to the dual of every bus in every step', async () => {
    await fc.assert(
      fc.asyncProperty(randomPark, async (park) => {
        const [planned, plan] = await planOnce(park)
        expect(plan.solution.objective).toBeLessThanOrEqual(
          planned.solved.solution.objective + 1e-6 * Math.max(1, Math.abs(planned.solved.solution.objective)),
        )
        const terms = termsOf(plan)
        const count = plan.frame.grid.count
        for (let step = 0; step < count; step += 1) {
          const { worths, exact } = worthsOf(plan, terms, { step, asset: undefined })
          for (const { pricePerKwh, parts } of worths) {
            const sum = parts.reduce((total, { amountPerKwh }) => total + amountPerKwh, 0)
            const size = parts.reduce((most, { amountPerKwh }) => Math.max(most, Math.abs(amountPerKwh)), 1)
            expect(Math.abs(sum - pricePerKwh) / size).toBeLessThan(1e-6)
          }
          expect(exact).toBe(true)
        }
      }),
      { seed, numRuns: 12, endOnFailure: true },
    )
  }, 120_000)

  it('tells of every limit a worth between what one unit more saves and what one unit less costs', async () => {
    await fc.assert(
      fc.asyncProperty(randomPark, async (park) => {
        const [, plan] = await planOnce(park)
        const terms = termsOf(plan)
        for (const limit of limitsOf(plan)) {
          const bySteps = worthBySteps(plan, terms, limit)
          if (!bySteps) continue
          const dual = bySteps.reduce((sum, value) => sum + value, 0)
          const more = nudge(limit)
          const right = await worthBySolving(plan, limit, more)
          const left = limit.value >= more ? await worthBySolving(plan, limit, -more) : Number.POSITIVE_INFINITY
          if (!Number.isFinite(right)) continue
          // Of a capacity the tapers change with it, so that a small step is not quite linear.
          const size =
            1e-2 * Math.max(1, Math.abs(dual), Math.abs(right)) + (1e-8 * Math.abs(plan.solution.objective)) / more
          expect([limit.path, right - dual]).toEqual([limit.path, expect.toSatisfy((gap: number) => gap <= size)])
          if (Number.isFinite(left))
            expect([limit.path, dual - left]).toEqual([limit.path, expect.toSatisfy((gap: number) => gap <= size)])
        }
      }),
      { seed, numRuns: 8, endOnFailure: true },
    )
  }, 120_000)

  it('tells the worth of a capacity whose costs nearly cancel: a battery that has to fill through its taper', async () => {
    const planned = await planTestPark(
      {
        grid: hourly(21),
        tariff: { import: { spot: Array.from({ length: 21 }, (_, k) => 1 + (k % 3)) } },
        assets: {
          grid: { kind: 'grid', importLimitKw: 300 },
          load: { kind: 'load', demand: 50 },
          battery: {
            ...{ kind: 'battery', capacityKwh: 19, maxChargeKw: 67, maxDischargeKw: 4, chargeEfficiency: 0.76 },
            ...{ initialSoc: 0, minSoc: 1, maxSoc: 1, taperSoc: 0.03, taperPower: 0 },
          },
        },
      },
      { solver, relativeGap },
    )
    const plan = await fixPlan(planned, planned.solved, { solver })
    const limit = limitsOf(plan).find(({ path }) => path === 'assets.battery.capacityKwh')!
    const dual = worthBySteps(plan, termsOf(plan), limit)!.reduce((sum, value) => sum + value, 0)
    const more = nudge(limit)
    const bySolving = ((await worthBySolving(plan, limit, more)) + (await worthBySolving(plan, limit, -more))) / 2
    expect(dual / bySolving).toBeCloseTo(1, 4)
  })

  it('names a smallest conflict for what is missed, in words and with numbers that are there', async () => {
    await fc.assert(
      fc.asyncProperty(randomPark, async (park) => {
        const [planned, plan] = await planOnce(park)
        const conflicts = await conflictsOf(plan, termsOf(plan), {
          relaxed: planned.relaxed,
          values: planned.solved.solution.columnValues,
        })
        for (const { wish, asset, amount, text, limits, from, to } of conflicts) {
          expect(planned.relaxed).toContainEqual(expect.objectContaining({ wish, asset, amount }))
          expect(text).not.toMatch(/undefined|NaN|null/)
          for (const { path } of limits) expect(path).toMatch(/^(assets|limits)/)
          if (from !== null && to !== null) expect(Date.parse(to)).toBeGreaterThan(Date.parse(from))
        }
      }),
      { seed, numRuns: 12, endOnFailure: true },
    )
  }, 60_000)
})
