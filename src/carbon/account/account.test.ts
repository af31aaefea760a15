import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DataPort, fixedClock, MangroveError, runEngine, type SolverPort } from '../../kernel/index.ts'
import { Decimal, plus } from '../quantity/index.ts'
import { accountEngine } from './account.ts'
import type { AccountInput, AccountOutput, Activity } from './schema.ts'

const ports = { data: {} as DataPort, solver: {} as SolverPort, clock: fixedClock(0) }
const row = (over: Partial<Activity> & Pick<Activity, 'activity'>): Activity => ({
  ...{ id: 'row', amount: '100', unit: 'kWh', from: '2023-01-01', to: '2023-02-01' },
  ...over,
})
const input = (activities: readonly Activity[], over: Partial<AccountInput> = {}) => ({
  ...{ name: 'Park', period: { from: '2023-01-01', to: '2024-01-01' }, region: 'CN-JS', activities: [...activities] },
  ...over,
})
const run = async (activities: readonly Activity[], over: Partial<AccountInput> = {}): Promise<AccountOutput> =>
  (await runEngine<AccountOutput>(accountEngine, input(activities, over), ports)).output

const power = row({ activity: 'electricity', id: 'power', amount: '84210.4' })
const diesel = row({ activity: 'fuel', id: 'diesel', subject: 'diesel', amount: '1.2', unit: 't', use: 'road' })

describe('an inventory', () => {
  it('has scope 2 by location and by market side by side, exact, and says what is second-hand', async () => {
    const { sums, totals, warnings, factors } = await run([power])
    // Jiangsu 2023, 0.5827; China 2023 without traded non-fossil power, 0.6096 kg CO2/kWh.
    expect(sums).toMatchObject({
      scope2LocationKgCo2e: '49069.40008',
      scope2MarketKgCo2e: '51334.65984',
      scope1KgCo2e: '0',
    })
    expect(totals.map(({ method, gasesKg }) => [method, gasesKg])).toEqual([
      ['location', { CO2: '49069.40008' }],
      ['market', { CO2: '51334.65984' }],
    ])
    expect(warnings.join('\n')).toMatch(/grid-cn\/CN-JS.2023 is to be verified/)
    expect(warnings.join('\n')).toMatch(/CN.2023.without-traded-non-fossil of CN stands in for CN-JS/)
    expect(factors[0]).toMatchObject({ factor: 'grid-cn/CN-JS.2023', boundary: 'direct', licence: 'facts' })
  })

  it('burns a fuel into each gas by IPCC 2006, weighed by the pinned set', async () => {
    // 1.2 t · 43.0 TJ/Gg = 51.6 GJ; 74,100, 3.9 and 3.9 kg/TJ; AR6: 27.9 and 273.
    const { totals, sums } = await run([diesel])
    expect(totals[0]).toMatchObject({
      scope: 1,
      category: 'combustion',
      gasesKg: { CO2: '3823.56', CH4: '0.20124', N2O: '0.20124' },
    })
    expect(sums.scope1KgCo2e).toBe('3884.113116')
    // AR5: 28 and 265.
    expect((await run([diesel], { gwpSet: 'AR5' })).sums.scope1KgCo2e).toBe('3882.52332')
  })

  it('gives energy in tce by heat and by the coal that supplies it', async () => {
    const { energy } = await run([power, diesel])
    // 84,210.4 kWh · 0.1229 or 0.3016 kgce/kWh, 1.2 t · 1.4571 kgce/kg.
    expect(energy).toEqual({ calorificTce: '12.09797816', equivalentTce: '27.14637664', withoutCoefficientRows: 0 })
  })

  it('keeps biogenic CO2 beside the total', async () => {
    const { totals } = await run([row({ activity: 'fuel', subject: 'wood', amount: '1', unit: 't' })])
    expect(totals[0]).toMatchObject({ massKgCo2e: '0', biogenicKgCo2: '1747.2' })
  })

  it('lets refrigerants and freight in by their own units', async () => {
    const leak = row({ activity: 'refrigerant', id: 'leak', subject: 'R410A', amount: '2', unit: 'kg' })
    expect((await run([leak])).sums.scope1KgCo2e).toBe('4511')
    const freight = row({
      activity: 'freight',
      subject: 'hgv',
      amount: '1000',
      unit: 't·km',
      boundary: 'WTW',
      region: 'GB',
      from: '2025-01-01',
      to: '2025-02-01',
    })
    const year = { period: { from: '2025-01-01', to: '2026-01-01' }, gwpSet: 'AR5' as const }
    // DEFRA 2025: 0.10163 + 0.02359.
    expect((await run([freight], year)).totals[0]).toMatchObject({ scope: 3, category: '4', massKgCo2e: '125.22' })
    await expect(run([freight], { ...year, gwpSet: 'AR6' })).rejects.toThrow(/carbon.no-factor|AR5/)
  })

  it('gives certificates to metered kilowatt-hours of their market and time, each once', async () => {
    const green = {
      id: '1',
      kind: 'GEC',
      amountKwh: '50000',
      from: '2023-01-01',
      to: '2023-02-01',
      country: 'CN',
      kgCo2PerKwh: '0',
    } as const
    const { sums } = await run([power], { instruments: [green] })
    expect(sums).toMatchObject({ scope2LocationKgCo2e: '49069.40008', scope2MarketKgCo2e: '20854.65984' })
    await expect(run([power], { instruments: [green, green] })).rejects.toThrow(/GEC 1 stands twice/)
    await expect(run([power], { instruments: [green, { ...green, id: '2' }] })).rejects.toThrow(
      /more electricity than was metered/,
    )
    await expect(run([power], { instruments: [{ ...green, country: 'SG' }] })).rejects.toThrow(/same market and time/)
    await expect(run([power], { instruments: [{ ...green, from: '2022-01-01', to: '2023-01-01' }] })).rejects.toThrow(
      /same market and time/,
    )
    const ppa = { ...green, kind: 'PPA', kgCo2PerKwh: '0.01' } as const
    expect(
      (await run([{ ...power, unit: 'MWh', amount: '84.2104' }], { instruments: [ppa] })).sums.scope2MarketKgCo2e,
    ).toBe('21354.65984')
  })

  it('carries uncertainty and the score of data to its totals', async () => {
    const factorSets = [
      {
        ...{ id: 'own', version: '1', title: 'Own' },
        documents: { d: { title: 'Letter', publisher: 'Supplier', year: 2023, licence: 'own' } },
        tables: [
          {
            ...{ document: 'd', table: '1' },
            common: {
              kind: 'emission',
              subject: 'steam',
              gas: 'CO2',
              boundary: 'direct',
              unit: 'kg/t',
              valid: { from: '2023-01-01' },
              relative: 0.1,
            },
            rows: [{ id: 'steam', value: '200' }],
          },
        ],
      },
    ]
    const steam = (id: string, score: number) =>
      row({ activity: 'other', id, factor: 'own/steam', scope: 1, amount: '10', unit: 't', relative: 0.05, score })
    const { totals } = await run([steam('a', 1), steam('b', 3)], { factorSets })
    // One factor errs alike in both rows: 4000 · 10 %; activities err by themselves: √2 · 2000 · 5 %.
    expect(totals[0]).toMatchObject({ massKgCo2e: '4000', uncertainShare: 1, score: 2 })
    expect(totals[0]?.halfWidthKg).toBeCloseTo(Math.hypot(400, Math.SQRT2 * 100), 9)
  })

  it('has amounts of one meter err together, over months too', async () => {
    const months = (errsWith?: string) =>
      ['01', '02', '03', '04'].map((month) => ({
        ...power,
        ...{ id: month, amount: '1000', relative: 0.01, from: `2023-${month}-01`, to: `2023-${month}-28` },
        ...(errsWith === undefined ? {} : { errsWith }),
      }))
    const halfOf = async (rows: readonly Activity[]) => (await run(rows)).totals[0]?.halfWidthKg
    // Jiangsu 2023, 0.5827: 4,000 kWh · 1 %, and half of it where four rows err by themselves.
    expect(await halfOf(months('main'))).toBeCloseTo(4000 * 0.01 * 0.5827, 9)
    expect(await halfOf(months())).toBeCloseTo(2000 * 0.01 * 0.5827, 9)
  })

  it('law: the total is the sum of its rows to the last digit, in any order', async () => {
    const amounts = fc.array(fc.tuple(fc.integer({ min: 0, max: 10_000_000 }), fc.integer({ min: 1, max: 12 })), {
      minLength: 1,
      maxLength: 15,
    })
    await fc.assert(
      fc.asyncProperty(amounts, async (drawn) => {
        const rows = drawn.map(([thousandths, month], k) => {
          const at = `2023-${String(month).padStart(2, '0')}`
          return row({
            activity: 'electricity',
            id: `r${k}`,
            amount: (thousandths / 1000).toFixed(3),
            from: `${at}-01`,
            to: `${at}-02`,
          })
        })
        const alone = await Promise.all(rows.map(async (one) => (await run([one])).sums.scope2LocationKgCo2e))
        const sum = alone.reduce((all, text) => plus(all, new Decimal(text)), new Decimal(0))
        expect((await run(rows)).sums.scope2LocationKgCo2e).toBe(sum.toFixed())
        expect((await run(rows.toReversed())).sums).toEqual((await run(rows)).sums)
      }),
      { numRuns: 12 },
    )
  })
})

/** Faults of unit and basis as they are found in the field, each in a row that would else be good. */
const faults: readonly (readonly [string, Activity, RegExp])[] = [
  ['kWh for a mass', { ...diesel, unit: 'kWh' }, /lower heating value/],
  ['a mass for kWh', { ...power, unit: 't' }, /does not go with kg\/kWh/],
  ['power for energy', { ...power, unit: 'kW' }, /does not go with/],
  ['litres of a fuel by mass', { ...diesel, unit: 'L' }, /does not go with TJ\/Gg/],
  ['normal cubic metres by mass', { ...diesel, subject: 'natural-gas', unit: 'Nm3' }, /does not go with/],
  ['a higher heating value', { ...diesel, unit: 'GJ', heatingValue: 'HHV' }, /HHV/],
  ['no heating value', { ...diesel, unit: 'GJ' }, /no heating value/],
  ['tonnes of coal equivalent without heating value', { ...diesel, unit: 'tce' }, /heating value/],
  ['a ton that may be short', { ...diesel, unit: 'tons' }, /short, long or metric/],
  ['a unit with a slip', { ...power, unit: 'kwh' }, /carbon.bad-unit/],
  ['mWh', { ...power, unit: 'mW' }, /does not go with/],
  ['megajoules per hour', { ...power, unit: 'MJ/h' }, /does not go with/],
  ['a decimal comma', { ...power, amount: '84210,4' }, /carbon.bad-decimal/],
  ['a thousands mark', { ...power, amount: '84,210.4' }, /carbon.bad-decimal/],
  ['blanks in a number', { ...power, amount: '84 210' }, /carbon.bad-decimal/],
  ['no number', { ...power, amount: 'n/a' }, /carbon.bad-decimal/],
  ['an empty number', { ...power, amount: '' }, /carbon.bad-decimal/],
  ['a negative activity', { ...power, amount: '-5' }, /not negative/],
  ['NaN', { ...power, amount: 'NaN' }, /carbon.bad-decimal/],
  ['an emission for an activity', { ...power, unit: 'kgCO2' }, /does not go with/],
  ['money for energy', { ...power, unit: 'CNY' }, /does not go with/],
  ['an intensity for an amount', { ...power, unit: 'kWh/m2' }, /does not go with/],
  ['a year for a day', { ...power, from: '2023', to: '2024' }, /from|carbon.bad|kernel.bad-input/],
  ['the wrong year', { ...power, from: '2022-01-01', to: '2022-02-01' }, /outside the period/],
  ['a period that ends before it begins', { ...power, from: '2023-03-01' }, /ends before it begins/],
  ['a row beyond the period', { ...power, to: '2024-02-01' }, /outside the period/],
  ['a place without a factor', { ...power, region: 'XX' }, /a missing factor is never zero/],
  ['a place with lifecycle factors alone', { ...power, region: 'SG' }, /carbon.no-factor/],
  ['a fuel nobody knows', { ...diesel, subject: 'unobtainium' }, /carbon.no-factor/],
  ['no fuel', row({ activity: 'fuel', unit: 't' }), /says its subject/],
  ['a refrigerant nobody knows', row({ activity: 'refrigerant', subject: 'R999', unit: 'kg' }), /has no GWP of R999/],
  ['a refrigerant by volume', row({ activity: 'refrigerant', subject: 'R410A', unit: 'L' }), /does not go with/],
  [
    'freight by container',
    row({ activity: 'freight', subject: 'hgv', unit: 'TEU·km', boundary: 'TTW', region: 'GB' }),
    /carbon\./,
  ],
  [
    'freight without boundary',
    row({ activity: 'freight', subject: 'hgv', unit: 't·km', region: 'GB' }),
    /says its boundary/,
  ],
  [
    'freight in a category there is none',
    row({ activity: 'freight', subject: 'hgv', unit: 't·km', boundary: 'TTW', category: '16' }),
    /15 categories/,
  ],
  ['lifecycle in scope 2', row({ activity: 'other', factor: 'grid-ember/SG.2024', scope: 2 }), /count them twice/],
  ['lifecycle in scope 1', row({ activity: 'other', factor: 'grid-ember/SG.2024', scope: 1 }), /count them twice/],
  [
    'CO2e of another set',
    row({ activity: 'other', factor: 'grid-ember/SG.2024', scope: 3, category: '3' }),
    /by unstated, the inventory is by AR6/,
  ],
  [
    'a heating value as an emission',
    row({ activity: 'other', factor: 'fuels/ncv.diesel', scope: 1 }),
    /one of emissions/,
  ],
  ['a factor nobody knows', row({ activity: 'other', factor: 'grid-cn/CN.2019', scope: 2 }), /carbon.unknown-factor/],
  ['no scope', row({ activity: 'other', factor: 'grid-cn/CN.2023' }), /says its scope/],
  [
    'scope 3 without category',
    row({ activity: 'other', factor: 'fuels/co2.heat', scope: 3, unit: 'GJ' }),
    /15 categories/,
  ],
]

describe('forty faults of unit and basis', () => {
  it(`are ${faults.length}`, () => expect(faults.length).toBeGreaterThanOrEqual(40))

  it.each(faults)('%s is refused', async (_, fault, message) => {
    await expect(run([power, { ...fault, id: 'fault' }])).rejects.toThrow(message)
  })

  it('are told all at once, each with its row', async () => {
    const bad = faults.slice(0, 8).map(([, fault], k) => ({ ...fault, id: `fault-${k}` }))
    const error: unknown = await run([power, ...bad]).catch((caught) => caught)
    expect(error).toBeInstanceOf(MangroveError)
    const { problems } = error as MangroveError
    expect(problems.map(({ place }) => place?.path)).toEqual(bad.map(({ id }) => `activities.${id}`))
  })

  it('are not seen in a thousand good rows', async () => {
    const kinds: readonly ((k: number) => Partial<Activity> & Pick<Activity, 'activity'>)[] = [
      (k) => ({ activity: 'electricity', unit: ['kWh', 'MWh', 'GJ', 'MJ'][k % 4]! }),
      (k) => ({
        activity: 'fuel',
        subject: ['diesel', 'natural-gas', 'lpg', 'gasoline', 'anthracite'][k % 5]!,
        unit: ['t', 'kg', 'Gg'][k % 3]!,
      }),
      (k) => ({
        activity: 'fuel',
        subject: 'natural-gas',
        unit: ['GJ', 'MMBtu', 'kWh'][k % 3]!,
        heatingValue: 'LHV',
        use: 'energy-industry',
      }),
      () => ({ activity: 'heat', unit: 'GJ' }),
      (k) => ({
        activity: 'refrigerant',
        subject: ['R410A', 'HFC-134a', 'SF6', 'R404A'][k % 4]!,
        unit: ['kg', 'g', 'lb'][k % 3]!,
      }),
    ]
    const rows = Array.from({ length: 1000 }, (_, k) =>
      row({ ...kinds[k % kinds.length]!(k), id: `r${k}`, amount: k % 7 === 0 ? k / 8 : `${k}.${k}` }),
    )
    const { totals } = await run(rows)
    expect(totals.reduce((sum, one) => sum + (one.method === 'market' ? 0 : one.rows), 0)).toBe(1000)
  })
})
