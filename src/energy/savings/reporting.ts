import { type Adjustment, adjustedEnergy } from './adjustments.ts'
import type { FittedModel } from './baseline.ts'
import { countOf, type Observations, pickObservations } from './observations.ts'
import type { Period } from './period.ts'
import { meanTemperature } from './temperatures.ts'
import { type Granularity, guidelineHalfWidth, regressionHalfWidth } from './uncertainty.ts'

/** The reporting period seen through the baseline: what would have been used, and what was. */
export interface Avoided {
  readonly observations: Observations
  /** Observations of a kind of day or hour that the baseline does not know. */
  readonly unknown: number
  /** Energy of the model, events included, each observation. */
  readonly adjustedKwh: Float64Array
  readonly measuredKwh: Float64Array
  /** Non-routine part of the adjusted energy. */
  readonly eventsKwh: Float64Array
  readonly eventsHalfWidthKwh: number
}

/** Lengths that make up a day, by granularity. */
export const lengthsPerDay = (granularity: Granularity): number => (granularity === 'hourly' ? 24 : 1)

/** Avoided energy use on the conditions of the reporting period (IPMVP; CalTRACK 3.6.1). */
export function avoidedEnergy(
  { model }: FittedModel,
  reported: Observations,
  adjustments: readonly Adjustment[],
  granularity: Granularity,
): Avoided {
  const predicted = model.predict(reported)
  const known = Int32Array.from(predicted.keys()).filter((i) => !Number.isNaN(predicted[i]!))
  const observations = pickObservations(reported, known)
  const events = adjustedEnergy(observations, adjustments, lengthsPerDay(granularity))
  return {
    observations,
    unknown: countOf(reported) - known.length,
    adjustedKwh: Float64Array.from(known, (i, k) => predicted[i]! * observations.length[k]! + events.energyKwh[k]!),
    measuredKwh: observations.rate.map((rate, k) => rate * observations.length[k]!),
    eventsKwh: events.energyKwh,
    eventsHalfWidthKwh: events.halfWidthKwh,
  }
}

export const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0)

export interface HalfWidths {
  /** NaN where CV(RMSE) has no meaning. */
  readonly guideline: number
  readonly regression: number
}

/** Half-widths of savings that are weighed by a worth of each kWh; 1 each is energy. */
export function halfWidths(
  baseline: FittedModel,
  avoided: Avoided,
  { granularity, confidence }: { readonly granularity: Granularity; readonly confidence: number },
  worth: Float64Array,
): HalfWidths {
  const { observations, adjustedKwh, eventsKwh, eventsHalfWidthKwh } = avoided
  const modelled = adjustedKwh.map((value, i) => value - eventsKwh[i]!)
  const price = worth.length === 0 ? 0 : total(worth) / worth.length
  const events = eventsHalfWidthKwh * price
  const days = total(observations.length) / lengthsPerDay(granularity)
  const guideline = guidelineHalfWidth({
    confidence,
    granularity,
    months: granularity === 'monthly' ? countOf(observations) : days / 30.4375,
    cvRmse: baseline.statistics.cvRmse,
    observations: baseline.statistics.observations,
    reported: countOf(observations),
    dependence: baseline.guideline,
    adjustedBaseline: total(modelled.map((value, i) => value * worth[i]!)),
  })
  const regression = regressionHalfWidth(baseline.model, observations, baseline.regression, confidence, worth)
  return { guideline: Math.hypot(guideline, events), regression: Math.hypot(regression, events) }
}

/** The wider of the two, so that a claim holds by both. */
export const widest = ({ guideline, regression }: HalfWidths): number =>
  Number.isNaN(guideline) ? regression : Math.max(guideline, regression)

/** Observations outside what the baseline has seen. */
export interface Extrapolation {
  /** Outside the range of the baseline at all. */
  readonly outside: number
  /** Outside by more than a tenth of the range (CalTRACK 3.7.5.2). */
  readonly beyond: number
  readonly dates: readonly string[]
}

const mostDates = 12

/** How much of the reporting period lies outside the baseline's range of temperature or of a variable. */
export function extrapolationOf(baseline: Observations, reported: Observations, period: Period): Extrapolation {
  const [outside, beyond] = [new Set<number>(), new Set<number>()]
  const look = (known: Float64Array, values: Float64Array): void => {
    const low = known.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
    const high = known.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
    const margin = 0.1 * (high - low)
    values.forEach((value, i) => {
      if (value < low || value > high) outside.add(i)
      if (value < low - margin || value > high + margin) beyond.add(i)
    })
  }
  if (baseline.temperatures && reported.temperatures)
    look(meanTemperature(baseline.temperatures), meanTemperature(reported.temperatures))
  baseline.variables.forEach((known, k) => {
    look(known, reported.variables[k]!)
  })
  const dates = new Set([...outside].sort((a, b) => a - b).map((i) => dateAt(period, reported.startMs[i]!)))
  return { outside: outside.size, beyond: beyond.size, dates: [...dates].slice(0, mostDates) }
}

/** Local date of a moment in a period. */
export function dateAt({ dayStartsMs, dates }: Period, ms: number): string {
  let [low, high] = [0, dates.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (dayStartsMs[middle]! <= ms) low = middle
    else high = middle - 1
  }
  return dates[low]!
}
