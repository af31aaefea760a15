import { type ChangePointShape, changePointForm } from './change-points.ts'
import { type FitStatistics, fitStatistics } from './fit-statistics.ts'
import { fitModel, type Grouping, type Model, type ModelForm, type Shape, variableTerms } from './model.ts'
import { countOf, type Observations, pickObservations } from './observations.ts'
import { twoSidedPValue } from './student.ts'
import { timeOfWeekForm } from './time-of-week.ts'
import type { Granularity } from './uncertainty.ts'

export type Criterion = 'bic' | 'adjusted-r-squared'

export interface Choice {
  readonly granularity: Granularity
  /** Shapes to try, in the order of their parameters. */
  readonly shapes: readonly Shape[]
  readonly groupings: readonly Grouping[]
  readonly criterion: Criterion
  readonly variables: readonly { readonly name: string; readonly unit: string }[]
}

export interface Candidate {
  readonly shape: Shape
  readonly grouping: Grouping
  readonly model?: Model
  readonly statistics?: FitStatistics
  /** Why it cannot be chosen; absent: it can. */
  readonly refused?: 'not-fitted' | 'p-value'
}

/** A slope whose p-value is larger is not told from nothing (CalTRACK 1.0; the default of OpenEEmeter). */
export const mostPValue = 0.1

/** The form of least squares of a shape on observations; undefined when they leave no room for it. */
function formOf(
  shape: Shape,
  grouping: Grouping,
  observations: Observations,
  variables: Choice['variables'],
): ModelForm | undefined {
  const others = variableTerms(variables)
  switch (shape) {
    case 'TOW':
    case 'TOWT':
      return timeOfWeekForm(observations, others, shape === 'TOWT')
    default:
      return changePointForm(shape satisfies ChangePointShape, grouping, observations, others)
  }
}

/** Fits one shape with one grouping and says whether it can be chosen. */
function tryCandidate(shape: Shape, grouping: Grouping, observations: Observations, choice: Choice): Candidate {
  const form = formOf(shape, grouping, observations, choice.variables)
  const model = form && fitModel(form, observations)
  if (!model) return { shape, grouping, refused: 'not-fitted' }
  const statistics = fitStatistics(model, observations)
  const slopes = shape === 'TOWT' ? 0 : model.terms.length - choice.variables.length
  const weak = Array.from({ length: slopes }, (_, k) => coefficientOf(model, observations, k)).some(
    ({ pValue }) => !(pValue <= mostPValue),
  )
  return { shape, grouping, model, statistics, ...(weak ? { refused: 'p-value' as const } : {}) }
}

/**
 * All shapes with all groupings, and the best of those that can be chosen: least BIC, or highest adjusted R² as CalTRACK
 * 3.4.3.3 has it. Of equals the simpler.
 */
export function selectModel(
  observations: Observations,
  choice: Choice,
): { readonly candidates: readonly Candidate[]; readonly chosen: Candidate | undefined } {
  const candidates = choice.shapes.flatMap((shape) =>
    (shape === 'TOW' || shape === 'TOWT' ? (['hour-of-week'] as const) : choice.groupings).map((grouping) =>
      tryCandidate(shape, grouping, observations, choice),
    ),
  )
  const score = ({ statistics }: Candidate): number =>
    choice.criterion === 'bic' ? -statistics!.bic : statistics!.adjustedRSquared
  let chosen: Candidate | undefined
  for (const candidate of candidates) {
    if (candidate.refused !== undefined || !candidate.statistics) continue
    if (!chosen || score(candidate) > score(chosen) + 1e-9) chosen = candidate
  }
  return { candidates, chosen }
}

export interface Coefficient {
  readonly value: number
  readonly standardError: number
  readonly t: number
  readonly pValue: number
}

/** A slope with its standard error (n − p degrees of freedom, change points as found), t and two-sided p-value. */
export function coefficientOf(model: Model, observations: Observations, term: number): Coefficient {
  const value = model.fit.coefficients[term]!
  const standardError = model.rmse * Math.sqrt(model.slopeVariance(term))
  const t = value / standardError
  return { value, standardError, t, pValue: twoSidedPValue(t, countOf(observations) - model.parameters) }
}

/** Errors of a model on observations that it has not seen. */
export interface OutOfSample {
  readonly folds: number
  readonly observations: number
  readonly cvRmse: number
  readonly bias: number
}

const mostFolds = 10
const leastInFold = 3

/**
 * Cross-validation: the chosen shape is fitted anew, change points too, without one block of neighbouring observations
 * after the other, and scored on it. Billing periods are left out one by one.
 */
export function crossValidate(observations: Observations, chosen: Candidate, choice: Choice): OutOfSample | undefined {
  const count = countOf(observations)
  const folds = choice.granularity === 'monthly' ? count : Math.min(mostFolds, Math.floor(count / leastInFold))
  let [squares, error, energy, seen, length] = [0, 0, 0, 0, 0]
  for (let fold = 0; fold < folds; fold += 1) {
    const [from, to] = [Math.floor((fold * count) / folds), Math.floor(((fold + 1) * count) / folds)]
    const inside = (i: number): boolean => i >= from && i < to
    const all = Int32Array.from({ length: count }, (_, i) => i)
    const learnt = pickObservations(
      observations,
      all.filter((i) => !inside(i)),
    )
    const form = formOf(chosen.shape, chosen.grouping, learnt, choice.variables)
    const model = form && fitModel(form, learnt)
    if (!model) return undefined
    const left = pickObservations(observations, all.filter(inside))
    model.predict(left).forEach((value, i) => {
      if (Number.isNaN(value)) return
      const residual = left.rate[i]! - value
      seen += 1
      squares += residual * residual
      error += residual * left.length[i]!
      energy += left.rate[i]! * left.length[i]!
      length += left.length[i]!
    })
  }
  if (seen === 0 || !(energy > 0)) return undefined
  return { folds, observations: seen, cvRmse: Math.sqrt(squares / seen) / (energy / length), bias: error / energy }
}
