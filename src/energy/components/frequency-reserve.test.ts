import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createInlineSolver } from '../../solve/index.ts'
import { hourly, planTestPark, quarterHourly } from '../park.fixture.ts'
import { breachesOf } from '../plan-breaches.fixture.ts'
import { planOnSteps, quartersThenHours } from './uneven.fixture.ts'

const solver = await createInlineSolver()
const grid = { kind: 'grid', importLimitKw: 500 }
const battery = {
  ...{ kind: 'battery', capacityKwh: 100, maxChargeKw: 50, maxDischargeKw: 50, initialSoc: 0.5, minSoc: 0, maxSoc: 1 },
  ...{ chargeEfficiency: 1, dischargeEfficiency: 1, selfDischargePerDay: 0, taperSoc: 1, terminalValuePerKwh: 1 },
  wear: { replacementCostPerKwh: 0 },
}
const genset = {
  ...{ kind: 'genset', ratedKw: 100, minLoad: 0.3 },
  fuel: { pricePerUnit: 1, kgCo2ePerUnit: 0, perKwh: 1, perHourRunning: 5 },
}
const reserve = (more: object): { readonly kind: string } => ({ kind: 'frequency-reserve', ...more })
const load = (demand: number | number[]) => ({ kind: 'load', demand })

const planned = async (
  assets: Record<string, { readonly kind: string; readonly [field: string]: unknown }>,
  count = 1,
  step: typeof hourly = hourly,
) => {
  const plan = await planTestPark({ grid: step(count), assets } as Parameters<typeof planTestPark>[0], { solver })
  expect(breachesOf(plan)).toEqual([])
  return plan
}

describe('reserve of a battery', () => {
  it('is its power and what it charges, so that it charges to hold more than its power', async () => {
    const plan = await planned({
      ...{ grid, battery: { ...battery, terminalValuePerKwh: 0.5 } },
      reserve: reserve({ upKw: 80, sustainHours: 0.25 }),
    })
    expect(plan.point('battery', 'powerKw')).toEqual([-30])
    expect(plan.point('battery', 'reserveUpKw')).toEqual([80])
    expect(plan.relaxed).toEqual([])
  })

  it.each([
    // 50 kWh in stock for 2 h; with what 50 kW of charging add the step still begins with 50.
    [{ upKw: 80, sustainHours: 2 }, 'Up', 25],
    // 50 kWh of room for 4 h; discharging makes room only for the end of the step.
    [{ downKw: 80, sustainHours: 4 }, 'Down', 12.5],
  ] as const)('lasts for the sustain time: %j', async (asked, side, heldKw) => {
    const plan = await planned({ grid, battery, load: load(50), reserve: reserve(asked) })
    expect(plan.point('battery', `reserve${side}Kw`)).toEqual([heldKw])
    expect(plan.relaxed).toMatchObject([
      {
        wish: 'reserve',
        asset: 'reserve',
        unit: 'kW',
        amount: expect.closeTo(80 - heldKw, 3),
        reasonCode: 'reserve.not-held',
      },
    ])
  })
})

describe('reserve of gensets', () => {
  it('starts a second set where one cannot hold it, and each holds its share', async () => {
    const plan = await planned({ a: genset, b: genset, load: load(60), reserve: reserve({ upKw: 100, downKw: 0 }) })
    expect([plan.point('a', 'on'), plan.point('b', 'on')]).toEqual([[1], [1]])
    const heldKw = ['a', 'b'].map((id) => plan.point(id, 'reserveUpKw')[0]!)
    expect(heldKw[0]! + heldKw[1]!).toBeGreaterThanOrEqual(100 - 1e-3)
    expect(Math.max(...heldKw)).toBeLessThanOrEqual(70)
  })

  it('downwards ends at the minimum load', async () => {
    const plan = await planned({ a: genset, load: load(60), reserve: reserve({ downKw: 40 }) })
    expect(plan.relaxed).toMatchObject([{ wish: 'reserve', amount: expect.closeTo(10, 3) }])
  })

  it('of an island covers a share of load and sun, and the loss of the largest unit with its reserve', async () => {
    const operating = { loadShare: 0.1, sourceShare: 0.25, largestUnit: true }
    const plan = await planned({
      pv: { kind: 'pv', capacityKwp: 40, production: [40] },
      battery: { ...battery, capacityKwh: 1000, maxDischargeKw: 200, terminalValuePerKwh: 0.9 },
      a: genset,
      load: load(140),
      reserve: reserve({ operating }),
    })
    // 100 kW are left for the set and the battery: whatever the set gives must stand behind it, and 14 + 10 kW more.
    const [setKw, setHeldKw, heldKw] = [
      plan.point('a', 'powerKw')[0]!,
      plan.point('a', 'reserveUpKw')[0]!,
      plan.point('battery', 'reserveUpKw')[0]!,
    ]
    expect(plan.relaxed).toEqual([])
    expect(plan.point('load', 'reserveNeedKw')).toEqual([14])
    expect(heldKw).toBeGreaterThanOrEqual(setKw + 14 + 0.25 * plan.point('pv', 'powerKw')[0]! - 1e-3)
    expect(plan.point('reserve', 'largestUnitKw')[0]).toBeGreaterThanOrEqual(setKw + setHeldKw - 1e-3)
  })

  it('says by how much an island of one set cannot cover its loss', async () => {
    const plan = await planned({ a: genset, load: load(80), reserve: reserve({ operating: { largestUnit: true } }) })
    expect(plan.relaxed).toMatchObject([{ wish: 'reserve', amount: expect.closeTo(80, 3) }])
  })
})

describe('reserve that is sold', () => {
  const free = { penaltyPerKwh: 0, sustainHours: 0 }

  it('is held where it pays more than the energy it takes, by hand', async () => {
    // Sun of 40 kW that sells nothing and saves an import at 1: held back it earns 3 in the first hour, 0.5 in the second.
    const sun = { kind: 'pv', capacityKwp: 40, production: [40, 40] }
    const dear = await planned(
      { grid, sun, load: load([40, 40]), reserve: reserve({ upKw: 30, upPricePerKwh: 3, ...free }) },
      2,
    )
    expect(dear.point('sun', 'reserveUpKw')).toEqual([30, 30])
    expect(dear.outcomes.get('reserve')?.cost.reserve).toBeCloseTo(-180, 6)
    const cheap = await planned(
      { grid, sun, load: load([40, 40]), reserve: reserve({ upKw: 30, upPricePerKwh: 0.5, ...free }) },
      2,
    )
    expect(cheap.point('reserve', 'heldUpKw')).toEqual([0, 0])
    expect(cheap.relaxed).toEqual([])
  })

  it('earns by the hours of each step', async () => {
    const sun = { kind: 'pv', capacityKwp: 40, production: 40 }
    const plan = await planOnSteps(
      quartersThenHours(4, 2),
      { assets: { grid, sun, load: load(40), reserve: reserve({ upKw: 30, upPricePerKwh: 3, ...free }) } },
      { solver },
    )
    expect(breachesOf(plan)).toEqual([])
    expect(plan.point('reserve', 'heldUpKw')).toEqual([30, 30, 30, 30, 30, 30])
    expect(plan.outcomes.get('reserve')?.cost.reserve).toBeCloseTo(-30 * 3 * 3, 6)
  })

  it('is one power throughout a product, in the hours of its market', async () => {
    const sun = { kind: 'pv', capacityKwp: 40, production: [40, 40, 10, 40, 40, 40, 40, 40] }
    const sold = reserve({ upKw: 30, upPricePerKwh: 3, blockHours: 1, from: '00:00', to: '01:30', ...free })
    const plan = await planned({ grid, sun, load: load(40), reserve: sold }, 8, quarterHourly)
    expect(plan.point('reserve', 'heldUpKw')).toEqual([10, 10, 10, 10, 30, 30, 0, 0])
  })
})

describe('the laws of reserve', () => {
  const series = (max: number) => fc.array(fc.integer({ min: 0, max }), { minLength: 4, maxLength: 4 })

  it('never make a plan cheaper by asking for more, where nothing is paid', async () => {
    await fc.assert(
      fc.asyncProperty(
        series(120),
        series(80),
        series(60),
        fc.boolean(),
        fc.integer({ min: 1, max: 40 }),
        async (demand, production, upKw, down, moreKw) => {
          const ask = (addKw: number) =>
            planned(
              {
                ...{ a: genset, b: genset, battery, load: load(demand) },
                pv: { kind: 'pv', capacityKwp: 80, production },
                reserve: reserve({ [down ? 'downKw' : 'upKw']: upKw.map((kw) => kw + addKw) }),
              },
              4,
            )
          const [less, more] = [(await ask(0)).solved.solution, (await ask(moreKw)).solved.solution]
          expect(more.objective).toBeGreaterThanOrEqual(less.bound - 1e-6 * Math.abs(less.bound))
        },
      ),
      { numRuns: 25, seed: 11 },
    )
  })
})
