import { describe, expect, it } from 'vitest'
import { createInlineSolver } from '../../solve/index.ts'
import { hourly, type TestPark, testData, testSite } from '../park.fixture.ts'
import { formulatePark, prepareAssets, readOutcomes } from '../park-model.ts'
import { createFrame } from '../plan-frame.ts'
import { solvePark } from '../solve-park.ts'
import { formulateScenarios, type Scenario } from './scenarios.ts'

/** An hour in which to fill a battery, then one whose load nobody knows; only the month's peak costs. */
const parkWith = (loadKw: number): TestPark => ({
  grid: hourly(2),
  tariff: { import: { spot: [0, 0] }, demand: [{ name: 'month', pricePerKwMonth: 10 }] },
  assets: {
    grid: { kind: 'grid', importLimitKw: 500 },
    battery: {
      kind: 'battery',
      capacityKwh: 100,
      maxChargeKw: 60,
      maxDischargeKw: 60,
      minSoc: 0,
      maxSoc: 1,
      initialSoc: 0,
      chargeEfficiency: 1,
      dischargeEfficiency: 1,
      selfDischargePerDay: 0,
      taperSoc: 1,
      wear: { replacementCostPerKwh: 0 },
      terminalValuePerKwh: 0,
    },
    load: { kind: 'load', demand: [100, loadKw] },
  },
})
const scenarioOf = async (loadKw: number, probability: number): Promise<Scenario> => {
  const park = parkWith(loadKw)
  const frame = await createFrame(testSite(park), park.grid, testData)
  return { probability, frame, assets: await prepareAssets(frame, testData) }
}
const options = {
  solver: await createInlineSolver(),
  sessionKey: 'scenarios',
  relativeGap: 1e-9,
  timeLimitMs: 10_000,
}

/** Power of the battery in the first hour: what a plan for one future, the mean, would do. */
async function meanPlan(loadKw: number): Promise<number> {
  const { frame, assets } = await scenarioOf(loadKw, 1)
  const park = formulatePark(frame, assets)
  const { solution } = await solvePark(park, options)
  return readOutcomes(park, solution.columnValues).get('battery')!.points.powerKw![0]!
}

/** Peak of the month, kW, when the first hour is decided and the second does the best that is left. */
const peakKw = (firstKw: number, loadKw: number): number =>
  Math.max(100 - firstKw, loadKw - Math.min(60, -firstKw, Math.max(0, loadKw - (100 - firstKw))))

describe('a plan for several futures', () => {
  const futures = [
    { loadKw: 140, probability: 0.7 },
    { loadKw: 100, probability: 0.3 },
  ]

  it('decides the first hour once, and costs less on average than the plan for the mean', async () => {
    const scenarios = await Promise.all(futures.map(({ loadKw, probability }) => scenarioOf(loadKw, probability)))
    const { park, parks } = formulateScenarios(scenarios, 1)
    const { solution, certificate } = await solvePark(park, options)
    expect(certificate.ok).toBe(true)
    const first = parks.map((one) => readOutcomes(one, solution.columnValues).get('battery')!.points.powerKw![0]!)
    expect(first[0]).toBeCloseTo(first[1]!, 6)
    // By hand: filling c kWh costs 0.7·max(100 + c, 140 − c) + 0.3·(100 + c), least at c = 20, where it is 120 kW.
    expect(first[0]).toBeCloseTo(-20, 6)
    const mean = await meanPlan(0.7 * 140 + 0.3 * 100)
    // By hand: the mean of 128 kW is met with 14 kWh.
    expect(mean).toBeCloseTo(-14, 6)
    const expected = (firstKw: number): number =>
      futures.reduce((sum, { loadKw, probability }) => sum + probability * peakKw(firstKw, loadKw), 0)
    expect(expected(first[0]!)).toBeCloseTo(120, 6)
    expect(expected(mean)).toBeCloseTo(0.7 * 126 + 0.3 * 114, 6)
    expect(solution.objective).toBeCloseTo(10 * 120, 4)
  })

  it('is the plan of one future when all are the same', async () => {
    const scenarios = await Promise.all([0.5, 0.5].map((probability) => scenarioOf(140, probability)))
    const { park } = formulateScenarios(scenarios, 2)
    const { solution } = await solvePark(park, options)
    expect(solution.objective).toBeCloseTo(10 * 120, 4)
  })
})
