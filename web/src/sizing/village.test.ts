import { describe, expect, it } from 'vitest'
import type { Site } from '../api/types.ts'
import { extraterrestrialKwhPerDay, sunOfLatitude, temperatureOfLatitude } from './sun-of-latitude.ts'
import { readVillage, type Village, villageOf } from './village.ts'

const site = {
  ...{ id: 'park', zone: 'Asia/Shanghai', currency: 'CNY' },
  location: { latitude: -3, longitude: 37, altitudeM: 0 },
  assets: [{ id: 'old', kind: 'pv', title: 'Old', fields: {}, points: [] }],
  sections: { tariff: { demand: [], import: { spot: 'x.csv' } }, gateways: {}, limits: { importKw: 1 } },
} as unknown as Site

type Load = { readonly demand: readonly number[] }
interface Gridded {
  readonly assets: { readonly 'village-grid': { readonly importLimitKw: number } }
}
interface Sent {
  readonly preview: boolean
  readonly changes: Readonly<Record<string, Readonly<Record<string, unknown>> | null>>
}
const read = (more: Partial<Village> = {}) => {
  const { input, wrong } = readVillage(site, { ...villageOf(site), ...more }, (id) => `the ${id}`)
  return { wrong, sent: input as unknown as Sent }
}

describe('six questions', () => {
  it('make a place of their own: nothing of the site is left', () => {
    const { wrong, sent } = read()
    expect(wrong).toEqual({})
    expect(sent.preview).toBe(true)
    expect(sent.changes).toMatchObject({
      ...{ gateways: null, limits: null, location: { latitude: -3, longitude: 37 } },
      assets: {
        old: null,
        'village-pv': { kind: 'pv', title: 'the village-pv' },
        'village-genset': { kind: 'genset' },
      },
      tariff: { demand: null, import: { spot: null, feePerKwh: 0 } },
    })
  })

  it('spread the energy of a day over its hours', () => {
    const load = read({ dayKwh: '240', shape: 'workshop' }).sent.changes.assets?.['village-load'] as Load
    expect(load.demand.reduce((sum, value) => sum + value, 0)).toBeCloseTo(240, 1)
    expect(load.demand[10]).toBeGreaterThan(5 * (load.demand[2] ?? 0))
  })

  it('take a grid in place of the genset, a weak one with half of the highest load', () => {
    const grid = (kind: Village['grid']) =>
      (read({ grid: kind, shape: 'steady' }).sent.changes as unknown as Gridded).assets['village-grid'].importLimitKw
    expect(grid('weak')).toBeCloseTo(4.2, 5)
    expect(grid('good')).toBeCloseTo(17, 5)
    expect(read({ grid: 'good' }).sent.changes.assets).not.toHaveProperty('village-genset')
  })

  it('hold a budget, and make the battery last', () => {
    const { investment } = read({ budget: '90 000', outageHours: '6' }).sent.changes
    expect(investment).toMatchObject({ mostCapex: 90_000, options: [{}, { min: 63 }, {}] })
    expect(read().sent.changes.investment).not.toHaveProperty('mostCapex')
  })

  it('say what is wrong at its field', () => {
    expect(read({ latitude: '80', dayKwh: '', dollar: '0', budget: 'much' }).wrong).toEqual({
      latitude: { code: 'most', values: { most: 66 } },
      dayKwh: { code: 'number' },
      dollar: { code: 'least', values: { least: 1e-6 } },
      budget: { code: 'number' },
    })
  })
})

describe('the sun of a latitude', () => {
  // Duffie & Beckman, 4th ed., example 1.10.1: 43° N, 15 April: 33.8 MJ/m².
  it('is that of the textbook on top of the air', () => {
    expect(extraterrestrialKwhPerDay(43, 105) * 3.6).toBeCloseTo(33.8, 0)
  })

  it('is more in June in the north, and in December in the south', () => {
    const [north, south] = [sunOfLatitude(50), sunOfLatitude(-50)]
    expect(north[5]).toBeGreaterThan(3 * (north[11] ?? 0))
    expect(south[11]).toBeGreaterThan(3 * (south[5] ?? 0))
    expect(temperatureOfLatitude(50)[6]).toBeGreaterThan(temperatureOfLatitude(50)[0] ?? 0)
  })
})
