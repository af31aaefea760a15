import { parseInstant, seededRandom, type TimeGrid } from '../../kernel/index.ts'
import { createCalendar } from './calendar.ts'
import type { ForecastTask } from './task.ts'

export interface MadeLoad {
  readonly days: number
  /** Minutes; default 60. */
  readonly step?: number
  readonly zone?: string
  /** Local date of the first day; default a Monday. */
  readonly from?: string
  /** Standard deviation of the noise, kW; default 4. */
  readonly noise?: number
  readonly seed?: number
  /** Days that a forecast looks ahead; default 1. */
  readonly ahead?: number
  readonly temperature?: boolean
}

/** Standard normal by Box and Muller, Annals of Mathematical Statistics 29 (1958) 610. */
export function normalOf(random: { next(): number }): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
}

/**
 * A load of a known law: 100 kW, a wave over the day, 40 kW less at weekends, 2 kW for every degree above 20 °C where
 * there is temperature, and normal noise. Its last day(s) are the horizon and hold what comes, for tests to compare with.
 */
export function madeLoad(made: MadeLoad): ForecastTask {
  const { days, step = 60, zone = 'UTC', from = '2024-01-01', noise = 4, seed = 1, ahead = 1 } = made
  const stepMs = step * 60_000
  const startMs = parseInstant(from, zone)
  const slots = 1440 / step
  const grid: TimeGrid = { startMs, stepMs, count: (days + ahead) * slots }
  const calendar = createCalendar(grid, zone)
  const random = seededRandom(seed)
  const values = new Float64Array(grid.count)
  const temperatureC = new Float64Array(grid.count)
  let warmth = 0
  for (let k = 0; k < grid.count; k += 1) {
    const turn = (2 * Math.PI * calendar.slot[k]!) / slots
    if (calendar.slot[k] === 0) warmth = 0.7 * warmth + 3 * normalOf(random)
    temperatureC[k] = 20 + warmth - 5 * Math.cos(turn)
    const weekend = calendar.weekday(calendar.day[k]!) >= 6
    values[k] = 100 - 30 * Math.cos(turn) - (weekend ? 40 : 0) + noise * normalOf(random)
    if (made.temperature) values[k] = values[k]! + 2 * Math.max(0, temperatureC[k]! - 20)
  }
  return { calendar, values, horizon: ahead * slots, ...(made.temperature ? { temperatureC } : {}) }
}

/** The step from which a made load is to be forecast. */
export const originOf = ({ values, horizon }: ForecastTask): number => values.length - horizon
