import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createInlineSolver } from '../../solve/index.ts'
import { hourly, planTestPark, testSite } from '../park.fixture.ts'
import { breachesOf } from '../plan-breaches.fixture.ts'
import { hydroReservoir } from './hydro-reservoir.ts'
import { objectivesOf, planOnSteps, quartersThenHours, sumOverSteps } from './uneven.fixture.ts'

const solver = await createInlineSolver()
/** kW of 1 m3/s over 50 m at 88 %: 0.88 · 9.80665 · 50. */
const kwPerFlow = 0.88 * 9.80665 * 50
const grid = { kind: 'grid', importLimitKw: 5000, exportLimitKw: 5000 }
const lake = (fields: object = {}) => ({
  kind: 'hydro-reservoir',
  ratedKw: 2 * kwPerFlow,
  headM: 50,
  inflow: 1,
  volumeM3: 14_400,
  initialVolumeM3: 7200,
  waterValuePerM3: 0,
  ...fields,
})

describe('the plan of a reservoir', () => {
  it('keeps the river’s water for the dear hours', async () => {
    const plan = await planTestPark(
      {
        grid: hourly(4),
        tariff: { import: { spot: [0.1, 0.1, 1, 1] } },
        assets: { lake: lake(), works: { kind: 'load', demand: 5000 }, grid },
      },
      { solver },
    )
    // 7200 m3 and 4 h of 1 m3/s are 21 600 m3; two dear hours at 2 m3/s take 14 400, the room allows waiting for both.
    expect(plan.point('lake', 'powerKw').slice(2)).toEqual(
      [2 * kwPerFlow, 2 * kwPerFlow].map((kw) => Math.round(kw * 1000) / 1000),
    )
    expect(plan.point('lake', 'turbineM3PerS').slice(2)).toEqual([2, 2])
    expect(plan.point('lake', 'volumeM3').at(-1)).toBeCloseTo(0, 2)
    expect(plan.point('lake', 'spillM3PerS')).toEqual([0, 0, 0, 0])
    expect(breachesOf(plan)).toEqual([])
  })

  it('spills what it can neither hold nor use, and only that', async () => {
    const plan = await planTestPark(
      {
        grid: hourly(3),
        tariff: { import: { feePerKwh: 1 } },
        assets: { lake: lake({ inflow: 4, initialVolumeM3: 14_400 }), works: { kind: 'load', demand: 5000 }, grid },
      },
      { solver },
    )
    expect(plan.point('lake', 'turbineM3PerS')).toEqual([2, 2, 2])
    expect(plan.point('lake', 'spillM3PerS').reduce((sum, flow) => sum + flow, 0)).toBeCloseTo(3 * 2, 3)
    expect(plan.relaxed).toEqual([])
  })

  it('gives the river its release first, and says when there is no water for it', async () => {
    const plan = await planTestPark(
      {
        grid: hourly(3),
        tariff: { import: { spot: [0.1, 0.1, 9] } },
        assets: {
          lake: lake({ inflow: 0, initialVolumeM3: 3600, minReleaseM3PerS: 0.5 }),
          works: { kind: 'load', demand: 5000 },
          grid,
        },
      },
      { solver },
    )
    const released = plan.point('lake', 'turbineM3PerS').map((flow, k) => flow + plan.point('lake', 'spillM3PerS')[k]!)
    expect(released[0]! + released[1]! + released[2]!).toBeCloseTo(1, 3)
    for (const flow of released) expect(flow).toBeLessThanOrEqual(0.5 + 1e-3)
    expect(plan.relaxed).toMatchObject([{ wish: 'release', reasonCode: 'reservoir.release-short' }])
    expect(plan.relaxed[0]?.amount).toBeCloseTo(0.5 * kwPerFlow, 2)
    expect(breachesOf(plan)).toEqual([])
  })

  it('pumps in cheap hours what it sells in dear ones, when the round trip pays', async () => {
    const park = (spot: number[]) =>
      planTestPark(
        {
          grid: hourly(2),
          tariff: { import: { spot }, export: { spot } },
          assets: { lake: lake({ inflow: 0, initialVolumeM3: 0, pump: { maxKw: 300 } }), grid },
        },
        { solver },
      )
    // Round trip 0.88 · 0.85 = 0.748.
    const pays = await park([0.7, 1])
    expect(pays.point('lake', 'powerKw')[0]).toBe(-300)
    expect(pays.point('lake', 'powerKw')[1]).toBeCloseTo(300 * 0.748, 3)
    expect((await park([0.8, 1])).point('lake', 'powerKw')).toEqual([0, 0])
    expect(breachesOf(pays)).toEqual([])
  })

  it('values the water that is left: it waits for hours beyond the horizon', async () => {
    const park = (waterValuePerM3: number) =>
      planTestPark(
        {
          grid: hourly(2),
          tariff: { import: { feePerKwh: 1 }, export: { feePerKwh: 1 } },
          assets: { lake: lake({ waterValuePerM3 }), grid },
        },
        { solver },
      )
    // A cubic metre gives 0.88 · 9.80665 · 50 / 3600 = 0.1199 kWh.
    expect((await park(0.13)).point('lake', 'powerKw')).toEqual([0, 0])
    expect((await park(0.11)).point('lake', 'powerKw')[0]).toBeGreaterThan(100)
  })

  it('takes its head from the level that it begins with', async () => {
    const headByVolume = [
      [0, 30],
      [5000, 50],
    ]
    const { headM: _headM, ...table } = lake({ headByVolume })
    const { point } = await planTestPark(
      {
        grid: hourly(1),
        tariff: { import: { feePerKwh: 1 } },
        assets: { lake: { ...table, maxFlowM3PerS: 1 }, works: { kind: 'load', demand: 5000 }, grid },
      },
      { solver },
    )
    expect(point('lake', 'powerKw')[0]).toBeCloseTo(kwPerFlow, 3)
  })
})

describe('a reservoir on steps of 15 and 60 minutes', () => {
  const hours = [0.25, 0.25, 0.25, 0.25, 1, 1, 1]
  const works = { kind: 'load', demand: 4000 }

  it('keeps its water by the seconds of each step, and names what the river lacks', async () => {
    const plan = await planOnSteps(
      quartersThenHours(4, 3),
      {
        tariff: { import: { spot: [0.1, 9, 0.1, 0.1, 0.1, 0.1, 9] } },
        assets: {
          lake: lake({ inflow: 0.1, initialVolumeM3: 3600, minReleaseM3PerS: 0.5, pump: { maxKw: 20 } }),
          works,
          grid,
        },
      },
      { solver },
    )
    expect(breachesOf(plan)).toEqual([])
    const { turbineM3PerS, spillM3PerS, pumpedM3PerS, volumeM3 } = plan.outcomes.get('lake')!.points
    let kept = 3600
    hours.forEach((length, k) => {
      kept += (0.1 + pumpedM3PerS![k]! - turbineM3PerS![k]! - spillM3PerS![k]!) * length * 3600
      expect(volumeM3![k]).toBeCloseTo(kept, 3)
    })
    const lacking = turbineM3PerS!.map((flow, k) => Math.max(0, 0.5 - flow - spillM3PerS![k]!) * kwPerFlow)
    expect(plan.relaxed).toMatchObject([{ wish: 'release', amount: expect.closeTo(sumOverSteps(lacking, hours), 2) }])
  })

  it('may spill all of its water in its shortest step, and costs no less than on short steps (law)', async () => {
    const values = (max: number) => fc.array(fc.integer({ min: 0, max }), { minLength: 5, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(values(9), values(6), async (spot, inflow) => {
        const { uneven, fine } = await objectivesOf(
          quartersThenHours(3, 2),
          (laid) => ({
            tariff: { import: { spot: laid(spot) } },
            assets: { lake: lake({ inflow: laid(inflow) }), works, grid },
          }),
          { solver },
        )
        expect(uneven).toBeGreaterThanOrEqual(fine - 1e-6 * Math.max(1, Math.abs(fine)))
      }),
      { numRuns: 15 },
    )
  })
})

describe('the water of a reservoir', () => {
  it('is neither made nor lost, and leaves the river dry only when there is none', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -800, max: 1500 }), fc.integer({ min: 0, max: 3000 })), {
          minLength: 1,
          maxLength: 20,
        }),
        fc.constantFrom(1 / 3600, 0.25, 1),
        (steps, stepHours) => {
          const [asset] = testSite({
            grid: hourly(1),
            assets: { lake: lake({ minVolumeM3: 1000, minReleaseM3PerS: 0.4, pump: { maxKw: 500 } }) },
          }).assets as unknown as [Parameters<typeof hydroReservoir.simulate>[0]]
          let state = hydroReservoir.initialState(asset)
          for (const [setpointKw, offeredKw] of steps) {
            const next = hydroReservoir.simulate(asset, state, { timestampMs: 0, stepHours, offeredKw, setpointKw })
            const { turbineM3PerS = 0, spillM3PerS = 0, pumpedM3PerS = 0 } = next.points
            const inflow = offeredKw / kwPerFlow
            const seconds = stepHours * 3600
            expect(next.state.volumeM3).toBeCloseTo(
              state.volumeM3 + (inflow + pumpedM3PerS - turbineM3PerS - spillM3PerS) * seconds,
              5,
            )
            expect(next.state.volumeM3).toBeGreaterThanOrEqual(1000 - 1e-6)
            expect(next.state.volumeM3).toBeLessThanOrEqual(14_400 + 1e-6)
            expect(Math.min(turbineM3PerS, spillM3PerS, pumpedM3PerS)).toBeGreaterThanOrEqual(0)
            const had = inflow + (state.volumeM3 - 1000) / seconds
            expect(turbineM3PerS + spillM3PerS).toBeGreaterThanOrEqual(Math.min(0.4, had) - 1e-9)
            state = next.state
          }
        },
      ),
    )
  })
})
