import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Asset, type DataPort, fixedClock, gridOfSegments, runEngine } from '../kernel/index.ts'
import { createInlineSolver } from '../solve/index.ts'
import { componentOf } from './components/index.ts'
import { hourly, planTestPark, testData, testSite } from './park.fixture.ts'
import { flowsOf } from './park-model.ts'
import { planEngine } from './plan.ts'
import { breachesOf } from './plan-breaches.fixture.ts'
import { randomPark } from './random-park.fixture.ts'
import type { PlanOutput } from './schema/index.ts'

const solver = await createInlineSolver()
/** The gap that the plan engine asks for; putting integers on whole numbers moves the objective by a little dust. */
const relativeGap = 1e-3
const gapReached = relativeGap * 1.05
/**
 * Same parks in every run; a failure prints the seed and the smallest park that shows it. As many as tell quickly that
 * something broke: a soak draws others for as long as its time lasts.
 */
const seed = 20260706
/** How many times longer the steps of the second and the last third are. */
const growth = fc.constantFrom([2, 4] as const, [1, 6] as const, [3, 12] as const)

/** What a published asset gives the electricity buses. */
function electricityOf(asset: Asset, series: PlanOutput['series']) {
  const points = Object.fromEntries(
    Object.entries(series)
      .filter(([ref]) => ref.startsWith(`${asset.id}.`))
      .map(([ref, values]) => [ref.slice(asset.id.length + 1), Float64Array.from(values as number[])]),
  )
  const outcome = { points, cost: {}, emissionsKgCo2e: 0, relaxed: [] }
  return flowsOf({ asset, component: componentOf(asset.kind)! }, outcome).filter(
    ({ carrier }) => carrier === 'electricity',
  )
}

describe('the plan of any park', () => {
  it('comes out, proves its gap, balances every step and stays inside every physical limit', async () => {
    await fc.assert(
      fc.asyncProperty(randomPark, async (park) => {
        const plan = await planTestPark(park, { solver, relativeGap })
        const { certificate, solution } = plan.solved
        expect(['optimal', 'feasible']).toContain(solution.status)
        expect(certificate.ok).toBe(true)
        expect(certificate.boundGap).toBeLessThanOrEqual(gapReached)
        expect(certificate.boundGap).toBeGreaterThan(-1e-6)
        expect(breachesOf(plan)).toEqual([])
      }),
      { seed, numRuns: 75 },
    )
  }, 180_000)

  it('holds its laws on steps that grow with lead time', async () => {
    await fc.assert(
      fc.asyncProperty(randomPark, growth, async (park, [second, third]) => {
        const { startMs, stepMs, count } = park.grid
        const part = Math.ceil(count / 3)
        const grid = gridOfSegments(startMs, [
          { stepMs, count: part },
          { stepMs: second * stepMs, count: Math.min(part, count - part) },
          { stepMs: third * stepMs, count: Math.max(0, count - 2 * part) },
        ])
        const plan = await planTestPark(park, { solver, relativeGap, grid })
        expect(plan.frame.grid.count).toBe(count)
        expect(plan.solved.certificate.ok).toBe(true)
        expect(plan.solved.certificate.boundGap).toBeLessThanOrEqual(gapReached)
        expect(breachesOf(plan)).toEqual([])
      }),
      { seed, numRuns: 50 },
    )
  }, 180_000)

  it('is published by the engine with finite numbers, costs that add up and the balance of its own series', async () => {
    await fc.assert(
      fc.asyncProperty(randomPark, async (park) => {
        const { startMs, stepMs, count } = park.grid
        const site = testSite(park)
        const data: DataPort = { ...testData, site: async () => site }
        const input = {
          site: 'test',
          at: new Date(startMs).toISOString(),
          hours: (count * stepMs) / 3_600_000,
          step: `${stepMs / 60_000}m`,
        }
        // Checks the output against its schema and refuses NaN and infinities anywhere in it.
        const { output: plan } = await runEngine<PlanOutput>(planEngine, input, {
          data,
          solver,
          clock: fixedClock(startMs),
        })
        expect(plan.certificate.ok).toBe(true)
        expect(plan.certificate.boundGap).toBeLessThanOrEqual(gapReached)
        expect(plan.status === 'relaxed').toBe(plan.relaxed.length > 0)
        const { total, ...parts } = plan.cost
        const sum = Object.values(parts).reduce((all, part) => all + part, 0)
        expect(Math.abs(sum - total)).toBeLessThan(1e-5)
        const surplus = plan.relaxed.some(({ wish }) => wish === 'must-run')
        const flows = site.assets.flatMap((asset) => electricityOf(asset, plan.series))
        for (let k = 0; k < count; k += 1) {
          const netKw = flows.reduce((net, { powerKw }) => net + powerKw[k]!, 0)
          expect(netKw).toBeGreaterThan(-1e-4)
          // Less than 0.01 kWh of surplus in the whole plan is too little to name.
          if (!surplus) expect(netKw * (stepMs / 3_600_000)).toBeLessThan(0.01 + 1e-4)
        }
      }),
      { seed, numRuns: 25 },
    )
  }, 120_000)
})

describe('the laws of a plan', () => {
  it.each([
    ['grid', 'powerKw', 1, 'nothing supplies|surplus'],
    ['battery', 'soc', 0.2, 'stores what it was not given'],
    ['genset', 'on', -1, 'gives power while it is off'],
    ['genset', 'powerKw', -70, 'leaves its load range'],
    ['pv', 'powerKw', 500, 'gives more than there is'],
    ['load', 'powerKw', -30, 'goes without 30 kWh and names 0'],
    ['ev', 'powerKw', 200, 'passes its feeder'],
    ['grid', 'powerKw', Number.NaN, 'grid: powerKw is not a number'],
  ] as const)('catch a plan whose %s.%s was changed by %d', async (asset, point, change, words) => {
    const plan = await planTestPark(
      {
        grid: hourly(6),
        tariff: { import: { spot: [1, 1, 0.1, 0.1, 9, 9] } },
        assets: {
          pv: { kind: 'pv', capacityKwp: 100, production: 40 },
          battery: { kind: 'battery', capacityKwh: 100, maxChargeKw: 50, maxDischargeKw: 50 },
          genset: {
            kind: 'genset',
            ratedKw: 100,
            minLoad: 0.5,
            fuel: { pricePerUnit: 2, kgCo2ePerUnit: 1, perKwh: 0.2 },
            initiallyOnHours: 1,
            minUpHours: 24,
          },
          load: { kind: 'load', demand: 120 },
          ev: {
            kind: 'ev-charging',
            feederLimitKw: 50,
            sessions: [
              { id: 'a', arrival: '2026-07-06T01:00Z', departure: '2026-07-06T05:00Z', energyKwh: 40, maxKw: 22 },
            ],
          },
          grid: { kind: 'grid', importLimitKw: 200 },
        },
      },
      { solver },
    )
    expect(breachesOf(plan)).toEqual([])
    const values = plan.outcomes.get(asset)?.points[point]
    values![2]! += change
    expect(breachesOf(plan).join('\n')).toMatch(new RegExp(words))
  })
})
