import { usableDays } from './learn-load.ts'
import type { Fitted } from './method.ts'
import type { Pause } from './pause.ts'
import { type Backtest, backtest, type Calibrated, learn, usualLearning } from './proof/backtest.ts'
import { walkOrigins } from './proof/walk.ts'
import { learnPvCorrection, type PvCorrection, type PvEvidence } from './pv-correction.ts'
import type { ForecastTask } from './task.ts'

/** Days that are walked over at most, and after how many the correction is learnt anew. */
const walkDays = { most: 42, refit: 7 }
/** Without so many days of measurements the chain stands as it is and nobody knows its errors. */
export const pvDaysNeeded = 3

export interface PvLearning {
  readonly levels: readonly number[]
  /** What the array cannot exceed. */
  readonly largestKw: number
  readonly pause: Pause
}

export interface PvForecast {
  readonly median: Float64Array
  readonly correction: PvCorrection
  readonly quantiles?: Calibrated['quantiles']
  readonly backtest?: Backtest
  readonly calibrationCount: number
}

/**
 * Forecasts an array from the physical chain times the learned correction; the errors of the last weeks give quantiles.
 *
 * @param whole measured power up to `origin`
 * @param evidence over the whole grid of the task; `measuredKw` is the task's `values`
 */
export async function learnPv(
  whole: ForecastTask,
  evidence: PvEvidence,
  origin: number,
  { levels, largestKw, pause }: PvLearning,
): Promise<PvForecast> {
  const { calendar, horizon } = whole
  const { modelledKw, elevationDeg, azimuthDeg } = evidence
  const corrected = ({ factor }: PvCorrection, from: number): Float64Array =>
    modelledKw
      .subarray(from, from + horizon)
      .map((modelled, k) => Math.min(largestKw, modelled * factor(elevationDeg[from + k]!, azimuthDeg[from + k]!)))
  const teach = async (before: number): Promise<Fitted> => {
    const own = learnPvCorrection(evidence, before)
    return { forecast: (from) => ({ points: [corrected(own, from)], spreads: [] }) }
  }
  const correction = learnPvCorrection(evidence, origin)
  const days = usableDays(whole, origin)
  // Nobody errs about the night: it would make the errors of the day look small.
  const task = { ...whole, values: whole.values.map((value, k) => (modelledKw[k] === 0 ? Number.NaN : value)) }
  const origins: number[] = []
  for (let back = Math.min(walkDays.most, days); back >= 1; back -= 1) {
    const step = calendar.stepAt(calendar.day[origin]! - back, calendar.slot[origin]!)
    if (step > 0 && step < origin && step !== origins.at(-1)) origins.push(step)
  }
  const walked = days >= pvDaysNeeded ? await walkOrigins(origins, walkDays.refit, teach, pause) : []
  const warmUp = Math.ceil(walked.length / 3)
  const how = { ...usualLearning, levels, pause }
  const tested = walked.length >= 2 ? await backtest(task, walked, warmUp, how) : undefined
  const learnt = await learn(task, walked, origin, how)
  const { median, quantiles } = learnt.apply({ points: [corrected(correction, origin)], spreads: [] }, origin)
  const lit = (own: Float64Array): Float64Array =>
    own.map((value, k) => (modelledKw[origin + k] === 0 ? 0 : Math.min(largestKw, Math.max(0, value))))
  return {
    median: lit(median),
    correction,
    ...(learnt.calibration.count > 0 ? { quantiles: { levels, values: quantiles.values.map(lit) } } : {}),
    ...(tested && tested.scores.count > 0 ? { backtest: tested } : {}),
    calibrationCount: learnt.calibration.count,
  }
}
