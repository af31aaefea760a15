import { offsetMsAt, stepStartMs } from '../../kernel/index.ts'
import type { Period } from './period.ts'
import { oneEach, pickTemperatures, type Temperatures } from './temperatures.ts'

/**
 * What a model is fitted to: hours, days or billing periods, in the order of time. Incomplete ones are left out.
 */
export interface Observations {
  readonly startMs: Float64Array
  readonly endMs: Float64Array
  /** Length of each, in the time of the rate: hours for hourly observations, else days of 24 h. */
  readonly length: Float64Array
  /** Energy a length of time: kWh/h for hourly observations, else kWh/d. */
  readonly rate: Float64Array
  /** Weight in the sum of squares: the length of billing periods (CalTRACK 3.4.2), else 1. */
  readonly weight: Float64Array
  /** Hour of the week from Monday, a holiday as a Sunday; for days and billing periods the hour of their start. */
  readonly hourOfWeek: Int32Array
  /** Place in the calendar: neighbours differ by one. */
  readonly place: Int32Array
  readonly temperatures?: Temperatures
  /** Further independent variables, means over the observation. */
  readonly variables: readonly Float64Array[]
}

/** What was measured on the grid of a period. NaN is missing. */
export interface Measured {
  readonly powerKw: Float64Array
  readonly temperatureC?: Float64Array
  readonly variables: readonly Float64Array[]
}

export interface Observed {
  readonly observations: Observations
  /** Observations that there should be. */
  readonly expected: number
  /** Days left out, by what was missing first. */
  readonly missing: { readonly energy: number; readonly temperature: number; readonly variables: number }
}

export const countOf = ({ rate }: Observations): number => rate.length

/** Some of the observations, in the order asked for. */
export function pickObservations(all: Observations, chosen: Int32Array): Observations {
  const pick = (values: Float64Array): Float64Array => Float64Array.from(chosen, (i) => values[i]!)
  return {
    startMs: pick(all.startMs),
    endMs: pick(all.endMs),
    length: pick(all.length),
    rate: pick(all.rate),
    weight: pick(all.weight),
    hourOfWeek: Int32Array.from(chosen, (i) => all.hourOfWeek[i]!),
    place: Int32Array.from(chosen, (i) => all.place[i]!),
    ...(all.temperatures ? { temperatures: pickTemperatures(all.temperatures, chosen) } : {}),
    variables: all.variables.map(pick),
  }
}

/** Whole days of a period: mean of each series over each day; a day in which a step is missing is NaN. */
export interface DayMeans {
  readonly period: Period
  readonly powerKw: Float64Array
  readonly temperatureC?: Float64Array
  readonly variables: readonly Float64Array[]
  readonly complete: readonly boolean[]
  readonly missing: Observed['missing']
}

export function dayMeans(period: Period, { powerKw, temperatureC, variables }: Measured): DayMeans {
  const { grid, dayStartsMs, days } = period
  const meansOf = (values: Float64Array): Float64Array =>
    Float64Array.from({ length: days }, (_, day) => {
      const from = Math.round((dayStartsMs[day]! - grid.startMs) / grid.stepMs)
      const to = Math.round((dayStartsMs[day + 1]! - grid.startMs) / grid.stepMs)
      let sum = 0
      for (let k = from; k < to; k += 1) sum += values[k]!
      return sum / (to - from)
    })
  const missing = { energy: 0, temperature: 0, variables: 0 }
  const power = meansOf(powerKw)
  const celsius = temperatureC && meansOf(temperatureC)
  const others = variables.map(meansOf)
  const complete = Array.from({ length: days }, (_, day) => {
    const lacks = Number.isNaN(power[day]!)
      ? 'energy'
      : celsius && Number.isNaN(celsius[day]!)
        ? 'temperature'
        : others.some((values) => Number.isNaN(values[day]!))
          ? 'variables'
          : undefined
    if (lacks) missing[lacks] += 1
    return lacks === undefined
  })
  return { period, powerKw: power, ...(celsius ? { temperatureC: celsius } : {}), variables: others, complete, missing }
}

/** A complete day is one observation. A day of 23 or 25 hours counts as what it is: its rate is that of 24 hours. */
export function dailyObservations(means: DayMeans): Observed {
  const { period, complete, missing } = means
  const days = Int32Array.from(complete.flatMap((whole, day) => (whole ? [day] : [])))
  const of = (values: Float64Array): Float64Array => Float64Array.from(days, (day) => values[day]!)
  const startMs = of(period.dayStartsMs)
  const endMs = Float64Array.from(days, (day) => period.dayStartsMs[day + 1]!)
  const observations: Observations = {
    startMs,
    endMs,
    length: startMs.map((ms, i) => (endMs[i]! - ms) / 86_400_000),
    rate: of(means.powerKw).map((kw) => kw * 24),
    weight: new Float64Array(days.length).fill(1),
    hourOfWeek: Int32Array.from(days, (day) => period.weekday[day]! * 24),
    place: days,
    ...(means.temperatureC ? { temperatures: oneEach(of(means.temperatureC)) } : {}),
    variables: means.variables.map(of),
  }
  return { observations, expected: period.days, missing }
}

/** The steps of complete days, one observation each. */
export function hourlyObservations(means: DayMeans, measured: Measured, zone: string): Observed {
  const { period, complete, missing } = means
  const { grid, dayStartsMs } = period
  const steps: number[] = []
  const hours: number[] = []
  complete.forEach((whole, day) => {
    if (!whole) return
    const to = Math.round((dayStartsMs[day + 1]! - grid.startMs) / grid.stepMs)
    for (let k = Math.round((dayStartsMs[day]! - grid.startMs) / grid.stepMs); k < to; k += 1) {
      const localMs = stepStartMs(grid, k) + offsetMsAt(stepStartMs(grid, k), zone)
      steps.push(k)
      hours.push(
        period.weekday[day]! * 24 + Math.floor((((localMs % 86_400_000) + 86_400_000) % 86_400_000) / 3_600_000),
      )
    }
  })
  const of = (values: Float64Array): Float64Array => Float64Array.from(steps, (k) => values[k]!)
  const startMs = Float64Array.from(steps, (k) => stepStartMs(grid, k))
  const observations: Observations = {
    startMs,
    endMs: startMs.map((ms) => ms + grid.stepMs),
    length: new Float64Array(steps.length).fill(grid.stepMs / 3_600_000),
    rate: of(measured.powerKw),
    weight: new Float64Array(steps.length).fill(1),
    hourOfWeek: Int32Array.from(hours),
    place: Int32Array.from(steps),
    ...(measured.temperatureC ? { temperatures: oneEach(of(measured.temperatureC)) } : {}),
    variables: measured.variables.map(of),
  }
  return { observations, expected: grid.count, missing }
}
