import { describe, expect, it } from 'vitest'
import { applyMergePatch, type DataPort, fixedClock, runEngine, type Site } from '../../kernel/index.ts'
import { createInlineSolver } from '../../solve/index.ts'
import { hourly, type TestPark, testData, testSite } from '../park.fixture.ts'
import type { ExplainOutput, WhatIfOutput } from '../schema/index.ts'
import { explainEngine } from './explain.ts'
import { factorise } from './sparse-factors.ts'
import { whatIfEngine } from './what-if.ts'

const solver = await createInlineSolver()

const portsOf = (park: TestPark) => {
  const site = async (_: string, changes?: unknown): Promise<Site> => {
    const { assets, limits, wishes, tariff } = applyMergePatch(park, changes ?? {}) as TestPark
    return testSite({ grid: park.grid, assets, limits, wishes, tariff })
  }
  const data: DataPort = { ...testData, site }
  return { data, solver, clock: fixedClock(park.grid.startMs) }
}
const horizonOf = ({ grid }: TestPark) => ({
  site: 'test',
  at: new Date(grid.startMs).toISOString(),
  hours: grid.count,
  step: '1h',
})

async function explain(park: TestPark, asked: Record<string, unknown> = {}): Promise<ExplainOutput> {
  const { output } = await runEngine<ExplainOutput>(explainEngine, { ...horizonOf(park), ...asked }, portsOf(park))
  return output
}

const battery = {
  kind: 'battery',
  capacityKwh: 100,
  maxChargeKw: 50,
  maxDischargeKw: 50,
  chargeEfficiency: 0.9,
  dischargeEfficiency: 0.9,
  selfDischargePerDay: 0,
  minSoc: 0,
  maxSoc: 1,
  initialSoc: 0,
  terminalValuePerKwh: 0,
  wear: { replacementCostPerKwh: 0 },
}
const partOf = (output: ExplainOutput, term: string) => output.worths[0]?.parts.find((part) => part.term === term)

describe('energy.explain', () => {
  it('tells of stored energy the hour it was bought in and what the store loses: 0.2 / (0.9 · 0.9)', async () => {
    const output = await explain(
      {
        grid: hourly(2),
        tariff: { import: { spot: [0.2, 1] } },
        assets: { battery, load: { kind: 'load', demand: 10 }, grid: { kind: 'grid', importLimitKw: 100 } },
      },
      { time: '2026-07-06T01:00:00Z' },
    )
    expect(output.exact).toBe(true)
    expect(output.worths[0]!.pricePerKwh).toBeCloseTo(0.2 / 0.81, 9)
    expect(partOf(output, 'import-price')).toMatchObject({ asset: 'grid', atMs: Date.UTC(2026, 6, 6) })
    expect(partOf(output, 'import-price')!.amountPerKwh).toBeCloseTo(0.2, 9)
    expect(partOf(output, 'import-price')!.changeKw).toBeCloseTo(1 / 0.81, 9)
    expect(partOf(output, 'loss')!.asset).toBe('battery')
    expect(partOf(output, 'loss')!.amountPerKwh).toBeCloseTo(0.2 / 0.81 - 0.2, 9)
    expect(output.machines.find(({ asset }) => asset === 'battery')?.state).toBe('sets-price')
  })

  it('tells import, carbon and the demand charge apart, and which interval sets the peak', async () => {
    const park: TestPark = {
      grid: hourly(3),
      tariff: {
        import: { spot: [1, 1, 1] },
        carbonIntensity: 0.5,
        carbonPricePerKg: 0.2,
        demand: [{ name: 'month', pricePerKwMonth: 30, peakSoFarKw: 15 }],
      },
      assets: { load: { kind: 'load', demand: [10, 20, 10] }, grid: { kind: 'grid', importLimitKw: 100 } },
    }
    const output = await explain(park, { time: '2026-07-06T01:30:00Z' })
    expect(output.atMs).toBe(Date.UTC(2026, 6, 6, 1))
    const amounts = output.worths[0]!.parts.map(({ term, amountPerKwh }) => [
      term,
      Math.round(amountPerKwh * 1e9) / 1e9,
    ])
    expect(amounts).toEqual([
      ['demand-charge', 30],
      ['import-price', 1],
      ['carbon-price', 0.1],
    ])
    expect(output.peaks).toEqual([
      { name: 'month', asset: 'grid', steps: [{ atMs: Date.UTC(2026, 6, 6, 1), worthPerKw: 30 }] },
    ])
    const whole = await explain(park)
    expect(whole.worths.map(({ fromMs, toMs }) => (toMs - fromMs) / 3_600_000)).toEqual([1, 1, 1])
  })

  it('tells what one kW more of an import limit saves: 1 a kWh in each of two hours', async () => {
    const park: TestPark = {
      grid: hourly(2),
      tariff: { import: { spot: [1, 1] } },
      limits: { importKw: 10 },
      assets: {
        genset: {
          kind: 'genset',
          ratedKw: 100,
          minLoad: 0,
          fuel: { pricePerUnit: 2, kgCo2ePerUnit: 0, perKwh: 1, perHourRunning: 0 },
        },
        load: { kind: 'load', demand: 20 },
        grid: { kind: 'grid', importLimitKw: 100 },
      },
    }
    const output = await explain(park, { time: '2026-07-06T00:00:00Z' })
    const limit = output.limits.find(({ path }) => path === 'limits.importKw')
    expect(limit?.worthOfMore).toBeCloseTo(2, 6)
    expect(limit?.costOfLess).toBeCloseTo(2, 6)
    expect(limit?.worthAtStep).toBeCloseTo(1, 6)
    expect(limit?.whenMs).toEqual([[Date.UTC(2026, 6, 6), Date.UTC(2026, 6, 6, 2)]])
    expect(output.limits.some(({ path }) => path === 'assets.grid.importLimitKw')).toBe(false)
    expect(partOf(output, 'fuel')!.amountPerKwh).toBeCloseTo(2, 9)
    expect(output.machines.find(({ asset }) => asset === 'grid')).toMatchObject({ state: 'full' })
    expect(output.machines.find(({ asset }) => asset === 'grid')!.gainPerKwh).toBeCloseTo(1, 9)
  })

  it('says from which worth of a kWh on an idle set would start: fuel 1.5, running 0.2, a start of 60 over 2 h', async () => {
    const output = await explain(
      {
        grid: hourly(3),
        assets: {
          genset: {
            kind: 'genset',
            ratedKw: 100,
            minLoad: 0.3,
            fuel: { pricePerUnit: 5, kgCo2ePerUnit: 0, perKwh: 0.3, perHourRunning: 0 },
            runningCostPerHour: 20,
            startCost: 60,
            minUpHours: 2,
          },
          load: { kind: 'load', demand: 20 },
          grid: { kind: 'grid', importLimitKw: 100 },
        },
      },
      { time: '2026-07-06T00:00:00Z', asset: 'genset' },
    )
    expect(output.machines).toHaveLength(1)
    expect(output.machines[0]).toMatchObject({ asset: 'genset', state: 'idle' })
    expect(output.machines[0]!.gainPerKwh).toBeCloseTo(1.5 + 0.2 + 0.3 - 1, 9)
    expect(output.machines[0]!.text).toMatch(/more than 2\.000 CNY for 2 h, an import price of 2\.000 CNY/)
  })

  it('refuses an asset that is not there and a moment outside of the plan', async () => {
    const park: TestPark = { grid: hourly(2), assets: { grid: { kind: 'grid', importLimitKw: 1 } } }
    await expect(explain(park, { asset: 'nobody' })).rejects.toThrow(/energy.bad-asset/)
    await expect(explain(park, { time: '2026-07-07T00:00:00Z' })).rejects.toThrow(/energy.bad-horizon/)
  })
})

describe('energy.what-if', () => {
  const park: TestPark = {
    grid: hourly(6),
    tariff: { import: { spot: [0.1, 0.2, 1, 1, 2, 0.3] } },
    assets: { battery, load: { kind: 'load', demand: 20 }, grid: { kind: 'grid', importLimitKw: 60 } },
  }
  const tryOut = async (variants: unknown): Promise<WhatIfOutput> => {
    const { output } = await runEngine<WhatIfOutput>(whatIfEngine, { ...horizonOf(park), variants }, portsOf(park))
    return output
  }

  it('tells what each change costs against the plan as it is, and where something is first done otherwise', async () => {
    const { base, variants } = await tryOut([
      { name: 'nothing', changes: {} },
      { name: 'no battery', changes: { assets: { battery: null } } },
    ])
    const [nothing, none] = variants
    expect(nothing!.difference.cost.total).toBeCloseTo(0, 6)
    expect(nothing!.first).toEqual([])
    expect(none!.cost.total).toBeCloseTo(20 * (0.1 + 0.2 + 1 + 1 + 2 + 0.3), 6)
    expect(none!.difference.cost.total).toBeCloseTo(none!.cost.total - base.cost.total, 6)
    expect(none!.difference.cost.total).toBeGreaterThan(1)
    expect(none!.first.map(({ asset, variant }) => [asset, variant])).toContainEqual(['battery', null])
  })

  it('refuses two variants of one name', async () => {
    const variants = [
      { name: 'a', changes: {} },
      { name: 'a', changes: {} },
    ]
    await expect(tryOut(variants)).rejects.toThrow(/energy.bad-variants/)
  })
})

describe('sparse factors', () => {
  it('solve a system with fill-in', () => {
    const rows = [new Map([[0, 2], [1, 1], [2, 1]]), new Map([[0, 1], [1, 3]]), new Map([[0, 1], [2, 4]])] // biome-ignore format: a matrix
    const x = factorise(rows)!.solveUnit(1)
    rows.forEach((row, index) => {
      const sum = [...row].reduce((total, [column, value]) => total + value * x[column]!, 0)
      expect(sum).toBeCloseTo(index === 1 ? 1 : 0, 12)
    })
  })

  it('tell a singular matrix', () => {
    expect(factorise([new Map([[0, 1], [1, 2]]), new Map([[0, 2], [1, 4]])])).toBeUndefined() // biome-ignore format: a matrix
  })
})
