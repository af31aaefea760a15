import { describe, expect, it } from 'vitest'
import {
  type RealLoadName,
  readRealLoad,
  realLoads,
  realLoadsPresent,
} from '../../energy/forecast/real-load.fixture.ts'
import { findAnomalies, type MeterSeries } from './index.ts'

const falseAlarmDaysPerYear = 24

/** What was measured, and days that teach before those that are judged. */
async function read(name: RealLoadName, taughtDays: number, judgedDays: number) {
  const { calendar, values } = await readRealLoad(name)
  const { grid, zone, slots } = calendar
  const count = (taughtDays + judgedDays) * slots
  const series: MeterSeries = {
    values: values.slice(0, count),
    grid: { ...grid, count },
    zone,
    holidays: new Set(realLoads[name].holidays),
  }
  return { series, slots, judgeFrom: taughtDays * slots }
}

describe.skipIf(!realLoadsPresent())('loads that were measured (they lie in ../shared, which is not there)', () => {
  it.each<[RealLoadName, number, number, number, number]>([
    // Days that teach and that are judged; the most days that may be called odd, and the least share of faults that is found.
    ['victoria', 365, 365, 0.16, 0.9],
    // Furnaces that follow no clock: what is usual is so wide that most faults hide in it.
    ['steel', 120, 120, 0.16, 0.2],
  ])('%s: few days are odd, planted faults are found', async (name, taught, judged, mostOdd, leastFound) => {
    const { series, slots, judgeFrom } = await read(name, taught, judged)
    const options = { judgeFrom, falseAlarmDaysPerYear }
    const clean = findAnomalies(series, options)
    const oddDays = new Set(clean.anomalies.map(({ from }) => Math.floor(from / slots)))
    const values = series.values.slice()
    const range = values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b))
    const hour = slots / 24
    const faults: { readonly from: number; readonly to: number }[] = []
    for (let day = taught + 3, index = 0; day < taught + judged - 2; day += 7, index += 1) {
      const from = day * slots + [2, 9, 13, 10][index % 4]! * hour
      const to = from + [4 * hour, 4 * hour, 1, 3 * hour][index % 4]!
      faults.push({ from, to })
      for (let at = from; at < to; at += 1) {
        if (index % 4 === 0) values[at]! += 0.5 * range
        else if (index % 4 === 1) values[at]! -= 0.6 * range
        else if (index % 4 === 2) values[at]! += range
        else values[at] = values[from - 1]! + 1e-6
      }
    }
    const found = findAnomalies({ ...series, values }, options)
    const seen = faults.filter((fault) => found.anomalies.some(({ from, to }) => from < fault.to && fault.from < to))
    const told = { oddShare: oddDays.size / judged, recall: seen.length / faults.length }
    expect(told.oddShare, JSON.stringify(told)).toBeLessThan(mostOdd)
    expect(told.recall, JSON.stringify(told)).toBeGreaterThanOrEqual(leastFound)
  })
})
