import type { DataPort, SeriesSource, Site, TimeGrid } from '../../kernel/index.ts'
import { createCalendar } from './calendar.ts'
import type { History } from './history.ts'
import type { ForecastTask } from './task.ts'

/** Absolute zero, °C. */
const zeroKelvinC = -273.15
/** Shares of steps whose temperature must be known for it to be of use. */
const neededShare = { past: 0.5, ahead: 0.9 }

/** History and horizon on one grid; the values ahead are missing. */
export function buildTask(
  history: History,
  horizon: TimeGrid,
  { zone, holidays }: { readonly zone: string; readonly holidays: readonly string[] },
): ForecastTask {
  const before = history.values.length
  const grid: TimeGrid = {
    startMs: horizon.startMs - before * horizon.stepMs,
    stepMs: horizon.stepMs,
    count: before + horizon.count,
  }
  const values = new Float64Array(grid.count).fill(Number.NaN)
  values.set(history.values)
  return { calendar: createCalendar(grid, zone, holidays), values, horizon: horizon.count }
}

/** The task with air temperature, or as it is where that is missing in much of the past or ahead. */
export async function withTemperature(
  task: ForecastTask,
  source: SeriesSource,
  site: Site,
  data: DataPort,
): Promise<ForecastTask> {
  const { grid } = task.calendar
  // A column of a file is asked for in K: the kernel's check for amounts a step knows no product of °C.
  const inKelvin = typeof source === 'object' && 'file' in source
  const read = await data.series(site, { source, grid, unit: inKelvin ? 'K' : 'degC', path: 'temperature' })
  const temperatureC = inKelvin ? read.values.map((kelvin) => kelvin + zeroKelvinC) : read.values
  const before = grid.count - task.horizon
  const known = (from: number, to: number): number =>
    temperatureC.subarray(from, to).reduce((sum, value) => sum + Number(!Number.isNaN(value)), 0) / (to - from)
  const useful = known(0, before) >= neededShare.past && known(before, grid.count) >= neededShare.ahead
  return useful ? { ...task, temperatureC } : task
}
