import { type LeastSquares, leastSquares } from './least-squares.ts'

/** What is regressed: a target on columns, with an intercept of its own for each group of observations. */
export interface Regression {
  readonly target: Float64Array
  /** Weight of each observation in the sum of squares. */
  readonly weight: Float64Array
  /** Group of each observation, 0 to `groups` − 1. */
  readonly group: Int32Array
  readonly groups: number
  readonly columns: readonly Float64Array[]
}

export interface GroupedFit {
  /** NaN for a group without observations. */
  readonly intercepts: Float64Array
  readonly coefficients: Float64Array
  readonly residuals: Float64Array
  /** Weighted sum of squared residuals. */
  readonly squares: number
  /** Intercepts and coefficients that were found. */
  readonly parameters: number
  /** Times the error variance, the variance of `groupSums · intercepts + columnSums · coefficients`. */
  variance(groupSums: Float64Array, columnSums: Float64Array): number
}

/**
 * Weighted least squares with an intercept for each group. Groups are swept out by their means first (Frisch and Waugh
 * 1933, Lovell 1963), so that 168 hours of the week cost no more than one, and what is left is solved by QR.
 *
 * @returns undefined when the columns depend on each other beside the groups
 */
export function groupedRegression({ target, weight, group, groups, columns }: Regression): GroupedFit | undefined {
  const count = target.length
  const weights = new Float64Array(groups)
  for (let i = 0; i < count; i += 1) weights[group[i]!]! += weight[i]!
  const meansOf = (values: Float64Array): Float64Array => {
    const sums = new Float64Array(groups)
    for (let i = 0; i < count; i += 1) sums[group[i]!]! += weight[i]! * values[i]!
    return sums.map((sum, g) => sum / weights[g]!)
  }
  const root = weight.map(Math.sqrt)
  const swept = (values: Float64Array, means: Float64Array): Float64Array =>
    values.map((value, i) => root[i]! * (value - means[group[i]!]!))
  const targetMeans = meansOf(target)
  const columnMeans = columns.map(meansOf)
  const sweptColumns = columns.map((column, k) => swept(column, columnMeans[k]!))
  // What rounding leaves of a column that the groups explain is no regressor.
  if (columns.some((column, k) => squareOf(sweptColumns[k]!) <= 1e-20 * weightedSquare(column, weight)))
    return undefined
  const fit: LeastSquares | undefined = leastSquares(sweptColumns, swept(target, targetMeans))
  if (!fit) return undefined
  const { coefficients } = fit
  const intercepts = targetMeans.map((mean, g) =>
    coefficients.reduce((rest, coefficient, k) => rest - coefficient * columnMeans[k]![g]!, mean),
  )
  return {
    intercepts,
    coefficients,
    residuals: fit.residuals.map((residual, i) => residual / root[i]!),
    squares: fit.squares,
    parameters: weights.reduce((sum, value) => sum + Number(value > 0), 0) + columns.length,
    variance(groupSums, columnSums) {
      let sum = 0
      const rest = columnSums.slice()
      for (let g = 0; g < groups; g += 1) {
        if (groupSums[g] === 0) continue
        sum += groupSums[g]! ** 2 / weights[g]!
        for (let k = 0; k < rest.length; k += 1) rest[k]! -= groupSums[g]! * columnMeans[k]![g]!
      }
      return sum + fit.variance(rest)
    },
  }
}

const squareOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0)
const weightedSquare = (values: Float64Array, weight: Float64Array): number =>
  values.reduce((sum, value, i) => sum + weight[i]! * value * value, 0)
