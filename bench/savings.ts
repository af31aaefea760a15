import { fitBaseline } from '../src/energy/savings/baseline.ts'
import { dailyOf, normals, yearsOfWeather } from '../src/energy/savings/observations.fixture.ts'
import type { Observations } from '../src/energy/savings/observations.ts'
import type { Choice } from '../src/energy/savings/select.ts'
import { oneEach } from '../src/energy/savings/temperatures.ts'
import { figure, percentile, report } from './report.ts'

/** Goals: all candidates of a year, and its cross-validation. */
const goalMs = { daily: 1000, hourly: 4000 }

const draw = normals(1)
const days = yearsOfWeather(365, draw)
const use = (celsius: number): number => 400 + 25 * Math.max(0, 13 - celsius) + 35 * Math.max(0, celsius - 19)
const daily = dailyOf(
  days.map((value) => use(value) + 60 * draw()),
  days,
)

const hours = Float64Array.from(
  { length: 8760 },
  (_, k) => days[Math.floor(k / 24)]! + 4 * Math.sin((k * Math.PI) / 12),
)
const hourly: Observations = {
  startMs: hours.map((_, k) => daily.startMs[0]! + k * 3_600_000),
  endMs: hours.map((_, k) => daily.startMs[0]! + (k + 1) * 3_600_000),
  length: new Float64Array(8760).fill(1),
  rate: hours.map((value, k) => use(value) / 24 + (k % 24 > 7 && k % 24 < 19 ? 10 : 0) + 3 * draw()),
  weight: new Float64Array(8760).fill(1),
  hourOfWeek: Int32Array.from(hours, (_, k) => k % 168),
  place: Int32Array.from(hours, (_, k) => k),
  temperatures: oneEach(hours),
  variables: [],
}

const shared = { criterion: 'bic', variables: [] } as const
const choices: Readonly<Record<'daily' | 'hourly', Choice>> = {
  daily: {
    ...shared,
    granularity: 'daily',
    shapes: ['1P', '2P', '3PH', '3PC', '4P', '5P'],
    groupings: ['none', 'weekend', 'weekday'],
  },
  hourly: { ...shared, granularity: 'hourly', shapes: ['TOW', 'TOWT'], groupings: ['none'] },
}

function measure(name: 'daily' | 'hourly', observations: Observations): number {
  const missing = { energy: 0, temperature: 0, variables: 0 }
  const times = Array.from({ length: 9 }, () => {
    const start = performance.now()
    fitBaseline({ observations, expected: observations.rate.length, missing }, choices[name], name, name)
    return performance.now() - start
  })
  return percentile(times.slice(2), 0.5)
}

report('savings', [
  figure('a daily baseline: 18 candidates, 10 folds', { value: measure('daily', daily), goal: goalMs.daily }),
  figure('an hourly baseline: TOW and TOWT, 10 folds', { value: measure('hourly', hourly), goal: goalMs.hourly }),
])
