import type { Random } from '../../../kernel/index.ts'
import { normalQuantile } from '../../quantity/index.ts'
import type { Source, Term } from '../count/index.ts'
import type { Band } from '../schemes/index.ts'
import { normalShare } from './normal-share.ts'

/** How likely a park is within its limit, from what its figures may err by. */
export interface PassChance {
  /** By the normal distribution of emissions and energy use, each with the errors that they share. */
  readonly analytic: number
  /** Share of the draws. */
  readonly drawn: number
  readonly draws: number
  /** Share of the draws whose energy use lies in no band. */
  readonly outside: number
  /** Share of the draws whose energy use lies in another band than the figures do. */
  readonly otherBand: number
  /** 2.5 %, 50 % and 97.5 % of the draws of the indicator lie below. */
  readonly interval: readonly [low: number, median: number, high: number]
}

const z95 = 1.959963984540054
const usualDraws = 10_000
/** Beyond, a normal distribution reaches below zero. */
const mostNormal = 0.6

/** Sources of which nothing is known: with one of them no chance can be told. */
export const unknownSources = (terms: readonly Term[]): readonly Source[] => {
  const unknown = terms.flatMap(({ sources }) => sources.filter(({ relative }) => relative === null))
  return unknown.filter(({ key }, k) => unknown.findIndex((one) => one.key === key) === k)
}

/**
 * Probability that `E ≤ L(D) · D`, in two ways that have to agree: analytic, and drawn again and again (IPCC 2006 Guidelines, Volume 1,
 * Chapter 3, Approaches 1 and 2). Amounts of one meter and uses of one factor turn out alike, above and below the line.
 *
 * @param random chance of the run: the same seed gives the same figures
 */
export function passChance(
  emissions: readonly Term[],
  energy: readonly Term[],
  bands: readonly Band[],
  random: Random,
  draws: number = usualDraws,
): PassChance {
  const limits = bands.map(({ from, below, limit }) => ({
    from: from.toNumber(),
    below: below?.toNumber() ?? Number.POSITIVE_INFINITY,
    limit: limit.toNumber(),
  }))
  const deviations = deviationsOf([...emissions, ...energy])
  return {
    analytic: analytic({ emissions, energy, limits, deviations }),
    ...drawn({ emissions, energy, limits, deviations }, random, draws),
  }
}

interface Limits {
  readonly from: number
  readonly below: number
  readonly limit: number
}
interface Uncertain {
  readonly emissions: readonly Term[]
  readonly energy: readonly Term[]
  readonly limits: readonly Limits[]
  /** Relative standard deviation of each source. */
  readonly deviations: ReadonlyMap<string, number>
}

/** One deviation a source: where two rows tell different ones of it, the wider counts. */
function deviationsOf(terms: readonly Term[]): ReadonlyMap<string, number> {
  const deviations = new Map<string, number>()
  for (const { key, relative } of terms.flatMap(({ sources }) => sources)) {
    deviations.set(key, Math.max(deviations.get(key) ?? 0, (relative ?? 0) / z95))
  }
  return deviations
}

/** What a total errs by for one standard deviation of each source. */
function errorsOf(terms: readonly Term[], deviations: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const errors = new Map<string, number>()
  for (const { value, sources } of terms) {
    for (const { key } of sources) errors.set(key, (errors.get(key) ?? 0) + value.toNumber() * deviations.get(key)!)
  }
  return errors
}

const total = (terms: readonly Term[]): number => terms.reduce((sum, { value }) => sum + value.toNumber(), 0)

/** Steps of the energy use over which the chance is added up, in each band. */
const steps = 200
/** Standard deviations that are looked at to each side. */
const reach = 7

/**
 * `∫ φ(d) · P(E ≤ L(d) · d | D = d) dd` over every band: with D known, E of two normal variables with errors in common is normal
 * again, with mean `E + ρ σE / σD (d − D)` and variance `σE² (1 − ρ²)`.
 */
function analytic({ emissions, energy, limits, deviations }: Uncertain): number {
  const [e, d] = [total(emissions), total(energy)]
  const [eErrors, dErrors] = [errorsOf(emissions, deviations), errorsOf(energy, deviations)]
  let [eVariance, dVariance, covariance] = [0, 0, 0]
  for (const error of eErrors.values()) eVariance += error * error
  for (const [key, error] of dErrors) {
    dVariance += error * error
    covariance += error * (eErrors.get(key) ?? 0)
  }
  const dDeviation = Math.sqrt(dVariance)
  const slope = dVariance > 0 ? covariance / dVariance : 0
  const left = Math.sqrt(Math.max(0, eVariance - slope * covariance))
  const within = (energyUse: number, limit: number): number => {
    const slack = limit * energyUse - (e + slope * (energyUse - d))
    return left > 1e-9 * Math.abs(e) ? normalShare(slack / left) : slack >= -1e-9 * Math.abs(e) ? 1 : 0
  }
  let chance = 0
  for (const { from, below, limit } of limits) {
    if (dDeviation === 0) {
      if (d >= from && d < below) chance += within(d, limit)
      continue
    }
    const low = Math.max(from, d - reach * dDeviation)
    const width = (Math.min(below, d + reach * dDeviation) - low) / steps
    if (!(width > 0)) continue
    // Exact weight of each slice, and the chance at its middle.
    for (let k = 0; k < steps; k += 1) {
      const [a, b] = [low + k * width, low + (k + 1) * width]
      chance += (normalShare((b - d) / dDeviation) - normalShare((a - d) / dDeviation)) * within((a + b) / 2, limit)
    }
  }
  return Math.min(1, Math.max(0, chance))
}

function drawn({ emissions, energy, limits, deviations }: Uncertain, random: Random, draws: number) {
  const keys = [...deviations.keys()]
  const place = new Map(keys.map((key, k) => [key, k]))
  const widths = Float64Array.from(keys, (key) => deviations.get(key)!)
  const turns = new Float64Array(keys.length)
  const prepare = (terms: readonly Term[]) =>
    terms.map(({ value, sources }) => ({ value: value.toNumber(), at: sources.map(({ key }) => place.get(key)!) }))
  const [up, down] = [prepare(emissions), prepare(energy)]
  const sum = (terms: ReturnType<typeof prepare>): number => {
    let all = 0
    for (const { value, at } of terms) {
      let own = value
      for (const k of at) own *= turns[k]!
      all += own
    }
    return all
  }
  const bandOf = (use: number): Limits | undefined => limits.find(({ from, below }) => use >= from && use < below)
  const own = bandOf(total(energy))
  const ratios = new Float64Array(draws)
  let [within, outside, otherBand] = [0, 0, 0]
  for (let draw = 0; draw < draws; draw += 1) {
    for (let k = 0; k < turns.length; k += 1) turns[k] = turn(widths[k]!, random)
    const [e, d] = [sum(up), sum(down)]
    ratios[draw] = e / d
    const band = bandOf(d)
    if (!band) outside += 1
    else if (e <= band.limit * d * (1 + 1e-12)) within += 1
    if (band !== own) otherBand += 1
  }
  ratios.sort()
  const quantile = (share: number): number => ratios[Math.min(draws - 1, Math.floor(share * draws))]!
  return {
    ...{ drawn: within / draws, outside: outside / draws, otherBand: otherBand / draws, draws },
    interval: [quantile(0.025), quantile(0.5), quantile(0.975)] as const,
  }
}

/** The multiple that a source turns out as: normal, and lognormal of the same mean and deviation where a normal one would go below zero. */
function turn(deviation: number, random: Random): number {
  if (deviation === 0) return 1
  const z = normalQuantile(random.next() + 1 / 8_589_934_592)
  if (deviation * z95 <= mostNormal) return 1 + deviation * z
  const variance = Math.log1p(deviation * deviation)
  return Math.exp(Math.sqrt(variance) * z - variance / 2)
}
