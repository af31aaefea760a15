import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createInlineSolver } from '../../solve/index.ts'
import { hourly, planTestPark } from '../park.fixture.ts'
import { breachesOf } from '../plan-breaches.fixture.ts'
import type { ThermalStoreAsset } from '../schema/index.ts'
import { thermalCapacityKwh, thermalStore } from './thermal-store.ts'
import { objectivesOf, planOnSteps, quartersThenHours, sumOverSteps } from './uneven.fixture.ts'

const solver = await createInlineSolver()

const plain = {
  kind: 'thermal-store',
  capacityKwh: 100,
  maxChargeKw: 60,
  maxDischargeKw: 60,
  lossPerHour: 0,
  initialSoc: 0,
  terminalValuePerKwh: 0,
}
const grid = { kind: 'grid', importLimitKw: 1000 }
const heater = { kind: 'boiler', ratedKw: 200, electric: true, efficiency: 1 }

describe('a thermal store in a plan', () => {
  it('makes heat in the cheap hours and gives it in the dear ones', async () => {
    const plan = await planTestPark({
      grid: hourly(4),
      tariff: { import: { spot: [0.2, 0.2, 1, 1] } },
      assets: { heater, store: plain, homes: { kind: 'heat-load', demand: 40 }, grid },
    })
    expect(plan.point('store', 'storedKwh')).toEqual([plan.point('store', 'storedKwh')[0], 80, 40, 0])
    expect(plan.outcomes.get('grid')?.cost.energy).toBeCloseTo(0.2 * 160, 6)
    expect(breachesOf(plan)).toEqual([])
  })

  it('loses its share an hour: 100 kWh at 2 % are 98 and 96.04', async () => {
    const plan = await planTestPark({
      grid: hourly(2),
      assets: { store: { ...plain, lossPerHour: 0.02, initialSoc: 1 }, grid },
    })
    expect(plan.point('store', 'storedKwh')).toEqual([98, 96.04])
  })

  it('values what is left as what its cheapest source makes it for, so that it does not run dry for nothing', async () => {
    const plan = await planTestPark({
      grid: hourly(4),
      tariff: { import: { spot: [1, 1, 1, 0.5] } },
      assets: {
        heater,
        store: { ...plain, initialSoc: 0.5, terminalValuePerKwh: undefined },
        homes: { kind: 'heat-load', demand: 10 },
        grid,
      },
    })
    expect(plan.point('store', 'soc').at(-1)).toBeGreaterThan(0.5)
  })

  it.each([
    ['below', { minSoc: 0.4, initialSoc: 0.2, maxChargeKw: 15 }, 'thermal-store.below', 0.4],
    ['above', { maxSoc: 0.6, initialSoc: 0.9, terminalValuePerKwh: 5 }, 'thermal-store.above', 0.6],
  ])('that begins %s its limits comes back and says so', async (_, limits, code, endSoc) => {
    const plan = await planTestPark({
      grid: hourly(4),
      assets: {
        heater,
        store: { ...plain, ...limits },
        homes: { kind: 'heat-load', demand: 20 },
        grid,
      },
    })
    expect(plan.relaxed.map(({ reasonCode }) => reasonCode)).toEqual([code])
    expect(plan.point('store', 'soc').at(-1)).toBeCloseTo(endSoc, 3)
    expect(breachesOf(plan)).toEqual([])
  })

  it('without capacity does nothing', async () => {
    const plan = await planTestPark({
      grid: hourly(2),
      assets: {
        heater,
        store: { ...plain, capacityKwh: 0, initialSoc: 0.5 },
        homes: { kind: 'heat-load', demand: 20 },
        grid,
      },
    })
    expect(plan.point('store', 'heatKw')).toEqual([0, 0])
    expect(plan.relaxed).toEqual([])
    expect(breachesOf(plan)).toEqual([])
  })
})

describe('a thermal store on steps of 15 and 60 minutes', () => {
  const prices = [0.1, 0.9, 0.2, 0.8, 0.1, 1, 1.2]
  const homes = { kind: 'heat-load', demand: 40 }

  it('keeps, takes and gives by the hours of each step', async () => {
    const plan = await planOnSteps(
      quartersThenHours(4, 3),
      {
        tariff: { import: { spot: prices } },
        assets: { heater, store: { ...plain, lossPerHour: 0.05, initialSoc: 0.5 }, homes, grid },
      },
      { solver },
    )
    expect(breachesOf(plan)).toEqual([])
    const { heatKw, storedKwh } = plan.outcomes.get('store')!.points
    const hours = [0.25, 0.25, 0.25, 0.25, 1, 1, 1]
    let kept = 50
    hours.forEach((length, k) => {
      kept = kept * 0.95 ** length - heatKw![k]! * length
      expect(storedKwh![k]).toBeCloseTo(kept, 6)
    })
    // The heater makes what the homes take in 4 h and the store does not give.
    const madeKwh = sumOverSteps(plan.outcomes.get('heater')!.points.heatKw!, hours)
    expect(madeKwh + sumOverSteps(heatKw!, hours)).toBeCloseTo(4 * 40, 6)
    expect(Math.max(...heatKw!)).toBeGreaterThan(30)
    const paid = plan.outcomes.get('grid')!.points.powerKw!.map((power, k) => power * prices[k]!)
    expect(plan.outcomes.get('grid')?.cost.energy).toBeCloseTo(sumOverSteps(paid, hours), 6)
  })

  it('says for how many hours it is below its limit', async () => {
    const { relaxed } = await planOnSteps(
      quartersThenHours(2, 2),
      { assets: { store: { ...plain, minSoc: 0.4, initialSoc: 0.2 }, grid } },
      { solver },
    )
    expect(relaxed[0]?.reason).toContain('for 2.5 h')
  })

  it('costs no less than on short steps (law)', async () => {
    const values = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 5, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(values, values, fc.constantFrom(0, 0.5), async (spot, demand, initialSoc) => {
        const { uneven, fine } = await objectivesOf(
          quartersThenHours(3, 2),
          (laid) => ({
            tariff: { import: { spot: laid(spot) } },
            assets: {
              heater,
              store: { ...plain, capacityKwh: 12, maxChargeKw: 6, initialSoc },
              homes: { ...homes, demand: laid(demand) },
              grid,
            },
          }),
          { solver },
        )
        expect(uneven).toBeGreaterThanOrEqual(fine - 1e-6)
      }),
      { numRuns: 15 },
    )
  })
})

describe('the capacity of a hot-water store', () => {
  it('is that of its water: 10 m3 from 35 to 60 °C hold 287 kWh (988 kg/m3, 4.181 kJ/(kg·K))', () => {
    const asset = { water: { volumeM3: 10, hotC: 60, coldC: 35 } } as ThermalStoreAsset
    expect(thermalCapacityKwh(asset)).toBeCloseTo(286.86, 1)
  })
})

describe('a thermal store in simulation', () => {
  it('conserves heat for any set point and stays inside its limits (law)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -200, max: 200, noNaN: true }), { minLength: 1, maxLength: 50 }),
        (setpoints) => {
          const asset = { ...plain, id: 's', title: 's', lossPerHour: 0.01, minSoc: 0, maxSoc: 1 } as never
          let state = { soc: 0.5 }
          for (const setpointKw of setpoints) {
            const next = thermalStore.simulate(asset, state, {
              timestampMs: 0,
              stepHours: 0.25,
              offeredKw: 0,
              setpointKw,
            })
            const heatKw = next.otherKw?.heat ?? 0
            expect(next.state.soc * 100).toBeCloseTo(state.soc * 100 * 0.99 ** 0.25 - heatKw * 0.25, 9)
            expect(next.state.soc).toBeGreaterThanOrEqual(-1e-9)
            expect(next.state.soc).toBeLessThanOrEqual(1 + 1e-9)
            expect(Math.abs(heatKw)).toBeLessThanOrEqual(60)
            state = next.state
          }
        },
      ),
    )
  })

  it('follows the set points of a plan to where the plan is', async () => {
    const plan = await planTestPark({
      grid: hourly(6),
      tariff: { import: { spot: [0.2, 0.9, 0.3, 1, 0.1, 2] } },
      assets: {
        heater,
        store: { ...plain, lossPerHour: 0.01, initialSoc: 0.3 },
        homes: { kind: 'heat-load', demand: 30 },
        grid,
      },
    })
    const { asset } = plan.assets.find(({ asset }) => asset.id === 'store')!
    const { heatKw, soc } = plan.outcomes.get('store')!.points
    let state = thermalStore.initialState(asset as never)
    heatKw!.forEach((setpointKw, k) => {
      state = thermalStore.simulate(asset as never, state, {
        timestampMs: 0,
        stepHours: 1,
        offeredKw: 0,
        setpointKw,
      }).state
      expect(state.soc).toBeCloseTo(soc![k]!, 6)
    })
  })
})
