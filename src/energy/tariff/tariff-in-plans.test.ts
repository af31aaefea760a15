import { describe, expect, it } from 'vitest'
import { hourly, planTestPark } from '../park.fixture.ts'

const grid = { kind: 'grid', importLimitKw: 500, exportLimitKw: 500 }
/** Power at 0.8 a kWh, as much as is wanted. */
const genset = {
  kind: 'genset',
  ratedKw: 500,
  minLoad: 0,
  fuel: { pricePerUnit: 8, kgCo2ePerUnit: 0, perKwh: 0.1 },
}
const store = {
  kind: 'battery',
  capacityKwh: 100,
  maxChargeKw: 50,
  maxDischargeKw: 50,
  chargeEfficiency: 1,
  dischargeEfficiency: 1,
  selfDischargePerDay: 0,
  minSoc: 0,
  maxSoc: 1,
  initialSoc: 0.5,
  taperSoc: 1,
  // 0.01 a kWh of throughput, whatever the depth.
  wear: { replacementCostPerKwh: 60, cycleLife: 6000, depthExponent: 1 },
  terminalValuePerKwh: 0.5,
}

const kwhOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

describe('blocks of energy in a plan', () => {
  const plan = async (blocks: readonly object[], load: number, extra: object = {}) => {
    const { point, outcomes, model } = await planTestPark({
      grid: hourly(2),
      assets: { grid, genset, load: { kind: 'load', demand: load } },
      tariff: { import: { tiers: [{ name: 'b', blocks, ...extra }] } },
    })
    return { kwh: kwhOf(point('grid', 'powerKw')), cost: outcomes.get('grid')!.cost.energy!, model }
  }

  it('that rise: the first 100 kWh at 0.5 are bought, what is above at 1.0 comes from the genset at 0.8', async () => {
    const { kwh, cost } = await plan([{ upToKwh: 100, pricePerKwh: 0.5 }, { pricePerKwh: 1 }], 100)
    expect([kwh, cost]).toEqual([100, 50])
  })

  it('that fall: all is bought when the cheap block is reached far enough, nothing when it is not', async () => {
    const falling = [{ upToKwh: 100, pricePerKwh: 1 }, { pricePerKwh: 0.1 }]
    const large = await plan(falling, 100)
    expect(large.kwh).toBeCloseTo(200, 3)
    expect(large.cost).toBeCloseTo(110, 3)
    const small = await plan(falling, 55)
    expect(small.kwh).toBeCloseTo(0, 3)
  })

  it('that rise and fall again are still exact', async () => {
    const blocks = [{ upToKwh: 50, pricePerKwh: 0.5 }, { upToKwh: 100, pricePerKwh: 1.2 }, { pricePerKwh: 0.6 }]
    // 200 kWh bought are 25 + 60 + 60 = 145; 50 kWh and the genset are 25 + 120 = 145 too; 220 kWh are worth it.
    expect((await plan(blocks, 110)).kwh).toBeCloseTo(220, 3)
    expect((await plan(blocks, 90)).kwh).toBeCloseTo(50, 3)
  })

  it('begin where the month stands', async () => {
    const { kwh } = await plan([{ upToKwh: 100, pricePerKwh: 0.5 }, { pricePerKwh: 1 }], 100, { usedSoFarKwh: 70 })
    expect(kwh).toBe(30)
  })

  it('that the horizon cannot reach add no row', async () => {
    const far = await plan([{ upToKwh: 1e6, pricePerKwh: 0.5 }, { pricePerKwh: 1 }], 100)
    const none = await planTestPark({
      grid: hourly(2),
      assets: { grid, genset, load: { kind: 'load', demand: 100 } },
      tariff: { import: { feePerKwh: 0.5 } },
    })
    expect(far.model.builder.rowCount).toBe(none.model.builder.rowCount)
    expect(far.cost).toBeCloseTo(100, 6)
  })
})

describe('demand charges in a plan', () => {
  const load = [100, 100, 200, 100]
  const plan = async (charge: object) => {
    const { point, outcomes } = await planTestPark({
      grid: hourly(4),
      assets: { grid, store, load: { kind: 'load', demand: load } },
      tariff: {
        import: { feePerKwh: 0.5 },
        demand: [{ name: 'd', pricePerKwMonth: 10, intervalMinutes: 60, ...charge }],
      },
    })
    return { peak: Math.max(...point('grid', 'powerKw')), cost: outcomes.get('grid')!.cost.demand! }
  }

  it('shave what storage can', async () => {
    const { peak, cost } = await plan({})
    expect([peak, cost]).toEqual([150, 1500])
  })

  it('shave only to the floor that a look-back leaves', async () => {
    const { peak, cost } = await plan({
      lookBack: { months: 2, share: 0.6 },
      peaks: [
        { month: '2026-05', peakKw: 300 },
        { month: '2026-06', peakKw: 50 },
      ],
    })
    expect(peak).toBeCloseTo(180, 3)
    expect(cost).toBeCloseTo(0, 6)
  })

  it('shave nothing for a mean of twelve months that one bill feels too little, and all when twelve bills count', async () => {
    const peaks = Array.from({ length: 11 }, (_, i) => ({
      month: `${i < 5 ? 2025 : 2026}-${String(i < 5 ? i + 8 : i - 4).padStart(2, '0')}`,
      peakKw: 120,
    }))
    const price = { pricePerKwMonth: 0.1, billedOn: 'twelve-month-mean', peaks }
    expect((await plan(price)).peak).toBe(200)
    const all = await plan({ ...price, countedBills: 12 })
    expect(all.peak).toBe(150)
    expect(all.cost).toBeCloseTo(0.1 * 150, 6)
  })

  it('let the peak rise to the tolerance of a contract, and no further', async () => {
    const { peak, cost } = await plan({ contract: { demandKw: 160 } })
    expect(peak).toBeCloseTo(168, 3)
    expect(cost).toBeCloseTo(0, 6)
  })

  it('count only the hours of the system’s peak', async () => {
    const { peak, cost } = await plan({ coincident: { hours: ['2026-07-06T01:00'] } })
    expect(peak).toBe(200)
    expect(cost).toBeCloseTo(500, 3)
  })

  it('with dearer blocks shave down to where the dear block begins', async () => {
    const { peak } = await plan({
      pricePerKwMonth: 0,
      blocks: [{ upToKw: 170, pricePerKwMonth: 0.005 }, { pricePerKwMonth: 5 }],
    })
    expect(peak).toBeCloseTo(170, 3)
  })
})

describe('net metering in a plan', () => {
  const sun = [0, 100, 100, 0]
  const night = [80, 0, 0, 80]
  const plan = async (netMetering: object, feePerKwh = 0.5) => {
    const { point, outcomes } = await planTestPark({
      grid: hourly(4),
      assets: {
        grid,
        roof: { kind: 'pv', capacityKwp: 100, production: sun },
        load: { kind: 'load', demand: night },
        // What is left in the store is worth what a surplus earns.
        store: { ...store, terminalValuePerKwh: 0.1 },
      },
      tariff: { import: { feePerKwh }, netMetering },
    })
    const { energy = 0, export: income = 0 } = outcomes.get('grid')!.cost
    return { powerKw: point('grid', 'powerKw'), net: energy + income }
  }

  it('makes the grid the store: the battery rests, only the surplus is worth less', async () => {
    const { powerKw, net } = await plan({ surplusPricePerKwh: 0.1 })
    expect(powerKw).toEqual([80, -100, -100, 80])
    expect(net).toBeCloseTo(-0.1 * 40, 6)
  })

  it('counts what the month has seen until now', async () => {
    const { net } = await plan({ surplusPricePerKwh: 0.1, soFar: [{ importKwh: 100 }] })
    // The surplus of 40 kWh lowers the 100 kWh that would have to be paid, and so does what is in the store.
    expect(net).toBeCloseTo(-0.5 * (40 + 50), 6)
  })

  it('makes up no surplus where a surplus earns more than import costs', async () => {
    const { net } = await plan({ surplusPricePerKwh: 0.9 })
    expect(net).toBeLessThanOrEqual(-0.9 * 40 + 1e-6)
    expect(net).toBeGreaterThanOrEqual(-0.9 * 90 - 1e-6)
  })
})
