/** A least-squares fit by QR. `width` columns of `height` rows. */
export interface LeastSquares {
  readonly coefficients: Float64Array
  readonly residuals: Float64Array
  /** Sum of squared residuals. */
  readonly squares: number
  /** `v' (X'X)⁻¹ v`: times the variance of the errors, the variance of `v' β`. */
  variance(v: Float64Array): number
}

/** A column whose part beside the columns before it is this small a share of it says nothing of its own. */
const leastShare = 1e-11

/**
 * Least squares by Householder reflections (Golub and Van Loan, Matrix Computations, algorithm 5.2.1), columns scaled to
 * length one first.
 *
 * @param columns one array a regressor, all as long as `target`
 * @returns undefined when columns depend on each other, or outnumber the rows
 */
export function leastSquares(columns: readonly Float64Array[], target: Float64Array): LeastSquares | undefined {
  const height = target.length
  const width = columns.length
  if (width > height) return undefined
  const scale = Float64Array.from(columns, (column) => Math.sqrt(dot(column, column, 0)))
  if (scale.some((length) => !(length > 0))) return undefined
  const work = columns.map((column, k) => column.map((value) => value / scale[k]!))
  const right = target.slice()
  const diagonal = new Float64Array(width)
  for (let k = 0; k < width; k += 1) {
    const column = work[k]!
    const length = Math.sqrt(dot(column, column, k))
    if (!(length > leastShare)) return undefined
    const top = column[k]!
    diagonal[k] = top > 0 ? -length : length
    // The reflector v = x − (±‖x‖) e stands in the column from its row on.
    column[k] = top - diagonal[k]!
    const half = length * (length + Math.abs(top))
    for (let j = k + 1; j < width; j += 1) reflect(column, work[j]!, k, half)
    reflect(column, right, k, half)
  }
  const coefficients = new Float64Array(width)
  for (let k = width - 1; k >= 0; k -= 1) {
    let sum = right[k]!
    for (let j = k + 1; j < width; j += 1) sum -= work[j]![k]! * coefficients[j]!
    coefficients[k] = sum / diagonal[k]!
  }
  for (let k = 0; k < width; k += 1) coefficients[k]! /= scale[k]!
  const residuals = target.slice()
  for (let k = 0; k < width; k += 1) {
    const column = columns[k]!
    const factor = coefficients[k]!
    for (let row = 0; row < height; row += 1) residuals[row]! -= factor * column[row]!
  }
  return {
    coefficients,
    residuals,
    squares: dot(residuals, residuals, 0),
    variance(v) {
      // R' w = v, then v' (R'R)⁻¹ v = w' w.
      const w = new Float64Array(width)
      for (let k = 0; k < width; k += 1) {
        let sum = v[k]! / scale[k]!
        for (let j = 0; j < k; j += 1) sum -= work[k]![j]! * w[j]!
        w[k] = sum / diagonal[k]!
      }
      return dot(w, w, 0)
    },
  }
}

function dot(a: Float64Array, b: Float64Array, from: number): number {
  let sum = 0
  for (let row = from; row < a.length; row += 1) sum += a[row]! * b[row]!
  return sum
}

function reflect(v: Float64Array, column: Float64Array, from: number, half: number): void {
  const factor = dot(v, column, from) / half
  for (let row = from; row < v.length; row += 1) column[row]! -= factor * v[row]!
}
