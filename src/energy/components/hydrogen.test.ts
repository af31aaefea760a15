import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createInlineSolver } from '../../solve/index.ts'
import { hourly, planTestPark, testSite } from '../park.fixture.ts'
import { breachesOf } from '../plan-breaches.fixture.ts'
import { hydrogenStore } from './hydrogen-store.ts'
import { planOnSteps, quartersThenHours, sumOverSteps } from './uneven.fixture.ts'

const solver = await createInlineSolver()
const kwhPerKg = 33.33
const grid = { kind: 'grid', importLimitKw: 5000 }
const vessel = (fields: object = {}) => ({
  kind: 'hydrogen-store',
  capacityKg: 100,
  maxFillKgPerH: 20,
  maxDrawKgPerH: 20,
  minLevel: 0,
  terminalValuePerKg: 0,
  ...fields,
})

describe('a hydrogen store', () => {
  it('serves what nothing makes, as far as its cushion', async () => {
    const plan = await planTestPark(
      {
        grid: hourly(4),
        assets: {
          store: vessel({ initialLevel: 0.3, minLevel: 0.1 }),
          use: { kind: 'hydrogen-load', demand: 6 },
          grid,
        },
      },
      { solver },
    )
    // 30 kg inside, 10 of them stay: 20 of 24 kg are served.
    expect(plan.point('store', 'levelKg').at(-1)).toBeCloseTo(10, 6)
    expect(plan.relaxed[0]?.amount).toBeCloseTo(4 * kwhPerKg, 4)
    expect(plan.relaxed[0]?.reason).toContain('4.0 kg')
    expect(breachesOf(plan)).toEqual([])
  })

  it('pays 1.7 kWh of electricity for every kg that is pressed in', async () => {
    const { point } = await planTestPark(
      {
        grid: hourly(2),
        tariff: { import: { spot: [0.1, 9] } },
        assets: {
          el: { kind: 'electrolyser', ratedKw: 1000 },
          store: vessel({ initialLevel: 0 }),
          use: { kind: 'hydrogen-load', demand: [0, 10] },
          grid,
        },
      },
      { solver },
    )
    expect(point('store', 'hydrogenKw')[0]).toBeCloseTo(-10 * kwhPerKg, 3)
    expect(point('store', 'compressionKw')).toEqual([17, 0])
  })

  it('that begins below its least level fills up when it can, and says so', async () => {
    const plan = await planTestPark(
      {
        grid: hourly(3),
        assets: { el: { kind: 'electrolyser', ratedKw: 500 }, store: vessel({ initialLevel: 0, minLevel: 0.2 }), grid },
      },
      { solver },
    )
    expect(plan.relaxed).toMatchObject([{ wish: 'reserve', reasonCode: 'store.outside-limits' }])
    expect(plan.relaxed[0]?.amount).toBeCloseTo(20 * kwhPerKg, 6)
    expect(plan.point('store', 'levelKg').at(-1)).toBeCloseTo(20, 4)
    expect(breachesOf(plan)).toEqual([])
  })

  it('keeps the balance of what came, went and was lost, step by step', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -2000, max: 2000, noNaN: true }), { minLength: 1, maxLength: 20 }),
        fc.constantFrom(0, 0.1),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(1 / 3600, 0.25, 1),
        (setpoints, lossPerDay, initialLevel, stepHours) => {
          const [asset] = testSite({
            grid: hourly(1),
            assets: { s: vessel({ lossPerDay, initialLevel, minLevel: 0.1 }) },
          }).assets as unknown as [Parameters<typeof hydrogenStore.simulate>[0]]
          const floorKg = Math.min(0.1, initialLevel) * 100
          let state = hydrogenStore.initialState(asset)
          for (const setpointKw of setpoints) {
            const before = state.levelKg
            const next = hydrogenStore.simulate(asset, state, { timestampMs: 0, stepHours, offeredKw: 0, setpointKw })
            const kept = floorKg + (before - floorKg) * (1 - lossPerDay) ** (stepHours / 24)
            const drawn = (next.otherKw?.hydrogen ?? 0) / kwhPerKg
            expect(next.state.levelKg).toBeCloseTo(kept - drawn * stepHours, 9)
            expect(Math.abs(drawn)).toBeLessThanOrEqual(20 + 1e-9)
            expect(next.state.levelKg).toBeLessThanOrEqual(100 + 1e-9)
            if (drawn > 1e-9) expect(next.state.levelKg).toBeGreaterThanOrEqual(10 - 1e-9)
            state = next.state
          }
        },
      ),
    )
  })
})

describe('a hydrogen load', () => {
  it('takes a delivery in the cheapest hours of its window, no faster than its line', async () => {
    const plan = await planTestPark(
      {
        grid: hourly(8),
        tariff: { import: { spot: [1, 1, 1, 0.2, 0.2, 1, 0.1, 0.1] } },
        assets: {
          el: { kind: 'electrolyser', ratedKw: 1000 },
          trucks: {
            kind: 'hydrogen-load',
            deliveries: [{ id: 'night', massKg: 25, from: '01:00', to: '06:00', maxKgPerH: 10 }],
          },
          grid,
        },
      },
      { solver },
    )
    const taken = plan.point('trucks', 'massKgPerH')
    expect(taken.slice(3, 5)).toEqual([10, 10])
    expect(taken.reduce((sum, rate) => sum + rate, 0)).toBeCloseTo(25, 2)
    expect(taken[0]! + taken[6]! + taken[7]!).toBe(0)
    expect(breachesOf(plan)).toEqual([])
  })

  it('names by how much a delivery is short', async () => {
    const { relaxed } = await planTestPark(
      {
        grid: hourly(8),
        assets: {
          store: vessel({ initialLevel: 0.5 }),
          trucks: {
            kind: 'hydrogen-load',
            deliveries: [{ id: 'night', massKg: 60, from: '01:00', to: '06:00', maxKgPerH: 10 }],
          },
          grid,
        },
      },
      { solver },
    )
    expect(relaxed).toMatchObject([{ reasonCode: 'hydrogen.unserved' }])
    expect(relaxed[0]?.amount).toBeCloseTo(10 * kwhPerKg, 4)
  })

  it('without a store is met as it comes', async () => {
    const { point, relaxed } = await planTestPark(
      {
        grid: hourly(3),
        assets: {
          el: { kind: 'electrolyser', ratedKw: 1000 },
          use: { kind: 'hydrogen-load', demand: [5, 0, 12] },
          grid,
        },
      },
      { solver },
    )
    expect(relaxed).toEqual([])
    expect(point('el', 'massKgPerH')).toEqual([5, 0, 12])
  })
})

describe('hydrogen on steps of 15 and 60 minutes', () => {
  const hours = [0.25, 0.25, 0.25, 0.25, 1, 1, 1]

  it('is made, kept, lost and delivered by the hours of each step', async () => {
    const plan = await planOnSteps(
      quartersThenHours(4, 3),
      {
        tariff: { import: { spot: [1, 0.1, 0.1, 2, 0.2, 2, 2] } },
        assets: {
          el: { kind: 'electrolyser', ratedKw: 1000 },
          store: vessel({ initialLevel: 0.2, lossPerDay: 0.2 }),
          cell: { kind: 'fuel-cell', ratedKw: 50, minLoad: 0.2, startCost: 1 },
          works: { kind: 'load', demand: 60 },
          use: { kind: 'hydrogen-load', demand: 2 },
          trucks: {
            kind: 'hydrogen-load',
            deliveries: [{ id: 'early', massKg: 20, from: '00:15', to: '03:00', maxKgPerH: 10 }],
          },
          grid,
        },
      },
      { solver },
    )
    expect(breachesOf(plan)).toEqual([])
    expect(plan.relaxed).toEqual([])
    const rate = (asset: string): Float64Array => plan.outcomes.get(asset)!.points.massKgPerH!
    expect(sumOverSteps(rate('trucks'), hours)).toBeCloseTo(20, 4)
    expect(sumOverSteps(rate('use'), hours)).toBeCloseTo(2 * 4, 6)
    expect([rate('trucks')[0], rate('trucks')[6]].map((value) => Math.abs(value!) < 1e-6)).toEqual([true, true])
    const { hydrogenKw, levelKg } = plan.outcomes.get('store')!.points
    let kept = 20
    hours.forEach((length, k) => {
      kept = kept * 0.8 ** (length / 24) - (hydrogenKw![k]! / kwhPerKg) * length
      expect(levelKg![k]).toBeCloseTo(kept, 5)
    })
  })

  it('that is missing is named with the hours of its steps', async () => {
    const plan = await planOnSteps(
      quartersThenHours(4, 3),
      { assets: { store: vessel({ initialLevel: 0.1 }), use: { kind: 'hydrogen-load', demand: 4 }, grid } },
      { solver },
    )
    expect(plan.relaxed[0]?.amount).toBeCloseTo((4 * 4 - 10) * kwhPerKg, 4)
    expect(breachesOf(plan)).toEqual([])
  })

  it('in a vessel that begins below its least level is inside after so many hours', async () => {
    const plan = await planOnSteps(
      quartersThenHours(4, 3),
      {
        assets: {
          el: { kind: 'electrolyser', ratedKw: 1000 },
          store: vessel({ initialLevel: 0, minLevel: 0.2, maxFillKgPerH: 10, compressionKwhPerKg: 0 }),
          grid,
        },
      },
      { solver },
    )
    // 20 kg at 10 an hour: inside at the end of the second hour, outside in the hour before.
    expect(plan.relaxed[0]?.reason).toContain('is back inside after 1.00 h')
    expect(breachesOf(plan)).toEqual([])
  })
})

describe('a fuel cell', () => {
  it('turns a kWh of hydrogen into half a kWh of electricity, and 0.4 of heat (DEA, LT-PEM: 0.5, c_b 1.25)', async () => {
    const plan = await planTestPark(
      {
        grid: hourly(2),
        tariff: { import: { spot: [1, 50] } },
        assets: {
          store: vessel({ initialLevel: 0.5 }),
          cell: { kind: 'fuel-cell', ratedKw: 100, heatEfficiency: 0.4 },
          works: { kind: 'load', demand: 400 },
          homes: { kind: 'heat-load', demand: [0, 500] },
          boiler: { kind: 'boiler', ratedKw: 1000, electric: true, efficiency: 1 },
          grid,
        },
      },
      { solver },
    )
    expect(plan.point('cell', 'powerKw')[1]).toBe(100)
    expect(plan.point('cell', 'hydrogenKw')[1]).toBe(200)
    expect(plan.point('cell', 'heatKw')[1]).toBe(80)
    expect(breachesOf(plan)).toEqual([])
  })

  it('with a least load runs at it or not at all', async () => {
    const cell = { kind: 'fuel-cell', ratedKw: 100, minLoad: 0.4 }
    const park = (demand: number) =>
      planTestPark({ grid: hourly(1), assets: { store: vessel(), cell, works: { kind: 'load', demand } } }, { solver })
    expect((await park(60)).point('cell', 'powerKw')).toEqual([60])
    const low = await park(20)
    expect(low.point('cell', 'powerKw')).toEqual([0])
    expect(low.relaxed).toMatchObject([{ reasonCode: 'load.unserved' }])
  })
})
