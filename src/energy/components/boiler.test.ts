import { describe, expect, it } from 'vitest'
import { hourly, planTestPark } from '../park.fixture.ts'
import { breachesOf } from '../plan-breaches.fixture.ts'

const grid = { kind: 'grid', importLimitKw: 1000 }
const gas = {
  kind: 'boiler',
  ratedKw: 100,
  efficiency: 0.9,
  fuel: { unit: 'm3', pricePerUnit: 3.6, kgCo2ePerUnit: 2, kwhPerUnit: 10 },
}
const homes = { kind: 'heat-load', demand: 45 }

describe('a boiler in a plan', () => {
  it('burns its heat over efficiency and heating value: 45 kW are 5 m3 an hour, 18 CNY and 10 kg', async () => {
    const plan = await planTestPark({ grid: hourly(2), assets: { gas, homes, grid } })
    const outcome = plan.outcomes.get('gas')!
    expect(plan.point('gas', 'fuelPerHour')).toEqual([5, 5])
    expect(outcome.units?.fuelPerHour).toBe('m3/h')
    expect(outcome.cost.fuel).toBeCloseTo(36, 6)
    expect(outcome.emissionsKgCo2e).toBeCloseTo(20, 6)
    expect(breachesOf(plan)).toEqual([])
  })

  it('gives way to the cheaper one of the two, by the hour, and counts the price of carbon', async () => {
    const plan = await planTestPark({
      grid: hourly(3),
      // Gas heat costs 0.4, with carbon 0.4 + 0.5 · 2 / 9.
      tariff: { import: { spot: [0.38, 0.45, 0.55] }, carbonPricePerKg: 0.5 },
      assets: { gas, electric: { kind: 'boiler', electric: true, efficiency: 1, ratedKw: 100 }, homes, grid },
    })
    expect(plan.point('electric', 'heatKw')).toEqual([45, 45, 0])
    expect(plan.point('electric', 'powerKw')).toEqual([45, 45, 0])
    expect(plan.point('gas', 'heatKw')).toEqual([0, 0, 45])
    expect(plan.outcomes.get('electric')?.points.fuelPerHour).toBeUndefined()
    expect(breachesOf(plan)).toEqual([])
  })

  it('too small for the demand leaves the rest unserved; of no size, all', async () => {
    for (const [ratedKw, missingKwh] of [
      [30, 15],
      [0, 45],
    ] as const) {
      const plan = await planTestPark({ grid: hourly(1), assets: { gas: { ...gas, ratedKw }, homes, grid } })
      expect(plan.relaxed[0]?.amount).toBeCloseTo(missingKwh, 4)
      expect(breachesOf(plan)).toEqual([])
    }
  })

  it('is caught when it gives heat that it burns nothing for', async () => {
    const plan = await planTestPark({ grid: hourly(1), assets: { gas, homes, grid } })
    plan.outcomes.get('gas')!.points.fuelPerHour![0] = 0
    expect(breachesOf(plan).join('\n')).toContain('gas: gives heat that it is not fed for')
  })
})

describe('a heat demand', () => {
  it('is left out by choice where that costs less than the heat, and counts as flexibility', async () => {
    const plan = await planTestPark({
      grid: hourly(2),
      assets: { gas, homes: { ...homes, curtailable: { share: 0.2, costPerKwh: 0.1 } }, grid },
    })
    expect(plan.point('homes', 'heatKw')).toEqual([36, 36])
    expect(plan.outcomes.get('homes')?.cost.flexibility).toBeCloseTo(1.8, 6)
    expect(plan.relaxed).toEqual([])
    expect(breachesOf(plan)).toEqual([])
  })
})
