import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../kernel/index.ts'
import { daysNeeded, type LoadForecast, learnLoad, methodFor, usableDays } from './learn-load.ts'
import { madeLoad, originOf } from './made-load.fixture.ts'
import { noPause } from './pause.ts'
import { coverage } from './proof/scores.ts'
import type { ForecastTask } from './task.ts'

const levels = [0.1, 0.5, 0.9]
const forecast = (task: ForecastTask, seed = 1): Promise<LoadForecast> =>
  learnLoad(task, originOf(task), { levels, random: seededRandom(seed), pause: noPause })
/** The fewest days from which everything is learnt, and one more. */
const fewDays = daysNeeded.ensemble + 1
const few = madeLoad({ days: fewDays })
let learntOfFew: Promise<LoadForecast> | undefined
const forecastOfFew = (): Promise<LoadForecast> => {
  learntOfFew ??= forecast(few)
  return learntOfFew
}
const errorOf = ({ median }: LoadForecast, task: ForecastTask): number =>
  median.reduce((sum, value, k) => sum + Math.abs(value - task.values[originOf(task) + k]!), 0) / median.length
const withHole = (task: ForecastTask, from: number, to: number): ForecastTask => ({
  ...task,
  values: task.values.slice().fill(Number.NaN, from, to),
})

// Learning takes a second or two; the time allowed is for machines that are busy with other tests.
describe('learning a load', { timeout: 180_000 }, () => {
  it('takes the method that the length of the history allows', () => {
    expect([0, 1, 2, 6, 7, 34, 35, 400].map(methodFor)).toEqual([
      ...['persistence', 'persistence', 'seasonal-naive', 'seasonal-naive'],
      ...['similar-day', 'similar-day', 'ensemble', 'ensemble'],
    ])
    expect(daysNeeded.ensemble).toBe(35)
    const task = madeLoad({ days: 10 })
    expect(usableDays(task, originOf(task))).toBe(10)
    // Half a day known counts, less does not.
    expect(usableDays(withHole(task, 0, 12), originOf(task))).toBe(10)
    expect(usableDays(withHole(task, 0, 13), originOf(task))).toBe(9)
  })

  it('comes near the noise of a load whose law it has seen', async () => {
    const task = madeLoad({ days: 60, noise: 4, temperature: true })
    const found = await forecast(task)
    expect(found.method).toBe('ensemble')
    // The mean absolute value of a normal error of 4 is 4 · √(2/π) = 3.19; nobody can be better in the long run.
    const { backtest } = found
    expect(backtest!.scores.absolute / backtest!.scores.count).toBeLessThan(1.25 * 3.19)
    expect(backtest!.scores.absolute).toBeLessThan(0.75 * backtest!.naive.absolute)
    expect(Math.abs(coverage(backtest!.scores) - 0.8)).toBeLessThan(0.08)
    expect(Object.values(found.weights).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9)
  })

  it('orders quantiles, with the median among them', async () => {
    const { median, quantiles } = await forecast(madeLoad({ days: 50, ahead: 2 }))
    const [low, middle, high] = quantiles!.values
    expect(middle).toEqual(median)
    median.forEach((value, k) => {
      expect(low![k]).toBeLessThanOrEqual(value)
      expect(high![k]).toBeGreaterThanOrEqual(value)
    })
  })

  it.each([4, 20, fewDays])('does not see what comes: %i days of history', async (days) => {
    const task = madeLoad({ days, temperature: true })
    const blind = withHole(task, originOf(task), task.values.length)
    const other = { ...task, values: task.values.slice().fill(1e5, originOf(task)) }
    const own = await forecast(task)
    expect(await forecast(blind)).toEqual(own)
    expect(await forecast(other)).toEqual(own)
  })

  it('says the same for the same seed, and nearly the same for another', async () => {
    const [own, same, other] = [await forecastOfFew(), await forecast(few), await forecast(few, 2)]
    expect(same).toEqual(own)
    expect(other.median).not.toEqual(own.median)
    other.median.forEach((value, k) => {
      expect(Math.abs(value - own.median[k]!)).toBeLessThan(6)
    })
  })

  it.each([4, 20, fewDays])('scales with the unit: %i days of history in W and in kW', async (days) => {
    const task = madeLoad({ days })
    // A power of two leaves the digits as they are.
    const scaled = { ...task, values: task.values.map((value) => 1024 * value) }
    const [own, other] = [await (days === fewDays ? forecastOfFew() : forecast(task)), await forecast(scaled)]
    own.median.forEach((value, k) => {
      expect(other.median[k]! / 1024).toBeCloseTo(value, 6)
    })
    expect(other.backtest!.scores.covered).toBe(own.backtest!.scores.covered)
  })

  it('goes on over holes and fills nothing in: a week lost, and every fifth value lost', async () => {
    const task = madeLoad({ days: 50 })
    const origin = originOf(task)
    const whole = errorOf(await forecast(task), task)
    const week = await forecast(withHole(task, origin - 20 * 24, origin - 13 * 24))
    expect(week.method).toBe('ensemble')
    expect(errorOf(week, task)).toBeLessThan(1.3 * whole)
    const sieve = { ...task, values: task.values.map((value, k) => (k % 5 === 0 ? Number.NaN : value)) }
    expect(errorOf(await forecast(sieve), task)).toBeLessThan(1.3 * whole)
  })

  it('has no quantiles when no error of the past is known', async () => {
    const task = madeLoad({ days: 1 })
    const { method, median, quantiles, backtest } = await forecast(task)
    expect(method).toBe('persistence')
    expect(median.every((value) => value === task.values[originOf(task) - 1])).toBe(true)
    expect(quantiles).toBeUndefined()
    expect(backtest).toBeUndefined()
  })

  it('looks further ahead than it can look back: a week from three days', async () => {
    const task = madeLoad({ days: 3, ahead: 7 })
    const { method, median } = await forecast(task)
    expect(method).toBe('seasonal-naive')
    expect(median).toHaveLength(168)
    expect(median.every(Number.isFinite)).toBe(true)
  })

  it.each(['2026-03-28', '2026-10-24'])(
    'crosses a change of the clock: forecast from around %s in Berlin',
    async (from) => {
      const startDays = 45
      const first = new Date(Date.parse(from) - startDays * 86_400_000).toISOString().slice(0, 10)
      const task = madeLoad({ days: startDays, ahead: 3, zone: 'Europe/Berlin', from: first, noise: 1 })
      const found = await forecast(task)
      expect(found.method).toBe('ensemble')
      // One hour of confusion would cost about 8 kW on the flanks of the day's wave.
      expect(errorOf(found, task)).toBeLessThan(2.5)
    },
  )

  it('never forecasts below zero what never was', async () => {
    const task = madeLoad({ days: fewDays, noise: 30 })
    const clipped = { ...task, values: task.values.map((value) => Math.max(0, value - 60)) }
    const { quantiles } = await forecast(clipped)
    for (const own of quantiles!.values) expect(Math.min(...own)).toBeGreaterThanOrEqual(0)
  })

  it('stops when it is cancelled', async () => {
    const cancelled = async (): Promise<void> => {
      throw new Error('cancelled')
    }
    const task = madeLoad({ days: 40 })
    await expect(
      learnLoad(task, originOf(task), { levels, random: seededRandom(1), pause: cancelled }),
    ).rejects.toThrow('cancelled')
  })
})
