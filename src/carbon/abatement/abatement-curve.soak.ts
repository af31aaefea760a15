import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { energyPack } from '../../energy/index.ts'
import { fixedClock, runEngine } from '../../kernel/index.ts'
import { createInlineSolver } from '../../solve/index.ts'
import { createFileData } from '../../store/index.ts'
import { type AbatementOutput, abatementCurveEngine } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'mangrove-abatement-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** 100 kW drawn at every hour, at 0.8 CNY and 0.5 kg a kWh; biogas at 0.5 CNY and 0.1 kg a kWh always runs. */
const file = join(folder, 'site.yaml')
writeFileSync(
  file,
  `
id: flat
name: Flat
location: { latitude: 31, longitude: 119 }
zone: Asia/Shanghai
currency: CNY
assets:
  grid: { kind: grid, title: Grid, importLimitKw: 500 }
  biogas:
    { kind: genset, title: Biogas, ratedKw: 10, minLoad: 0, fuel: { pricePerUnit: 1, kgCo2ePerUnit: 0.2, perKwh: 0.5 } }
  load: { kind: load, title: Load, demand: [${Array.from({ length: 24 }, () => 100)}] }
tariff:
  import: { timeOfUse: { periods: [{ name: flat, pricePerKwh: 0.8 }] } }
  carbonIntensity: 0.5
  carbonPricePerKg: 0.1
`,
)

it('bars of real sizings are what a hand reckons', { timeout: 600_000 }, async () => {
  const ports = {
    data: await createFileData({ packs: [energyPack] }),
    solver: await createInlineSolver(),
    clock: fixedClock(Date.UTC(2026, 5, 1)),
  }
  const gas = { asset: 'biogas', size: 'ratedKw', to: 30, capexPerUnit: 3000, opexPerUnitYear: 40, lifetimeYears: 20 }
  const demand = Array.from({ length: 24 }, () => 90)
  const input = {
    ...{ site: file, year: 2026, gridFactor: { kgPerKwh: 0.6, kind: 'average', source: 'made up' } },
    measures: [
      { id: 'gas', sizes: [gas] },
      { id: 'less', changes: { assets: { load: { demand } } }, capex: 1000, lifetimeYears: 10 },
    ],
  }
  const { output } = await runEngine<AbatementOutput>(abatementCurveEngine, input, ports)
  const [more, less] = ['gas', 'less'].map((id) => output.bars.find((bar) => bar.id === id)!)
  expect(output.startTonnesPerYear).toBeCloseTo((8760 * (90 * 0.6 + 10 * 0.1)) / 1000, 0)
  expect(more!.avoidedTonnesPerYear).toBeCloseTo((8760 * 20 * 0.5) / 1000, 0)
  expect(less!.avoidedTonnesPerYear).toBeCloseTo((8760 * 10 * 0.6) / 1000, 0)
  // 20 kW at 3,000 over 20 years at 6 %, and upkeep; the carbon price of the site is in no cost.
  const annuity = 20 * 3000 * (0.06 / (1 - 1.06 ** -20)) + 20 * 40
  expect(more!.investmentPerYear).toBeCloseTo(annuity, 0)
  expect(more!.costPerYear / (annuity - 8760 * 20 * (0.8 - 0.5))).toBeCloseTo(1, 3)
  expect(less!.costPerYear / (1000 * (0.06 / (1 - 1.06 ** -10)) - 8760 * 10 * 0.8)).toBeCloseTo(1, 3)
})
