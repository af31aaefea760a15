import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createInlineSolver } from '../../solve/index.ts'
import { hourly, planTestPark, quarterHourly, testSite } from '../park.fixture.ts'
import { breachesOf } from '../plan-breaches.fixture.ts'
import type { ChpAsset } from '../schema/index.ts'
import { chp } from './chp.ts'
import { checkChpLine, chpFuelKw, chpHeatKw, chpLine } from './chp-curve.ts'
import { planOnSteps, quartersThenHours, sumOverSteps } from './uneven.fixture.ts'

const solver = await createInlineSolver()
const grid = { kind: 'grid', importLimitKw: 5000, exportLimitKw: 5000 }
const fuel = { kwhPerUnit: 10, pricePerUnit: 3, kgCo2ePerUnit: 2, biogenicKgCo2PerUnit: 0 }
const engine = (fields: object = {}) => ({ kind: 'chp', ratedKw: 200, fuel, ...fields })
const digester = (fields: object = {}) => ({
  kind: 'chp',
  ratedKw: 200,
  biogas: { production: 50, holderM3: 400, minLevel: 0, maxLevel: 1, initialLevel: 0, ...fields },
})
const filled = (fields: object): ChpAsset =>
  testSite({ grid: hourly(1), assets: { a: fields as { kind: string } } }).assets[0] as unknown as ChpAsset

describe('the line of an engine', () => {
  it('goes through full and half load: 40 % and 45 %, 36 % and 48 %', () => {
    const line = chpLine(filled(engine()), 200)
    expect(chpFuelKw(line, 200)).toBeCloseTo(200 / 0.4, 9)
    expect(chpFuelKw(line, 100)).toBeCloseTo(100 / 0.36, 9)
    expect(chpHeatKw(line, 200)).toBeCloseTo((200 / 0.4) * 0.45, 9)
    expect(chpHeatKw(line, 100)).toBeCloseTo((100 / 0.36) * 0.48, 9)
  })

  it('is refused where more power would need no more fuel, or more came out than goes in', () => {
    expect(checkChpLine(filled(engine()))).toEqual([])
    expect(checkChpLine(filled(engine({ electrical: { full: 0.4, half: 0.19 } })))[0]?.place.path).toBe(
      'electrical.half',
    )
    expect(checkChpLine(filled(engine({ thermal: { full: 0.8, half: 0.5 } })))[0]?.place.path).toBe('thermal.full')
  })
})

describe('the plan of an engine', () => {
  it('runs when electricity and heat together are worth its fuel; its fossil carbon counts, its biogenic does not', async () => {
    const { point, outcomes } = await planTestPark(
      {
        grid: hourly(2),
        tariff: { import: { spot: [0.5, 1.2] }, carbonIntensity: 0 },
        assets: {
          engine: engine({ fuel: { ...fuel, biogenicKgCo2PerUnit: 1.5 } }),
          works: { kind: 'load', demand: 300 },
          grid,
        },
      },
      { solver },
    )
    // A kWh of electricity takes 2.5 kWh of gas at 0.3: 0.75.
    expect(point('engine', 'powerKw')).toEqual([0, 200])
    expect(point('engine', 'fuelKw')).toEqual([0, 500])
    expect(outcomes.get('engine')?.cost.fuel).toBeCloseTo(150, 6)
    expect(outcomes.get('engine')?.emissionsKgCo2e).toBeCloseTo(100, 6)
    expect(point('engine', 'biogenicKgCo2PerH')).toEqual([0, 75])
  })

  it('throws heat away that nobody takes, unless it cannot', async () => {
    const park = (heatRejection: boolean) =>
      planTestPark(
        {
          grid: hourly(1),
          tariff: { import: { feePerKwh: 5 } },
          assets: {
            engine: engine({ heatRejection }),
            works: { kind: 'load', demand: 300 },
            homes: { kind: 'heat-load', demand: 150 },
            boiler: { kind: 'boiler', ratedKw: 500, electric: true, efficiency: 1 },
            grid,
          },
        },
        { solver },
      )
    const free = await park(true)
    expect(free.point('engine', 'powerKw')).toEqual([200])
    expect(free.point('engine', 'heatKw')).toEqual([150])
    expect(free.point('engine', 'rejectedHeatKw')).toEqual([75])
    const held = await park(false)
    // Heat rises with power by this line: 150 kW of heat are had at 122.4 kW of power.
    const line = chpLine(filled(engine()), 200)
    expect(held.point('engine', 'powerKw')[0]).toBeCloseTo((150 - line.heatAtZeroKw) / line.heatPerKw, 2)
    expect(held.relaxed).toEqual([])
    expect(breachesOf(held)).toEqual([])
  })

  it('stays warm while it stands, or says that it is cold', async () => {
    const park = (boilerKw: number) =>
      planTestPark(
        {
          grid: hourly(2),
          tariff: { import: { feePerKwh: 0.1 } },
          assets: {
            engine: engine({ standbyHeatKw: 8, minDownHours: 3, initiallyOffHours: 0 }),
            boiler: { kind: 'boiler', ratedKw: boilerKw, electric: true },
            grid,
          },
        },
        { solver },
      )
    const warm = await park(50)
    expect(warm.point('engine', 'standbyHeatKw')).toEqual([8, 8])
    expect(warm.relaxed).toEqual([])
    const cold = await park(5)
    expect(cold.relaxed).toMatchObject([{ reasonCode: 'chp.cold', amount: expect.closeTo(6, 4) }])
    expect(breachesOf(cold)).toEqual([])
  })
})

describe('an engine on steps of 15 and 60 minutes', () => {
  const hours = [0.25, 0.25, 0.25, 0.25, 1, 1, 1]

  it('pays fuel and running by the hour, and keeps its minimum times in hours', async () => {
    const plan = await planOnSteps(
      quartersThenHours(4, 3),
      {
        tariff: { import: { spot: [0.1, 0.1, 3, 0.1, 0.1, 0.1, 0.1] } },
        assets: {
          engine: engine({ minUpHours: 1.5, startCost: 5, runningCostPerHour: 4, standbyHeatKw: 8 }),
          boiler: { kind: 'boiler', ratedKw: 50, electric: true },
          works: { kind: 'load', demand: 300 },
          grid,
        },
      },
      { solver },
    )
    // The quarter at 3 pays for a run of 1.5 h: from it on, two quarters and the hour after them.
    const on = plan.point('engine', 'on')
    expect(on).toEqual([0, 0, 1, 1, 1, 0, 0])
    expect(breachesOf(plan)).toEqual([])
    const { fuelKw, heatKw, standbyHeatKw } = plan.outcomes.get('engine')!.points
    expect(plan.outcomes.get('engine')?.cost.fuel).toBeCloseTo(
      0.3 * sumOverSteps(fuelKw!, hours) + 5 + 4 * sumOverSteps(on, hours),
      6,
    )
    // 8 kW to stay warm for as long as it stands.
    expect(sumOverSteps(standbyHeatKw!, hours)).toBeCloseTo(8 * (4 - sumOverSteps(on, hours)), 6)
    const boiledKwh = sumOverSteps(plan.outcomes.get('boiler')!.points.heatKw!, hours)
    expect(boiledKwh + sumOverSteps(heatKw!, hours)).toBeCloseTo(sumOverSteps(standbyHeatKw!, hours), 4)
  })

  it('on a digester burns, flares and keeps the gas of each step', async () => {
    const plan = await planOnSteps(
      quartersThenHours(4, 3),
      {
        tariff: { import: { spot: [0.1, 0.1, 0.1, 0.1, 0.1, 1, 0.1] } },
        assets: {
          engine: digester({ terminalValuePerM3: 0, holderM3: 50, initialLevel: 0.5 }),
          works: { kind: 'load', demand: 300 },
          grid,
        },
      },
      { solver },
    )
    expect(breachesOf(plan)).toEqual([])
    const { fuelKw, flaredKw, gasLevelM3 } = plan.outcomes.get('engine')!.points
    // 25 m3 in the holder and 4 h of 50 m3, at 6 kWh a m3.
    const usedKwh = sumOverSteps(fuelKw!, hours) + sumOverSteps(flaredKw!, hours)
    expect(usedKwh + 6 * gasLevelM3!.at(-1)!).toBeCloseTo(6 * (25 + 4 * 50), 4)
    expect(plan.point('engine', 'powerKw')[5]).toBe(200)
  })
})

describe('an engine on a digester', () => {
  it('keeps gas for the dear hours and burns it then', async () => {
    const plan = await planTestPark(
      {
        grid: hourly(4),
        tariff: { import: { spot: [0.1, 0.1, 1, 1] } },
        assets: { engine: digester({ terminalValuePerM3: 0 }), works: { kind: 'load', demand: 300 }, grid },
      },
      { solver },
    )
    // 50 m3/h of 6 kWh are 300 kW of gas: 1200 kWh in all, of which full load takes 500 an hour.
    expect(plan.point('engine', 'powerKw').slice(0, 2)).toEqual([0, 0])
    expect(plan.point('engine', 'fuelKw').slice(2)).toEqual([500, 500])
    expect(plan.point('engine', 'flaredKw')).toEqual([0, 0, 0, 0])
    expect(plan.point('engine', 'gasLevelM3').at(-1)).toBeCloseTo(200 / 6, 2)
    expect(breachesOf(plan)).toEqual([])
  })

  it('flares what the holder cannot take, and tells it', async () => {
    const plan = await planTestPark(
      {
        grid: hourly(4),
        tariff: { import: { spot: [-1, -1, -1, -1] } },
        assets: { engine: digester({ holderM3: 100 }), grid: { ...grid, exportLimitKw: 0 } },
      },
      { solver },
    )
    expect(plan.point('engine', 'powerKw')).toEqual([0, 0, 0, 0])
    expect(plan.point('engine', 'flaredKw').reduce((sum, power) => sum + power, 0)).toBeCloseTo(1200 - 600, 4)
    const told = chp.describe({
      asset: plan.assets[0]?.asset as never,
      frame: plan.frame,
      outcome: plan.outcomes.get('engine')!,
      marginalPricePerKwh: new Float64Array(4),
      priceOn: () => undefined,
    })
    expect(told).toMatchObject([{ code: 'chp.flares', values: { energyKwh: expect.closeTo(600, 4) } }])
  })

  it('stops when the gas ends, whatever its minimum time', async () => {
    const plan = await planTestPark(
      {
        grid: quarterHourly(4),
        assets: {
          engine: { ...digester({ production: 0, holderM3: 0 }), minUpHours: 2, initiallyOnHours: 1 },
          grid,
        },
      },
      { solver },
    )
    expect(plan.point('engine', 'on')).toEqual([0, 0, 0, 0])
    expect(plan.relaxed).toEqual([])
  })

  it('keeps the balance of its gas, step by step', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -50, max: 300 }), fc.integer({ min: 0, max: 800 })), {
          minLength: 1,
          maxLength: 20,
        }),
        fc.constantFrom(1 / 3600, 0.25, 1),
        (steps, stepHours) => {
          const asset = filled(digester({ initialLevel: 0.5, minLevel: 0.1, maxLevel: 0.9 })) as never
          let state = chp.initialState(asset)
          for (const [setpointKw, offeredKw] of steps) {
            const next = chp.simulate(asset, state, { timestampMs: 0, stepHours, offeredKw, setpointKw })
            const { fuelKw = 0, flaredKw = 0, powerKw = 0 } = next.points
            expect(next.state.gasKwh).toBeCloseTo(state.gasKwh + (offeredKw - fuelKw - flaredKw) * stepHours, 6)
            expect(next.state.gasKwh).toBeLessThanOrEqual(0.9 * 2400 + 1e-6)
            expect(next.state.gasKwh).toBeGreaterThanOrEqual(0.1 * 2400 - 1e-6)
            expect(flaredKw).toBeGreaterThanOrEqual(0)
            expect(powerKw === 0 || (powerKw >= 100 - 1e-9 && powerKw <= 200)).toBe(true)
            state = next.state
          }
        },
      ),
    )
  })
})
