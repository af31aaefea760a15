import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { thermalCapacityKwh } from '../src/energy/components/thermal-store.ts'
import { zoneLossKwPerK } from '../src/energy/components/zone-physics.ts'
import { pvYear } from '../src/energy/pv/index.ts'
import type { PvAsset, ThermalStoreAsset, ZoneAsset } from '../src/energy/schema/index.ts'
import { type Asset, readSite, type Site } from '../src/kernel/index.ts'
import { packs } from '../src/packs.ts'
import { readWeather, type WeatherYear } from '../src/weather/index.ts'
import { mangrove, root } from './command.ts'

interface Example {
  readonly site: Site
  readonly year: WeatherYear
  readonly readme: string
}

async function readExample(id: string): Promise<Example> {
  const file = join(root, 'examples', id, 'site.yaml')
  const site = readSite(readFileSync(file, 'utf8'), { file, packs })
  const year = await readWeather(site.sections.weather as object, site, () => '')
  if (!year) throw new Error(`${id} names no weather`)
  // One line a sentence would be hard to read in the README and is easy to search here.
  return { site, year, readme: readFileSync(join(root, 'examples', id, 'README.md'), 'utf8').replace(/\s+/g, ' ') }
}

const sum = (values: Iterable<number>): number => {
  let total = 0
  for (const value of values) total += value
  return total
}
const fieldsOf = ({ site }: Example) => site.assets.filter(({ kind }) => kind === 'pv')
const peakKw = (fields: readonly Asset[]): number => sum(fields.map(({ capacityKwp }) => Number(capacityKwp)))
const yieldMwh = ({ year }: Example, fields: readonly Asset[]): number =>
  sum(fields.map((field) => sum(pvYear(field as unknown as PvAsset, year).acKw))) / 1000
const thousands = (value: number): string => Math.round(value).toLocaleString('en-US')

/** The year that the README tells is the year that the site file gives. */
function expectToldYear(example: Example) {
  const fields = fieldsOf(example)
  const mwh = yieldMwh(example, fields)
  expect(example.readme).toContain(`${thousands(mwh)} MWh a year, ${thousands((1000 * mwh) / peakKw(fields))} kWh/kWp`)
  expect(example.readme).toContain(`${thousands(sum(example.year.ghiWm2) / 1000)} kWh/m2 of irradiation a year`)
}

describe('examples/liyang-park', () => {
  let park: Example
  beforeAll(async () => {
    park = await readExample('liyang-park')
  })

  it('gives 5.2 GWh of PV a year within 4 %', () => {
    const gwh = yieldMwh(park, fieldsOf(park)) / 1000
    expect(gwh).toBeGreaterThan(5.2 * 0.96)
    expect(gwh).toBeLessThan(5.2 * 1.04)
  })

  it('tells the yield of its PV in its README', () => expectToldYear(park))

  it('tells the capacity of each field, and what it is on 77,000 m2', () => {
    for (const { capacityKwp } of fieldsOf(park)) expect(park.readme).toContain(thousands(Number(capacityKwp)))
    const whole = peakKw(fieldsOf(park))
    expect(park.readme).toContain(`${thousands(whole)} kWp`)
    expect(park.readme).toContain(`only ${Math.round((1000 * whole) / 77_000)} W/m2`)
    expect(park.readme).toContain(
      `the modules cover ${thousands(whole / 0.2)} m2, ${Math.round((100 * whole) / 0.2 / 77_000)} % of it`,
    )
  })

  it('has the 20 charging sessions that its README counts', () => {
    const sessions = park.site.assets.find(({ kind }) => kind === 'ev-charging')?.sessions as readonly unknown[]
    expect(sessions).toHaveLength(20)
    expect(park.readme).toContain('20 charging sessions a day')
  })
})

describe('examples/quarry-microgrid', () => {
  it('tells the yield of its PV in its README', async () => expectToldYear(await readExample('quarry-microgrid')))

  it('has no grid connection', async () => {
    const { site } = await readExample('quarry-microgrid')
    expect(site.assets.map(({ kind }) => kind)).not.toContain('grid')
  })
})

describe('examples/heat-village', () => {
  let village: Example
  const named = (id: string): Asset => village.site.assets.find((asset) => asset.id === id)!
  beforeAll(async () => {
    village = await readExample('heat-village')
  })

  it('tells the yield of its PV in its README', () => expectToldYear(village))

  it('tells what its homes and its load need in a day', () => {
    expect(village.readme).toContain(`${thousands(sum(named('homes').demand as number[]))} kWh on a winter day`)
    expect(village.readme).toContain(`${thousands(sum(named('power').demand as number[]))} kWh a day`)
  })

  it('tells what its tank holds', () => {
    const capacityKwh = thermalCapacityKwh(named('tank') as unknown as ThermalStoreAsset)
    expect(village.readme).toContain(`which hold ${thousands(capacityKwh)} kWh`)
  })

  it('loses 1 kW for each kelvin of difference in its school', () => {
    expect(zoneLossKwPerK(named('school') as unknown as ZoneAsset)).toBeCloseTo(1, 1)
  })
})

describe('examples/hydrogen-port', () => {
  let port: Example
  beforeAll(async () => {
    port = await readExample('hydrogen-port')
  })

  it('tells the yield of its PV in its README', () => expectToldYear(port))

  it('tells what its trucks need, and what the quay may draw at most', () => {
    const trucks = port.site.assets.find(({ kind }) => kind === 'hydrogen-load')
    const deliveries = trucks?.deliveries as readonly { readonly massKg: number }[]
    expect(port.readme).toContain(`${sum(deliveries.map(({ massKg }) => massKg))} kg a day`)
    const quay = port.site.assets.filter(({ bus }) => bus === 'quay').flatMap(({ demand }) => (demand ? [demand] : []))
    const [cranes, ships] = quay as unknown as readonly [readonly number[], readonly number[]]
    const highest = Math.max(...cranes.map((power, hour) => power + ships[hour]!))
    expect(port.readme).toContain(`their highest, ${thousands(highest)} kW`)
  })

  it('is planned to the proof, and nothing has to give way', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mangrove-port-'))
    try {
      const args = ['plan', 'examples/hydrogen-port/site.yaml', '--at', '2026-04-14T00:00', '--json']
      const { stdout, code } = await mangrove(args, folder)
      expect(code).toBe(0)
      const { status, relaxed, series } = JSON.parse(stdout)
      expect({ status, relaxed }).toEqual({ status: 'optimal', relaxed: [] })
      // Off in the evening peak, at full load in the valley at noon.
      const powerKw = series['electrolyser.powerKw'] as readonly number[]
      expect(Math.max(...powerKw.slice(68, 80))).toBe(0)
      expect(Math.min(...powerKw.slice(44, 56))).toBeCloseTo(2000, 3)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }, 60_000)
})

describe('the site file in README.md', () => {
  it('is read without a problem', () => {
    const [, text = ''] = /^```yaml\n([\s\S]*?)^```$/m.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? []
    const site = readSite(text, { file: 'README.md', packs })
    expect(site.assets.map(({ kind }) => kind)).toEqual(['grid', 'pv', 'battery', 'load'])
    expect(site.assets[0]?.importLimitKw).toBe(2000)
  })

  it('stands above the kinds of assets there are', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8')
    for (const { kind } of packs.flatMap((pack) => pack.assets)) expect(readme).toContain(`\`${kind}\``)
  })
})
