import { type GroupedFit, groupedRegression } from './grouped-regression.ts'
import { countOf, type Observations } from './observations.ts'

/** Families by their parameters (Kissock, Haberl and Claridge 2003, ASHRAE RP-1050) and by time of week (Mathieu et al. 2011). */
export const shapes = ['1P', '2P', '3PH', '3PC', '4P', '5P', 'TOW', 'TOWT'] as const
export type Shape = (typeof shapes)[number]

/** How observations share intercepts. */
export const groupings = ['none', 'weekend', 'weekday', 'hour-of-week'] as const
export type Grouping = (typeof groupings)[number]

/** Number of groups of each grouping. */
export const groupCount: Readonly<Record<Grouping, number>> = { none: 1, weekend: 2, weekday: 7, 'hour-of-week': 168 }

/** Group of each observation; a holiday counts as a Sunday. */
export function groupsOf({ hourOfWeek }: Observations, grouping: Grouping): Int32Array {
  switch (grouping) {
    case 'none':
      return new Int32Array(hourOfWeek.length)
    case 'weekend':
      return hourOfWeek.map((hour) => Number(hour >= 5 * 24))
    case 'weekday':
      return hourOfWeek.map((hour) => Math.floor(hour / 24))
    case 'hour-of-week':
      return hourOfWeek
  }
}

/** One regressor: its name, its unit in the coefficient, and its value for any observations. */
export interface Term {
  readonly name: string
  /** Unit of the regressor; a coefficient is energy rate per this. */
  readonly unit: string
  values(observations: Observations): Float64Array
}

/** The form of a model, before it is fitted. */
export interface ModelForm {
  readonly shape: Shape
  readonly grouping: Grouping
  readonly terms: readonly Term[]
  readonly changePoints: { readonly heatingC?: number; readonly coolingC?: number }
  /** How the prediction changes with each change point: what makes its doubt part of the doubt of the savings. */
  shifts(coefficients: Float64Array): readonly Term[]
}

export interface Model extends ModelForm {
  readonly fit: GroupedFit
  /** Intercepts, coefficients and change points. */
  readonly parameters: number
  /** Root mean square error with n − p degrees of freedom, in the unit of the rate. */
  readonly rmse: number
  /** Times the error variance, the variance of a weighted sum of predictions; change points count as found, not known. */
  sumVariance(observations: Observations, weights: Float64Array): number
  /** Times the error variance, the variance of the coefficient of a term. */
  slopeVariance(term: number): number
  /** NaN for an observation of a group that the baseline does not have. */
  predict(observations: Observations): Float64Array
}

/** Fits a form; undefined when its terms depend on each other or there are too few observations. */
export function fitModel(form: ModelForm, observations: Observations): Model | undefined {
  const { grouping, terms } = form
  const regression = {
    target: observations.rate,
    weight: observations.weight,
    group: groupsOf(observations, grouping),
    groups: groupCount[grouping],
  }
  const columns = terms.map((term) => term.values(observations))
  const fit = groupedRegression({ ...regression, columns })
  if (!fit) return undefined
  const shifts = form.shifts(fit.coefficients)
  const parameters = fit.parameters + shifts.length
  const degrees = countOf(observations) - parameters
  if (degrees < 1) return undefined
  const shifted = groupedRegression({
    ...regression,
    columns: [...columns, ...shifts.map((term) => term.values(observations))],
  })
  const spread = shifted ?? fit
  const spreadTerms = shifted ? [...terms, ...shifts] : terms
  return {
    ...form,
    fit,
    parameters,
    rmse: Math.sqrt(fit.squares / degrees),
    sumVariance(wanted, weights) {
      const group = groupsOf(wanted, grouping)
      const groupSums = new Float64Array(groupCount[grouping])
      weights.forEach((weight, i) => {
        groupSums[group[i]!]! += weight
      })
      const columnSums = Float64Array.from(spreadTerms, (term) =>
        term.values(wanted).reduce((sum, value, i) => sum + weights[i]! * value, 0),
      )
      return spread.variance(groupSums, columnSums)
    },
    slopeVariance: (term) =>
      spread.variance(
        new Float64Array(groupCount[grouping]),
        Float64Array.from(spreadTerms, (_, k) => Number(k === term)),
      ),
    predict(wanted) {
      const group = groupsOf(wanted, grouping)
      const values = Float64Array.from(group, (g) => fit.intercepts[g]!)
      terms.forEach((term, k) => {
        const column = term.values(wanted)
        for (let i = 0; i < values.length; i += 1) values[i]! += fit.coefficients[k]! * column[i]!
      })
      return values
    },
  }
}

/** The further variables of observations as terms. */
export const variableTerms = (
  variables: readonly { readonly name: string; readonly unit: string }[],
): readonly Term[] =>
  variables.map(({ name, unit }, k) => ({ name, unit, values: (observations) => observations.variables[k]! }))
