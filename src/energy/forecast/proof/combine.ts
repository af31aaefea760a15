import type { MemberForecast } from '../method.ts'
import { noPause, type Pause } from '../pause.ts'
import { pinballLoss } from './scores.ts'

/** How members become one forecast. */
export interface Combination {
  /** By member; not negative, together 1. */
  readonly weights: readonly number[]
  /** By distribution; not negative, together 1; empty when the members know none. */
  readonly spreadWeights: readonly number[]
  /** How far the mixed distribution is moved onto the combined median: 0 not at all, 1 fully. */
  readonly moved: number
}

/** A forecast of the past and what came. */
export interface Judged {
  readonly forecast: MemberForecast
  /** NaN is missing. */
  readonly actual: Float64Array
}

const rounds = 150
/** How far one round moves; and how much of the start is kept against luck. */
const pace = 5
const keptShare = 0.3

/**
 * Weights of members by their errors in the past: exponentiated gradient on the mean absolute error, from weights
 * by the inverse squares of the members' errors.
 * Distributions are weighted by their pinball loss in the same way.
 * Source: Kivinen & Warmuth, Information and Computation 132 (1997) 1; Bates & Granger, Operational Research Quarterly 20
 * (1969) 451 on why combinations win.
 *
 * @param levels levels of the members' distributions
 */
export async function learnCombination(
  past: readonly Judged[],
  levels: readonly number[],
  pause: Pause = noPause,
): Promise<Combination> {
  const [first] = past
  const members = first?.forecast.points.length ?? 1
  const distributions = first?.forecast.spreads.length ?? 0
  const weights = await descend(inverseSquares(past, members), pause, (own, gradient) =>
    pointGradient(past, own, gradient),
  )
  const spreadWeights = await descend(equal(distributions), pause, (own, gradient) =>
    spreadGradient(past, levels, own, gradient),
  )
  let best = { weights, spreadWeights, moved: 0.5 }
  let least = Number.POSITIVE_INFINITY
  for (const moved of distributions > 0 ? [0, 0.25, 0.5, 0.75, 1] : []) {
    await pause()
    const candidate = { weights, spreadWeights, moved }
    const loss = pinballOf(past, levels, candidate)
    if (loss < least) [best, least] = [candidate, loss]
  }
  return best
}

function pinballOf(past: readonly Judged[], levels: readonly number[], combination: Combination): number {
  let loss = 0
  for (const { forecast, actual } of past) {
    const { quantiles } = combine(forecast, combination)
    levels.forEach((level, j) => {
      for (let k = 0; k < actual.length; k += 1) {
        if (!Number.isNaN(actual[k]!)) loss += pinballLoss(actual[k]!, quantiles[j]![k]!, level)
      }
    })
  }
  return loss
}

/**
 * Steps down a gradient on the simplex, from a start that is kept in part.
 *
 * @param gradientOf writes the gradient by weight and returns the loss
 */
async function descend(
  start: readonly number[],
  pause: Pause,
  gradientOf: (weights: Float64Array, gradient: Float64Array) => number,
): Promise<readonly number[]> {
  const count = start.length
  const weights = Float64Array.from(start)
  const gradient = new Float64Array(count)
  const sums = new Float64Array(count)
  for (let round = 0; round < rounds && count > 1; round += 1) {
    if (round % 10 === 0) await pause()
    gradient.fill(0)
    const loss = gradientOf(weights, gradient)
    if (!(loss > 0)) break
    let sum = 0
    for (let m = 0; m < count; m += 1) {
      weights[m] = weights[m]! * Math.exp((-pace * gradient[m]!) / loss / Math.sqrt(1 + round / 10))
      sum += weights[m]!
    }
    for (let m = 0; m < count; m += 1) {
      weights[m] = weights[m]! / sum
      sums[m] = sums[m]! + weights[m]!
    }
  }
  const total = sums.reduce((sum, value) => sum + value, 0)
  return start.map((kept, m) => keptShare * kept + (1 - keptShare) * (total > 0 ? sums[m]! / total : kept))
}

/** Weights as the inverse squares of the members' mean absolute errors; equal where one is perfect or nothing is known. */
function inverseSquares(past: readonly Judged[], members: number): readonly number[] {
  const inverse = Array.from({ length: members }, (_, m) => {
    let error = 0
    for (const { forecast, actual } of past)
      for (let k = 0; k < actual.length; k += 1) error += Math.abs(forecast.points[m]![k]! - actual[k]!) || 0
    return 1 / error ** 2
  })
  const sum = inverse.reduce((all, value) => all + value, 0)
  return Number.isFinite(sum) && sum > 0 ? inverse.map((value) => value / sum) : equal(members)
}

const equal = (count: number): readonly number[] => Array.from({ length: count }, () => 1 / count)

/** Mean absolute error and its gradient by weight. */
function pointGradient(past: readonly Judged[], weights: Float64Array, gradient: Float64Array): number {
  let loss = 0
  for (const { forecast, actual } of past) {
    const { points } = forecast
    for (let k = 0; k < actual.length; k += 1) {
      if (Number.isNaN(actual[k]!)) continue
      let sum = 0
      for (let m = 0; m < points.length; m += 1) sum += weights[m]! * points[m]![k]!
      const error = sum - actual[k]!
      if (Number.isNaN(error)) continue
      loss += Math.abs(error)
      const sign = Math.sign(error)
      // Weights add up to one: only differences to the combination matter.
      for (let m = 0; m < points.length; m += 1) gradient[m] = gradient[m]! + sign * (points[m]![k]! - sum)
    }
  }
  return loss
}

function spreadGradient(
  past: readonly Judged[],
  levels: readonly number[],
  weights: Float64Array,
  gradient: Float64Array,
): number {
  let loss = 0
  for (const { forecast, actual } of past) {
    const { spreads } = forecast
    levels.forEach((level, j) => {
      for (let k = 0; k < actual.length; k += 1) {
        if (Number.isNaN(actual[k]!)) continue
        let sum = 0
        for (let d = 0; d < spreads.length; d += 1) sum += weights[d]! * spreads[d]!.quantiles[j]![k]!
        const slope = actual[k]! >= sum ? -level : 1 - level
        loss += pinballLoss(actual[k]!, sum, level)
        for (let d = 0; d < spreads.length; d += 1)
          gradient[d] = gradient[d]! + slope * (spreads[d]!.quantiles[j]![k]! - sum)
      }
    })
  }
  return loss
}

/** A combined forecast before it is calibrated. */
export interface Combined {
  readonly median: Float64Array
  /** By level; empty when the members know no distribution. */
  readonly quantiles: readonly Float64Array[]
}

export function combine({ points, spreads }: MemberForecast, { weights, spreadWeights, moved }: Combination): Combined {
  const median = mixed(points, weights)
  const quantiles = (spreads[0]?.quantiles ?? []).map((_, j) =>
    mixed(
      spreads.map(({ quantiles: own }) => own[j]!),
      spreadWeights,
    ),
  )
  const middle = mixed(
    spreads.map((spread) => spread.median),
    spreadWeights,
  )
  return {
    median,
    quantiles: quantiles.map((own) => own.map((value, k) => value + moved * (median[k]! - middle[k]!))),
  }
}

function mixed(parts: readonly Float64Array[], weights: readonly number[]): Float64Array {
  const sum = new Float64Array(parts[0]?.length ?? 0)
  parts.forEach((part, m) => {
    for (let k = 0; k < sum.length; k += 1) sum[k] = sum[k]! + weights[m]! * part[k]!
  })
  return sum
}
