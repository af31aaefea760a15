import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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

  it('reads the plant’s kWh a step as kW: the load of the file’s nearest Monday, 2018-07-09, within 0.05 kWh', () => {
    // Sum of Usage_kWh over the 96 rows from 09/07/2018 00:15 to the 00:00 row that closes the day.
    expect(energyKwh('plant.demandKw')).toBeCloseTo(2614.52, 1)
  })

  it('balances every step within 1e-3 kW', () => {
    const keys = ['grid.powerKw', 'roof.powerKw', 'battery.powerKw']
    plan.series['plant.powerKw']!.forEach((load, k) => {
      const supplied = keys.reduce((sum, key) => sum + (plan.series[key]?.[k] ?? Number.NaN), 0)
      expect(supplied - load!).toBeCloseTo(0, 3)
    })
  })

  it('prices imports with the Singapore series in USD/kWh and carbon in kg/kWh', () => {
    for (const price of plan.series['grid.importPrice']!) expect(price).toBeGreaterThan(0.02)
    for (const price of plan.series['grid.importPrice']!) expect(price).toBeLessThan(1)
    for (const intensity of plan.series['grid.carbonIntensity']!) expect(intensity).toBeGreaterThan(0.4)
    for (const intensity of plan.series['grid.carbonIntensity']!) expect(intensity).toBeLessThan(0.6)
  })

  it('costs no more than the same day without storage', () => {
    expect(plan.cost.total).toBeLessThanOrEqual(plan.baseline.cost + 1e-6)
  })
})
