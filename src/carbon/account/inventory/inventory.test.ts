import { describe, expect, it } from 'vitest'
import { problemsOf, runAccount } from '../account.fixture.ts'
import { readPeriod } from './period.ts'

const year = { from: '2023-01-01', to: '2024-01-01' }
const file = `
organisation: Park company
period: 2023
region: CN-JS
gwpSet: AR5
activities:
  - { id: grid, activity: electricity, unit: kWh, table: { file: bills.csv, period: month, amount: energy } }
  - { id: tank, activity: fuel, subject: diesel, use: road, amount: "1.2", unit: t }
  - { id: leak, activity: refrigerant, subject: R410A, amount: 2, unit: kg, from: 2023-03-01, to: 2023-03-02 }
  - { id: roof, activity: own-generation, amount: 10, unit: MWh }
`
const bills = 'month;energy\n2023-01;50000,5\n2023-02;34209,9\n'
const beside = { texts: { 'inventory-2023.yaml': file, 'bills.csv': bills } }

describe('a period', () => {
  it.each([
    ['2025', '2025-01-01', '2026-01-01'],
    ['2025-03', '2025-03-01', '2025-04-01'],
    ['2025-12', '2025-12-01', '2026-01-01'],
    ['2025-04-01/2025-06-30', '2025-04-01', '2025-07-01'],
    ['2024-02-29/2024-02-29', '2024-02-29', '2024-03-01'],
  ])('%s', (text, from, to) => expect(readPeriod(text)).toEqual({ from, to }))

  it.each(['2025-13', '25', '2025-02-30/2025-03-01', '2025-06-30/2025-04-01', '2025-00', 'last year'])(
    '%s is none',
    (text) => expect(() => readPeriod(text)).toThrow(/carbon.bad-activity/),
  )
})

describe('the file of a year', () => {
  it('is found beside the site by the year, and has stated rows and tables', async () => {
    const output = await runAccount({ site: 'park', period: year }, beside)
    expect(output).toMatchObject({ name: 'Park company', gwpSet: 'AR5', outsidePeriodRows: 0, metered: [] })
    // 84,210.4 kWh of Jiangsu 2023, 0.5827; the tank and the leak as account.test.ts has them, by AR5.
    expect(output.sums).toMatchObject({ scope2LocationKgCo2e: '49069.40008', scope1KgCo2e: '7729.52332' })
    // 94,210.4 kWh · 0.1229, 1.2 t · 1.4571: what the roof gives is energy without emissions.
    expect(output.energy.calorificTce).toBe('13.32697816')
  })

  it('gives a month what is of that month, and says what is not', async () => {
    const march = await runAccount(
      { site: 'park', period: readPeriod('2023-02'), activitiesFile: 'f' },
      {
        texts: { f: file.replace(/ {2}- \{ id: (tank|roof).*\n/g, ''), 'bills.csv': bills },
      },
    )
    expect(march).toMatchObject({ outsidePeriodRows: 2, sums: { scope2LocationKgCo2e: '19934.10873' } })
    const problems = await problemsOf(runAccount({ site: 'park', period: readPeriod('2023-02') }, beside))
    expect(problems.map(({ place }) => place)).toEqual([
      { file: 'inventory-2023.yaml', line: 8, path: 'activities.tank' },
      { file: 'inventory-2023.yaml', line: 10, path: 'activities.roof' },
    ])
  })

  it('yields to what the input says', async () => {
    const output = await runAccount({ site: 'park', period: year, name: 'Me', gwpSet: 'AR6', region: 'CN-AH' }, beside)
    expect(output).toMatchObject({ name: 'Me', gwpSet: 'AR6' })
    expect(output.factors.map(({ factor }) => factor)).not.toContain('grid-cn/CN-JS.2023')
  })

  it.each<readonly [string, string, string, RegExp]>([
    ['a row without amount', 'amount: "1.2", unit: t', 'note: none', /8.*no amount/],
    ['a row with two amounts', 'amount: "1.2",', 'amount: "1.2", meter: a.b,', /8.*more than one amount/],
    ['a field that nobody reads', 'use: road', 'used: road', /8/],
    ['a day that is none', 'to: 2023-03-02', 'to: 2023-02-30', /9.*no day/],
    ['an id that stands twice', 'id: leak', 'id: tank', /Two rows have this id/],
    ['an activity that there is not', 'activity: refrigerant', 'activity: magic', /9/],
    ['a unit that does not fit', 'unit: t }', 'unit: kWh }', /inventory-2023.yaml:8 activities.tank/],
  ])('%s is refused with its line', async (_, from, to, message) => {
    const texts = { ...beside.texts, 'inventory-2023.yaml': file.replace(from, to) }
    const problems = await problemsOf(runAccount({ site: 'park', period: year }, { texts }))
    expect(problems).not.toEqual([])
    const told = problems
      .map(({ place, detail }) => `${place?.file}:${place?.line} ${place?.path} ${detail}`)
      .join('\n')
    expect(told).toMatch(message)
  })
})

describe('a table', () => {
  const withBills = (text: string) =>
    runAccount({ site: 'park', period: year }, { texts: { ...beside.texts, 'bills.csv': text } })

  it.each([
    ['an empty amount is no zero', 'month;energy\n2023-01;\n', 2, /empty/],
    ['an amount that is no number', 'month;energy\n2023-01;about 5\n', 2, /no plain decimal/],
    ['a month that is none', 'month;energy\n2023-01;5\n2023-1;5\n', 3, /no time/],
    ['a column that is not there', 'month;kWh\n2023-01;5\n', 1, /no column "energy"/],
    ['no rows', 'month;energy\n', 1, /no rows/],
    ['a time outside the period', 'month;energy\n2023;5\n2022-12-01/2023-01-02;5\n', 3, /outside the period/],
  ])('%s', async (_, text, line, message) => {
    const problems = await problemsOf(withBills(text))
    expect(problems[0]).toMatchObject({ place: { file: 'bills.csv', line } })
    expect(problems[0]?.detail).toMatch(message)
  })
})

describe('waste', () => {
  const treated = (subject: string, treatment: string, more: object = {}) => ({
    ...{ site: 'park', period: year, region: 'CN-JS', gwpSet: 'AR5' },
    activities: [{ id: 'w', activity: 'waste', subject, treatment, amount: 10, unit: 't', ...year, ...more }],
  })

  it('goes by the factors of IPCC 2006, Volume 5', async () => {
    // Composted: 4 g CH4 and 0.24 g N2O a kg (Table 4.1).
    const { totals } = await runAccount(treated('food-waste', 'composted'))
    expect(totals[0]).toMatchObject({ scope: 3, category: '5', gasesKg: { CH4: '40', N2O: '2.4' }, massKgCo2e: '1756' })
    // Landfilled: 1.0 · 0.15 · 0.5 · 0.5 · 16/12 · (1 − 0.1) = 0.045 t CH4/t (Equations 3.2 to 3.6).
    const landfill = await runAccount(treated('food-waste', 'landfilled'))
    expect(Number(landfill.totals[0]?.gasesKg.CH4)).toBeCloseTo(450, 12)
    expect(landfill.warnings.join()).toMatch(/in the year of landfilling/)
    expect(landfill.factors.map(({ factor }) => factor)).toContain('waste/ox.managed')
    // Plastics: 0.75 · 1 · 1 · 44/12 = 2.75 t CO2/t (Equation 5.1 with Table 5.2; dry).
    const burnt = await runAccount(treated('plastics', 'incinerated', { scope: 1 }))
    expect(burnt.totals[0]).toMatchObject({ scope: 1, category: 'waste' })
    expect(Number(burnt.totals[0]?.gasesKg.CO2)).toBeCloseTo(27_500, 9)
  })

  it.each([
    ['food-waste', undefined, /says how it is treated/],
    ['textiles', 'incinerated', /fossil carbon of textiles/],
    ['concrete', 'landfilled', /carbon.no-factor/],
  ])('%s %s is refused', async (subject, treatment, message) => {
    const { activities, ...rest } = treated(subject, 'composted')
    const [row] = activities
    const { treatment: _, ...without } = row!
    const run = runAccount({ ...rest, activities: [treatment ? { ...row, treatment } : without] })
    await expect(run).rejects.toThrow(message)
  })
})
