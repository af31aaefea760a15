import type { Model } from './model.ts'
import { countOf, type Observations } from './observations.ts'

/** How well a model tells its baseline, by ASHRAE Guideline 14-2014, Annex B, and CalTRACK 3.4.3.3. */
export interface FitStatistics {
  readonly observations: number
  readonly parameters: number
  /** Mean of the measured rate. */
  readonly mean: number
  readonly rmse: number
  readonly rSquared: number
  readonly adjustedRSquared: number
  /** Bayesian information criterion (Schwarz 1978); for comparison of models on the same data only. */
  readonly bic: number
  /** NaN where the mean is not above zero. */
  readonly cvRmse: number
  /** Net determination bias: sum of the errors over the sum of what was measured. NaN where that is not above zero. */
  readonly bias: number
  /** Correlation of neighbouring residuals, NaN when there are fewer than three pairs. */
  readonly autocorrelation: number
}

export function fitStatistics(model: Model, observations: Observations): FitStatistics {
  const { rate, weight, length } = observations
  const { fit, parameters, rmse } = model
  const count = countOf(observations)
  const whole = sum(weight)
  const mean = sum(rate, weight) / whole
  const total = rate.reduce((squares, value, i) => squares + weight[i]! * (value - mean) ** 2, 0)
  // No meter tells a millionth of what it reads: below this, models are equally good.
  const floor = 1e-12 * rate.reduce((squares, value, i) => squares + weight[i]! * value * value, 0)
  const squares = Math.max(fit.squares, floor)
  const rSquared = total > floor ? 1 - fit.squares / total : 0
  const energy = sum(rate, length)
  // Weights of billing periods are days: the error of one day and of one period of mean length are told apart.
  const perObservation = rmse / Math.sqrt(whole / count)
  return {
    observations: count,
    parameters,
    mean,
    rmse: perObservation,
    rSquared,
    adjustedRSquared: parameters === 1 ? 0 : 1 - ((1 - rSquared) * (count - 1)) / (count - parameters),
    bic: count * Math.log(Math.max(squares, Number.MIN_VALUE) / count) + parameters * Math.log(count),
    cvRmse: mean > 0 ? perObservation / mean : Number.NaN,
    bias: energy > 0 ? sum(fit.residuals, length) / energy : Number.NaN,
    autocorrelation: neighbourCorrelation(fit.residuals, observations.place),
  }
}

const sum = (values: Float64Array, by?: Float64Array): number =>
  values.reduce((total, value, i) => total + value * (by ? by[i]! : 1), 0)

/** Pearson's correlation of values with the next, over pairs that are neighbours in the calendar. */
export function neighbourCorrelation(values: Float64Array, place: Int32Array): number {
  let [pairs, sa, sb, aa, bb, ab] = [0, 0, 0, 0, 0, 0]
  for (let i = 1; i < values.length; i += 1) {
    if (place[i]! - place[i - 1]! !== 1) continue
    const [a, b] = [values[i - 1]!, values[i]!]
    pairs += 1
    sa += a
    sb += b
    aa += a * a
    bb += b * b
    ab += a * b
  }
  const spread = Math.sqrt((pairs * aa - sa * sa) * (pairs * bb - sb * sb))
  return pairs < 3 || !(spread > 0) ? Number.NaN : (pairs * ab - sa * sb) / spread
}
