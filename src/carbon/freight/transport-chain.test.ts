import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DataPort, fixedClock, MangroveError, runEngine, type SolverPort } from '../../kernel/index.ts'
import { Decimal, plus } from '../quantity/index.ts'
import { allocate } from './allocate.ts'
import { ileapChain, lorry } from './chain.fixture.ts'
import type { ChainInput, ChainOutput } from './schema.ts'
import { transportChainEngine } from './transport-chain.ts'

const ports = { data: {} as DataPort, solver: {} as SolverPort, clock: fixedClock(0) }
const run = async (input: Partial<ChainInput>): Promise<ChainOutput> =>
  (await runEngine<ChainOutput>(transportChainEngine, { ...ileapChain, ...input }, ports)).output
const problemsOf = async (input: Partial<ChainInput>) => {
  const error = await run(input).catch((thrown: unknown) => thrown)
  if (!(error instanceof MangroveError)) throw new Error('It was not refused')
  return error.problems
}
/** One element of 10 t over 100 km by a category. */
const leg = (category: ChainInput['categories'][number], over: Partial<ChainInput> = {}): Partial<ChainInput> => ({
  shipment: { id: 'S', massKg: '10000' },
  elements: [
    { id: 'leg', category: category.id, distance: { kind: category.distance ?? 'shortest-feasible', km: '100' } },
  ],
  categories: [category],
  ...over,
})

describe('the end-to-end example of iLEAP 1.0.0', () => {
  it('comes out to the last digit: activity, both boundaries, primary share', async () => {
    const { elements, totals, quality } = await run({})
    expect(elements.map(({ activityTkm, wtwKgCo2e }) => [activityTkm, wtwKgCo2e])).toEqual([
      ['36.801', '3.6801'],
      ['27.927', '4.74759'],
    ])
    expect(totals).toMatchObject({
      ...{ wtwKgCo2e: '8.42769', ttwKgCo2e: '7.5518001', wttKgCo2e: '0.8758899', activityTkm: '64.728' },
      intensity: { wtwKgCo2ePerTkm: '0.130201612903' },
    })
    expect(quality).toMatchObject({ primaryShareOfActivityPercent: '56.85', primaryShareOfEmissionsPercent: '43.67' })
  })

  it('goes out in its shapes, all numbers as text', async () => {
    const carriers = [{ carrier: 'Diesel' as const, share: '1', ttwKgCo2ePerUnit: '3.17', wtwKgCo2ePerUnit: '4.13' }]
    const [first, second] = ileapChain.categories
    const { exchange } = await run({ exchange: true, categories: [{ ...first!, energyCarriers: carriers }, second!] })
    expect(exchange?.missing).toEqual(['TOC operator-z-truck-89sdff: energyCarriers are mandatory'])
    expect(exchange?.extensions.map(({ dataSchema }) => dataSchema)).toEqual([
      'https://api.ileap.sine.dev/shipment-footprint.json',
      'https://api.ileap.sine.dev/toc.json',
    ])
    expect(exchange?.extensions[0]).toMatchObject({
      specVersion: '2.0.0',
      data: {
        ...{ mass: '87', shipmentId: '1237890' },
        tces: [
          {
            ...{ tceId: 'abcdef', tocId: 'truck-40t-euro5-de', shipmentId: '1237890', mass: '87' },
            ...{ distance: { actual: '423' }, transportActivity: '36.801', co2eWTW: '3.6801', co2eTTW: '3.2789691' },
          },
          {
            tceId: 'ghijkl',
            prevTceIds: ['abcdef'],
            transportActivity: '27.927',
            co2eWTW: '4.74759',
            co2eTTW: '4.272831',
          },
        ],
      },
    })
    expect(exchange?.extensions[1]?.data).toMatchObject({
      ...{ mode: 'Road', co2eIntensityWTW: '0.1', co2eIntensityTTW: '0.0891', transportActivityUnit: 'tkm' },
      energyCarriers: [
        { energyCarrier: 'Diesel', relativeShare: '1', emissionFactorWTW: '4.13', emissionFactorTTW: '3.17' },
      ],
    })
  })
})

describe('intensities', () => {
  it('from factors have their two parts by name: DEFRA 2025, road, sea, air, cooled', async () => {
    const defra = { region: 'GB', at: '2025-06-01', gwpSet: 'AR5' } as const
    const by = async (subject: string, mode: 'road' | 'sea' | 'air') => {
      const { totals, warnings, factors } = await run(
        leg(lorry('x', {}, { mode, intensity: { from: 'factor', subject }, data: 'default' }), defra),
      )
      expect(factors).toHaveLength(2)
      expect(warnings.join('\n')).toMatch(/is to be verified/)
      return [totals.ttwKgCo2e, totals.wttKgCo2e, totals.wtwKgCo2e]
    }
    // 1,000 t·km.
    expect(await by('hgv-artic-over-33t', 'road')).toEqual(['77.03', '17.99', '95.02'])
    expect(await by('hgv-artic-over-33t-refrigerated', 'road')).toEqual(['89.08', '20.86', '109.94'])
    expect(await by('container-ship', 'sea')).toEqual(['16.12', '3.65', '19.77'])
    expect(await by('freight-flight-long-haul', 'air')).toEqual(['531.3', '135.16', '666.46'])
  })

  it('of cooled freight by a factor of another kind are told', async () => {
    const road = lorry('x', {}, { temperature: 'refrigerated', intensity: { from: 'factor', subject: 'hgv' } })
    const { warnings } = await run(leg(road, { region: 'GB', at: '2025-06-01', gwpSet: 'AR5' }))
    expect(warnings.join('\n')).toMatch(/the cooling is not counted/)
  })

  it('from energy are all fuel over all loads, empty trips in the one and not in the other', async () => {
    // 30 t out, empty back: 1.2 t diesel give 3,823.56 kg CO2, 0.20124 kg CH4 and N2O each (IPCC 2006), 3,882.52332 kg by AR5.
    const uses = [{ carrier: 'diesel', amount: '1.2', unit: 't', use: 'road' as const }]
    const trips = [
      { load: '30', km: '1000' },
      { load: '0', km: '1000' },
    ]
    const category = lorry('fleet', {}, { intensity: { from: 'energy', uses, trips } })
    const { totals, categories } = await run(leg(category, { at: '2025-06-01', region: 'GB', gwpSet: 'AR5' }))
    // Upstream DEFRA 2025, 752.0276 kg a tonne: 902.43312 kg.
    expect(categories[0]).toMatchObject({ ttwKgCo2e: '0.129417444', wttKgCo2e: '0.030081104' })
    expect(totals).toMatchObject({ ttwKgCo2e: '129.417444', wttKgCo2e: '30.081104', wtwKgCo2e: '159.498548' })
  })

  it('of electric rail are kWh a t·km times the grid, and nothing in the vehicle', async () => {
    const uses = [{ carrier: 'electricity', amount: '0.02', unit: 'kWh' }]
    const rail = lorry('rail', {}, { mode: 'rail', intensity: { from: 'energy', uses, activity: '1' } })
    const { totals, warnings } = await run(leg(rail, { at: '2023-06-01', region: 'CN' }))
    // China 2023: 0.5306 kg CO2/kWh.
    expect(totals).toMatchObject({ ttwKgCo2e: '0', wttKgCo2e: '10.612', wtwKgCo2e: '10.612' })
    expect(warnings.join('\n')).toMatch(/direct CO2 of power plants/)
  })

  it('have what escapes of a refrigerant, by its parts', async () => {
    const own = { carrier: 'diesel', amount: '100', unit: 'kg', ttwKgCo2ePerUnit: '3', wttKgCo2ePerUnit: '0.7' }
    const refrigerants = [{ gas: 'R410A', massKg: '0.5' }]
    const cold = lorry('cold', {}, { intensity: { from: 'energy', uses: [own], refrigerants, activity: '1000' } })
    // 300 + 0.5 · 2,255.5 (AR6) + 70.
    expect((await run(leg(cold))).totals).toMatchObject({ ttwKgCo2e: '1427.75', wtwKgCo2e: '1497.75' })
  })

  it('that do not state their boundary stand on the word of the input, which the result says', async () => {
    const intensity = { from: 'factor', subject: 'rail-freight-diesel', readAs: { boundary: 'TTW' } } as const
    const rail = lorry('rail', {}, { mode: 'rail', intensity, data: 'default' })
    const china = { region: 'CN', at: '2025-06-01', gwpSet: 'unstated', boundary: 'TTW' } as const
    const { totals, warnings } = await run(leg(rail, china))
    expect(totals).toMatchObject({ ttwKgCo2e: '11', wtwKgCo2e: null })
    expect(warnings.join('\n')).toMatch(/does not state its boundary/)
    expect((await problemsOf(leg(rail, { ...china, boundary: 'WTW' })))[0]).toMatchObject({
      code: 'carbon.basis-mismatch',
    })
  })
})

describe('hubs', () => {
  it('are counted by tonnes or TEU, and add no activity', async () => {
    const uses = [{ carrier: 'electricity', amount: '3000', unit: 'kWh', wttKgCo2ePerUnit: '0.5' }]
    const terminal: ChainInput['categories'][number] = {
      ...{ id: 'port', kind: 'hub', hubType: 'MaritimeContainerTerminal', per: 'TEU', data: 'primary' },
      intensity: { from: 'energy', uses, activity: '100' },
    }
    const elements = [...ileapChain.elements, { id: 'lift', category: 'port' }]
    const categories = [...ileapChain.categories, terminal]
    const { totals } = await run({ elements, categories, shipment: { id: 'S', massKg: '87', teu: '2' } })
    expect(totals).toMatchObject({
      ...{ wtwKgCo2e: '38.42769', activityTkm: '64.728' },
      ...{ hubs: { wtwKgCo2e: '30', ttwKgCo2e: '0' }, transport: { wtwKgCo2e: '8.42769' } },
    })
    // Tonnes are never taken for TEU.
    expect((await problemsOf({ elements, categories }))[0]?.detail).toMatch(/counted by TEU/)
  })
})

describe('uncertainty', () => {
  it('adds up straight within a category, and by squares between them and with the activity', async () => {
    const [first, second] = ileapChain.elements
    const twice = [{ ...first!, relative: 0.2 }, { ...first!, id: 'again' }, second!]
    const [own, other] = ileapChain.categories
    const { totals } = await run({ elements: twice, categories: [{ ...own!, relative: 0.1 }, other!] })
    // 2 · 3.6801 kg ± 10 %, one of them ± 20 % by itself; 4.74759 kg are not known.
    expect(totals.uncertainty.halfWidthKg).toBeCloseTo(Math.hypot(0.73602, 0.73602), 12)
    expect(totals.uncertainty.uncertainShare).toBeCloseTo(7.3602 / 12.10779, 12)
  })
})

describe('unlike sides', () => {
  it.each<[string, Partial<ChainInput>, RegExp]>([
    [
      'WTW with an element of TTW alone',
      leg(lorry('x', { ttwKgCo2e: '0.1' })),
      /The chain is WTW, and x.*known as TTW/,
    ],
    [
      'TTW with one of WTW alone',
      leg(lorry('x', { wtwKgCo2e: '0.1' }), { boundary: 'TTW' }),
      /The chain is TTW.*known as WTW/,
    ],
    ['WTW below TTW', leg(lorry('x', { wtwKgCo2e: '0.1', ttwKgCo2e: '0.2' })), /less than tank-to-wheel/],
    [
      'three parts that do not add up',
      leg(lorry('x', { wtwKgCo2e: '0.1', ttwKgCo2e: '0.07', wttKgCo2e: '0.02' })),
      /not TTW \+ WTT/,
    ],
    ['two sets of GWPs', leg(lorry('x', { wtwKgCo2e: '0.1', gwpSet: 'AR5' })), /by AR5, the chain is by AR6/],
    [
      'planned kilometres with driven ones',
      leg(lorry('x', { wtwKgCo2e: '0.1' }, { distance: 'actual' }), {
        elements: [{ id: 'leg', category: 'x', distance: { kind: 'shortest-feasible', km: '100' } }],
      }),
      /leg is shortest-feasible and the kilometres of x are actual/,
    ],
    [
      'a hub with a mode',
      {
        categories: [{ ...lorry('x', { wtwKgCo2e: '1' }), kind: 'hub', per: 't' }],
        elements: [{ id: 'e', category: 'x' }],
      },
      /hub has a type and no mode/,
    ],
    ['an unknown category', { elements: [{ id: 'e', category: 'none' }] }, /names a category that is not there/],
    [
      'a factor without a day',
      leg(lorry('x', {}, { intensity: { from: 'factor', subject: 'hgv' } })),
      /no day is said/,
    ],
    [
      'electricity with emissions in the vehicle',
      leg(
        lorry(
          'x',
          {},
          {
            intensity: {
              from: 'energy',
              activity: '1',
              uses: [{ carrier: 'electricity', amount: '1', unit: 'kWh', ttwKgCo2ePerUnit: '0.5' }],
            },
          },
        ),
      ),
      /nothing off in the vehicle/,
    ],
    [
      'fuel by its higher heating value',
      leg(
        lorry(
          'x',
          {},
          {
            intensity: {
              from: 'energy',
              activity: '1',
              uses: [{ carrier: 'diesel', amount: '1', unit: 'GJ', heatingValue: 'HHV' }],
            },
          },
        ),
        { at: '2025-01-01' },
      ),
      /lower heating value/,
    ],
    [
      'a distance below the great circle',
      {
        places: { A: { latitude: 51.5, longitude: 0 }, B: { latitude: 40.6, longitude: -73.8 } },
        elements: [
          { id: 'e', category: 'truck-40t-euro5-de', from: 'A', to: 'B', distance: { kind: 'actual', km: '555' } },
        ],
      },
      /no way is shorter than the great circle/,
    ],
  ])('%s: refused', async (_, input, words) => {
    expect((await problemsOf(input)).map(({ detail }) => detail).join('\n')).toMatch(words)
  })

  it('of units are told with their place: electricity by the litre', async () => {
    const uses = [{ carrier: 'electricity', amount: '1', unit: 'L' }]
    const rail = lorry('rail', {}, { intensity: { from: 'energy', uses, activity: '1' } })
    const [problem] = await problemsOf(leg(rail, { at: '2023-06-01', region: 'CN' }))
    expect(problem).toMatchObject({ code: 'carbon.unit-mismatch', place: { path: 'categories.0' } })
  })

  it('of a told great circle and its places are doubted', async () => {
    const places = { A: { latitude: 51.6, longitude: -0.5 }, B: { latitude: 40.6, longitude: -73.8 } }
    const distance = { kind: 'great-circle', km: '5700' } as const
    const elements = [{ id: 'e', category: 'x', from: 'A', to: 'B', distance }]
    const air = lorry('x', { wtwKgCo2e: '0.6' }, { mode: 'air', distance: 'great-circle' })
    const { warnings } = await run({ places, elements, categories: [air] })
    expect(warnings[0]).toBe('e: the great circle is 5551.8 km, and 5700 km are told for it')
  })

  it('of distance meet by the ratio of the category, in both directions', async () => {
    const driven = lorry(
      'x',
      { wtwKgCo2e: '0.1', ttwKgCo2e: '0.08' },
      { distance: 'actual', distanceAdjustment: '1.25' },
    )
    const planned = [{ id: 'leg', category: 'x', distance: { kind: 'shortest-feasible' as const, km: '100' } }]
    expect((await run(leg(driven, { elements: planned }))).totals).toMatchObject({
      wtwKgCo2e: '125',
      activityTkm: '1000',
    })
    const actual = [{ id: 'leg', category: 'x', distance: { kind: 'actual' as const, km: '100' } }]
    const other = { ...driven, distance: 'great-circle' as const }
    const { totals, exchange } = await run(leg(other, { elements: actual, exchange: true }))
    expect(totals).toMatchObject({ wtwKgCo2e: '80', activityTkm: '800' })
    // Both go out, so that a reader finds the activity again.
    const shipment = exchange?.extensions[0]?.data as Record<string, unknown>
    expect(shipment.tces).toMatchObject([{ distance: { actual: '100', gcd: '80' }, transportActivity: '800' }])
  })
})

describe('shares of consignments', () => {
  it('come to the total with nothing left, and WTW is TTW + WTT of each', async () => {
    const consignments = ['29', '29', '29'].map((amount, index) => ({ id: `C${index}`, amount }))
    const { allocation = [], totals } = await run({ allocation: { by: 'mass', consignments } })
    const sum = (name: 'ttwKgCo2e' | 'wtwKgCo2e') =>
      allocation.reduce((all, one) => plus(all, new Decimal(one[name]!)), new Decimal(0)).toFixed()
    expect([sum('ttwKgCo2e'), sum('wtwKgCo2e')]).toEqual([totals.ttwKgCo2e, totals.wtwKgCo2e])
    for (const { ttwKgCo2e, wttKgCo2e, wtwKgCo2e } of allocation) {
      expect(plus(new Decimal(ttwKgCo2e!), new Decimal(wttKgCo2e!)).toFixed()).toBe(wtwKgCo2e)
    }
    const [problem] = await problemsOf({ allocation: { by: 'mass', consignments: consignments.slice(1) } })
    expect(problem).toMatchObject({ code: 'carbon.bad-chain', found: '58', expected: '87' })
  })

  it('of any total by any weights leave no remainder and lie within a quantum of their part', () => {
    const total = fc.tuple(fc.bigInt(-(10n ** 15n), 10n ** 15n), fc.nat(15))
    const weights = fc.array(fc.nat(1000), { minLength: 1, maxLength: 8 }).filter((all) => all.some((one) => one > 0))
    fc.assert(
      fc.property(total, weights, ([digits, places], parts) => {
        const value = new Decimal(digits.toString()).times(new Decimal(10).pow(-places))
        const all = parts.reduce((sum, part) => sum + part, 0)
        const shares = allocate(
          value,
          parts.map((part) => new Decimal(part)),
        )
        expect(shares.reduce(plus, new Decimal(0)).eq(value)).toBe(true)
        for (const [index, share] of shares.entries()) {
          const part = value.times(parts[index]!).dividedBy(all)
          expect(share.minus(part).abs().lt('0.000000000001000001')).toBe(true)
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('the law of a chain', () => {
  it('is that the total is the sum of its elements, and WTW of TTW and WTT', async () => {
    const number = fc.tuple(fc.nat(99_999), fc.nat(4)).map(([n, places]) => new Decimal(n).div(10 ** places).toFixed())
    const legs = fc.array(fc.record({ km: number, ttw: number, wtt: number }), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(legs, number, async (all, massKg) => {
        const { elements, totals } = await run({
          shipment: { id: 'S', massKg },
          elements: all.map(({ km }, k) => ({
            id: `e${k}`,
            category: `c${k}`,
            distance: { kind: 'actual' as const, km },
          })),
          categories: all.map(({ ttw, wtt }, k) => lorry(`c${k}`, { ttwKgCo2e: ttw, wttKgCo2e: wtt })),
        })
        const sum = (name: 'ttwKgCo2e' | 'wttKgCo2e' | 'wtwKgCo2e') =>
          elements.reduce((total, one) => plus(total, new Decimal(one[name]!)), new Decimal(0)).toFixed()
        expect(sum('wtwKgCo2e')).toBe(totals.wtwKgCo2e)
        expect(plus(new Decimal(sum('ttwKgCo2e')), new Decimal(sum('wttKgCo2e'))).toFixed()).toBe(totals.wtwKgCo2e)
      }),
      { numRuns: 15 },
    )
  })
})
