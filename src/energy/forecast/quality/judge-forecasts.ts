import { stepStartMs } from '../../../kernel/index.ts'
import {
  addScores,
  coverage,
  meanAbsoluteError,
  normalisedError,
  noScores,
  rootMeanSquareError,
} from '../proof/scores.ts'
import { dayBefore, daysAlike, persistence, type SimpleMethod } from '../simple-methods.ts'
import type { ForecastTask } from '../task.ts'
import { type Foreseen, foreseenAt, type MadeForecast } from './pair-forecasts.ts'

/** Fewer pairs than these say nothing: their figures are null. */
export const leastPairs = 16
/** Of one hour of the day. */
const leastPairsOfHour = 3
/** Hours that are told as the worst. */
const worstHours = 8
const hourMs = 3_600_000

/** What forecasts are judged by: knowing nothing but what was measured when they were made. */
export const references = { persistence, dayBefore, daysAlike } as const satisfies Readonly<
  Record<string, SimpleMethod>
>
export type Reference = keyof typeof references

/** One quantity, as it was and as it was foreseen. */
export interface Judged {
  /** What was measured, on the grid of its calendar; the steps before `first` serve the references alone. */
  readonly task: Pick<ForecastTask, 'calendar' | 'values'>
  readonly first: number
  /** By rising `madeMs`. */
  readonly forecasts: readonly MadeForecast[]
  /** 1: measured, but moved by the plan itself, which says nothing of the forecast. One a step. */
  readonly moved: Uint8Array
}

/** An error over one hour of the day: foreseen less measured. */
export interface HourOfDay {
  readonly hour: number
  readonly pairs: number
  /** null: too few pairs. */
  readonly bias: number | null
  readonly mae: number | null
  /** Mean of what was measured. */
  readonly level: number | null
}

/** An hour that was foreseen badly. */
export interface WorstHour {
  readonly startMs: number
  readonly foreseen: number
  readonly measured: number
  /** foreseen − measured */
  readonly error: number
  readonly madeMs: number
  readonly run: string
}

/** How good the forecasts of one quantity were at one lead. */
export interface LeadQuality {
  readonly leadMs: number
  readonly pairs: number
  /** Steps without a pair, by the first reason that holds. */
  readonly gaps: { readonly notMeasured: number; readonly moved: number; readonly notForeseen: number }
  /** How long ahead the forecasts of the pairs were made in the mean; null: there is no pair. */
  readonly meanLeadMs: number | null
  /** null here and below: too few pairs. Mean of foreseen − measured. */
  readonly bias: number | null
  readonly mae: number | null
  readonly rmse: number | null
  /** `mae` over the mean size of what was measured; null also where that is nothing. */
  readonly nmae: number | null
  /** 1 − mae / mae of the reference, on the steps that the reference knew: 0 is no better, 1 perfect. */
  readonly skill: Readonly<Record<Reference, number | null>>
  /** Share of the pairs with a band whose measured value lay in it; null: no band. */
  readonly coverage: number | null
  readonly hours: readonly HourOfDay[]
  /** The largest error first. */
  readonly worst: readonly WorstHour[]
}

/** Foreseen and measured, step by step, from `first` on. */
export interface Compared {
  readonly startsMs: readonly number[]
  readonly foreseen: Float64Array
  readonly measured: Float64Array
  readonly low: Float64Array
  readonly high: Float64Array
}

/**
 * Judges the forecasts of a quantity at one lead, on quarter-hours or whatever the grid is.
 *
 * Bias, mean absolute and root mean square error after Madsen et al., Wind Engineering 29 (2005) 475 (their protocol for wind power:
 * errors by lead time, with persistence as the reference), with the sign of foreseen − measured; normalised by the mean size of what was
 * measured, as `energy.forecast` is. Skill after Murphy, Monthly Weather Review 116 (1988) 2417, of the mean absolute error. Coverage is
 * the share of measured values within the band (Christoffersen, International Economic Review 39 (1998) 841).
 */
export function judgeLead(
  judged: Judged,
  { leadMs, oldestMs }: { readonly leadMs: number; readonly oldestMs: number },
): { readonly quality: LeadQuality; readonly compared: Compared } {
  const { task, first, forecasts, moved } = judged
  const { grid } = task.calendar
  const own = { ...grid, startMs: stepStartMs(grid, first), count: grid.count - first }
  const foreseen = foreseenAt(own, forecasts, { leadMs, oldestMs })
  const measured = task.values.slice(first)
  const gaps = { notMeasured: 0, moved: 0, notForeseen: 0 }
  for (let step = 0; step < own.count; step += 1) {
    if (Number.isNaN(measured[step]!)) gaps.notMeasured += 1
    else if (moved[first + step] === 1) gaps.moved += 1
    else if (Number.isNaN(foreseen.values[step]!)) gaps.notForeseen += 1
    if (moved[first + step] === 1) measured[step] = Number.NaN
  }
  const pairs = own.count - gaps.notMeasured - gaps.moved - gaps.notForeseen
  const enough = pairs >= leastPairs
  const sums = noScores()
  const errors = foreseen.values.map((value, step) => errorOf(value, measured[step]!))
  addScores(
    sums,
    measured,
    errors.map((error, step) => measured[step]! + error),
  )
  return {
    quality: {
      ...{ leadMs, pairs, gaps, meanLeadMs: meanLead(own, errors, foreseen, forecasts) },
      bias: enough ? meanOf(errors) : null,
      mae: enough ? meanAbsoluteError(sums) : null,
      rmse: enough ? rootMeanSquareError(sums) : null,
      nmae: enough ? known(normalisedError(sums)) : null,
      skill: {
        persistence: skillAgainst(persistence, judged, foreseen, errors),
        dayBefore: skillAgainst(dayBefore, judged, foreseen, errors),
        daysAlike: skillAgainst(daysAlike, judged, foreseen, errors),
      },
      coverage: coverageOf(foreseen, measured),
      hours: hoursOfDay(judged, errors, measured),
      worst: enough ? worstOf(own, errors, measured, foreseen, forecasts) : [],
    },
    compared: {
      startsMs: Array.from({ length: own.count }, (_, step) => stepStartMs(own, step)),
      ...{ foreseen: foreseen.values, measured, low: foreseen.low, high: foreseen.high },
    },
  }
}

type Own = Judged['task']['calendar']['grid']

/** What is no more than the rounding of a mean is none. */
function errorOf(foreseen: number, measured: number): number {
  const error = foreseen - measured
  return Math.abs(error) <= 1e-9 * Math.abs(measured) ? 0 : error
}

const known = (value: number): number | null => (Number.isFinite(value) ? value : null)

function meanOf(values: Float64Array): number {
  let [sum, count] = [0, 0]
  for (const value of values) {
    if (Number.isNaN(value)) continue
    sum += value
    count += 1
  }
  return sum / count
}

const meanLead = (
  own: Own,
  errors: Float64Array,
  { from }: Foreseen,
  forecasts: readonly MadeForecast[],
): number | null =>
  known(
    meanOf(
      errors.map((error, step) =>
        Number.isNaN(error) ? Number.NaN : stepStartMs(own, step) - forecasts[from[step]!]!.madeMs,
      ),
    ),
  )

/** On the steps of pairs whose reference knew something when the forecast was made. */
function skillAgainst(
  reference: SimpleMethod,
  { task, first, forecasts }: Judged,
  { from }: Foreseen,
  errors: Float64Array,
): number | null {
  const { grid } = task.calendar
  let [own, its, count] = [0, 0, 0]
  for (let step = 0; step < errors.length; step += 1) {
    if (Number.isNaN(errors[step]!)) continue
    // The step in which it was made had not ended yet.
    const origin = Math.floor((forecasts[from[step]!]!.madeMs - grid.startMs) / grid.stepMs)
    if (origin <= 0) continue
    const value = reference({ ...task, horizon: grid.count }, origin, first + step)
    if (Number.isNaN(value)) continue
    own += Math.abs(errors[step]!)
    its += Math.abs(value - task.values[first + step]!)
    count += 1
  }
  return count >= leastPairs && its > 0 ? 1 - own / its : null
}

function coverageOf({ low, high }: Foreseen, measured: Float64Array): number | null {
  const sums = noScores()
  for (let step = 0; step < measured.length; step += 1) {
    const value = measured[step]!
    if (Number.isNaN(value) || Number.isNaN(low[step]!) || Number.isNaN(high[step]!)) continue
    sums.intervals += 1
    if (value >= low[step]! && value <= high[step]!) sums.covered += 1
  }
  return sums.intervals >= leastPairs ? coverage(sums) : null
}

function hoursOfDay({ task, first }: Judged, errors: Float64Array, measured: Float64Array): readonly HourOfDay[] {
  const { slot, slots } = task.calendar
  const sums = Array.from({ length: 24 }, () => ({ pairs: 0, error: 0, size: 0, level: 0 }))
  for (let step = 0; step < errors.length; step += 1) {
    const error = errors[step]!
    if (Number.isNaN(error)) continue
    const sum = sums[Math.floor((slot[first + step]! * 24) / slots)]!
    sum.pairs += 1
    sum.error += error
    sum.size += Math.abs(error)
    sum.level += measured[step]!
  }
  return sums.map(({ pairs, error, size, level }, hour) => {
    const mean = (sum: number): number | null => (pairs >= leastPairsOfHour ? sum / pairs : null)
    return { hour, pairs, bias: mean(error), mae: mean(size), level: mean(level) }
  })
}

/** By whole hours since 1970. */
function worstOf(
  own: Own,
  errors: Float64Array,
  measured: Float64Array,
  { values, from }: Foreseen,
  forecasts: readonly MadeForecast[],
): readonly WorstHour[] {
  const hours = new Map<number, { foreseen: number; measured: number; count: number; from: number }>()
  for (let step = 0; step < errors.length; step += 1) {
    if (Number.isNaN(errors[step]!)) continue
    const startMs = Math.floor(stepStartMs(own, step) / hourMs) * hourMs
    const hour = hours.get(startMs) ?? { foreseen: 0, measured: 0, count: 0, from: from[step]! }
    hour.foreseen += values[step]!
    hour.measured += measured[step]!
    hour.count += 1
    hours.set(startMs, hour)
  }
  return [...hours]
    .map(([startMs, hour]): WorstHour => {
      const { madeMs, run } = forecasts[hour.from]!
      const mean = { foreseen: hour.foreseen / hour.count, measured: hour.measured / hour.count }
      return { startMs, ...mean, error: mean.foreseen - mean.measured, madeMs, run }
    })
    .filter(({ error }) => error !== 0)
    .toSorted((a, b) => Math.abs(b.error) - Math.abs(a.error) || a.startMs - b.startMs)
    .slice(0, worstHours)
}
