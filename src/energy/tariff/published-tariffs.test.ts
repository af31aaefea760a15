import { describe, expect, it } from 'vitest'
import { planTestPark } from '../park.fixture.ts'
import { billsOf, gridBetween, totalOf } from './statement.fixture.ts'

/** NREL REopt.jl, test/runtests.jl “Rate Structures” and test/scenarios, at v0.56.4; hours of a year of 8760. */
describe('tariffs of REopt.jl', () => {
  const year = gridBetween('2023-01-01', '2024-01-01', 60)
  /** REopt counts time steps from 1. */
  const loads = (base: number, peaks: Readonly<Record<number, number>>) => (step: number) => peaks[step + 1] ?? base
  const rates = [10, 10, 20, 50, 20, 10, 20, 20, 20, 20, 20, 5]
  const monthly = (extra: object) =>
    rates.map((pricePerKwMonth, i) => ({
      name: `month ${i + 1}`,
      pricePerKwMonth,
      intervalMinutes: 60,
      months: [i + 1],
      ...extra,
    }))

  it('no_techs.json: 10 000 kWh, 0.1 a kWh, 10 a kW and month: energy 1000.00, demand 136.99', async () => {
    const tariff = {
      import: { feePerKwh: 0.1 },
      demand: [{ name: 'd', pricePerKwMonth: 10, intervalMinutes: 60 }],
    }
    const bills = await billsOf({ tariff, grid: year, importKw: 10_000 / 8760 })
    expect(totalOf(bills, 'energy')).toBeCloseTo(1000, 6)
    expect(totalOf(bills, 'demand')).toBeCloseTo(136.99, 2)
  })

  it('coincident_peak.json: 1 kW in steps 1, 2, 100 at 10 and 6000, 7000 at 5: 15.0', async () => {
    const hour = (step: number): string => new Date(year.startMs + (step - 1) * 3_600_000).toISOString()
    const charge = (name: string, pricePerKwMonth: number, steps: readonly number[]) => ({
      name,
      pricePerKwMonth,
      coincident: { hours: steps.map(hour) },
    })
    const tariff = {
      import: { feePerKwh: 1 },
      demand: [charge('first', 10, [1, 2, 100]), charge('second', 5, [6000, 7000])],
    }
    const bills = await billsOf({ tariff, grid: year, importKw: 1 })
    expect(totalOf(bills, 'demand')).toBeCloseTo(15, 9)
    expect(bills.map(({ byKind }) => byKind.demand)).toEqual([10, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0])
  })

  it('look-back of 35 % over the year: 100 × (10.5 + 0.35·10.5·5 + 0.35·11.5·6) = 5302.5', async () => {
    // The URDB rate is 11.5 in six warm months; a year that begins with its peak has no earlier one.
    const demand = (name: string, pricePerKwMonth: number) => ({
      name,
      pricePerKwMonth,
      intervalMinutes: 60,
      lookBack: { months: 11, share: 0.35 },
      since: '2023-01',
    })
    const inMonths = async (name: string, price: number, months: readonly number[]) => {
      const tariff = { import: { feePerKwh: 0.01 }, demand: [demand(name, price)] }
      const bills = await billsOf({ tariff, grid: year, importKw: loads(1, { 8: 100 }) })
      return bills.filter((_, i) => months.includes(i + 1)).reduce((sum, { byKind }) => sum + byKind.demand, 0)
    }
    const warm = [5, 6, 7, 8, 9, 10]
    const cold = [1, 2, 3, 4, 11, 12]
    const sum = (await inMonths('warm', 11.5, warm)) + (await inMonths('cold', 10.5, cold))
    expect(sum).toBeCloseTo(5302.5, 6)
  })

  // Peaks of the year before are those of the same year, around which REopt wraps.
  const wrapped = [200, 100, 100, 400, 100, 500, 100, 100, 100, 100, 100, 300]
  const peaks = wrapped.map((peakKw, i) => ({ month: `2022-${String(i + 1).padStart(2, '0')}`, peakKw }))
  const load = loads(100, { 22: 200, 2403: 400, 4088: 500, 8333: 300 })
  const billed = async (lookBack: object) => {
    const tariff = {
      import: { feePerKwh: 0.01 },
      demand: [{ name: 'all', pricePerKwMonth: 1, intervalMinutes: 60, lookBack, peaks }],
    }
    const bills = await billsOf({ tariff, grid: year, importKw: load })
    return bills.map(({ byKind }) => byKind.demand)
  }

  it('look-back 0.75 to the peaks of January, April and December: 74 500', async () => {
    const kw = await billed({ months: 12, share: 0.75, ofMonths: [1, 4, 12] })
    expect(kw).toEqual([300, 300, 300, 400, 300, 500, 300, 300, 300, 300, 300, 300])
    expect(kw.reduce((sum, value, i) => sum + value * rates[i]!, 0)).toBe(74_500)
  })

  it('look-back 0.75 over a range of six months', async () => {
    expect(await billed({ months: 6, share: 0.75 })).toEqual([
      225, 225, 225, 400, 300, 500, 375, 375, 375, 375, 375, 375,
    ])
  })

  it('a charge a month, as monthly_demand_rates are, is the same as one price a month', async () => {
    const bills = await billsOf({
      tariff: { import: { feePerKwh: 0.01 }, demand: monthly({}) },
      grid: year,
      importKw: load,
    })
    const expected = [200, 100, 100, 400, 100, 500, 100, 100, 100, 100, 100, 300].map((kw, i) => kw * rates[i]!)
    expect(bills.map(({ byKind }) => byKind.demand)).toEqual(expected)
  })
})

describe('Chinese two-part tariffs', () => {
  const june = gridBetween('2026-06-01', '2026-07-01', 15, 'Asia/Shanghai')
  const hours = 720
  const zone = 'Asia/Shanghai'

  it('examination case, 1000 kVA: 40 000 kWh, 30 000 kvarh, 12 600 CNY; with 9670 kvarh more 13 140 CNY', async () => {
    // Question bank of the trade (用电检查员): standard 0.90, 5 % at 0.80, 9.5 % at 0.71; 540 CNY to pay afterwards.
    const tariff = { import: { feePerKwh: 12_600 / 1.05 / 40_000 }, powerFactor: { standard: 0.9 } }
    const of = async (kvarh: number) =>
      (await billsOf({ tariff, grid: june, zone, importKw: 40_000 / hours, reactiveKvar: kvarh / hours }))[0]!
    const metered = await of(30_000)
    const corrected = await of(39_670)
    expect([metered.powerFactor?.toFixed(2), corrected.powerFactor?.toFixed(2)]).toEqual(['0.80', '0.71'])
    expect(metered.total).toBeCloseTo(12_600, 6)
    expect(corrected.total).toBeCloseTo(13_140, 6)
  })

  it('examination case, 200 kVA: peak 8000, valley 6000, flat 22 000 kWh, tan φ 0.45: 18 600 − 27.90 CNY', async () => {
    const windows = [
      { name: 'peak', pricePerKwh: 0.8, from: '08:00', to: '12:00' },
      { name: 'valley', pricePerKwh: 0.2, from: '00:00', to: '06:00' },
      { name: 'flat', pricePerKwh: 0.5 },
    ]
    const kwh = [8000, 6000, 22_000]
    const hoursOf = [4 * 30, 6 * 30, 14 * 30]
    const at = (step: number): number => ((step * 15) / 60) % 24
    const group = (step: number): number => (at(step) >= 8 && at(step) < 12 ? 0 : at(step) < 6 ? 1 : 2)
    const power = (step: number): number => kwh[group(step)]! / hoursOf[group(step)]!
    const [bill] = await billsOf({
      tariff: { import: { timeOfUse: { periods: windows } }, powerFactor: { standard: 0.9 }, rounding: 0.01 },
      grid: june,
      zone,
      importKw: power,
      reactiveKvar: (step) => 0.45 * power(step),
    })
    expect(bill?.lines.map(({ code, period, amount }) => [code, period, amount])).toEqual([
      ['energy.time-of-use', 'peak', 6400],
      ['energy.time-of-use', 'valley', 1200],
      ['energy.time-of-use', 'flat', 11_000],
      ['power-factor', '0.91', -27.9],
    ])
    expect(bill?.total).toBe(18_572.1)
  })

  it('a billed demand of 30 842.066223 kW at 39 CNY is 1 202 840.58 CNY, as a printed bill of 110 kV has it', async () => {
    const tariff = {
      import: { feePerKwh: 0.5 },
      demand: [{ name: '按月实际最大需量', pricePerKwMonth: 39 }],
      rounding: 0.01,
    }
    const [bill] = await billsOf({
      tariff,
      grid: june,
      zone,
      importKw: (step) => (step === 99 ? 30_842.066223 : 20_000),
    })
    expect(bill?.byKind.demand).toBe(1_202_840.58)
  })

  it('demand by contract, 发改办价格〔2016〕1583号: 1000 kW are billed up to 1050, above every kW twice', async () => {
    const of = async (peakKw: number) => {
      const tariff = {
        import: { feePerKwh: 0.5 },
        demand: [{ name: 'd', pricePerKwMonth: 40, contract: { demandKw: 1000 } }],
      }
      const [bill] = await billsOf({ tariff, grid: june, zone, importKw: (step) => (step === 50 ? peakKw : 300) })
      return bill!.byKind.demand
    }
    expect([await of(400), await of(1000), await of(1050)]).toEqual([40_000, 40_000, 40_000])
    expect(await of(1200)).toBeCloseTo(40 * (1000 + 2 * 150), 6)
  })

  it('two parts and adjustment in one bill: energy, demand, power factor on both, funds without', async () => {
    const tariff = {
      import: { feePerKwh: 0.6 },
      demand: [{ name: '需量', pricePerKwMonth: 40 }],
      surcharges: [{ name: '政府性基金及附加', pricePerKwh: 0.03 }],
      powerFactor: { standard: 0.9 },
      rounding: 0.01,
    }
    const power = (step: number): number => (step === 1000 ? 1500 : 1000)
    // cos φ = 0.85, 2.5 % are added.
    const tan = Math.tan(Math.acos(0.85))
    const [bill] = await billsOf({
      tariff,
      grid: june,
      zone,
      importKw: power,
      reactiveKvar: (step) => tan * power(step),
    })
    const energyKwh = 1000 * hours + 500 / 4
    const energy = energyKwh * 0.6
    expect(bill?.lines.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['energy', energy],
      ['demand', 60_000],
      ['power-factor', Math.round((energy + 60_000) * 2.5) / 100],
      ['surcharge', energyKwh * 0.03],
    ])
  })

  it('the capacity of the transformer instead: 400 kVA at 26 CNY are 10 400 CNY, whatever is used', async () => {
    const tariff = {
      import: { feePerKwh: 0.5344 },
      capacity: [{ name: '变压器容量', capacityKva: 400, pricePerKvaMonth: 26 }],
      rounding: 0.01,
    }
    // 2650 kWh at 0.5344 are 1416.16 CNY: a case of a capacitor maker’s page on 力调电费.
    const [bill] = await billsOf({ tariff, grid: june, zone, importKw: 2650 / hours })
    expect([bill?.byKind.energy, bill?.byKind.capacity]).toEqual([1416.16, 10_400])
  })

  it('steps of Zhejiang households count over the year: 0.538 to 2760 kWh, 0.588 to 4800, 0.838 above', async () => {
    const year = gridBetween('2025-01-01', '2026-01-01', 60, zone)
    const tariff = {
      import: {
        tiers: [
          {
            name: '阶梯',
            per: 'year',
            blocks: [
              { upToKwh: 2760, pricePerKwh: 0.538 },
              { upToKwh: 4800, pricePerKwh: 0.588 },
              { pricePerKwh: 0.838 },
            ],
          },
        ],
      },
    }
    const bills = await billsOf({ tariff, grid: year, zone, importKw: 6000 / 8760 })
    expect(totalOf(bills)).toBeCloseTo(2760 * 0.538 + 2040 * 0.588 + 1200 * 0.838, 6)
    expect(bills.map(({ lines }) => lines.map(({ period }) => period).join(' '))).toEqual([
      ...Array(5).fill('0–2760'),
      '0–2760 2760–4800',
      ...Array(3).fill('2760–4800'),
      '2760–4800 4800–',
      '4800–',
      '4800–',
    ])
  })
})

/** EMHASS 0.18.1, tests/test_optimization.py, `test_capacity_charge_*`: six steps of 30 min, 1 kW with 5 kW in the third. */
describe('capacity charge of EMHASS', () => {
  const load = [1, 1, 5, 1, 1, 1]
  const plan = (demand: readonly object[]) =>
    planTestPark({
      grid: { startMs: Date.UTC(2026, 6, 6), stepMs: 1_800_000, count: load.length },
      assets: {
        grid: { kind: 'grid', importLimitKw: 20, exportLimitKw: 0 },
        load: { kind: 'load', demand: load },
        battery: {
          kind: 'battery',
          capacityKwh: 10,
          maxChargeKw: 20,
          maxDischargeKw: 20,
          chargeEfficiency: 1,
          dischargeEfficiency: 1,
          selfDischargePerDay: 0,
          minSoc: 0,
          maxSoc: 1,
          taperSoc: 1,
          initialSoc: 0.5,
          wear: { replacementCostPerKwh: 900 },
          terminalValuePerKwh: 0.2,
        },
      },
      tariff: { import: { feePerKwh: 0.2 }, demand },
    })
  const peakOf = async (demand: readonly object[]): Promise<number> =>
    Math.max(...(await plan(demand)).point('grid', 'powerKw'))

  it('without one the whole peak of 5 kW is imported', async () => {
    expect(await peakOf([])).toBeCloseTo(5, 3)
  })

  it('with one the peak is shaved by more than 1 kW', async () => {
    expect(await peakOf([{ name: 'd', pricePerKwMonth: 2, intervalMinutes: 30 }])).toBeLessThan(4)
  })

  it('under a peak of 20 kW that is locked in nothing is shaved', async () => {
    expect(await peakOf([{ name: 'd', pricePerKwMonth: 2, intervalMinutes: 30, peakSoFarKw: 20 }])).toBeCloseTo(5, 3)
  })

  it('one step of 3 kW in a mean of six counts as 0.5 kW', async () => {
    const tariff = { import: { feePerKwh: 0.2 }, demand: [{ name: 'd', pricePerKwMonth: 1, intervalMinutes: 60 }] }
    const grid = gridBetween('2026-07-01', '2026-08-01', 10)
    const [bill] = await billsOf({ tariff, grid, importKw: (step) => (step === 2 ? 3 : 0) })
    expect(bill?.peaks[0]?.peakKw).toBeCloseTo(0.5, 9)
  })
})
