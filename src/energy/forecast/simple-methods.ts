import type { Fitted } from './method.ts'
import { quantileOf } from './select.ts'
import type { ForecastTask } from './task.ts'

/** Methods that learn nothing: they look up what was. What they cannot find, the next simpler one finds. */
export type SimpleMethod = (task: ForecastTask, origin: number, target: number) => number

const reachDays = 35
/** Days of the same kind whose median is taken. */
const alikeDays = 8

/** The last known value before the origin. */
export const persistence: SimpleMethod = ({ values }, origin) => {
  for (let step = origin - 1; step >= 0; step -= 1) if (!Number.isNaN(values[step]!)) return values[step]!
  return Number.NaN
}

/** The known value at the same clock time, `everyDays` days before or the first multiple of it that is known. */
const sameClock =
  (everyDays: number): SimpleMethod =>
  ({ calendar, values }, origin, target) => {
    for (let back = everyDays; back <= reachDays; back += everyDays) {
      const step = calendar.stepAt(calendar.day[target]! - back, calendar.slot[target]!)
      if (step >= 0 && step < origin && !Number.isNaN(values[step]!)) return values[step]!
    }
    return Number.NaN
  }

const orElse =
  (...methods: readonly SimpleMethod[]): SimpleMethod =>
  (task, origin, target) => {
    for (const method of methods) {
      const value = method(task, origin, target)
      if (!Number.isNaN(value)) return value
    }
    return Number.NaN
  }

/** Same clock time, the last day that is known; NaN where none is. */
export const dayBefore: SimpleMethod = sameClock(1)
/** Same clock time, the day before. */
export const naiveDay: SimpleMethod = orElse(dayBefore, persistence)
/** Same clock time, the week before. */
export const naiveWeek: SimpleMethod = orElse(sameClock(7), sameClock(1), persistence)

/** Median of the same clock time on the last days of the same kind; Sundays and holidays are alike. NaN where none is known. */
export const daysAlike: SimpleMethod = (task, origin, target) => {
  const { calendar, values } = task
  const day = calendar.day[target]!
  const kind = Math.min(2, calendar.kind(day))
  const found: number[] = []
  for (let back = 1; back <= reachDays && found.length < alikeDays; back += 1) {
    if (Math.min(2, calendar.kind(day - back)) !== kind) continue
    const step = calendar.stepAt(day - back, calendar.slot[target]!)
    if (step >= 0 && step < origin && !Number.isNaN(values[step]!)) found.push(values[step]!)
  }
  return quantileOf(found, 0.5)
}
/** The same, or what is simpler. */
export const similarDay: SimpleMethod = orElse(daysAlike, naiveDay)

/** Values of a simple method for the steps after an origin. */
export function lookUp(method: SimpleMethod, task: ForecastTask, origin: number): Float64Array {
  const count = Math.min(task.horizon, task.values.length - origin)
  return Float64Array.from({ length: count }, (_, k) => method(task, origin, origin + k))
}

/** A simple method as one that has learnt. */
export const fittedSimple = (method: SimpleMethod, task: ForecastTask): Fitted => ({
  forecast: (origin) => ({ points: [lookUp(method, task, origin)], spreads: [] }),
})
