import { describe, expect, it } from 'vitest'
import type { Site, SizeOutput } from '../api/types.ts'
import { againInput } from './again.ts'
import { againstToday, nextTonneCosts } from './against-today.ts'
import { type Design, designsOf, distinctDesigns } from './designs.ts'
import { csvOf, patchOf } from './exports.ts'
import { cumulative, groupedCash } from './money-rows.ts'
import { readNumber, typed } from './read-number.ts'
import { swingsOf, worthOf } from './sensitivity.ts'
import { assetsOf, changesWith, discountRateOf, siteFileOf } from './site-after.ts'
import { candidatesOf } from './sizable.ts'
import { addressOf } from './sizing-address.ts'
import { formOf, readForm, type SizingForm } from './sizing-form.ts'
import type { SizingRun } from './sizing-queries.ts'
import { stageOf } from './stages.ts'
import { yamlOf } from './yaml.ts'
import { yearFiguresOf, yearGridOf } from './year-grid.ts'

const asset = (id: string, kind: string, fields: Readonly<Record<string, unknown>> = {}) => ({
  ...{ id, kind, fields, title: id.toUpperCase() },
  points: [],
})

const site = {
  ...{ id: 'park', name: 'Park', zone: 'Asia/Shanghai', currency: 'CNY', simulated: true },
  location: { latitude: 31, longitude: 119, altitudeM: 8 },
  assets: [
    asset('roof', 'pv', { capacityKwp: 500 }),
    asset('box', 'battery', { capacityKwh: 1000, maxDischargeKw: 400 }),
    asset('grid', 'grid'),
  ],
  sections: {
    investment: {
      ...{ years: 15, discountRate: 0.07, minRenewableShare: 0.4 },
      options: [{ asset: 'box', size: 'capacityKwh', existing: 1000, max: 9000, capexPerUnit: 780, lifetimeYears: 15 }],
    },
  },
} as unknown as Site

describe('what may be sized', () => {
  it('is every size of every machine, first what the site file names, with where its price comes from', () => {
    const found = candidatesOf(site)
    expect(found.map(({ id, source, standing }) => [id, source, standing])).toEqual([
      ['box.capacityKwh', 'site', 1000],
      ['roof.capacityKwp', 'irena', 500],
      ['box.powerKw', 'assumed', 400],
    ])
    // 758 USD at 7.2 CNY, by two digits.
    expect(found[1]?.capexPerUnit).toBe(5500)
  })
})

const texts = (form: SizingForm, more: Readonly<Record<string, string>>): SizingForm => ({
  ...form,
  texts: { ...form.texts, ...more },
})

describe('the form', () => {
  it('starts as the site says, and asks for just that', () => {
    const { input, wrong } = readForm(site, formOf(site))
    expect(wrong).toEqual({})
    expect(input).toMatchObject({
      ...{ site: 'park', preview: true, backtest: 'none', pareto: 4 },
      changes: {
        investment: {
          ...{ years: 15, discountRate: 0.07, minRenewableShare: 0.4 },
          options: [{ asset: 'box', size: 'capacityKwh', existing: 1000, max: 9000, capexPerUnit: 780 }],
        },
      },
    })
  })

  it('takes away a target of the site file whose field was emptied', () => {
    const { input } = readForm(site, texts(formOf(site), { minRenewableShare: '' }))
    expect(input.changes).toMatchObject({ investment: { minRenewableShare: null } })
  })

  it('says what is wrong at the field it is wrong in', () => {
    const { wrong } = readForm(
      site,
      texts(formOf(site), {
        ...{ years: '12.5', discountRate: 'dear', minRenewableShare: '140', outageHours: '4' },
        'box.capacityKwh/max': '500',
      }),
    )
    expect(wrong).toEqual({
      years: { code: 'whole' },
      discountRate: { code: 'number' },
      minRenewableShare: { code: 'most', values: { most: 100 } },
      outageKw: { code: 'pair' },
      'box.capacityKwh/max': { code: 'below', values: { least: 1000 } },
    })
    expect(readForm(site, { ...formOf(site), chosen: [] }).wrong.options).toEqual({ code: 'option' })
  })

  it('makes the battery as large as an outage needs', () => {
    const { input, wrong } = readForm(site, texts(formOf(site), { outageHours: '4', outageKw: '500' }))
    expect(wrong).toEqual({})
    expect(input.changes).toMatchObject({ investment: { options: [{ min: 2500 }] } })
    const withoutBattery = { ...formOf(site), chosen: ['roof.capacityKwp'] }
    expect(readForm(site, texts(withoutBattery, { outageHours: '4', outageKw: '500' })).wrong.outageHours).toEqual({
      code: 'battery',
    })
  })

  it.each([
    ['1 234.5', 1234.5],
    ['1\u202f234', 1234],
    ['12,5', 12.5],
    ['1,234.5', 1234.5],
    ['\u22123', -3],
    ['1e3', 1000],
  ])('reads %s as %d', (text, value) => {
    expect(readNumber(text)).toBe(value)
  })

  it.each(['', 'x', '1.2.3', '--1', '1,2,3'])('reads “%s” as no number', (text) => {
    expect(readNumber(text)).toBeNaN()
  })

  it('writes a number without dust', () => {
    expect(typed(0.07 / 0.01)).toBe('7')
  })
})

const cashFlow = [
  { year: 0, 'box.capacityKwh.capex': -1000, 'energy.energy': 0, total: -900, 'debt.debt': 100 },
  { year: 1, 'box.capacityKwh.opex': -10, 'energy.energy': 700, 'debt.repayment': -100, total: 590 },
  { year: 2, 'box.capacityKwh.salvage': 50, 'energy.energy': 700, total: 750 },
]

describe('money', () => {
  it('is grouped by what for, and summed from year to year', () => {
    expect([...groupedCash(cashFlow)]).toEqual([
      ['build', [-1000, 0, 0]],
      ['renew', [0, 0, 50]],
      ['upkeep', [0, -10, 0]],
      ['energy', [0, 700, 700]],
      ['debt', [100, -100, 0]],
    ])
    expect(cumulative(cashFlow)).toEqual([-900, -310, 440])
  })

  it('is worth what the engine says, before debt and tax', () => {
    expect(worthOf(cashFlow, 0.1)).toBeCloseTo(-1000 + 690 / 1.1 + 750 / 1.21, 9)
  })

  it('moves most by what weighs most; a driver that moves nothing is left out', () => {
    const swings = swingsOf(cashFlow, 0.1)
    expect(swings.map(({ driver }) => driver)).toEqual(['energy', 'capex', 'discount', 'upkeep'])
    const [energy] = swings
    expect((energy?.high ?? 0) - (energy?.low ?? 0)).toBeCloseTo(0.4 * (700 / 1.1 + 700 / 1.21), 9)
    // Dearer machines, less worth.
    expect(swings[1]?.high).toBeLessThan(swings[1]?.low ?? 0)
  })
})

const design = (index: number, annualCost: number, emissionsKgCo2e: number): Design => ({
  ...{ index, annualCost, emissionsKgCo2e, renewableShare: 0.5, unservedKwh: 0 },
  sizes: { 'box.capacityKwh': 2000 },
  economics: { capex: 5, netPresentValue: 6, internalRateOfReturn: null, paybackYears: 7, cashFlow } as never,
  assets: { box: { capacityKwh: 2000 }, roof: null },
})

describe('designs', () => {
  const output = { currency: 'CNY', sizes: [{ id: 'box.capacityKwh', title: 'Box', unit: 'kWh' }], front: [] }

  it('are those of the front, or the answer itself where no front was asked for', () => {
    const annual = { cost: 1, emissionsKgCo2e: 2, renewableShare: 0.3, unservedKwh: 4 }
    const alone = designsOf({ ...output, annual, sizes: [{ id: 'a.b', size: 9 }], economics: {} } as never)
    expect(alone).toMatchObject([{ index: 0, annualCost: 1, sizes: { 'a.b': 9 } }])
    const point = { emissionsKgCo2ePerYear: 5, annualCost: 3, sizes: {}, economics: {}, renewableShare: 1 }
    expect(designsOf({ ...output, front: [point, point] } as unknown as SizeOutput)).toHaveLength(2)
  })

  it('that are alike are one', () => {
    const kept = distinctDesigns([design(0, 100, 900), design(1, 100.001, 900.5), design(2, 120, 500)])
    expect(kept.map(({ index }) => index)).toEqual([0, 2])
  })

  it('are told against the site as it stands: what is new, and what a year then costs and emits', () => {
    const today = { cost: 200, emissionsKgCo2e: 1000, renewableShare: 0, unservedKwh: 0 }
    const sizes = [
      { id: 'box.capacityKwh', title: 'Box', unit: 'kWh', existing: 500, max: 4000 },
      { id: 'roof.capacityKwp', title: 'Roof', unit: 'kW', existing: 10, max: 100 },
    ]
    const one = { ...design(0, 150, 900), sizes: { 'box.capacityKwh': 2000, 'roof.capacityKwp': 10.000001 } }
    expect(againstToday({ ...output, sizes, today } as unknown as SizeOutput, one)).toEqual({
      added: [{ id: 'box.capacityKwh', title: 'Box', unit: 'kWh', more: 1500 }],
      ...{ cost: -50, costShare: -0.25, emissionsKgCo2e: -100, emissionsShare: -0.1 },
    })
  })

  it('say what a tonne less costs than the design before', () => {
    expect(nextTonneCosts([design(0, 100, 4000), design(1, 130, 2000), design(2, 150, 2000)])).toEqual([
      undefined,
      15,
      undefined,
    ])
  })

  it('leave as CSV without formulas, and as a change of the site file', () => {
    const named = { ...output, sizes: [{ id: '=cmd.capacityKwh', title: 'x', unit: 'kWh' }] } as unknown as SizeOutput
    const csv = csvOf(named, [design(0, 100, 900)], design(0, 100, 900))
    expect(csv).toContain("'=cmd.capacityKwh kWh")
    expect(csv.split('\n')[1]).toBe('A,100,5,6,900,0.5,0,,7,')
    expect(patchOf(design(1, 1, 1), 'run1')).toBe(
      '# Sizes of design B of run run1.\n# A JSON Merge Patch in YAML: merge it into the site file; null takes an asset away.\nassets:\n  box:\n    capacityKwh: 2000\n  roof: null\n',
    )
  })
})

describe('a run', () => {
  const run = {
    ...{ id: 'run1', clockMs: 0 },
    input: {
      site: 'park',
      preview: false,
      changes: {
        assets: { roof: null, mill: { kind: 'wind', title: 'Mill' }, box: { capacityKwh: 5 } },
        investment: { discountRate: 0.09, options: [{ asset: 'box', capexPerUnit: 100, opexPerUnitYear: 1 }] },
      },
    },
    output: {},
  } as unknown as SizingRun

  it('has the assets that its changes left', () => {
    expect([...assetsOf(site, run).values()].map(({ id, kind }) => `${id} ${kind}`)).toEqual([
      'box battery',
      'grid grid',
      'mill wind',
    ])
  })

  it('goes on with the sizes of a design in its changes', () => {
    expect(changesWith(run, design(0, 1, 1)).assets).toEqual({
      ...{ roof: null, mill: { kind: 'wind', title: 'Mill' } },
      box: { capacityKwh: 2000 },
    })
    expect(discountRateOf(site, run)).toBe(0.09)
    expect(discountRateOf(site, { input: { site: 'park' } })).toBe(0.07)
  })

  it('is asked again at other prices of machines, and otherwise the same', () => {
    const dearer = againInput(site, run, { driver: 'capex', side: 'high' })
    expect(dearer).toMatchObject({
      ...{ site: 'park', preview: true, pareto: 0 },
      changes: { investment: { discountRate: 0.09, options: [{ capexPerUnit: 120, opexPerUnitYear: 1 }] } },
    })
    const cheaper = againInput(site, run, { driver: 'discount', side: 'low' }) as never
    expect(
      (cheaper as { changes: { investment: { discountRate: number } } }).changes.investment.discountRate,
    ).toBeCloseTo(0.072, 9)
    expect(againInput(site, run, undefined).changes).toEqual(run.input.changes)
  })

  it('of another place becomes a site file without what was taken away', () => {
    const other = {
      ...run,
      input: { ...run.input, changes: { ...(run.input.changes as object), location: { latitude: 1 }, tariff: null } },
    }
    const text = siteFileOf(site, other, design(0, 1, 1))
    expect(text).toContain('location:\n  latitude: 1\n')
    expect(text).not.toMatch(/roof|tariff|null/)
  })

  it('stands in the address, which may hold anything', () => {
    expect(addressOf({ run: 'ab12', design: 3, form: 'simple' })).toMatchObject({
      run: 'ab12',
      design: 3,
      form: 'simple',
    })
    expect(addressOf({ run: '<script>', design: -1, beside: 'x', form: 'y' })).toEqual({})
  })

  it('says its stage by how far it is', () => {
    expect([0.01, 0.05, 0.3, 0.6, 0.9].map(stageOf)).toEqual(['read', 'days', 'hours', 'front', 'trial'])
  })
})

describe('YAML', () => {
  it('quotes what could be read as something else', () => {
    expect(yamlOf({ a: 'yes', b: 'x: y', c: [1, 'two'], d: [{ e: 1, f: 'go' }, [0, 2]], 'h i': {}, no: '12' })).toBe(
      '\na: "yes"\nb: "x: y"\nc: [1, two]\nd:\n  - e: 1\n    f: go\n  - [0, 2]\n"h i": {}\n"no": "12"',
    )
  })
})

describe('a year', () => {
  it('is laid in days and hours, and a gap stays one', () => {
    const values = Array.from({ length: 50 }, (_, hour) => (hour === 30 ? null : hour))
    const { cells, low, high, days } = yearGridOf(values)
    expect({ low, high, days, count: cells.length }).toEqual({ low: 0, high: 49, days: 3, count: 49 })
    expect(cells).toContainEqual([1, 7, 31])
    expect(yearGridOf([null])).toMatchObject({ cells: [], low: 0, high: 0 })
  })

  it('tells how much of sun, wind and water stayed', () => {
    const kinds: Readonly<Record<string, string>> = { a: 'pv', b: 'grid', c: 'load' }
    const balance = [
      { asset: 'a', suppliedKwh: 100, drawnKwh: 0 },
      { asset: 'b', suppliedKwh: 40, drawnKwh: 25 },
      { asset: 'c', suppliedKwh: 0, drawnKwh: 115 },
    ]
    expect(yearFiguresOf(balance, (id) => kinds[id])).toEqual({
      ...{ producedKwh: 100, exportedKwh: 25, importedKwh: 40, selfConsumption: 0.75 },
    })
    expect(yearFiguresOf([], () => undefined).selfConsumption).toBeUndefined()
  })
})
