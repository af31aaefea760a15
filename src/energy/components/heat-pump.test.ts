import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hourly, planTestPark } from '../park.fixture.ts'
import { breachesOf } from '../plan-breaches.fixture.ts'
import type { HeatPumpFields } from '../schema/index.ts'
import { copAt } from './cop.ts'
import { heatPump } from './heat-pump.ts'
import { planOnSteps, quartersThenHours, sumOverSteps } from './uneven.fixture.ts'

const grid = { kind: 'grid', importLimitKw: 1000 }
const fields = (cop: Partial<HeatPumpFields['cop']>, supplyC = 40): HeatPumpFields => ({
  supplyC,
  cop: { model: 'quality-grade', qualityGrade: 0.4, most: 20, ...cop },
})

describe('the coefficient of performance', () => {
  it('by quality grade is that of oemof.thermal test_cop_calculation_hp: 40 °C from 12 °C at 0.4 gives 4.4736', () => {
    expect(copAt(fields({}), 12)).toBeCloseTo(4.473571428571428, 12)
  })

  it.each([
    ['air-source', 10, 3.75],
    ['ground-source', 7, 4.62],
  ] as const)(
    'by regression is that of RC_BuildingSimulator testRCmodel.py, %s from %d °C: %d',
    (model, sourceC, cop) => {
      expect(Math.abs(copAt(fields({ model }), sourceC) - cop)).toBeLessThan(0.005)
    },
  )

  it('by table is linear between its pairs and level beyond them', () => {
    const table = fields({
      model: 'table',
      table: [
        [-15, 2],
        [2, 3.4],
        [7, 4],
      ],
    })
    expect([-30, -15, -6.5, 4.5, 7, 20].map((sourceC) => copAt(table, sourceC))).toEqual([2, 2, 2.7, 3.7, 4, 4])
  })

  it('is never less than 1, never more than is stated, and never falls with a warmer source (law)', () => {
    const model = fc.constantFrom('quality-grade', 'air-source', 'ground-source' as const)
    const temperature = fc.double({ min: -60, max: 90, noNaN: true })
    fc.assert(
      fc.property(model, temperature, temperature, fc.integer({ min: 20, max: 90 }), (chosen, a, b, supplyC) => {
        const at = fields({ model: chosen, most: 7 }, supplyC)
        const [cold, warm] = [copAt(at, Math.min(a, b)), copAt(at, Math.max(a, b))]
        expect(cold).toBeGreaterThanOrEqual(1)
        expect(warm).toBeLessThanOrEqual(7)
        expect(warm).toBeGreaterThanOrEqual(cold - 1e-12)
      }),
    )
  })
})

describe('a heat pump in a plan', () => {
  const pump = {
    kind: 'heat-pump',
    ratedKw: 50,
    source: [2, 7],
    cop: {
      model: 'table',
      table: [
        [2, 2],
        [7, 4],
      ],
    },
  }

  it('draws its heat over the COP of the hour: 30 kW from 15 and 7.5 kW', async () => {
    const plan = await planTestPark({
      grid: hourly(2),
      assets: { pump, homes: { kind: 'heat-load', demand: 30 }, grid },
    })
    expect(plan.point('pump', 'powerKw')).toEqual([15, 7.5])
    expect(plan.point('grid', 'powerKw')).toEqual([15, 7.5])
    expect(breachesOf(plan)).toEqual([])
  })

  it('with a minimum load rests and runs at it, and fills a store with what is too much', async () => {
    const plan = await planTestPark({
      grid: hourly(4),
      assets: {
        pump: { ...pump, source: 7, minLoad: 0.6 },
        store: {
          kind: 'thermal-store',
          capacityKwh: 40,
          maxChargeKw: 40,
          maxDischargeKw: 40,
          initialSoc: 0,
          lossPerHour: 0,
          terminalValuePerKwh: 0,
        },
        homes: { kind: 'heat-load', demand: 15 },
        grid,
      },
    })
    const heatKw = plan.point('pump', 'heatKw')
    expect(heatKw.every((heat) => heat === 0 || heat >= 30)).toBe(true)
    expect(heatKw.reduce((sum, heat) => sum + heat, 0)).toBeCloseTo(60, 3)
    expect(plan.relaxed).toEqual([])
    expect(breachesOf(plan)).toEqual([])
  })

  it('that is too small leaves heat unserved, named with its kWh', async () => {
    const plan = await planTestPark({
      grid: hourly(2),
      assets: { pump: { ...pump, ratedKw: 20 }, homes: { kind: 'heat-load', demand: 30 }, grid },
    })
    expect(plan.relaxed).toMatchObject([{ wish: 'serve-load', asset: 'homes', reasonCode: 'heat-load.unserved' }])
    expect(plan.relaxed[0]?.amount).toBeCloseTo(20, 4)
    expect(breachesOf(plan)).toEqual([])
  })

  it('is caught when its published heat is more than its electricity makes', async () => {
    const plan = await planTestPark({
      grid: hourly(2),
      assets: { pump, homes: { kind: 'heat-load', demand: 30 }, grid },
    })
    plan.outcomes.get('pump')!.points.heatKw![1]! += 5
    expect(breachesOf(plan).join('\n')).toContain('pump: gives heat that its electricity does not make')
  })
})

describe('heat on steps of 15 and 60 minutes', () => {
  it('is made, left out by choice and missed by the hours of each step', async () => {
    const hours = [0.25, 0.25, 0.25, 0.25, 1, 1]
    const plan = await planOnSteps(quartersThenHours(4, 2), {
      tariff: { import: { spot: [1, 9, 9, 1, 1, 9] } },
      assets: {
        pump: {
          kind: 'heat-pump',
          ratedKw: 20,
          source: 7,
          cop: {
            model: 'table',
            table: [
              [-50, 2],
              [50, 2],
            ],
          },
        },
        homes: { kind: 'heat-load', demand: [10, 10, 10, 30, 30, 10], curtailable: { share: 0.2, costPerKwh: 2 } },
        grid,
      },
    })
    expect(breachesOf(plan)).toEqual([])
    // 2 of 10 kW at 4.5 a kWh of heat in two quarters and an hour; 6 of 30 kW beside 20 kW of the pump, and 4 are missing.
    expect(plan.point('homes', 'curtailedKw')).toEqual([0, 2, 2, 6, 6, 2])
    expect(plan.outcomes.get('homes')?.cost.flexibility).toBeCloseTo(2 * (2 * 0.5 + 6 * 0.25 + 6 + 2), 6)
    expect(plan.relaxed).toMatchObject([{ reasonCode: 'heat-load.unserved', amount: expect.closeTo(4 * 1.25, 5) }])
    expect(sumOverSteps(plan.outcomes.get('pump')!.points.powerKw!, hours)).toBeCloseTo(
      (10 + 8 * 2 + 20) / 8 + 10 + 4,
      5,
    )
  })
})

describe('a heat pump in simulation', () => {
  const asset = { id: 'p', title: 'p', kind: 'heat-pump', ratedKw: 40, minLoad: 0.25, ...fields({}) } as never
  it('does what it is told in electricity, or in heat when it keeps the balance of heat', () => {
    const at = { timestampMs: 0, stepHours: 0.1, offeredKw: 0, surroundings: { cop: 4 } }
    expect(heatPump.simulate(asset, null, { ...at, setpointKw: -5 })).toMatchObject({
      busKw: -5,
      otherKw: { heat: 20 },
    })
    expect(heatPump.simulate(asset, null, { ...at, setpointKw: 20, setpointOn: 'heat' })).toMatchObject({ busKw: -5 })
    expect(heatPump.simulate(asset, null, { ...at, setpointKw: -500 })).toMatchObject({ otherKw: { heat: 40 } })
    expect(heatPump.simulate(asset, null, { ...at, setpointKw: -1 })).toMatchObject({ otherKw: { heat: 0 } })
    expect(heatPump.simulate(asset, null, { ...at, setpointKw: -2 })).toMatchObject({ otherKw: { heat: 10 } })
  })
})
