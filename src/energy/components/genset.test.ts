import { describe, expect, it } from 'vitest'
import { hourly, planTestPark } from '../park.fixture.ts'

/** Cases of PyPSA 1.3 `test/test_lopf_unit_commitment.py` (MIT); powers in kW where the source has MW, tolerance 1e-3. */
const set = (ratedKw: number, minLoad: number, price: number, more: object = {}) => ({
  kind: 'genset',
  ratedKw,
  minLoad,
  fuel: { pricePerUnit: price, kgCo2ePerUnit: 0, perKwh: 1 },
  initiallyOnHours: 1,
  ...more,
})

async function commit(coal: object, gas: object, demand: readonly number[]) {
  const { point, outcomes, solved, relaxed } = await planTestPark({
    grid: hourly(demand.length),
    assets: {
      coal: coal as never,
      gas: gas as never,
      load: { kind: 'load', demand },
    },
  })
  expect(relaxed).toEqual([])
  expect(solved.certificate.ok).toBe(true)
  const fuel = (outcomes.get('coal')?.cost.fuel ?? 0) + (outcomes.get('gas')?.cost.fuel ?? 0)
  return { coal: point('coal', 'powerKw'), gas: point('gas', 'powerKw'), coalOn: point('coal', 'on'), fuel }
}

describe('unit commitment, against PyPSA', () => {
  it('test_unit_commitment: the small set carries the hour below the large set’s minimum', async () => {
    const { coal, gas } = await commit(set(10_000, 0.3, 20), set(1000, 0.1, 70), [4000, 6000, 5000, 800])
    expect(coal).toEqual([4000, 6000, 5000, 0])
    expect(gas).toEqual([0, 0, 0, 800])
  })

  it('test_minimum_up_time: three hours once started', async () => {
    const gasSet = set(1000, 0.1, 70, { initiallyOnHours: 0, minUpHours: 3 })
    const { coal, gas } = await commit(set(10_000, 0.3, 20), gasSet, [4000, 800, 5000, 3000])
    expect(coal).toEqual([3900, 0, 4900, 3000])
    expect(gas).toEqual([100, 800, 100, 0])
  })

  it('test_minimum_up_time_up_time_before: one of four hours is done', async () => {
    const gasSet = set(1000, 0.1, 70, { initiallyOnHours: 1, minUpHours: 4 })
    const { coal, gas } = await commit(set(10_000, 0.3, 20), gasSet, [4000, 800, 5000, 3000])
    expect(coal).toEqual([3900, 0, 4900, 3000])
    expect(gas).toEqual([100, 800, 100, 0])
  })

  it('test_minimum_down_time_up_time_before: two of three hours off are done', async () => {
    const coalSet = set(10_000, 0.3, 20, { initiallyOnHours: 0, initiallyOffHours: 2, minDownHours: 3 })
    const { coal, gas } = await commit(coalSet, set(4000, 0.1, 70), [3000, 800, 3000, 8000])
    expect(coal).toEqual([0, 0, 3000, 8000])
    expect(gas).toEqual([3000, 800, 0, 0])
  })

  it('test_start_up_costs: objective 359 000', async () => {
    const coalSet = set(10_000, 0.1, 20, { startCost: 3000, initiallyOnHours: 0 })
    const { fuel } = await commit(coalSet, set(10_000, 0, 70, { startCost: 1000 }), [4000, 6000, 5000, 800])
    expect(fuel).toBeCloseTo(359_000, 2)
  })

  it('test_shut_down_costs: objective 358 000', async () => {
    const coalSet = set(10_000, 0.3, 20, { stopCost: 1000 })
    const { fuel } = await commit(coalSet, set(1000, 0.1, 70, { stopCost: 1000 }), [4000, 6000, 5000, 800])
    expect(fuel).toBeCloseTo(358_000, 2)
  })

  it('test_unit_commitment_rolling_horizon: windows 0–2, 2–4, 4–6 hand over their state', async () => {
    const demand = [4000, 6000, 800, 5000, 3000, 950, 800]
    const on: number[] = []
    for (const from of [0, 2, 4]) {
      const before = on.slice(0, from)
      const run = (value: number): number => [...before].reverse().findIndex((state) => state !== value)
      const length = (value: number): number => (run(value) < 0 ? before.length : run(value))
      const coalOnHours = from === 0 ? 1 : length(1)
      const gasOn = from === 0 ? 0 : length(0)
      const coalSet = set(10_000, 0.1, 20, {
        minUpHours: 2,
        minDownHours: 2,
        startCost: 10_000,
        initiallyOnHours: coalOnHours,
        ...(coalOnHours === 0 ? { initiallyOffHours: length(0) } : {}),
      })
      const gasSet = set(10_000, 0.01, 70, { startCost: 100, initiallyOnHours: gasOn })
      const { coalOn } = await commit(coalSet, gasSet, demand.slice(from, from + 3))
      on.splice(from, on.length - from, ...coalOn)
    }
    expect(on).toEqual([1, 1, 0, 0, 0, 0, 0])
  })
})
