import { energyErrors } from '../errors.ts'
import type { FitStatistics } from './fit-statistics.ts'
import type { Model } from './model.ts'
import { countOf, type Observations, type Observed } from './observations.ts'
import { type Candidate, type Choice, crossValidate, type OutOfSample, selectModel } from './select.ts'
import { meanTemperature } from './temperatures.ts'
import { type Dependence, dependenceOf, dependenceOfDays, type Granularity } from './uncertainty.ts'

/** A model of the use before the measure, with what is known of its errors. */
export interface Baseline {
  readonly model: Model
  readonly statistics: FitStatistics
  readonly observations: Observations
  readonly candidates: readonly Candidate[]
  readonly outOfSample: OutOfSample | undefined
  /** By the residuals of neighbours, as the Guideline has it. */
  readonly guideline: Dependence
  /** What the regression's interval is widened by; for hourly models told from the sums of days. */
  readonly regression: Dependence
}

/** Observations below which no model is fitted. */
const least: Readonly<Record<Granularity, { readonly count: number; readonly words: string }>> = {
  daily: { count: 60, words: '60 complete days' },
  hourly: { count: 28 * 24, words: '28 complete days of hours' },
  monthly: { count: 9, words: '9 billing periods' },
}
/** Kelvins that temperatures must spread for a slope to mean something. */
const leastSpreadK = 1

/** @throws `energy.no-baseline` for too few observations, or a temperature that does not change */
export function fitBaseline(observed: Observed, choice: Choice, title: string, path: string): Baseline {
  const { observations, missing } = observed
  const count = countOf(observations)
  const { granularity } = choice
  if (count < least[granularity].count) {
    throw energyErrors.noBaseline({
      detail: `${title} has too few complete observations; days without energy ${missing.energy}, temperature ${missing.temperature}, variables ${missing.variables}`,
      place: { path },
      found: count,
      expected: `${least[granularity].words} or more`,
    })
  }
  refuseConstantTemperature(observations)
  const { candidates, chosen } = selectModel(observations, choice)
  if (!chosen?.model || !chosen.statistics) {
    throw energyErrors.noBaseline({
      detail: `No model can be fitted to ${title}`,
      place: { path },
      found: candidates.map(({ shape, refused }) => `${shape}: ${refused}`).join(', '),
      expected: 'variables that change, and not all together',
    })
  }
  const outOfSample = crossValidate(observations, chosen, choice)
  const fitted = withErrors(chosen.model, chosen.statistics, observations, granularity)
  const regression = granularity === 'monthly' ? unflattered(fitted, outOfSample) : fitted.regression
  return { ...fitted, regression, candidates, outOfSample }
}

/**
 * A dozen billing periods flatter the shape that was chosen by them. Where periods that were left out are missed by more
 * than the model says of itself, the interval is widened by as much.
 */
function unflattered({ statistics, regression }: FittedModel, outOfSample: OutOfSample | undefined): Dependence {
  const times = outOfSample ? outOfSample.cvRmse / statistics.cvRmse : 1
  return times > 1 ? { ...regression, inflation: regression.inflation * times ** 2 } : regression
}

/** A model with what is known of its errors, and nothing of how it was chosen. */
export type FittedModel = Omit<Baseline, 'candidates' | 'outOfSample'>

/** The best model of other observations, by the same choice; undefined when none can be fitted. */
export function fitModelOf(observations: Observations, choice: Choice): FittedModel | undefined {
  const { chosen } = selectModel(observations, choice)
  if (!chosen?.model || !chosen.statistics) return undefined
  return withErrors(chosen.model, chosen.statistics, observations, choice.granularity)
}

function withErrors(
  model: Model,
  statistics: FitStatistics,
  observations: Observations,
  granularity: Granularity,
): FittedModel {
  const slow = model.terms.length + model.shifts(model.fit.coefficients).length + 1
  const guideline = dependenceOf(statistics, granularity, slow)
  const regression = granularity === 'hourly' ? dependenceOfDays(model, observations) : guideline
  return { model, statistics, observations, guideline, regression }
}

function refuseConstantTemperature({ temperatures }: Observations): void {
  if (!temperatures) return
  const means = meanTemperature(temperatures).sort()
  const spread = means[means.length - 1]! - means[0]!
  if (spread >= leastSpreadK) return
  throw energyErrors.noBaseline({
    detail: 'The temperature does not change in the baseline period',
    place: { path: 'temperature' },
    found: `${means[0]} to ${means[means.length - 1]} °C`,
    expected: 'measured outdoor temperatures; leave it out where the use does not depend on the weather',
  })
}
