import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Decimal } from '../../quantity/index.ts'
import { problemsOf, runAccount } from '../account.fixture.ts'
import type { AccountOutput, Activity } from '../schema.ts'
import { gpcPlaces } from './gpc-codes.ts'
import type { View } from './schema.ts'

const year = { from: '2023-01-01', to: '2024-01-01' }
const all = ['ghg-protocol', 'iso-14064-1', 'gpc']
const row = (id: string, over: Partial<Activity> & Pick<Activity, 'activity'>): Activity => ({
  ...{ id, amount: '100', unit: 'kWh', ...year },
  ...over,
})
const run = (activities: readonly Activity[], over: object = {}) =>
  runAccount({ name: 'Park', period: year, region: 'CN-JS', gwpSet: 'AR5', views: all, activities, ...over })
const viewIn = ({ views = [] }: AccountOutput, name: string): View => views.find(({ view }) => view === name)!
const totalOf = (view: View, code: string): string => view.totals.find((total) => total.code === code)!.massKgCo2e
const entryOf = (view: View, code: string) => view.entries.find((entry) => entry.code === code)
const sum = (texts: readonly (string | null)[]): string =>
  texts.reduce((all, text) => all.plus(new Decimal(text ?? 0)), new Decimal(0)).toFixed()

const power = row('power', { activity: 'electricity', amount: '1000' })
const boiler = row('boiler', { activity: 'fuel', subject: 'natural-gas', unit: 'GJ', heatingValue: 'LHV' })
const van = row('van', { activity: 'fuel', subject: 'diesel', unit: 't', amount: '1', use: 'road' })
const leak = row('leak', { activity: 'refrigerant', subject: 'R410A', unit: 'kg', amount: '1' })
const scraps = row('scraps', {
  activity: 'waste',
  subject: 'food-waste',
  treatment: 'composted',
  unit: 't',
  amount: '1',
})
const wood = row('wood', { activity: 'fuel', subject: 'wood', unit: 't', amount: '1' })

describe('the view of ISO 14064-1', () => {
  it('has six categories, and imported energy by contracts beside them', async () => {
    const output = await run([power, boiler, leak, scraps])
    const iso = viewIn(output, 'iso-14064-1')
    expect(iso.entries.map(({ code }) => code)).toEqual(['1', '2', '3', '4', '5', '6', '2.market'])
    expect(entryOf(iso, '1')).toMatchObject({ massKgCo2e: output.sums.scope1KgCo2e, lines: ['boiler', 'leak'] })
    // Waste is a service that the organisation uses.
    expect(entryOf(iso, '4')).toMatchObject({ lines: ['scraps'], massKgCo2e: output.sums.scope3KgCo2e })
    expect(entryOf(iso, '5')).toMatchObject({ massKgCo2e: null, rows: 0 })
    expect(totalOf(iso, 'total')).toBe(
      sum([output.sums.scope1KgCo2e, output.sums.scope2LocationKgCo2e, output.sums.scope3KgCo2e]),
    )
    expect(totalOf(iso, 'total-market')).toBe(
      sum([output.sums.scope1KgCo2e, output.sums.scope2MarketKgCo2e, output.sums.scope3KgCo2e]),
    )
  })
})

describe('the view of a city', () => {
  it('puts rows where they say, or where what they are belongs', async () => {
    const output = await run([{ ...power, gpc: 'I.2' }, boiler, van, leak, { ...scraps, gpc: 'III.2.2' }, wood], {
      gpc: { stationary: 'I.3' },
    })
    const gpc = viewIn(output, 'gpc')
    const placed = gpc.entries.filter(({ lines }) => lines.length > 0)
    expect(placed.map(({ code, lines }) => [code, lines])).toEqual([
      ['I.2.2', ['power']],
      ['I.3.1', ['boiler', 'wood']],
      ['II.1.1', ['van']],
      ['III.2.2', ['scraps']],
      ['IV.2', ['leak']],
    ])
    expect(gpc.unplaced).toEqual([])
    // Biogenic CO2 of wood is a memo item.
    expect(entryOf(gpc, 'I.3.1')?.biogenicKgCo2).toBe('1747.2')
    const kg = (code: string): string => entryOf(gpc, code)!.massKgCo2e!
    expect(totalOf(gpc, 'basic')).toBe(sum([kg('I.2.2'), kg('I.3.1'), kg('II.1.1'), kg('III.2.2')]))
    expect(totalOf(gpc, 'basic-plus')).toBe(sum([totalOf(gpc, 'basic'), kg('IV.2')]))
    expect(totalOf(gpc, 'territorial')).toBe(sum([kg('I.3.1'), kg('II.1.1'), kg('IV.2')]))
  })

  it('names what has no place, and drops nothing', async () => {
    const gpc = viewIn(await run([power, scraps, leak]), 'gpc')
    expect(gpc.unplaced.map(({ id, why }) => [id, why])).toEqual([
      ['power', expect.stringMatching(/sub-sector/)],
      ['scraps', expect.stringMatching(/III.2.1 or .2/)],
    ])
    expect(totalOf(gpc, 'unplaced')).toBe(sum(gpc.unplaced.map(({ massKgCo2e }) => massKgCo2e)))
  })

  it('has a key where there is no value, and hides what is confidential in its totals', async () => {
    const notation = { 'II.4.1': { key: 'NO', why: 'no airfield' }, 'IV.2': { key: 'C', why: 'one company' } }
    const output = await run([leak, boiler], { gpc: { stationary: 'I.3', notation } })
    const gpc = viewIn(output, 'gpc')
    expect(entryOf(gpc, 'II.4.1')).toMatchObject({ notation: 'NO', why: 'no airfield', massKgCo2e: null })
    expect(entryOf(gpc, 'I.1.1')).toMatchObject({ notation: 'NE', massKgCo2e: null })
    expect(entryOf(gpc, 'IV.2')).toMatchObject({ notation: 'C', massKgCo2e: null, lines: [] })
    expect(totalOf(gpc, 'territorial')).toBe(output.sums.scope1KgCo2e)
  })

  it.each<readonly [string, readonly Activity[], object, RegExp]>([
    ['electricity as fuel', [{ ...power, gpc: 'I.3.1' }], {}, /nothing that I.3.1 counts/],
    ['fuel as electricity', [{ ...van, gpc: 'II.1.2' }], {}, /nothing that II.1.2 counts/],
    ['a code there is none', [{ ...power, gpc: 'II.5.3' }], {}, /no code/],
    [
      'rows that do not occur',
      [leak],
      { notation: { 'IV.2': { key: 'NO', why: 'none' } } },
      /a notation key and rows: leak/,
    ],
    ['a key for no place', [leak], { notation: { 'IV.9': { key: 'NO', why: 'none' } } }, /no code/],
    ['a secret about nothing', [leak], { notation: { 'IV.1': { key: 'C', why: 'none' } } }, /confidential has rows/],
  ])('refuses %s', async (_, rows, gpc, message) => {
    const [problem] = await problemsOf(run(rows, { gpc }))
    expect(problem?.detail).toMatch(message)
  })

  it('has the sub-sectors of the GPC, each once', () => {
    expect(gpcPlaces).toHaveLength(53)
    expect(new Set(gpcPlaces.map(({ code }) => code)).size).toBe(53)
    // What is of others, or goes to the grid, is territorial alone; nothing of scope 2 or 3 is territorial.
    for (const { code, scope, totals } of gpcPlaces) {
      expect(totals.includes('territorial'), code).toBe(scope === 1)
      expect(totals.includes('basic') ? totals.includes('basic-plus') : true, code).toBe(true)
    }
  })
})

describe('laws of views', () => {
  const drawn = fc.array(
    fc.record({
      kind: fc.constantFrom(power, boiler, van, leak, scraps, wood),
      amount: fc.integer({ min: 0, max: 1_000_000 }),
      gpc: fc.constantFrom(undefined, 'own'),
    }),
    { minLength: 1, maxLength: 8 },
  )
  const codes: Readonly<Record<string, string>> = {
    power: 'I.2.2',
    boiler: 'I.2.1',
    van: 'II.5.1',
    leak: 'IV.2',
    scraps: 'III.2.1',
    wood: 'I.1.1',
  }

  it('every view comes to the inventory to the last digit, and no line stands in it twice', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, fc.integer({ min: 0, max: 100 }), async (rows, covered) => {
        const activities = rows.map(({ kind, amount, gpc }, k) => ({
          ...kind,
          ...{ id: `r${k}`, amount: (amount / 1000).toFixed(3) },
          ...(gpc === undefined ? {} : { gpc: codes[kind.id]! }),
        }))
        const metered = activities
          .filter(({ activity }) => activity === 'electricity')
          .reduce((all, { amount }) => all + Number(amount), 0)
        const amountKwh = ((Math.floor(metered) * covered) / 100).toFixed(2)
        const instrument = { id: '1', kind: 'GEC', amountKwh, ...year, country: 'CN', kgCo2PerKwh: '0.01' }
        const output = await run(activities, { instruments: Number(amountKwh) > 0 ? [instrument] : [] })
        const { scope1KgCo2e, scope2LocationKgCo2e, scope2MarketKgCo2e, scope3KgCo2e } = output.sums
        const byLocation = sum([scope1KgCo2e, scope2LocationKgCo2e, scope3KgCo2e])
        const byMarket = sum([scope1KgCo2e, scope2MarketKgCo2e, scope3KgCo2e])
        const [ghg, iso, gpc] = all.map((name) => viewIn(output, name))
        expect([totalOf(ghg!, 'total-location'), totalOf(iso!, 'total')]).toEqual([byLocation, byLocation])
        expect([totalOf(ghg!, 'total-market'), totalOf(iso!, 'total-market')]).toEqual([byMarket, byMarket])
        expect(sum([totalOf(gpc!, 'placed'), totalOf(gpc!, 'unplaced')])).toBe(byLocation)
        for (const { entries, totals, unplaced } of [ghg!, iso!, gpc!]) {
          for (const { code, massKgCo2e } of totals) {
            if (code === 'placed' || code === 'unplaced') continue
            expect(sum(entries.filter((one) => one.totals.includes(code)).map((one) => one.massKgCo2e)), code).toBe(
              massKgCo2e,
            )
          }
          const lines = [...entries.flatMap((one) => one.lines), ...unplaced.map(({ id }) => id)]
          const expected = output.lines!.filter(
            ({ method }) => entries.some(({ code }) => code === '2.market') || method !== 'market',
          )
          expect([...lines].sort()).toEqual(expected.map(({ id }) => id).sort())
        }
      }),
      { numRuns: 25 },
    )
  })
})
