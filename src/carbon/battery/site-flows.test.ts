import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { energyPack } from '../../energy/index.ts'
import { fixedClock, runEngine } from '../../kernel/index.ts'
import { createInlineSolver } from '../../solve/index.ts'
import { createFileData } from '../../store/index.ts'
import { type BatteryCarbonOutput, batteryCarbonEngine } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'mangrove-battery-carbon-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const siteFile = (name: string, assets: string): string => {
  const file = join(folder, `${name}.yaml`)
  writeFileSync(
    file,
    `
id: ${name}
name: ${name}
location: { latitude: 31, longitude: 119 }
zone: Asia/Shanghai
currency: CNY
assets:
  battery: { kind: battery, title: Battery, capacityKwh: 100, maxChargeKw: 50, maxDischargeKw: 50, initialSoc: 0.1, wear: { replacementCostPerKwh: 0 } }
  load: { kind: load, title: Load, demand: 30 }
${assets}
tariff:
  import:
    timeOfUse: { periods: [{ name: low, pricePerKwh: 0.1, from: "00:00", to: "02:00" }, { name: high, pricePerKwh: 2 }] }
  carbonIntensity: 0.5
`,
  )
  return file
}
const ports = {
  data: await createFileData({ packs: [energyPack] }),
  solver: await createInlineSolver(),
  clock: fixedClock(Date.UTC(2026, 5, 1)),
}
const run = async (site: string, more: object = {}) => {
  const input = { site, at: '2026-07-06T00:00', hours: 4, initialKgPerKwh: 0, ...more }
  return (await runEngine<BatteryCarbonOutput>(batteryCarbonEngine, input, ports)).output
}

describe('flows of a battery by the plan of its site', () => {
  const assets = `
  grid: { kind: grid, title: Grid, importLimitKw: 200 }
  pv: { kind: pv, title: Sun, capacityKwp: 50, production: 40 }`
  const file = siteFile('sunny', assets)

  it('bring the mix of what is supplied, or the surplus of sun first', async () => {
    const mix = await run(file)
    expect(mix.chargedKwh).toBeGreaterThan(50)
    const [book] = mix.books
    const supplied = (charged: number): number => 30 + charged
    // 40 kW of sun beside what is bought for the load of 30 kW and the charge: bought power carries 0.5.
    const rates = book!.steps.chargeKgPerKwh.filter((rate) => rate !== null)
    for (const rate of rates) expect(rate).toBeLessThanOrEqual((0.5 * (supplied(50) - 40)) / supplied(50) + 1e-9)
    const surplus = await run(file, { chargeFrom: 'surplus' })
    // Of the sun 10 kW are left beside the load; the rest of a charge of 50 kW is bought.
    expect(Math.max(...surplus.books[0]!.steps.chargeKgPerKwh.map(Number))).toBeCloseTo((0.5 * 40) / 50, 6)
    expect(book).toMatchObject({ kind: 'average', source: 'tariff.carbonIntensity of the site' })
  })

  it('are refused where the plan does not tell the carbon of a source, or there is no battery', async () => {
    await expect(run(file, { battery: 'other' })).rejects.toThrow(/no such battery/)
    const island = siteFile(
      'island',
      '  genset: { kind: genset, title: Set, ratedKw: 90, fuel: { pricePerUnit: 8, kgCo2ePerUnit: 2.68, perKwh: 0.25 } }',
    )
    await expect(run(island)).rejects.toThrow(/what a kWh of the grid emits/)
    const output = await run(island, { average: { kgPerKwh: 0.67, source: 'the genset' } })
    for (const rate of output.books[0]!.steps.chargeKgPerKwh) if (rate !== null) expect(rate).toBeCloseTo(0.67, 9)
  })
})
