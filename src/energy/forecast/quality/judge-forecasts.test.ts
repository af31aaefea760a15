import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCalendar } from '../calendar.ts'
import { judgeLead, leastPairs } from './judge-forecasts.ts'
import { type MadeForecast, movedSteps } from './pair-forecasts.ts'

const hourMs = 3_600_000
const stepMs = hourMs / 4
const perDay = 96
const startMs = Date.UTC(2026, 6, 6)
const oldestMs = 48 * hourMs
const days = 4
/** The day that is judged is the last one. */
const first = (days - 1) * perDay
const grid = { startMs, stepMs, count: days * perDay }
const calendar = createCalendar(grid, 'UTC')
const dayMs = perDay * stepMs
const lastDayMs = startMs + first * stepMs

const wave = (step: number): number => 100 + 50 * Math.sin((2 * Math.PI * (step % perDay)) / perDay)
const measured = (of: (step: number) => number = wave) =>
  Float64Array.from({ length: grid.count }, (_, step) => of(step))
/** A plan of 24 hours, made at a moment, that errs by so much. */
const plan = (madeMs: number, error: (step: number) => number, more: Partial<MadeForecast> = {}): MadeForecast => ({
  ...{ madeMs, startMs: madeMs, stepMs, run: `run of ${madeMs}` },
  values: Float64Array.from({ length: perDay }, (_, k) => {
    const step = (madeMs - startMs) / stepMs + k
    return wave(step) + error(step)
  }),
  ...more,
})
/** A plan every hour, from a day before the judged day on. */
const hourly = (
  error: (step: number, lead: number) => number,
  more: (madeMs: number) => Partial<MadeForecast> = () => ({}),
) =>
  Array.from({ length: 48 }, (_, hour) => {
    const madeMs = lastDayMs - dayMs + hour * hourMs
    return plan(madeMs, (step) => error(step, startMs + step * stepMs - madeMs), more(madeMs))
  })
const judge = (
  forecasts: readonly MadeForecast[],
  leadHours: number,
  { values = measured(), moved = new Uint8Array(grid.count) } = {},
) => judgeLead({ task: { calendar, values }, first, forecasts, moved }, { leadMs: leadHours * hourMs, oldestMs })

describe('the quality of forecasts', () => {
  it('is bias, mean and root mean square error of every quarter of an hour, with the sign of foreseen less measured', () => {
    const { quality } = judge(
      hourly((step) => (step % 2 === 0 ? -10 : -30)),
      1,
    )
    expect(quality).toMatchObject({ pairs: 96, gaps: { notMeasured: 0, moved: 0, notForeseen: 0 }, bias: -20, mae: 20 })
    expect(quality.rmse).toBeCloseTo(Math.sqrt(500), 9)
    expect(quality.nmae).toBeCloseTo(0.2, 9)
    expect(quality.hours).toHaveLength(24)
    expect(quality.hours.every(({ pairs, bias }) => pairs === 4 && Math.abs(bias! + 20) < 1e-9)).toBe(true)
    expect(quality.coverage).toBeNull()
  })

  it('takes for each step the newest forecast that was made so long before, and none that came later', () => {
    // What is made late is perfect; what is made early errs by a kilowatt an hour ahead.
    const forecasts = hourly((_, lead) => Math.floor(lead / hourMs))
    for (const hours of [1, 6, 12]) {
      const { quality } = judge(forecasts, hours)
      expect(quality.bias).toBeCloseTo(hours, 9)
      expect(quality.meanLeadMs! / hourMs).toBeCloseTo(hours + 3 / 8, 9)
    }
    // Plans of 24 hours reach no step 24 hours ahead but by the quarter that they are made in.
    const far = judge(forecasts, 24)
    expect(far.quality).toMatchObject({ pairs: 0, bias: null, mae: null, rmse: null, nmae: null, meanLeadMs: null })
    expect(far.quality.gaps.notForeseen).toBe(96)
    expect(far.quality.worst).toEqual([])
  })

  it('says nothing of too few pairs, of what was not measured, and of what the plan moved', () => {
    const values = measured()
    values.fill(Number.NaN, first + leastPairs - 1)
    const few = judge(
      hourly(() => 5),
      1,
      { values },
    ).quality
    expect(few).toMatchObject({ pairs: leastPairs - 1, bias: null, mae: null, skill: { persistence: null } })
    expect(few.gaps.notMeasured).toBe(perDay - leastPairs + 1)
    const moved = new Uint8Array(grid.count).fill(1, first, first + 8)
    const { quality, compared } = judge(
      hourly(() => 5),
      1,
      { moved },
    )
    expect(quality).toMatchObject({ pairs: 88, gaps: { moved: 8 } })
    expect(quality.hours.slice(0, 3).map(({ bias }) => bias)).toEqual([null, null, expect.closeTo(5, 9)])
    expect(Number.isNaN(compared.measured[7]!)).toBe(true)
    expect(compared.measured[8]).toBe(values[first + 8]!)
  })

  it('has a skill of 1 where it is perfect, of 0 where it says what the reference says', () => {
    // Every day is a little higher than the day before.
    const rising = (step: number): number => wave(step) + 10 * Math.floor(step / perDay)
    const values = measured(rising)
    const perfect = judge(
      hourly((step) => rising(step) - wave(step)),
      1,
      { values },
    ).quality.skill
    for (const skill of Object.values(perfect)) expect(skill).toBeCloseTo(1, 9)
    const copied = judge(
      hourly((step) => rising(step - perDay) - wave(step)),
      1,
      { values },
    ).quality.skill
    expect(copied.dayBefore).toBeCloseTo(0, 9)
    const worse = judge(
      hourly((step) => rising(step) - wave(step) + 20),
      1,
      { values },
    ).quality.skill
    expect(worse.dayBefore).toBeCloseTo(-1, 9)
  })

  it('has no skill against a day that nobody knew when it was made', () => {
    const values = measured()
    values.fill(Number.NaN, 0, first)
    const { skill } = judge(
      hourly(() => 5),
      1,
      { values },
    ).quality
    expect(skill).toMatchObject({ dayBefore: null, daysAlike: null })
    expect(skill.persistence).not.toBeNull()
  })

  it('counts what lay within the band', () => {
    const band = (madeMs: number) => {
      const { values } = plan(madeMs, () => 0)
      return { low: values.map((value) => value - 1), high: values.map((value, k) => value + (k % 4 === 0 ? -0.5 : 1)) }
    }
    const { quality, compared } = judge(
      hourly(
        () => 0,
        (madeMs) => ({ band: band(madeMs) }),
      ),
      1,
    )
    expect(quality.coverage).toBeCloseTo(0.75, 9)
    expect(compared.low[1]).toBeLessThan(compared.high[1]!)
  })

  it('names the worst hours with who foresaw them', () => {
    const bad = first + 40
    const { worst } = judge(
      hourly((step) => (step >= bad && step < bad + 4 ? 300 : 1)),
      6,
    ).quality
    expect(worst).toHaveLength(8)
    expect(worst[0]).toMatchObject({ startMs: startMs + bad * stepMs, error: 300, madeMs: lastDayMs + 4 * hourMs })
    expect(worst[0]!.run).toBe(`run of ${lastDayMs + 4 * hourMs}`)
    expect(worst.slice(1).every(({ error }) => Math.abs(error - 1) < 1e-9)).toBe(true)
  })

  it('knows the steps that the plan in force moved', () => {
    const moves = (from: number) => ({ moves: Float64Array.from({ length: perDay }, (_, k) => (k >= from ? 1 : 0)) })
    const forecasts = [
      plan(lastDayMs - dayMs, () => 0, moves(90)),
      plan(lastDayMs, () => 0),
      plan(lastDayMs + 12 * hourMs, () => 0, moves(40)),
    ]
    const moved = movedSteps(grid, forecasts, oldestMs)
    const steps = [...moved].flatMap((flag, step) => (flag === 1 ? [step] : []))
    expect(steps).toEqual([
      ...[90, 91, 92, 93, 94, 95].map((k) => first - perDay + k),
      ...[40, 41, 42, 43, 44, 45, 46, 47].map((k) => first + 48 + k),
    ])
  })

  it('keeps its laws: |bias| ≤ mae ≤ rmse, and every step is a pair or a gap', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.double({ min: -500, max: 500, noNaN: true }), { nil: Number.NaN }), {
          minLength: 96,
          maxLength: 96,
        }),
        fc.constantFrom(1, 3, 6, 12),
        fc.integer({ min: 0, max: 95 }),
        (errors, lead, hole) => {
          const values = measured()
          values[first + hole] = Number.NaN
          const { quality } = judge(
            hourly((step) => errors[step % perDay]!),
            lead,
            { values },
          )
          const { pairs, gaps, bias, mae, rmse } = quality
          expect(pairs + gaps.moved + gaps.notForeseen + gaps.notMeasured).toBe(perDay)
          if (bias === null || mae === null || rmse === null) return expect(pairs).toBeLessThan(leastPairs)
          expect(Math.abs(bias)).toBeLessThanOrEqual(mae + 1e-9)
          expect(mae).toBeLessThanOrEqual(rmse + 1e-9)
        },
      ),
      { numRuns: 30 },
    )
  })
})
