import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PlanOutput } from '../src/energy/index.ts'
import { mangrove, sharedData } from './command.ts'

const files = {
  'weather.epw': 'weather/Shanghai-Hongqiao_1956_2023_TMYx.epw',
  'load.csv': 'energy/load/KR_steel_plant_15min_2018_jan_sep.csv',
  'price.csv': 'energy/price/SG_2023_hourly_usd_mwh.csv',
  'carbon.csv': 'energy/carbon_intensity/SG_2023_hourly_electricitymaps.csv',
}
const present = Object.values(files).every((file) => existsSync(join(sharedData, file)))

const site = `id: real-input
name: Steel plant with real series
location: { latitude: 31.198, longitude: 121.336, altitudeM: 3 }
zone: Asia/Shanghai
currency: USD
weather: { file: weather.epw }
assets:
  grid: { kind: grid, title: Grid, importLimitKw: 1000, exportLimitKw: 300 }
  roof: { kind: pv, title: Roof, capacityKwp: 500, tiltDeg: 15 }
  battery: { kind: battery, title: Battery, capacityKwh: 800, maxChargeKw: 300, maxDischargeKw: 300 }
  plant:
    kind: load
    title: Steel plant
    demand:
      file: load.csv
      column: Usage_kWh
      unit: kWh
      per: step
      time: { column: date, format: DD/MM/YYYY HH:mm, label: end }
      align: weekday
tariff:
  import:
    spot:
      file: price.csv
      column: Price (USD/MWh)
      unit: USD/MWh
      time: { column: Datetime (UTC) }
      align: weekday
  demand: [{ name: maximum demand, pricePerKwMonth: 6, peakSoFarKw: 300 }]
  carbonIntensity:
    file: carbon.csv
    column: Carbon Intensity gCO₂eq/kWh (LCA)
    unit: gCO2e/kWh
    time: { column: Datetime (UTC), zone: UTC }
    align: weekday
  carbonPricePerKg: 0.02
`

describe.skipIf(!present)('the first Monday of July on real files (skipped without ../shared/data)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mangrove-real-input-'))
  let plan: PlanOutput & { readonly evidence: string }

  beforeAll(async () => {
    for (const [name, file] of Object.entries(files)) copyFileSync(join(sharedData, file), join(folder, name))
    writeFileSync(join(folder, 'site.yaml'), site)
    const ended = await mangrove(['plan', join(folder, 'site.yaml'), '--at', '2026-07-06T00:00', '--json'], folder)
    expect(ended.code, ended.stderr + ended.stdout).toBe(0)
    plan = JSON.parse(ended.stdout)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** `count` rows of a CSV file as cells, from the row that begins with a stamp; read without Mangrove. */
  const rowsFrom = (file: string, stamp: string, count: number): readonly (readonly string[])[] => {
    const lines = readFileSync(join(folder, file), 'utf8').split(/\r?\n/)
    const first = lines.findIndex((line) => line.startsWith(`${stamp},`))
    expect(first).toBeGreaterThan(0)
    return lines.slice(first, first + count).map((line) => line.split(','))
  }
  const energyKwh = (key: string): number =>
    (plan.series[key] ?? []).reduce<number>((sum, value) => sum + (value ?? Number.NaN), 0) / 4

  it('plans 96 quarter-hours with a certificate', () => {
    expect(plan).toMatchObject({
      start: '2026-07-06T00:00:00+08:00',
      stepMinutes: 15,
      currency: 'USD',
      synthetic: false,
    })
    expect(plan.certificate.ok).toBe(true)
    expect(plan.series['plant.powerKw']).toHaveLength(96)
    expect(plan.evidence).toMatch(/\w/)
  })

  it('reads the plant’s kWh a step as kW: 4 × each cell of the file’s nearest Monday, 9 July 2018', () => {
    const rows = rowsFrom('load.csv', '09/07/2018 00:15', 96)
    // The row that closes a day carries the date of that day.
    expect(rows.at(-1)?.[0]).toBe('09/07/2018 00:00')
    expect(plan.series['plant.demandKw']).toEqual(rows.map(([, kwh]) => expect.closeTo(4 * Number(kwh), 6)))
    expect(energyKwh('plant.demandKw')).toBeCloseTo(2614.52, 6)
  })

  it('balances every step within 1e-3 kW', () => {
    const keys = ['grid.powerKw', 'roof.powerKw', 'battery.powerKw']
    plan.series['plant.powerKw']!.forEach((load, k) => {
      const supplied = keys.reduce((sum, key) => sum + (plan.series[key]?.[k] ?? Number.NaN), 0)
      expect(supplied - load!).toBeCloseTo(0, 3)
    })
  })

  it('takes price and carbon of the nearest Monday, 3 July 2023 by the site’s clock: cells / 1000, each for an hour', () => {
    // Midnight in Shanghai is 16:00 UTC of the day before.
    const prices = rowsFrom('price.csv', '2023-07-02 16:00:00+00:00', 24).map(([, , usdPerMwh]) => Number(usdPerMwh))
    const grams = rowsFrom('carbon.csv', '2023-07-02 16:00:00', 24).map((cells) => Number(cells[5]))
    const eachHour = (values: readonly number[]) =>
      Array.from({ length: 96 }, (_, k) => expect.closeTo(values[Math.floor(k / 4)]! / 1000, 5))
    expect(plan.series['grid.importPrice']).toEqual(eachHour(prices))
    expect(plan.series['grid.carbonIntensity']).toEqual(eachHour(grams))
  })

  it('takes the sun of the weather file’s 6 July: the roof gives 70 to 95 % of what falls on its rating', () => {
    // EPW: year, month, day, hour …; field 14 is global horizontal irradiation in Wh/m2.
    const wh = readFileSync(join(folder, 'weather.epw'), 'latin1')
      .split('\n')
      .map((line) => line.split(','))
      .filter(([, month, day], index) => index >= 8 && month === '7' && day === '6')
      .map((cells) => Number(cells[13]))
    expect(wh).toHaveLength(24)
    const ideal = (500 * wh.reduce((sum, value) => sum + value, 0)) / 1000
    expect(energyKwh('roof.availableKw') / ideal).toBeGreaterThan(0.7)
    expect(energyKwh('roof.availableKw') / ideal).toBeLessThan(0.95)
  })

  it('bills what it imports at those prices and counts its emissions', () => {
    const imports = plan.series['grid.powerKw']!.map((power) => Math.max(0, Number(power)) / 4)
    const at = (key: string): number => imports.reduce((sum, kwh, k) => sum + kwh * Number(plan.series[key]![k]), 0)
    expect(plan.cost.energy).toBeCloseTo(at('grid.importPrice'), 3)
    expect(plan.emissionsKgCo2e).toBeCloseTo(at('grid.carbonIntensity'), 3)
  })

  it('costs no more than the same day without storage', () => {
    expect(plan.cost.total).toBeLessThanOrEqual(plan.baseline.cost + 1e-6)
  })
})
