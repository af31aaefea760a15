import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Now, Site, SiteAsset } from '../api/types.ts'
import { aroundOf } from './around.ts'
import { attentionOf } from './attention.ts'
import { daySpec } from './day-spec.ts'
import { figureSources } from './figure-sources.ts'
import { ratesOf, sumRates } from './figures.ts'
import { flowOf, type LookUp, layRibbons, suppliedKw, usedKw } from './flow.ts'
import { windowOf } from './moment-values.ts'

const asset = (id: string, kind: string): SiteAsset => ({
  id,
  kind,
  title: id,
  fields: {},
  points: [{ id: 'powerKw', ref: `${id}.powerKw`, title: 'Power', unit: 'kW', role: 'measured' }],
})
const assets = [asset('grid', 'grid'), asset('roof', 'pv'), asset('cell', 'battery'), asset('works', 'load')]
const from =
  (values: Readonly<Record<string, number>>): LookUp =>
  (ref) =>
    values[ref]

describe('the energy flow', () => {
  it('puts an exporting grid on the side of use, own sources before it', () => {
    const flow = flowOf(
      assets,
      from({ 'grid.powerKw': -40, 'roof.powerKw': 100, 'cell.powerKw': -20, 'works.powerKw': 40 }),
    )
    expect(flow.supply.map(({ id, powerKw }) => [id, powerKw])).toEqual([
      ['roof', 100],
      ['grid', 0],
    ])
    expect(flow.use.map(({ id, powerKw }) => [id, powerKw])).toEqual([
      ['works', 40],
      ['grid', 40],
    ])
    expect([suppliedKw(flow), usedKw(flow)]).toEqual([100, 40])
  })

  it('leaves an unknown power unknown', () => {
    const flow = flowOf(assets, from({}))
    expect(flow.supply.every(({ powerKw }) => powerKw === undefined)).toBe(true)
    expect(layRibbons(flow, 52).supply.every(({ widthPx }) => widthPx === 0)).toBe(true)
  })

  it('lays ribbons as wide as their power, none above its row, stacked without gaps at the bus', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1, max: 5000, noNaN: true }), { minLength: 1, maxLength: 8 }), (powers) => {
        const sources = powers.map((_, index) => asset(`pv${index}`, 'pv'))
        const values = Object.fromEntries(powers.map((power, index) => [`pv${index}.powerKw`, power]))
        const { supply } = layRibbons(flowOf(sources, from(values)), 52)
        const largest = Math.max(...powers)
        supply.forEach(({ widthPx, busPx }, index) => {
          expect(widthPx).toBeLessThanOrEqual(52)
          expect(widthPx).toBeCloseTo(Math.max(1.5, (44 * powers[index]!) / largest), 6)
          const next = supply[index + 1]
          if (next) expect(busPx + widthPx / 2).toBeCloseTo(next.busPx - next.widthPx / 2, 6)
        })
      }),
      { numRuns: 100 },
    )
  })
})

describe('the chart of a day', () => {
  const site = { id: 's', assets } as unknown as Site
  const known = { 'grid.powerKw': 60, 'roof.powerKw': 40, 'cell.powerKw': 0, 'works.powerKw': 100 }
  const { 'works.powerKw': _, ...withoutWorks } = known
  const { 'roof.powerKw': __, ...withoutRoof } = known
  const bucketMs = 300_000
  const values = [known, withoutWorks, withoutRoof, undefined, known]
  const spec = daySpec({
    site,
    starts: [0, 1, 2, 4].map((bucket) => bucket * bucketMs),
    at: (timestampMs) => from(values[timestampMs / bucketMs] ?? {}),
    plan: null,
    say: (key) => key,
  })
  const line = (label: string) => spec?.lines.find((own) => own.label === label)

  it('has a gap where a use is not known, and where nothing was stored', () => {
    expect(line('park.use')?.values).toEqual([100, null, 100, null, 100])
  })

  it('has a gap in the family that is not known, and what lies over it at its own height', () => {
    expect(line('kind.solar')?.values).toEqual([40, 40, null, null, 40])
    expect(line('kind.grid')?.values).toEqual([100, 100, 60, null, 100])
    expect(line('kind.grid')?.own).toEqual([60, 60, 60, null, 60])
  })
})

describe('figures of a day', () => {
  const values = {
    'grid.powerKw': 60,
    'grid.importPrice': 0.5,
    'grid.exportPrice': 0.3,
    'grid.carbonIntensity': 0.6,
    'roof.powerKw': 40,
    'cell.powerKw': 0,
    'works.powerKw': 100,
  }

  it('adds up use, money, carbon and the renewable share', () => {
    const rates = ratesOf(assets, from(values))
    const sums = sumRates([rates, rates], 0.5)
    expect(sums).toMatchObject({ useKwh: 100, importKwh: 60, exportKwh: 0, cost: 30, carbonKg: 36, known: 1 })
    expect(sums?.renewableShare).toBeCloseTo(0.4)
  })

  it('pays for export what export earns', () => {
    const rates = ratesOf(assets, from({ ...values, 'grid.powerKw': -10 }))
    expect(rates?.costPerHour).toBeCloseTo(-3)
    expect(rates?.carbonPerHour).toBe(0)
  })

  it('does not count a moment in which a power is missing, nor money without a price', () => {
    const { 'works.powerKw': _, ...gap } = values
    expect(ratesOf(assets, from(gap))).toBeUndefined()
    expect(sumRates([ratesOf(assets, from(values)), undefined], 1)).toMatchObject({ useKwh: 100, known: 0.5 })
    const { 'grid.importPrice': __, ...unpriced } = values
    expect(sumRates([ratesOf(assets, from(unpriced))], 1)?.cost).toBeUndefined()
    expect(sumRates([undefined], 1)).toBeUndefined()
  })
})

describe('what needs a person', () => {
  const site = { assets } as unknown as Site
  const nowMs = 1_800_000_000_000
  const value = (timestampMs: number, known: number | null = 1) => ({
    value: known,
    unit: 'kW',
    quality: known === null ? 'missing' : 'good',
    timestampMs,
  })
  const now = (points: Now['points']): Now => ({ timestampMs: nowMs, points })
  const fresh = Object.fromEntries(assets.map(({ id }) => [`${id}.powerKw`, value(nowMs)]))
  const plan = { publishedMs: nowMs, relaxed: [] } as never

  it('is nothing when all is fresh', () => {
    expect(attentionOf({ site, now: now(fresh), connected: true, plan, nowMs })).toEqual([])
  })

  it('names stale and missing values, a broken stream first', () => {
    const points = { ...fresh, 'roof.powerKw': value(nowMs - 300_000), 'works.powerKw': value(nowMs, null) }
    const items = attentionOf({ site, now: now(points), connected: false, plan, nowMs })
    expect(items.map(({ kind }) => kind)).toEqual(['disconnected', 'stale', 'missing'])
    expect(items[1]).toMatchObject({ title: 'roof', ageMs: 300_000 })
  })

  it('tells of an old plan, of none, and of every wish that gave way', () => {
    const old = { publishedMs: nowMs - 3_600_000, relaxed: [{ wish: 'reserve', asset: 'cell' }] } as never
    const kinds = (given: typeof plan | null) =>
      attentionOf({ site, now: now(fresh), connected: true, plan: given, nowMs }).map(({ kind }) => kind)
    expect(kinds(old)).toEqual(['oldPlan', 'relaxed'])
    expect(kinds(null)).toEqual(['noPlan'])
  })
})

describe('the history of a moment', () => {
  const hourMs = 3_600_000

  it('has the day before it and an hour after it, at any moment', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2e12 }), (atMs) => {
        const { fromMs, toMs } = windowOf(atMs)
        expect(fromMs).toBeLessThanOrEqual(atMs - 24 * hourMs)
        expect(toMs).toBeGreaterThanOrEqual(atMs + hourMs)
      }),
    )
  })

  it('overlaps with the next, so that time plays on while that is fetched', () => {
    const first = windowOf(0)
    const next = windowOf(12 * hourMs)
    expect(next.fromMs - first.fromMs).toBe(12 * hourMs)
    expect(first.toMs).toBeGreaterThan(12 * hourMs)
  })
})

describe('where figures come from', () => {
  const site = { id: 's', assets } as unknown as Site
  const values = from({ 'grid.powerKw': -40, 'roof.powerKw': 100, 'cell.powerKw': -20, 'works.powerKw': 40 })
  const sources = figureSources({
    site,
    lookUp: values,
    sourceOf: (ref) => ({ kind: 'point', site: 's', ref }),
    say: (key) => key,
  })

  it('is the points that they are added up from, with their values', () => {
    expect(sources.use).toMatchObject({
      kind: 'formula',
      parts: [{ label: 'works', value: 40, unit: 'kW', from: { ref: 'works.powerKw' } }],
    })
    expect(sources.export).toMatchObject({ parts: [{ value: -40, from: { ref: 'grid.powerKw' } }] })
    expect(sources.cost).toMatchObject({ parts: [{}, { from: { ref: 'grid.importPrice' } }, {}] })
  })
})

describe('air and water', () => {
  it('are what stations and gauges measure, never what machines do', () => {
    const points = {
      'hydro.flowM3PerS': { title: 'Canal', unit: 'm3/s' },
      'weather.temperatureC': { title: 'Air', unit: '°C' },
      'battery.temperatureC': { title: 'Cells', unit: '°C' },
      'weather.ghiWm2': { title: 'Sun', unit: 'W/m2' },
      'grid.powerKw': { accuracyClass: '0.2 %' },
      'gate.counted': { title: 'Cars', unit: '1' },
    }
    const assets = ['hydro', 'battery', 'grid'].map((id) => ({ id, kind: id, title: id, points: [] }))
    const found = aroundOf({ assets, sections: { points } } as unknown as Site)
    expect(found.map(({ title, kind }) => [title, kind])).toEqual([
      ['Sun', 'sun'],
      ['Air', 'warmth'],
      ['Canal', 'water'],
    ])
    expect(aroundOf({ assets, sections: {} } as unknown as Site)).toEqual([])
  })
})
