import { describe, expect, it } from 'vitest'
import type { Inventory, InventoryTotal } from './carbon-queries.ts'
import { chanceText, indicatorText, printed, uncertainTonnes } from './carbon-text.ts'
import { shownHeights } from './curve.ts'
import { dialArc, dialEnd, dialPoint } from './dial.ts'
import { inventoryBars, readRows } from './inventory-bars.ts'
import { changeOf, inventoryTree, onePerPeriod } from './inventory-tree.ts'
import { darkestHour, dayMap, liftsOf, matchingInput } from './matching.ts'
import { isPathOf } from './path-of-verdict.ts'
import { lastYear } from './start-year.tsx'
import { stepText } from './step-text.ts'
import { reasonText } from './verdict-reasons.tsx'

describe('the bars of an inventory', () => {
  const total = (scope: number, massKgCo2e: string, more: Partial<InventoryTotal> = {}): InventoryTotal => ({
    ...{ scope, massKgCo2e, gasesKg: {}, rows: 1, halfWidthKg: 0, uncertainShare: 0 },
    ...more,
  })
  const totals = [
    total(2, '800', { method: 'location', halfWidthKg: 4, uncertainShare: 1 }),
    total(2, '300', { method: 'market' }),
    total(1, '50', { category: 'fugitive' }),
    total(1, '150', { category: 'combustion', halfWidthKg: 3, uncertainShare: 1 }),
  ]

  it('stand side by side on one scale, each with all of scope 1', () => {
    const [location, market] = inventoryBars({ totals })
    expect([location?.kg, market?.kg]).toEqual([1000, 500])
    expect(location?.segments.map(({ key, share }) => [key, share])).toEqual([
      ['1 combustion', 0.15],
      ['1 fugitive', 0.05],
      ['2 ', 0.8],
    ])
    expect(market?.segments.at(-1)?.share).toBe(0.3)
    expect(location).toMatchObject({ halfWidthKg: 5, uncertainShare: 0.95 })
  })

  it('of nothing, and of scope 1 alone, are one bar', () => {
    expect(inventoryBars({ totals: [] })).toMatchObject([{ kg: 0, segments: [] }])
    expect(inventoryBars({ totals: [total(1, '5')] })).toHaveLength(1)
  })
})

it('rows of text become activities, and what is empty is not said', () => {
  expect(
    readRows('# a remark\n\ngrid, electricity, , 84210.4, kWh, 2023-01-01, 2024-01-01\n油；fuel；diesel；1；t\n'),
  ).toEqual([
    { id: 'grid', activity: 'electricity', amount: '84210.4', unit: 'kWh', from: '2023-01-01', to: '2024-01-01' },
    { id: '油', activity: 'fuel', subject: 'diesel', amount: '1', unit: 't' },
  ])
})

it('an indicator is never rounded onto its limit', () => {
  expect(indicatorText('0.220376', '0.20')).toBe('0.2204')
  expect(indicatorText('0.200004', '0.20')).toBe('0.200004')
  expect(indicatorText('0.2', '0.20')).toBe('0.2')
  expect(indicatorText('3.37295870363', null)).toBe('3.373')
})

it('a chance is never told as certain', () => {
  expect([0, 0.0004, 0.25, 0.123456, 0.9995, 1].map(chanceText)).toEqual([
    '< 0.1',
    '< 0.1',
    '25',
    '12.3',
    '> 99.9',
    '> 99.9',
  ])
})

it('formulas have their digits below the line, other names keep theirs', () => {
  expect(['tCO2', 'CO2e', 'CH4', 'N2O', 'SF6', 'R410A', 'tCO2/tce'].map(printed)).toEqual([
    ...['t\u00a0CO₂', 'CO₂e', 'CH₄', 'N₂O', 'SF₆', 'R410A', 't\u00a0CO₂/tce'],
  ])
})

it('a dial goes over the top from left to right, and ends at a round number beyond its values', () => {
  const at = (share: number) => [dialPoint(share).x, dialPoint(share).y].map((value) => Number(value.toFixed(6)) + 0)
  expect([at(0), at(0.5), at(1), at(9)]).toEqual([
    [-1, 0],
    [0, -1],
    [1, 0],
    [1, 0],
  ])
  expect(dialArc(0.5, 1, 10).replaceAll('-0.00', '0.00')).toBe('M0.00 -10.00A10 10 0 0 1 10.00 0.00')
  expect([dialEnd([0.22, 0.2]), dialEnd([3.4]), dialEnd([0.09])]).toEqual(
    [0.3, 4, 0.15].map((end) => expect.closeTo(end, 9)),
  )
})

describe('an inventory as standards sort it', () => {
  const line = {
    ...{ rows: 1, activity: 'electricity', unit: 'kWh', amount: '10', file: 'a.csv', line: 2 },
    factors: ['grid'],
  }
  const total = { gasesKg: {}, uncertainShare: 1, halfWidthKg: 0, rows: 1 }
  const inventory = {
    totals: [
      { ...total, scope: 1, category: 'combustion', massKgCo2e: '3', halfWidthKg: 0.3 },
      { ...total, scope: 2, method: 'location', massKgCo2e: '5' },
      { ...total, scope: 2, method: 'market', massKgCo2e: '6' },
    ],
    lines: [
      { ...line, id: 'tank', scope: 1, category: 'combustion', massKgCo2e: '3' },
      { ...line, id: 'grid', scope: 2, method: 'location', massKgCo2e: '5' },
      { ...line, id: 'grid', scope: 2, method: 'market', massKgCo2e: '6' },
    ],
    views: [
      {
        ...{ view: 'iso-14064-1', source: 'ISO', totals: [], unplaced: [] },
        entries: [
          { code: '1', title: 'Direct', massKgCo2e: '3', rows: 1, lines: ['tank'] },
          { code: '2', title: 'Imported', massKgCo2e: '5', rows: 1, lines: ['grid'] },
          { code: '2.market', title: 'Contracts', massKgCo2e: '6', rows: 1, lines: ['grid'] },
          { code: '5', title: 'Use', massKgCo2e: null, rows: 0, lines: [], notation: 'NE' },
        ],
      },
    ],
  } as unknown as Inventory

  it('opens from scopes over categories down to rows, each by its method', () => {
    const [one, location, market] = inventoryTree(inventory, 'ghg-protocol')
    expect(one).toMatchObject({ kg: 3, halfWidthKg: 0.3, children: [{ name: { category: 'combustion' } }] })
    expect(one?.children[0]?.children).toMatchObject([{ name: { line: { id: 'tank', file: 'a.csv' } } }])
    expect([location, market].map((node) => node?.children.map(({ kg }) => kg))).toEqual([[5], [6]])
  })

  it('opens the places of another standard, and tells what nobody told', () => {
    const places = inventoryTree(inventory, 'iso-14064-1')
    expect(places.map(({ kg, children }) => [kg, children.map((row) => row.kg)])).toEqual([
      [3, [3]],
      [5, [5]],
      [6, [6]],
      [undefined, []],
    ])
    expect(places[3]?.name).toMatchObject({ why: 'NE' })
    // A view that the run does not have is shown as the first one.
    expect(inventoryTree(inventory, 'gpc')).toEqual(inventoryTree(inventory, 'ghg-protocol'))
  })

  it('keeps the newest run of a period, the earliest period first', () => {
    const of = (id: string, year: number) => ({
      id,
      output: { period: { from: `${year}-01-01`, to: `${year + 1}-01-01` } },
    })
    expect(onePerPeriod([of('c', 2025), of('b', 2024), of('a', 2025)]).map(({ id }) => id)).toEqual(['b', 'c'])
    expect([changeOf(90, 100), changeOf(1, 0)]).toEqual([-0.1, undefined])
  })
})

describe('hours', () => {
  const energy = {
    ...{ loadKwh: 100, matchedKwh: 60, unmatchedKwh: 40, exportKwh: 15, excessContractsKwh: 5 },
    ...{ onSiteKwh: 50, batteryKwh: 4, contractsKwh: 6 },
  }

  it('are lifted first by what was clean and not needed, then by more of it', () => {
    expect(liftsOf({ energy })).toEqual([
      { kind: 'store', energyKwh: 15, score: 0.75 },
      { kind: 'contracts', energyKwh: 5, score: 0.8 },
      { kind: 'cover', energyKwh: 20, score: 1 },
    ])
    expect(liftsOf({ energy: { ...energy, unmatchedKwh: 0 } })).toEqual([])
  })

  it('stand in the day and hour of the site; one without a load, or left out, is not told', () => {
    const startMs = Date.parse('2026-01-01T14:00:00Z')
    const hours = {
      startMs,
      stepMs: 3_600_000,
      excessKwh: [],
      loadKwh: [10, 10, 0, null],
      matchedKwh: [5, 10, 0, null],
    }
    expect(dayMap(hours, 'Asia/Shanghai')).toEqual({
      days: ['2026-01-01'],
      cells: [
        [22, 0, 0.5],
        [23, 0, 1],
      ],
    })
  })

  it('have a darkest one', () => {
    const shares = Array.from({ length: 24 }, (_, hour) => (hour === 3 ? 0.1 : hour === 5 ? null : 0.9))
    expect(darkestHour({ heatMap: [{ month: '2026-01', shares, all: 0.8 }] })).toEqual({ hour: 3, share: 0.1 })
    expect(darkestHour({ heatMap: [] })).toBeUndefined()
  })

  it('are asked of the meters of the site', () => {
    const asset = (id: string, kind: string, fields = {}) => ({
      ...{ id, kind, title: id, fields },
      points: [{ id: 'powerKw', ref: `${id}.powerKw`, title: '', unit: 'kW', role: 'measured' as const }],
    })
    const site = {
      ...{ id: 'park', name: '', zone: 'UTC', currency: 'CNY', simulated: true },
      location: { latitude: 0, longitude: 0, altitudeM: 0 },
      sections: { tariff: { carbonIntensity: 0.5 } },
      assets: [asset('hall', 'load'), asset('roof', 'pv'), asset('box', 'battery', { chargeEfficiency: 0.9 })],
    }
    const choice = { from: '2026-01-01', to: '2026-02-01', uses: ['hall', 'cars'], plants: ['roof'], battery: 'box' }
    expect(matchingInput(site, { ...choice, region: '' })).toMatchObject({
      ...{ site: 'park', gridFactor: 0.5, load: { observation: 'hall.powerKw' }, gaps: 'leave-out' },
      moreLoads: [{ id: 'cars', powerKw: { observation: 'cars.powerKw' } }],
      onSite: [{ id: 'roof', powerKw: { observation: 'roof.powerKw' } }],
      battery: { powerKw: { observation: 'box.powerKw' }, chargeEfficiency: 0.9, dischargeEfficiency: 0.95 },
    })
    expect(matchingInput(site, { ...choice, region: 'cn-js' })).toMatchObject({ region: 'CN-JS' })
  })
})

it('cuts the bars of a curve that would flatten the others', () => {
  expect(shownHeights([-700, 38000, 1600])).toEqual({ heights: [-700, 8000, 1600], mostShown: 8000 })
  expect(shownHeights([null, 10]).heights).toEqual([0, 10])
  expect(shownHeights([]).mostShown).toBe(1)
})

it('takes the last whole year of the zone of the site', () => {
  const nowMs = Date.parse('2025-12-31T20:00:00Z')
  expect([lastYear(nowMs, 'UTC'), lastYear(nowMs, 'Asia/Shanghai')]).toEqual([2024, 2025])
})

describe('a path', () => {
  const asked = (input: Readonly<Record<string, unknown>>, sha256 = 'a') => ({
    input: { site: 'park', scheme: 'cn', ...input },
    readings: [
      { kind: 'site', request: {}, sha256: 'site' },
      { kind: 'text', request: {}, sha256 },
    ],
  })

  it('is of a verdict when figures, bytes of their file and way of reading are the same', () => {
    const verdict = asked({ figuresFile: 'verdict-2025.yaml', draws: 10_000 })
    expect(isPathOf(asked({ figuresFile: 'verdict-2025.yaml', method: 'quick', steps: 2 }), verdict)).toBe(true)
    expect(isPathOf(asked({ figuresFile: 'verdict-2024.yaml' }), verdict)).toBe(false)
    expect(isPathOf(asked({ figuresFile: 'verdict-2025.yaml' }, 'changed since'), verdict)).toBe(false)
    expect(isPathOf(asked({ figuresFile: 'verdict-2025.yaml', coal: 'calorific' }), verdict)).toBe(false)
  })

  it('names the machines of a step, and leaves a step of somebody its title', () => {
    const assets = [{ id: 'battery', kind: 'battery', title: 'Battery', fields: {}, points: [] }]
    const sizes = [
      { id: 'battery.capacityKwh', from: 4000, to: 14_859.8 },
      { id: 'battery.powerKw', from: 1500, to: 2234.3 },
      { id: 'gone.ratedKw', from: 0, to: 5 },
    ]
    expect(stepText({ kind: 'machines', title: '', sizes }, assets)).toBe(
      'Battery 4\u202f000 → 14\u202f860 kWh, 1\u202f500 → 2\u202f234 kW; gone 0 → 5 kW',
    )
    expect(stepText({ kind: 'machines', title: 'run otherwise', sizes: [] }, assets)).toBeUndefined()
    expect(stepText({ kind: 'other', title: 'Heat pumps', sizes: [] }, assets)).toBe('Heat pumps')
  })
})

it('puts a reason into words with its values, shares in per cent and years ungrouped', () => {
  const words = {
    say: (key: string, values?: object) => `${key} ${JSON.stringify(values)}`,
    knows: (key: string): key is never => key !== 'carbon.reason.new',
  }
  const text = (code: string, values: Readonly<Record<string, number | string>>) =>
    reasonText({ code: `verdict.${code}`, text: 'English', values }, words)
  expect(text('close', { chance: 0.512 })).toBe('carbon.reason.close {"chance":"51.2"}')
  expect(text('year-not-over', { year: 2026 })).toBe('carbon.reason.year-not-over {"year":2026}')
  expect(text('outside', { energy: 2403.29 })).toBe('carbon.reason.outside {"energy":"2\u202f403"}')
  expect(text('new', {})).toBeUndefined()
})

it('tells an uncertainty to two digits', () => {
  expect([16_360, 2312, 1_234_000].map(uncertainTonnes)).toEqual(['16', '2.3', '1\u202f200'])
})
