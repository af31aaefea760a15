import { runningSums } from './running-sums.ts'
import { quantileOf } from './select.ts'
import type { ForecastTask } from './task.ts'

/** Days before the target's in which a value at the same clock time is looked for. */
const reachDays = 35
const hoursPerMs = 1 / 3_600_000

const plainNames = [
  'slot',
  'weekday',
  'kind',
  'kindBefore',
  'kindAfter',
  'lead',
  'dayOfYear',
  'recent0',
  'recent1',
  'week0',
  'week1',
  'recentMean',
  'weekMean',
  'kind0',
  'kindMean3',
  'kindMean8',
  'kindMedian',
  'kindSpread',
  'recentSpread',
  'recentSmooth',
  'weekSmooth',
  'kindSmooth',
  'kindUsual',
  'last',
  'lastHour',
  'last3Hours',
  'last24Hours',
  'last7Days',
  'last24HoursRise',
  'last3HoursRise',
  'last7DaysRise',
] as const

const temperatureNames = [
  'temperature',
  'temperature3Hours',
  'temperature24Hours',
  'temperature72Hours',
  'temperatureDayMax',
  'temperatureRecent',
  'temperatureWeek',
  'temperatureKind',
  'temperatureRecentDay',
  'temperatureWeekDay',
] as const

export type FeatureName = (typeof plainNames)[number] | (typeof temperatureNames)[number]

/** What can be known of a target step at an origin: nothing at or after the origin is read but calendar and temperature. */
export interface Features {
  readonly names: readonly FeatureName[]
  /** Writes the features of `target` as seen from `origin` into `out`, from `offset` on; NaN is missing. */
  fill(origin: number, target: number, out: Float64Array, offset: number): void
}

/**
 * Features of load forecasting: calendar, the same clock time on days before (recent days, same weekday, same kind of
 * day), the state at the origin, temperature at the target and at the days compared with.
 * Source of the choice: Hong & Fan, International Journal of Forecasting 32 (2016) 914; Lago et al., Applied Energy 293
 * (2021) 116983, section 4 (open benchmark of day-ahead forecasts).
 */
export function createFeatures({ calendar, values, temperatureC, horizon }: ForecastTask): Features {
  const { grid, day, slot, slots } = calendar
  const perHour = Math.max(1, Math.round(1 / (grid.stepMs * hoursPerMs)))
  const perDay = slots
  const sums = runningSums(values)
  const heat = temperatureC && runningSums(temperatureC)
  const wholeYear = grid.count - horizon > 400 * slots
  const names = [...plainNames, ...(temperatureC ? temperatureNames : [])]

  const recent = new Float64Array(7)
  const weekly = new Float64Array(4)
  const alike = new Float64Array(8)

  function fill(origin: number, target: number, out: Float64Array, offset: number): void {
    const ofDay = day[target]!
    const ofSlot = slot[target]!
    const kind = calendar.kind(ofDay)
    const at = (daysBefore: number): number => {
      const step = calendar.stepAt(ofDay - daysBefore, ofSlot)
      return step < origin ? step : -1
    }
    const valueAt = (step: number): number => (step < 0 ? Number.NaN : values[step]!)
    /** Mean of two hours around a step, of what lies before the origin. */
    const smoothAt = (step: number): number =>
      step < 0 ? Number.NaN : sums.mean(step - perHour, Math.min(origin, step + perHour + 1), 0.3)

    let first = 1
    while (first < reachDays && at(first) < 0 && calendar.stepAt(ofDay - first, ofSlot) >= origin) first += 1
    for (let j = 0; j < recent.length; j += 1) recent[j] = valueAt(at(first + j))
    const firstWeek = 7 * Math.ceil(first / 7)
    for (let j = 0; j < weekly.length; j += 1) weekly[j] = valueAt(at(firstWeek + 7 * j))
    let found = 0
    let kindStep = -1
    let usualSum = 0
    let usualCount = 0
    for (let back = first; back <= reachDays; back += 1) {
      if (!sameKind(calendar.kind(ofDay - back), kind)) continue
      const step = at(back)
      const smooth = smoothAt(step)
      if (!Number.isNaN(smooth)) {
        usualSum += smooth
        usualCount += 1
      }
      const value = valueAt(step)
      if (Number.isNaN(value) || found === alike.length) continue
      if (found === 0) kindStep = step
      alike[found] = value
      found += 1
    }

    let k = offset
    const put = (value: number): void => {
      out[k] = value
      k += 1
    }
    put(ofSlot)
    put(calendar.weekday(ofDay))
    put(kind)
    put(calendar.kind(ofDay - 1))
    put(calendar.kind(ofDay + 1))
    put(target - origin)
    put(wholeYear ? ofDay % 365.2425 : 0)
    put(recent[0]!)
    put(recent[1]!)
    put(weekly[0]!)
    put(weekly[1]!)
    put(meanOf(recent, recent.length))
    put(meanOf(weekly, weekly.length))
    put(found > 0 ? alike[0]! : Number.NaN)
    put(meanOf(alike, Math.min(3, found)))
    put(meanOf(alike, found))
    put(quantileOf(alike.subarray(0, found), 0.5))
    put(spreadOf(alike, found))
    put(spreadOf(recent, recent.length))
    put(smoothAt(at(first)))
    put(smoothAt(at(firstWeek)))
    put(smoothAt(kindStep))
    put(usualCount > 0 ? usualSum / usualCount : Number.NaN)
    const last24 = sums.mean(origin - perDay, origin)
    const last7 = sums.mean(origin - 7 * perDay, origin)
    put(origin > 0 ? values[origin - 1]! : Number.NaN)
    put(sums.mean(origin - perHour, origin))
    put(sums.mean(origin - 3 * perHour, origin))
    put(last24)
    put(last7)
    put(last24 - sums.mean(origin - 8 * perDay, origin - 7 * perDay))
    put(sums.mean(origin - 3 * perHour, origin) - sums.mean(origin - 7 * perDay - 3 * perHour, origin - 7 * perDay))
    put(last7 - sums.mean(origin - 28 * perDay, origin - 7 * perDay, 0.3))
    if (!temperatureC || !heat) return
    const dayStart = target - ofSlot
    let warmest = Number.NaN
    for (let step = Math.max(0, dayStart); step < Math.min(origin + horizon, dayStart + perDay); step += 1) {
      const value = temperatureC[step]!
      if (!(value <= warmest) && !Number.isNaN(value)) warmest = value
    }
    const warmthAt = (step: number): number => (step < 0 ? Number.NaN : temperatureC[step]!)
    const warmth24At = (step: number): number => (step < 0 ? Number.NaN : heat.mean(step - perDay + 1, step + 1))
    put(temperatureC[target]!)
    put(heat.mean(target - 3 * perHour + 1, target + 1))
    put(warmth24At(target))
    put(heat.mean(target - 3 * perDay + 1, target + 1))
    put(warmest)
    put(warmthAt(at(first)))
    put(warmthAt(at(firstWeek)))
    put(warmthAt(kindStep))
    put(warmth24At(at(first)))
    put(warmth24At(at(firstWeek)))
  }
  return { names, fill }
}

/** Sundays and holidays are days off alike. */
const sameKind = (a: number, b: number): boolean => a === b || (a >= 2 && b >= 2)

/** Mean of what is present among the first `count`. */
function meanOf(values: Float64Array, count: number): number {
  let sum = 0
  let known = 0
  for (let j = 0; j < count; j += 1) {
    const value = values[j]!
    if (Number.isNaN(value)) continue
    sum += value
    known += 1
  }
  return known > 0 ? sum / known : Number.NaN
}

function spreadOf(values: Float64Array, count: number): number {
  const mean = meanOf(values, count)
  let sum = 0
  let known = 0
  for (let j = 0; j < count; j += 1) {
    const value = values[j]!
    if (Number.isNaN(value)) continue
    sum += (value - mean) ** 2
    known += 1
  }
  return known > 1 ? Math.sqrt(sum / (known - 1)) : Number.NaN
}
