import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runSavings } from './run-savings.fixture.ts'

/** Measured demand of the state of Victoria, not part of the repository; see `../shared/data/SOURCES.md`. */
const file = join(import.meta.dirname, '../../../../shared/data/energy/load/AU_VIC_demand_temp_30min_2012_2014.csv')

/** Rows become hours: the mean of two halves, so that reading takes half the time. */
function hourlyText(): string {
  const [, ...rows] = readFileSync(file, 'utf8').trim().split('\n')
  const hours = rows.slice(0, 2 * 365 * 48 + 96).flatMap((row, k) => {
    const next = rows[k + 1]
    if (k % 2 === 1 || next === undefined) return []
    const [a, b] = [row.split(','), next.split(',')]
    return `${a[0]},${Number(a[1]) + Number(b[1])},${(Number(a[2]) + Number(b[2])) / 2}`
  })
  return ['Time,Demand,Temperature', ...hours].join('\n')
}

const holidays = [
  ...['2012-01-01', '2012-01-02', '2012-01-26', '2012-03-12', '2012-04-06', '2012-04-09', '2012-04-25', '2012-06-11'],
  ...['2012-11-06', '2012-12-25', '2012-12-26', '2013-01-01', '2013-01-28', '2013-03-11', '2013-03-29', '2013-04-01'],
  ...['2013-04-25', '2013-06-10', '2013-11-05', '2013-12-25', '2013-12-26'],
]
const time = { column: 'Time' }

describe.skipIf(!existsSync(file))('a state that took no measure (skipped without ../shared/data)', () => {
  const texts = existsSync(file) ? { 'vic.csv': hourlyText() } : {}
  const run = (granularity: string) =>
    runSavings(
      {
        baseline: { from: '2012-01-01', to: '2013-01-01' },
        reporting: { from: '2013-01-01', to: '2014-01-01' },
        granularity,
        holidays,
        meters: { state: { source: { file: 'vic.csv', column: 'Demand', unit: 'MWh', per: 'step', time } } },
        temperature: { file: 'vic.csv', column: 'Temperature', unit: 'degC', time },
      },
      { zone: 'Australia/Melbourne', texts },
    )

  it.each([
    ['daily', 0.05, 0.06],
    ['hourly', 0.07, 0.08],
    ['monthly', 0.035, 0.04],
  ])('%s: CV(RMSE) below %d, on unseen days below %d; no acceptable savings', async (granularity, within, unseen) => {
    const { meters, acceptable } = await run(granularity)
    const [meter] = meters
    const { statistics, outOfSample } = meter!.model
    expect(statistics.cvRmse).toBeLessThan(within)
    expect(outOfSample!.cvRmse).toBeLessThan(unseen)
    // Demand did fall, by one to two per cent beside the weather: a drift that no interval of a regression knows.
    expect(Math.abs(meter!.savingsShare!)).toBeLessThan(0.02)
    expect(meter!.checks.find(({ code }) => code === 'uncertainty')!.ok).toBe(false)
    expect(acceptable).toBe(false)
  })
})
