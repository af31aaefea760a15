import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fixedClock, runEngine } from '../../kernel/index.ts'
import type { EntryDraft } from '../ledger/index.ts'
import { memoryLedger } from '../ledger/ledger.fixture.ts'
import { Decimal } from '../quantity/index.ts'
import { dataOf } from '../verdict/verdict.fixture.ts'
import { type AvoidedOutput, avoidedEngine } from './index.ts'

const solver = { solve: () => Promise.reject(new Error('nothing to solve')) }
const base = {
  project: 'roof',
  period: { from: '2023-01-01', to: '2024-01-01' },
  leakage: { none: 'the roof stood already' },
  additionality: { share: '1', reason: 'no rule asks for it' },
}
const run = async (input: object) =>
  (
    await runEngine<AvoidedOutput>(
      avoidedEngine,
      { ...base, ...input },
      { data: dataOf(), solver, clock: fixedClock(0) },
    )
  ).output

const margin = (value: string, kind: string, more: object = {}) => ({
  ...{ value, unit: 'kg/kWh', gas: 'CO2', boundary: 'direct', kind, source: 'made up' },
  ...more,
})
const combined = { operatingMargin: margin('0.9', 'operating-margin'), buildMargin: margin('0.4', 'build-margin') }
const solar = (more: object = {}) => ({
  ...{
    kind: 'displacement',
    id: 'sun',
    amount: '1200',
    unit: 'MWh',
    factor: { ...combined, technology: 'wind-solar' },
  },
  ...more,
})
const codes = ({ reasons }: AvoidedOutput) => reasons.map(({ code }) => code)

describe('avoided emissions', () => {
  it('of sun are its energy times the combined margin, 0.75 · OM + 0.25 · BM (CDM Tool 07)', async () => {
    const output = await run({ activities: [solar()] })
    expect([output.avoidedKg, output.baselineKg, output.projectKg, output.book]).toEqual([
      ...['930000', '930000', '0', 'avoided'],
    ])
    expect(output.factors[0]).toMatchObject({ value: '0.775', unit: 'kg/kWh' })
    expect(codes(output)).toContain('avoided.verify')
    const other = { ...combined, technology: 'other' }
    expect((await run({ activities: [solar({ factor: other })] })).avoidedKg).toBe('780000')
    const second = { ...other, creditingPeriod: 2 }
    expect((await run({ activities: [solar({ factor: second })] })).avoidedKg).toBe('630000')
  })

  it('of a modal shift are s · m · d · (EF_from − EF_to): 0.4 · 50,000 t · 300 km · (0.078 − 0.010)', async () => {
    const freight = (value: string) => ({
      ...{
        value,
        unit: 'kg/(t·km)',
        gas: 'CO2',
        boundary: 'direct',
        source: 'GB/T 51366-2019, Appendix E',
        verify: 'second-hand',
      },
    })
    const shift = {
      ...{ kind: 'modal-shift', id: 'rail', share: '0.4', from: freight('0.078'), to: freight('0.010') },
      ...{ mass: { amount: 50_000, unit: 't' }, distance: { amount: 300, unit: 'km' } },
    }
    const output = await run({ activities: [shift] })
    expect([output.baselineKg, output.projectKg, output.avoidedKg]).toEqual(['468000', '60000', '408000'])
    // A longer way by rail takes its part back.
    const longer = await run({ activities: [{ ...shift, newDistance: { amount: 390, unit: 'km' } }] })
    expect(longer.avoidedKg).toBe('390000')
  })

  it('are less what the project and its leakage emit, and only in part additional', async () => {
    const output = await run({
      activities: [
        {
          ...{ kind: 'difference', id: 'boiler' },
          baseline: [
            {
              ...{ id: 'coal', amount: '0.9', unit: 't', subject: 'diesel', factor: 'fuels/co2.diesel' },
              heatingValue: 'fuels/ncv.diesel',
            },
          ],
          project: [{ id: 'power', amount: 1000, unit: 'kWh', factor: margin('0.8', 'combined-margin') }],
        },
      ],
      leakage: [{ id: 'scrap', amount: '0.1', unit: 'tCO2', boundary: 'direct', source: 'made up' }],
      additionality: { share: '0.5', reason: 'half would have come by 2025' },
    })
    // 0.9 t · 43.0 TJ/Gg · 74,100 kg/TJ, as the entries of docs/guides/carbon-entries.ndjson have it.
    expect([output.baselineKg, output.projectKg, output.leakageKg]).toEqual(['2867.67', '800', '100'])
    expect([output.avoidedKg, output.additionalKg]).toEqual(['1967.67', '983.835'])
  })

  it('are told where the project adds, and where nobody says what they err by', async () => {
    const worse = margin('1.2', 'combined-margin')
    const output = await run({ activities: [solar({ factor: margin('0.5', 'build-margin'), project: worse })] })
    expect(output.avoidedKg).toBe('-840000')
    expect(codes(output)).toEqual(
      expect.arrayContaining(['avoided.adds', 'avoided.error-unknown', 'avoided.no-leakage']),
    )
    expect(output.halfWidthKg).toBeNull()
  })

  it('err less where the same factor stands on both sides (IPCC 2006, Volume 1, Equation 3.2)', async () => {
    const rows = (amount: number, more: object) => [
      { id: 'power', amount, unit: 'kWh', relative: 0, factor: margin('1', 'operating-margin', more) },
    ]
    const savings = { kind: 'difference', id: 'savings' }
    const apart = await run({
      activities: [{ ...savings, baseline: rows(1000, { relative: 0.1 }), project: rows(400, { relative: 0.1 }) }],
    })
    expect(apart.halfWidthKg).toBeCloseTo(Math.hypot(100, 40), 9)
    const factorSets = [marginSet]
    const shared = (amount: number) => [{ id: 'power', amount, unit: 'kWh', relative: 0, factor: 'made-margins/om' }]
    const together = await run({
      factorSets,
      activities: [{ ...savings, baseline: shared(1000), project: shared(400) }],
    })
    expect(together.halfWidthKg).toBeCloseTo(60, 9)
  })
})

const marginSet = {
  ...{ id: 'made-margins', version: '1', title: 'Made up' },
  documents: { one: { title: 'Made up', publisher: 'nobody', year: 2023, licence: 'facts' } },
  tables: [
    {
      ...{ document: 'one', table: '1' },
      common: {
        ...{ kind: 'emission', subject: 'electricity', variant: 'operating margin', gas: 'CO2', boundary: 'direct' },
        ...{ unit: 'kg/kWh', region: 'CN', valid: { from: '2023-01-01', to: '2024-01-01' }, title: 'Made up' },
      },
      rows: [{ id: 'om', value: '1', relative: 0.1 }],
    },
  ],
}

describe('kinds of factors of electricity', () => {
  it.each<[string, object, RegExp]>([
    [
      'an average factor among marginal ones',
      { activities: [solar({ factor: 'grid-cn/CN-JS.2023' })] },
      /CN-JS.2023 is average, and marginal is counted with/,
    ],
    [
      'a margin among average ones',
      { electricity: 'average', activities: [solar()] },
      /combined margin, and average is counted with/,
    ],
    [
      'fossil power alone, which is neither',
      { activities: [solar({ factor: 'grid-cn/CN.2022.fossil-only' })] },
      /neither average nor marginal/,
    ],
    [
      'a build margin in place of the operating one',
      { activities: [solar({ factor: { ...combined, operatingMargin: combined.buildMargin, technology: 'other' } })] },
      /is build margin, and operating margin is counted with/,
    ],
    [
      'average on one side of a difference',
      {
        activities: [
          {
            ...{ kind: 'difference', id: 'd' },
            baseline: [{ id: 'b', amount: 1, unit: 'kWh', factor: margin('0.9', 'operating-margin') }],
            project: [{ id: 'p', amount: 1, unit: 'kWh', factor: 'grid-cn/CN-JS.2023' }],
          },
        ],
      },
      /carbon.kind-mismatch/,
    ],
  ])('refuse %s', async (_, input, message) => {
    await expect(run(input)).rejects.toThrow(message)
  })

  it('may be average where that is said, and the answer says what it means', async () => {
    const output = await run({ electricity: 'average', activities: [solar({ factor: 'grid-cn/CN-JS.2023' })] })
    expect(output.avoidedKg).toBe('699240')
    expect(codes(output)).toContain('avoided.average')
  })
})

it.each<[string, object, RegExp]>([
  ['lifecycle less direct', { project: margin('0.04', 'combined-margin', { boundary: 'lifecycle' }) }, /boundary/],
  ['CO2e less CO2', { project: margin('0.04', 'combined-margin', { gas: 'CO2e', gwpSet: 'AR6' }) }, /gas/],
  [
    'weights that do not come to 1',
    { factor: { ...combined, weights: { operating: '0.7', build: '0.2', reason: 'x' } } },
    /come to 1/,
  ],
  ['a combined margin without weights', { factor: combined }, /needs its weights/],
  ['a factor that is no emission factor', { factor: 'fuels/ncv.diesel' }, /no factor of emissions/],
  ['energy that is no energy', { unit: 'MW' }, /carbon.unit-mismatch/],
  ['less than nothing', { amount: '-5' }, /kernel.bad-input/],
])('refuses %s', async (_, more, message) => {
  await expect(run({ activities: [solar(more)] })).rejects.toThrow(message)
})

it('is written into the book avoided of a ledger, where it is in no sum of the inventory, and claimed once', async () => {
  const { ledger } = memoryLedger()
  const output = await run({ activities: [solar()], additionality: { share: '0.8', reason: 'made up' } })
  for (const draft of output.entries as EntryDraft[]) await ledger.append(draft)
  const totals = await ledger.read((state) => state.totals())
  expect(totals.map(({ book, amountKg, scope }) => [book, Number(amountKg), scope])).toEqual([
    ['avoided', 744_000, undefined],
  ])
  const again = await run({ activities: [solar()], period: { from: '2023-06-01', to: '2023-07-01' } })
  await expect(ledger.append(again.entries[0] as EntryDraft)).rejects.toThrow(/carbon.claimed-twice/)
  const [draft] = output.entries as EntryDraft[]
  const body = { reverses: draft!.id, reason: 'wrong-amount', note: 'The meter was wrong' } as const
  await ledger.append({ id: 'back', by: 'tester', kind: 'reversal', body })
  const second = await run({ activities: [solar({ amount: '1000' })], revision: 2 })
  await ledger.append(second.entries[0] as EntryDraft)
  expect((await ledger.read((state) => state.totals())).map(({ amountKg }) => Number(amountKg))).toEqual([775_000])
  const scoped = { ...draft!, id: 'scoped', body: { ...draft!.body, scope: 2 } } as EntryDraft
  await expect(ledger.append(scoped)).rejects.toThrow(/never netted against the inventory/)
})

it('law: entries add up to what is additional, and avoided is baseline less project less leakage, to the last digit', async () => {
  const amount = fc.integer({ min: 1, max: 9_999_999 }).map((value) => String(value / 100))
  const rate = fc.integer({ min: 1, max: 12_000 }).map((value) => (value / 10_000).toFixed(4))
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(amount, rate, amount, rate), { minLength: 1, maxLength: 4 }),
      fc.constantFrom('1', '0.37', '0'),
      async (drawn, share) => {
        const output = await run({
          activities: drawn.map(([a, f, b, g], k) => ({
            ...{ kind: 'difference', id: `d${k}` },
            baseline: [{ id: 'b', amount: a, unit: 'kWh', factor: margin(f, 'combined-margin') }],
            project: [{ id: 'p', amount: b, unit: 'kWh', factor: margin(g, 'combined-margin') }],
          })),
          leakage: [{ id: 'l', amount: drawn[0]![0], unit: 'tCO2', boundary: 'direct', source: 'x' }],
          additionality: { share, reason: 'x' },
        })
        const written = (output.entries as { body: { amountKg: string } }[]).reduce(
          (sum, { body }) => sum.plus(body.amountKg),
          new Decimal(0),
        )
        expect(written.toFixed()).toBe(new Decimal(output.additionalKg).toFixed())
        const left = new Decimal(output.baselineKg).minus(output.projectKg).minus(output.leakageKg)
        expect(left.toFixed()).toBe(new Decimal(output.avoidedKg).toFixed())
      },
    ),
    { numRuns: 20 },
  )
})
