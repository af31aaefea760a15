import type { Random } from '../../kernel/index.ts'
import { carbonErrors } from '../errors.ts'

/** How a term of a total may turn out. `relative` is half of the 95 % interval over the value, below it as far as above. */
export type Distribution =
  | { readonly kind: 'normal'; readonly relative: number }
  /** `relative` is that of a normal one with the same standard deviation; never changes the sign. */
  | { readonly kind: 'lognormal'; readonly relative: number }
  /** Multiples of the value: 0.8 to 1.3 with the value itself as the mode. */
  | { readonly kind: 'triangular'; readonly low: number; readonly high: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }

/** A term `value = Π factors`, each of which turns out by its own distribution. */
export interface SimulatedTerm {
  readonly value: number
  /** Each multiplies the value. Those with the same group turn out alike, over all terms. */
  readonly factors: readonly (Distribution & { readonly group?: string })[]
}

export interface SimulatedTotal {
  readonly value: number
  readonly mean: number
  readonly standardDeviation: number
  /** 2.5 %, 50 % and 97.5 % of the draws lie below. */
  readonly quantiles: readonly [low: number, median: number, high: number]
  /** Share of draws at or below the limit, where one was given: P(a park passes). */
  readonly probabilityWithin?: number
}

const z95 = 1.959963984540054

/**
 * Draws the total again and again (IPCC 2006 Guidelines, Volume 1, Chapter 3, Approach 2). Chance comes from the run, so that
 * the same seed gives the same figures.
 *
 * @param options `draws` default 10 000; `limit` in the unit of the total
 */
export function simulate(
  terms: readonly SimulatedTerm[],
  random: Random,
  { draws = 10_000, limit }: { readonly draws?: number; readonly limit?: number } = {},
): SimulatedTotal {
  const groups = [...new Set(terms.flatMap(({ factors }) => factors.flatMap(({ group }) => group ?? [])))]
  const place = new Map(groups.map((group, index) => [group, index]))
  const shared = new Float64Array(groups.length)
  const totals = new Float64Array(draws)
  const prepared = terms.map(({ value, factors }) => ({
    value,
    factors: factors.map((factor) => ({
      turn: turnOf(factor),
      at: factor.group === undefined ? -1 : place.get(factor.group)!,
    })),
  }))
  for (let draw = 0; draw < draws; draw += 1) {
    for (let k = 0; k < shared.length; k += 1) shared[k] = openUnit(random)
    let total = 0
    for (const { value, factors } of prepared) {
      let own = value
      for (const { turn, at } of factors) own *= turn(at < 0 ? openUnit(random) : shared[at]!)
      total += own
    }
    totals[draw] = total
  }
  const value = terms.reduce((all, term) => all + term.value, 0)
  const mean = totals.reduce((all, total) => all + total, 0) / draws
  const squares = totals.reduce((all, total) => all + (total - mean) ** 2, 0)
  totals.sort()
  const quantile = (share: number): number => totals[Math.min(draws - 1, Math.floor(share * draws))]!
  const within = limit === undefined ? undefined : totals.filter((total) => total <= limit).length / draws
  return {
    ...{ value, mean, standardDeviation: Math.sqrt(squares / Math.max(1, draws - 1)) },
    quantiles: [quantile(0.025), quantile(0.5), quantile(0.975)],
    ...(within === undefined ? {} : { probabilityWithin: within }),
  }
}

const openUnit = (random: Random): number => random.next() + 1 / 8_589_934_592

/** The multiple of the value at a share of all cases, by the inverse of the distribution. */
function turnOf(distribution: Distribution): (share: number) => number {
  switch (distribution.kind) {
    case 'normal': {
      const deviation = half(distribution.relative) / z95
      return (share) => 1 + deviation * normalQuantile(share)
    }
    case 'lognormal': {
      const variance = Math.log1p((half(distribution.relative) / z95) ** 2)
      const deviation = Math.sqrt(variance)
      return (share) => Math.exp(deviation * normalQuantile(share) - variance / 2)
    }
    case 'uniform': {
      const { low, high } = bounds(distribution)
      return (share) => low + share * (high - low)
    }
    case 'triangular': {
      const { low, high } = bounds(distribution)
      if (low > 1 || high < 1) throw badDistribution(distribution, 'low ≤ 1 ≤ high: the value is the mode')
      const turn = high === low ? 0 : (1 - low) / (high - low)
      return (share) =>
        share < turn
          ? low + Math.sqrt(share * (high - low) * (1 - low))
          : high - Math.sqrt((1 - share) * (high - low) * (high - 1))
    }
  }
}

function half(relative: number): number {
  if (Number.isFinite(relative) && relative >= 0) return relative
  throw badDistribution(relative, 'half of the 95 % interval over the value, 0 or more')
}

function bounds(distribution: { readonly low: number; readonly high: number }) {
  if (distribution.low <= distribution.high && Number.isFinite(distribution.low + distribution.high))
    return distribution
  throw badDistribution(distribution, 'low ≤ high')
}

const badDistribution = (found: unknown, expected: string) =>
  carbonErrors.badUncertainty({ detail: 'A distribution is described wrongly', found, expected })

/**
 * Quantile of the standard normal distribution, relative error below 1.2e-9.
 * Source: P. J. Acklam (2003), An algorithm for computing the inverse normal cumulative distribution function.
 */
export function normalQuantile(share: number): number {
  const a = [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
  ] as const
  const b = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572] as const
  const c = [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ] as const
  const d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416] as const
  const edge = 0.02425
  if (share < edge || share > 1 - edge) {
    const q = Math.sqrt(-2 * Math.log(share < edge ? share : 1 - share))
    const above = ((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]
    const tail = above / ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1)
    return share < edge ? tail : -tail
  }
  const q = share - 0.5
  const r = q * q
  const above = (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q
  return above / (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1)
}
