import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SavingsOutput } from '../schema/index.ts'
import { describeSavings } from './describe-savings.ts'
import { madeFacility, madePeriods } from './made-facility.fixture.ts'
import { problemsOf, runSavings } from './run-savings.fixture.ts'

const facility = madeFacility({ seed: 4, saving: 0.12 })
const { temperature, source } = facility
const asked = { ...madePeriods, temperature, meters: { main: { source } } }
const plainRun = runSavings(asked)
const first = (output: SavingsOutput) => output.meters[0]!
const codes = (output: SavingsOutput): readonly string[] => output.reasons.map(({ code }) => code)
const sum = (values: readonly (number | null)[]): number => values.reduce<number>((a, b) => a + (b ?? 0), 0)

describe('savings of a facility', () => {
  it('are found in kWh, money, kgCO2e and tonnes of standard coal, with their interval', async () => {
    const output = await runSavings({ ...asked, meters: { main: { source, price: 0.65, carbon: 0.55 } } })
    const meter = first(output)
    expect(meter.model.shape).toBe('5P')
    expect(meter.model.grouping).toBe('weekend')
    expect(meter.model.changePoints.heatingC).toBeCloseTo(13, 0)
    expect(meter.model.changePoints.coolingC).toBeCloseTo(19, 0)
    const truth = (0.12 / 0.88) * facility.energyKwh(365, 731)
    const { energyKwh, money, emissionsKgCo2e, standardCoalT } = output.totals
    expect(energyKwh.low).toBeLessThan(truth)
    expect(energyKwh.high).toBeGreaterThan(truth)
    expect(meter.savingsShare).toBeCloseTo(0.12, 2)
    expect(output.verdict).toBe('significant')
    expect(output.acceptable).toBe(true)
    expect(money!.value).toBeCloseTo(0.65 * energyKwh.value, 2)
    expect(money!.halfWidth / (0.65 * energyKwh.halfWidth)).toBeCloseTo(1, 6)
    expect(emissionsKgCo2e!.value).toBeCloseTo(0.55 * energyKwh.value, 2)
    expect(standardCoalT.value).toBeCloseTo(0.1229e-3 * energyKwh.value, 4)
    expect(meter.coal).toMatchObject({ basis: 'calorific', kgcePerKwh: 0.1229 })
    expect(meter.measuredKwh).toBeCloseTo(facility.energyKwh(365, 731), 0)
    expect(meter.adjustedBaselineKwh - meter.measuredKwh).toBeCloseTo(energyKwh.value, 1)
    expect(meter.months).toHaveLength(12)
    expect(sum(meter.months.map(({ savingsKwh }) => savingsKwh)) / energyKwh.value).toBeCloseTo(1, 6)
    expect(sum(meter.series.reporting.modelKwh) / meter.adjustedBaselineKwh).toBeCloseTo(1, 6)
    expect(meter.checks.find(({ code }) => code === 'cv-rmse')).toMatchObject({ limit: 0.25, ok: true })
    expect(meter.intervals.guideline14!.halfWidth / meter.intervals.regression.halfWidth).toBeCloseTo(1, 0)
  })

  it('are not significant where nothing was saved', async () => {
    const made = madeFacility({ seed: 9 })
    const output = await runSavings({
      ...madePeriods,
      temperature: made.temperature,
      meters: { main: { source: made.source } },
    })
    expect(output.verdict).toBe('not-significant')
    expect(codes(output)).toEqual(expect.arrayContaining(['savings.no-money', 'savings.no-carbon']))
    expect(output.totals.money).toBeNull()
  })

  it('read as text', async () => {
    const output = await plainRun
    const text = describeSavings(output)
    expect(text).toContain('Savings of test: significant at 90 %, all required checks passed')
    expect(text).toMatch(/energy +[\d,]+ ± [\d,]+ kWh/)
    expect(text).toMatch(/money +unknown/)
    expect(text).toMatch(/2024-07 +31\.0 +[\d,]+/)
    for (const { text: sentence } of output.reasons) expect(text).toContain(sentence)
  })

  it('do not depend on the unit of the meter', async () => {
    const inMegawatts = facility.series(
      facility.daily.powerKw.map((value) => value / 1000),
      'MW',
      '1d',
    )
    const gas = facility.series(
      facility.daily.powerKw.map((value) => value / 10),
      'm3/h',
      '1d',
    )
    const [plain, megawatts, cubic] = await Promise.all([
      plainRun,
      runSavings({ ...asked, meters: { main: { source: inMegawatts, unit: 'MWh' } } }),
      runSavings({ ...asked, meters: { main: { source: gas, unit: 'm3', kwhPerUnit: 10 } } }),
    ])
    for (const other of [megawatts, cubic]) {
      expect(other.totals.energyKwh.value / plain.totals.energyKwh.value).toBeCloseTo(1, 6)
      expect(other.totals.energyKwh.halfWidth / plain.totals.energyKwh.halfWidth).toBeCloseTo(1, 6)
    }
  })

  it('of several meters add up, their errors in squares', async () => {
    const other = madeFacility({ seed: 5, saving: 0.2 })
    const output = await runSavings({
      ...asked,
      meters: { power: { source, price: 1 }, heat: { source: other.source } },
    })
    const [a, b] = output.meters.map((meter) => meter.savings.energyKwh)
    expect(output.totals.energyKwh.value).toBeCloseTo(a!.value + b!.value, 1)
    expect(output.totals.energyKwh.halfWidth).toBeCloseTo(Math.hypot(a!.halfWidth, b!.halfWidth), 1)
    expect(output.totals.money).toBeNull()
  })

  it('leave out days in which an hour is missing, and count them', async () => {
    const holed = (every: number) =>
      facility.series(
        facility.hourly.powerKw.map((value, hour) => (hour % (24 * every) === 30 % (24 * every) ? null : value)),
        'kW',
      )
    const output = await runSavings({ ...asked, meters: { main: { source: holed(20) } } })
    const { baseline, reporting } = first(output).data
    expect(baseline).toMatchObject({ expected: 365, observations: 346, missingDays: { energy: 19 } })
    expect(reporting.observations + reporting.missingDays.energy).toBe(366)
    expect(codes(output)).toContain('savings.baseline-gaps')
    expect(output.acceptable).toBe(true)
    const worse = await runSavings({ ...asked, meters: { main: { source: holed(5) } } })
    expect(worse.acceptable).toBe(false)
    expect(
      first(worse)
        .checks.filter(({ ok }) => !ok)
        .map(({ code }) => code),
    ).toContain('baseline-gaps')
  })

  it('take events out by stated adjustments', async () => {
    const withLine = facility.daily.powerKw.map((value, day) => (day >= 500 && day < 600 ? value + 50 : value))
    const output = await runSavings({
      ...asked,
      meters: { main: { source: facility.series(withLine, 'kW', '1d') } },
      adjustments: [
        { from: '2024-05-15', to: '2024-08-23', kwhPerDay: 1200, halfWidthKwhPerDay: 60, reason: 'a second line' },
      ],
    })
    const plain = await plainRun
    expect(output.totals.energyKwh.value / plain.totals.energyKwh.value).toBeCloseTo(1, 6)
    expect(first(output).adjustmentsKwh).toBeCloseTo(120_000, 0)
    expect(output.totals.energyKwh.halfWidth).toBeCloseTo(Math.hypot(plain.totals.energyKwh.halfWidth, 6000), 0)
    expect(codes(output)).toContain('savings.adjustment')
  })

  it('are normalised to the weather of a stated year', async () => {
    const output = await runSavings({ ...asked, normal: { ...madePeriods.baseline, temperature } })
    const { normalisedKwh } = first(output)
    const truth = 0.12 * facility.energyKwh(0, 365)
    expect(Math.abs(normalisedKwh!.value - truth)).toBeLessThan(normalisedKwh!.halfWidth)
    expect(normalisedKwh!.halfWidth).toBeGreaterThan(output.totals.energyKwh.halfWidth)
  })

  it('come from bills of unequal length by degree days', async () => {
    const ends = [
      '01-04',
      '02-02',
      '03-05',
      '04-01',
      '05-04',
      '06-03',
      '07-02',
      '08-05',
      '09-01',
      '10-03',
      '11-02',
      '12-04',
    ]
    const dates = ['2023', '2024'].flatMap((year) => ends.map((end) => `${year}-${end}`)).concat('2025-01-01')
    const dayOf = (date: string): number => (Date.parse(`${date}T00:00:00Z`) - Date.UTC(2023, 0, 1)) / 86_400_000
    const bills = dates.slice(1).map((to, k) => ({
      from: dates[k]!,
      to,
      amount: facility.energyKwh(dayOf(dates[k]!), dayOf(to)),
    }))
    const output = await runSavings({
      ...asked,
      baseline: { from: '2023-01-01', to: '2024-01-04' },
      reporting: { from: '2024-01-04', to: '2025-01-01' },
      granularity: 'monthly',
      meters: { main: { bills } },
    })
    expect(first(output).data.baseline.observations).toBe(12)
    expect(first(output).savingsShare).toBeCloseTo(0.12, 1)
    expect(output.verdict).toBe('significant')
  })

  it('of an hourly baseline know the hours of the week', async () => {
    const output = await runSavings({
      ...madePeriods,
      granularity: 'hourly',
      temperature: facility.hourly.temperature,
      meters: { main: { source: facility.hourly.source } },
    })
    const meter = first(output)
    expect(meter.model.shape).toBe('TOWT')
    expect(meter.model.rateUnit).toBe('kW')
    expect(meter.savingsShare).toBeCloseTo(0.12, 1)
    expect(output.verdict).toBe('significant')
    expect(meter.intervals.regression.halfWidth).toBeGreaterThan(meter.intervals.guideline14!.halfWidth / 3)
    expect(meter.series.baseline.startMs).toHaveLength(365)
  })

  it('count days of 23 and 25 hours as what they are', async () => {
    const hours = 731 * 24
    const draw = fc.sample(fc.double({ min: -2, max: 2, noNaN: true }), { numRuns: hours, seed: 1 })
    const source = { values: draw.map((value) => 100 + value), start: '2022-12-31T23:00:00Z', step: '1h', unit: 'kW' }
    const output = await runSavings({ ...madePeriods, meters: { main: { source } } }, { zone: 'Europe/Madrid' })
    const { series, measuredKwh, data } = first(output)
    const spring = series.reporting.startMs.indexOf(Date.UTC(2024, 2, 30, 23))
    const autumn = series.reporting.startMs.indexOf(Date.UTC(2024, 9, 26, 22))
    expect(series.reporting.measuredKwh[spring]! / 2300).toBeCloseTo(1, 2)
    expect(series.reporting.measuredKwh[autumn]! / 2500).toBeCloseTo(1, 2)
    expect(data.reporting.observations).toBe(366)
    expect(measuredKwh).toBeCloseTo(sum(source.values.slice(365 * 24, 731 * 24)), 0)
    expect(Math.abs(output.totals.energyKwh.value)).toBeLessThan(1000)
  })

  it('name what lies outside the baseline’s range', async () => {
    const hot = facility.daily.temperatureC.map((value, day) => (day >= 560 && day < 563 ? value + 25 : value))
    const output = await runSavings({ ...asked, temperature: facility.series(hot, 'degC', '1d') })
    const reason = output.reasons.find(({ code }) => code === 'savings.extrapolation')
    expect(reason?.values.dates).toContain('2024-07-14')
  })

  it('have no money where a price is missing, and say since when', async () => {
    const price = {
      values: facility.daily.powerKw.slice(0, 700).map(() => 0.5),
      start: '2023-01-01',
      step: '1d',
      unit: 'CNY/kWh',
    }
    const output = await runSavings({ ...asked, meters: { main: { source, price } } })
    expect(output.totals.money).toBeNull()
    expect(output.reasons.find(({ code }) => code === 'savings.money-missing')?.values.at).toContain('2024-12-01')
  })

  it('of a site that feeds in have no CV(RMSE), and still an interval', async () => {
    const exported = facility.series(
      facility.daily.powerKw.map((value) => value - 700),
      'kW',
      '1d',
    )
    const output = await runSavings({ ...asked, meters: { main: { source: exported, netMetering: true } } })
    expect(first(output).model.statistics.cvRmse).toBeNull()
    expect(first(output).intervals.guideline14).toBeNull()
    expect(codes(output)).toContain('savings.net-export')
    expect(output.totals.energyKwh.value).toBeGreaterThan(0)
  })
})

describe('what cannot be measured and verified', () => {
  const flat = facility.series(
    facility.daily.temperatureC.map(() => 20),
    'degC',
    '1d',
  )
  const few = { baseline: { from: '2023-01-01', to: '2023-02-01' } }
  it.each([
    [
      'overlapping periods',
      { reporting: { from: '2023-12-01', to: '2024-12-01' } },
      'energy.bad-savings',
      'reporting.from',
    ],
    [
      'a period that ends before it begins',
      { baseline: { from: '2023-03-01', to: '2023-01-01' } },
      'energy.bad-savings',
      'baseline',
    ],
    [
      'a period that begins at noon',
      { baseline: { from: '2023-01-01T12:00', to: '2024-01-01' } },
      'energy.bad-savings',
      'baseline.from',
    ],
    ['too few days', few, 'energy.no-baseline', 'meters.main'],
    ['a constant temperature', { temperature: flat }, 'energy.no-baseline', 'temperature'],
    ['no meter', { meters: {} }, 'energy.bad-savings', 'meters'],
    ['a meter without measurements', { meters: { main: { source: 5 } } }, 'energy.bad-savings', 'meters.main.source'],
    [
      'a meter that runs backwards',
      {
        meters: {
          main: {
            source: facility.series(
              facility.daily.powerKw.map((kw) => kw - 500),
              'kW',
              '1d',
            ),
          },
        },
      },
      'energy.below-zero',
      'meters.main.source',
    ],
    [
      'a unit that is no energy',
      { meters: { main: { source, unit: 'm3' } } },
      'energy.bad-savings',
      'meters.main.kwhPerUnit',
    ],
    [
      'an equivalent value that is not said',
      { meters: { main: { source, coal: { basis: 'equivalent' } } } },
      'energy.bad-savings',
      'meters.main.coal.kgcePerKwh',
    ],
    ['a holiday that is no date', { holidays: ['2023-02-30'] }, 'energy.bad-savings', 'holidays.0'],
    ['an hourly model of days', { models: ['TOWT'] }, 'energy.bad-savings', 'models'],
    [
      'an adjustment of an unknown meter',
      { adjustments: [{ meter: 'x', from: '2024-01-01', to: '2024-02-01', kwhPerDay: 1, reason: 'why' }] },
      'energy.bad-savings',
      'adjustments.0.meter',
    ],
    [
      'bills that overlap',
      {
        granularity: 'monthly',
        meters: {
          main: {
            bills: [
              { from: '2023-01-01', to: '2023-02-01', amount: 1 },
              { from: '2023-01-20', to: '2023-03-01', amount: 1 },
            ],
          },
        },
      },
      'energy.bad-savings',
      'meters.main.bills.1',
    ],
  ])('%s', async (_, changes, code, path) => {
    const problems = await problemsOf(runSavings({ ...asked, ...changes }))
    expect(problems.map((problem) => [problem.code, problem.place?.path])).toEqual([[code, path]])
  })

  it('a short baseline is named, and accepted by a stated reason', async () => {
    const short = { ...asked, baseline: { from: '2023-03-01', to: '2024-01-01' } }
    const [plain, stated] = await Promise.all([
      runSavings(short),
      runSavings({ ...short, shortBaselineReason: 'the meter was new in March' }),
    ])
    expect(codes(plain)).toContain('savings.short-baseline')
    expect(plain.acceptable).toBe(false)
    expect(first(stated).checks.find(({ code }) => code === 'baseline-days')).toMatchObject({
      ok: false,
      required: false,
    })
  })
})
