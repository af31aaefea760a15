import { seededRandom, sha256Hex, type TimeGrid } from '../../kernel/index.ts'
import { type Calendar, createCalendar } from '../forecast/calendar.ts'
import { lookUp, naiveDay, similarDay } from '../forecast/simple-methods.ts'

export interface ForeseeRequest {
  /** Site-file path of the series. */
  readonly path: string
  /** All values that there are; those from `origin` on are not to be looked at by an honest forecaster. NaN is missing. */
  readonly values: Float64Array
  readonly grid: TimeGrid
  readonly origin: number
  readonly count: number
}

/** Values from an origin on. */
export type Foresee = (request: ForeseeRequest) => Float64Array | Promise<Float64Array>

/** Whether nobody knows a series ahead: what is asked for and what nature gives; by its path in the site file. */
export const isUncertain = (path: string): boolean => /^assets\.[^.]+\.(demand|production|flow|inflow)$/.test(path)

export type ForecastMode = 'similar-day' | 'persistence' | 'noisy' | 'perfect'

export interface ForecasterOptions {
  readonly zone: string
  readonly holidays: readonly string[]
  /** Of `noisy`: standard deviation a day ahead, a share of the value. */
  readonly noiseShare: number
  readonly seed: number
  /** Makes one of many futures: the forecast with an error like that of `noisy` on top. */
  readonly spreadShare?: number
}

/** Hours after which a recent error is half forgotten, and over which it is measured. */
const memoryHours = 3
const lookBackHours = 2

/**
 * Quick forecasts for control and backtests, each from nothing but what lay before its origin (but for `perfect` and `noisy`,
 * which look at the truth and say so). Another method of `energy.forecast` is another function of this shape.
 */
export function createForecaster(mode: ForecastMode, options: ForecasterOptions): Foresee {
  const foresee = plainForecaster(mode, options)
  if (options.spreadShare === undefined) return foresee
  const spread = noisy({ ...options, noiseShare: options.spreadShare })
  return async (request) => {
    const median = await foresee(request)
    const values = new Float64Array(request.origin + median.length)
    values.set(median, request.origin)
    return spread({ ...request, values })
  }
}

function plainForecaster(mode: ForecastMode, options: ForecasterOptions): Foresee {
  switch (mode) {
    case 'perfect':
      return ({ values, origin, count }) => values.slice(origin, origin + count)
    case 'noisy':
      return noisy(options)
    case 'persistence':
      return fromHistory(options, (request, calendar) => simple(naiveDay, request, calendar))
    case 'similar-day':
      return fromHistory(options, (request, calendar) =>
        isNature(request.path) ? natureOf(request, calendar) : workOf(request, calendar),
      )
  }
}

const isNature = (path: string): boolean => !path.endsWith('.demand')

type FromCalendar = (request: ForeseeRequest, calendar: Calendar) => Float64Array

function fromHistory({ zone, holidays }: ForecasterOptions, method: FromCalendar): Foresee {
  const calendars = new Map<TimeGrid, Calendar>()
  return (request) => {
    const calendar = calendars.get(request.grid) ?? createCalendar(request.grid, zone, holidays)
    calendars.set(request.grid, calendar)
    return method(request, calendar)
  }
}

const simple = (method: typeof naiveDay, { values, origin, count }: ForeseeRequest, calendar: Calendar): Float64Array =>
  lookUp(method, { calendar, values, horizon: count }, origin)

/** Similar days, moved by how far off they were in the last hours; the move is forgotten with lead time. */
function workOf(request: ForeseeRequest, calendar: Calendar): Float64Array {
  const { values, grid, origin, count } = request
  const back = Math.min(origin, Math.max(1, Math.round((lookBackHours * 3_600_000) / grid.stepMs)))
  const ahead = simple(similarDay, request, calendar)
  const behind = simple(similarDay, { ...request, origin: origin - back, count: back }, calendar)
  let error = 0
  let known = 0
  for (let k = 0; k < back; k += 1) {
    const off = values[origin - back + k]! - behind[k]!
    if (Number.isNaN(off)) continue
    error += off
    known += 1
  }
  if (known === 0) return ahead
  const fade = 0.5 ** (grid.stepMs / 3_600_000 / memoryHours)
  return ahead.map((value, k) => Math.max(0, value + (error / known) * fade ** (k + 1))).slice(0, count)
}

/** The mean of the last days at the same clock time, in proportion to how the last hours compare with it. */
function natureOf(request: ForeseeRequest, calendar: Calendar): Float64Array {
  const { values, grid, origin, count } = request
  const days = 5
  const usual = (step: number): number => {
    let sum = 0
    let known = 0
    for (let back = 1; back <= days + 1 && known < days; back += 1) {
      const then = calendar.stepAt(calendar.day[step]! - back, calendar.slot[step]!)
      if (then < 0 || then >= origin || Number.isNaN(values[then]!)) continue
      sum += values[then]!
      known += 1
    }
    return known > 0 ? sum / known : Number.NaN
  }
  const back = Math.min(origin, Math.max(1, Math.round((lookBackHours * 3_600_000) / grid.stepMs)))
  let was = 0
  let wouldBe = 0
  for (let step = origin - back; step < origin; step += 1) {
    const then = usual(step)
    if (Number.isNaN(then) || Number.isNaN(values[step]!)) continue
    was += values[step]!
    wouldBe += then
  }
  const ratio = wouldBe > 0 ? Math.min(2, was / wouldBe) : 1
  const fade = 0.5 ** (grid.stepMs / 3_600_000 / memoryHours)
  const last = (): number => values[origin - 1] ?? Number.NaN
  return Float64Array.from({ length: count }, (_, k) => {
    const value = usual(origin + k)
    return (Number.isNaN(value) ? last() : value) * (1 + (ratio - 1) * fade ** (k + 1))
  })
}

/** Truth with an error that grows with lead time and goes from step to step; the same for the same origin. */
function noisy({ noiseShare, seed }: ForecasterOptions): Foresee {
  return ({ path, values, grid, origin, count }) => {
    const random = seededRandom(seed + origin * 7919 + Number.parseInt(sha256Hex(path).slice(0, 7), 16))
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
    const kept = 0.5 ** (grid.stepMs / 3_600_000 / memoryHours)
    let noise = normal()
    return Float64Array.from({ length: count }, (_, k) => {
      noise = kept * noise + Math.sqrt(1 - kept * kept) * normal()
      const leadHours = ((k + 1) * grid.stepMs) / 3_600_000
      return Math.max(0, values[origin + k]! * (1 + noiseShare * Math.min(1, Math.sqrt(leadHours / 24)) * noise))
    })
  }
}
