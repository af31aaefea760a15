import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quality, type Series, seriesOfValues, type TimeGrid } from '../../../kernel/index.ts'
import { problemsOf, runAccount } from '../account.fixture.ts'
import { readPeriod } from '../inventory/period.ts'
import { fillPower } from './fill-power.ts'
import { riseBetween } from './read-counter.ts'

const hourMs = 3_600_000
/** Midnight of Monday, 2 January 2023, in Shanghai. */
const mondayMs = Date.UTC(2023, 0, 1, 16)
const period = readPeriod('2023-01-02/2023-01-08')
const meter = (over: object = {}) => ({ id: 'grid', activity: 'electricity', meter: 'grid.powerKw', ...over })
const ask = (row: object) => ({ site: 'park', period, region: 'CN-JS', metered: [row] })

/** A power that is known where `kw` gives a number. */
const observedPower =
  (kw: (hour: number, timeMs: number) => number) =>
  (_: string, grid: TimeGrid): Series =>
    seriesOfValues(
      grid,
      'kW',
      Float64Array.from({ length: grid.count }, (__, k) => {
        const timeMs = grid.startMs + k * grid.stepMs
        return kw((timeMs - mondayMs) / hourMs, timeMs)
      }),
      quality.good,
    )

describe('a metered row', () => {
  it('is the energy between two midnights of the site’s clock, with coverage and quality', async () => {
    const observed = observedPower((hour) => (hour >= 0 && hour < 168 ? (hour % 24 < 12 ? 100 : -40) : 9_999))
    const { metered, sums } = await runAccount(ask(meter()), { observed })
    expect(metered).toEqual([
      {
        ...{ id: 'grid', meter: 'grid.powerKw', reads: 'power', from: '2023-01-02', to: '2023-01-09' },
        ...{ amount: '8400.000', unit: 'kWh', coverage: 1, rule: 'refuse', estimatedShare: 0 },
        ...{ qualityShares: { good: 1 }, gaps: [] },
      },
    ])
    expect(sums.scope2LocationKgCo2e).toBe('4894.68')
    const amountOf = async (side: string) => (await runAccount(ask(meter({ side })), { observed })).metered[0]?.amount
    expect([await amountOf('export'), await amountOf('net')]).toEqual(['3360.000', '5040.000'])
  })

  it('with a gap is refused, and told where it is', async () => {
    const observed = observedPower((hour) => (hour >= 30 && hour < 36 ? Number.NaN : 100))
    const [problem] = await problemsOf(runAccount(ask(meter()), { observed }))
    expect(problem).toMatchObject({ code: 'carbon.meter-gap', place: { path: 'activities.grid' } })
    expect(problem?.detail).toMatch(/96.43 %.*2023-01-03T06:00:00\+08:00 to 2023-01-03T12:00:00/)
  })

  it('fills a gap by the rule it states, and tells the share', async () => {
    // Work by day, 240 kW, and rest by night; Tuesday's work is missing.
    const observed = observedPower((hour) => {
      if (hour >= 32 && hour < 44) return Number.NaN
      return hour % 24 >= 8 && hour % 24 < 20 ? 240 : 0
    })
    const run = async (gaps: string) => (await runAccount(ask(meter({ gaps })), { observed })).metered[0]
    // Six of seven days of 2,880 kWh are known.
    expect(await run('like-hours')).toMatchObject({ amount: '20160.000', estimatedShare: 1 / 7 })
    expect(await run('scale')).toMatchObject({ amount: '18609.231', coverage: 1 - 12 / 168 })
  })

  it('estimates nothing from less than half, and nothing from nothing', async () => {
    const half = observedPower((hour) => (hour < 80 ? 100 : Number.NaN))
    expect((await problemsOf(runAccount(ask(meter({ gaps: 'scale' })), { observed: half })))[0]?.code).toBe(
      'carbon.meter-gap',
    )
    expect(
      (await runAccount(ask(meter({ gaps: 'scale', leastCoverage: 0.4 })), { observed: half })).metered[0]?.amount,
    ).toBe('16800.000')
    const none = observedPower(() => Number.NaN)
    for (const gaps of ['refuse', 'scale', 'like-hours']) {
      const problems = await problemsOf(runAccount(ask(meter({ gaps, leastCoverage: 0 })), { observed: none }))
      expect(problems[0]).toMatchObject({ code: 'carbon.meter-gap', found: 0 })
    }
  })

  it('takes the class of its meter for its uncertainty', async () => {
    const points = { 'grid.powerKw': { title: '', unit: 'kW', role: 'measured', ofKind: true, accuracyClass: 0.5 } }
    const { metered, totals } = await runAccount(ask(meter()), { points, observed: observedPower(() => 100) })
    expect(metered[0]?.accuracy).toBe(0.005)
    expect(totals[0]?.halfWidthKg).toBeCloseTo(Number(totals[0]?.massKgCo2e) * 0.005, 9)
  })

  it('may be a point that the site computes, and has a gap where one of its meters has', async () => {
    const points = {
      'park.useKw': {
        ...{ title: 'All use', unit: 'MW', role: 'computed', ofKind: false },
        ...{ expression: 'hall.powerKw + office.powerKw', inputs: { 'hall.powerKw': 'kW', 'office.powerKw': 'kW' } },
      },
    }
    const observed = (silent: boolean) => (point: string, grid: TimeGrid) =>
      observedPower((hour) => (point === 'hall.powerKw' ? 80 : silent && hour >= 0 && hour < 21 ? Number.NaN : 20))(
        point,
        grid,
      )
    const row = meter({ meter: 'park.useKw', gaps: 'scale' })
    const whole = await runAccount(ask(row), { points, observed: observed(false) })
    expect(whole.metered[0]).toMatchObject({ amount: '16800.000', coverage: 1, reads: 'power' })
    const torn = await runAccount(ask(row), { points, observed: observed(true) })
    expect(torn.metered[0]).toMatchObject({ amount: '16800.000', coverage: 0.875, estimatedShare: 0.125 })
  })

  it('law: what is filled in lies between the least and the largest that is known', () => {
    const powers = fc.array(fc.option(fc.double({ min: 0, max: 1000, noNaN: true }), { nil: Number.NaN, freq: 3 }), {
      minLength: 8,
      maxLength: 60,
    })
    fc.assert(
      fc.property(powers, fc.constantFrom('scale' as const, 'like-hours' as const), (drawn, rule) => {
        const powerKw = Float64Array.from(drawn)
        const grid = { startMs: mondayMs, stepMs: hourMs, count: drawn.length }
        const steps = { grid, powerKw, quality: new Uint8Array(drawn.length) }
        const { measuredKwh, estimatedKwh, knownSteps } = fillPower(steps, 'import', rule, 'Asia/Shanghai')
        const known = drawn.filter((value) => !Number.isNaN(value))
        const missing = drawn.length - known.length
        expect(knownSteps).toBe(known.length)
        expect(measuredKwh).toBeCloseTo(
          known.reduce((sum, value) => sum + value, 0),
          6,
        )
        if (Number.isNaN(estimatedKwh) || missing === 0) return
        expect(estimatedKwh / missing).toBeGreaterThanOrEqual(Math.min(...known) - 1e-6)
        expect(estimatedKwh / missing).toBeLessThanOrEqual(Math.max(...known) + 1e-6)
      }),
      { numRuns: 40 },
    )
  })
})

describe('a counter', () => {
  const points = {
    'grid.importKwh': { title: '', unit: 'kWh', role: 'measured', ofKind: false, counter: { rollover: 100_000 } },
  }
  /** A reading at each quarter of an hour that `at` gives one for. */
  const observedCounter =
    (at: (hour: number) => number) =>
    (_: string, grid: TimeGrid): Series =>
      seriesOfValues(
        grid,
        'kWh',
        Float64Array.from({ length: grid.count }, (__, k) => {
          const timeMs = grid.startMs + k * grid.stepMs
          return timeMs % (hourMs / 4) === 0 ? at((timeMs - mondayMs) / hourMs) : Number.NaN
        }),
        quality.good,
      )
  const run = (at: (hour: number) => number, over: object = {}) =>
    runAccount(ask(meter({ meter: 'grid.importKwh', ...over })), { points, observed: observedCounter(at) })

  it('is read from midnight to midnight, over its top', async () => {
    // 100 kWh an hour from 95,000 on: it passes 100,000 on the third day.
    const { metered } = await run((hour) => (95_000 + 100 * hour + 100_000) % 100_000)
    expect(metered[0]).toMatchObject({
      reads: 'counter',
      amount: '16800.000',
      coverage: 1,
      resets: 1,
      estimatedShare: 0,
    })
  })

  it('has no gap where readings stand about it, and one at the end of what is known', async () => {
    const silent = await run((hour) => (hour > 50 && hour < 90 ? Number.NaN : 1000 + 100 * hour))
    expect(silent.metered[0]).toMatchObject({ amount: '16800.000', coverage: 1 })
    const early = (hour: number) => (hour > 126 ? Number.NaN : 1000 + 100 * hour)
    expect((await problemsOf(run(early)))[0]?.detail).toMatch(/75.00 %.*2023-01-07T06:00:00/)
    expect((await run(early, { gaps: 'scale' })).metered[0]).toMatchObject({
      amount: '16800.000',
      estimatedShare: 0.25,
    })
  })

  it('leaves a dip out', async () => {
    expect((await run((hour) => (hour === 40 ? 0 : 1000 + 100 * hour))).metered[0]).toMatchObject({
      amount: '16800.000',
      resets: 0,
    })
  })

  it('that rose by more than it can is refused', async () => {
    const strict = { 'grid.importKwh': { ...points['grid.importKwh'], counter: { maxPerHour: 500 } } }
    const observed = observedCounter((hour) => 1000 + 100 * hour + (hour >= 40 ? 50_000 : 0))
    const problems = await problemsOf(runAccount(ask(meter({ meter: 'grid.importKwh' })), { points: strict, observed }))
    expect(problems[0]).toMatchObject({ code: 'carbon.meter-gap' })
  })

  it('law: neighbouring spans add up to the whole, wherever they are cut', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 0, max: 40 })), {
      minLength: 3,
      maxLength: 20,
    })
    fc.assert(
      fc.property(steps, fc.double({ min: 0.05, max: 0.95, noNaN: true }), (drawn, share) => {
        let [timeMs, value] = [0, 500]
        const readings = drawn.map(([minutes, kwh]) => {
          timeMs += minutes * 60_000
          value += kwh
          return { timeMs, value }
        })
        const [from, to] = [readings[0]!.timeMs, readings.at(-1)!.timeMs]
        const cut = from + share * (to - from)
        const whole = riseBetween(readings, from, to, {}).rise
        const parts = riseBetween(readings, from, cut, {}).rise + riseBetween(readings, cut, to, {}).rise
        expect(whole).toBeCloseTo(readings.at(-1)!.value - readings[0]!.value, 6)
        expect(parts).toBeCloseTo(whole, 6)
      }),
      { numRuns: 40 },
    )
  })
})
