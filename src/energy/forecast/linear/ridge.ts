/** A straight plane: `constant + Σ slope · term`. */
export interface Plane {
  readonly constant: number
  readonly slopes: Float64Array
}

export const planeAt = ({ constant, slopes }: Plane, values: Float64Array, offset: number): number => {
  let sum = constant
  for (let j = 0; j < slopes.length; j += 1) sum += slopes[j]! * values[offset + j]!
  return sum
}

/** Rows of a linear model, `rows × terms` row by row. */
export interface LinearRows {
  readonly terms: number
  readonly values: Float64Array
  readonly targets: Float64Array
}

/**
 * All that least squares needs to know of weighted rows: the lower half of Σ weight · z zᵀ with z the terms, 1 and the
 * target, each less its centre. Moments of parts add up to those of the whole.
 */
export type Moments = Float64Array

/** Means of terms and target, so that moments do not drown in rounding; the answer does not depend on them. */
export function centreOf({ terms, values, targets }: LinearRows): Float64Array {
  const centre = new Float64Array(terms + 2)
  const count = targets.length
  for (let r = 0; r < count; r += 1) {
    for (let j = 0; j < terms; j += 1) centre[j] = centre[j]! + values[r * terms + j]! / count
    centre[terms + 1] = centre[terms + 1]! + targets[r]! / count
  }
  return centre
}

/** Moments of the rows `from ≤ row < to`. */
export function momentsOf(
  { terms, values, targets }: LinearRows,
  weights: Float64Array,
  centre: Float64Array,
  [from, to]: readonly [number, number],
): Moments {
  const size = terms + 2
  const moments = new Float64Array(size * size)
  // Four rows at a time: each entry of the matrix is then loaded and stored a quarter as often.
  const rows = Array.from({ length: 4 }, () => new Float64Array(size))
  const [a, b, c, d] = rows as [Float64Array, Float64Array, Float64Array, Float64Array]
  for (let first = from; first < to; first += 4) {
    for (let part = 0; part < 4; part += 1) {
      const row = rows[part]!
      const r = first + part
      const root = r < to ? Math.sqrt(weights[r]!) : 0
      if (root === 0) {
        row.fill(0)
        continue
      }
      for (let j = 0; j < terms; j += 1) row[j] = root * (values[r * terms + j]! - centre[j]!)
      row[terms] = root
      row[terms + 1] = root * (targets[r]! - centre[terms + 1]!)
    }
    for (let i = 0; i < size; i += 1) {
      const [ai, bi, ci, di] = [a[i]!, b[i]!, c[i]!, d[i]!]
      const at = i * size
      for (let j = 0; j <= i; j += 1) {
        moments[at + j] = moments[at + j]! + ai * a[j]! + bi * b[j]! + ci * c[j]! + di * d[j]!
      }
    }
  }
  return moments
}

/**
 * Ridge regression from moments: least squares with a penalty `shrink` on the squared slopes of the terms in units of
 * their own spread; the constant is free. Terms that stand still get slope 0. NaN when nothing is known.
 * Source: Hoerl & Kennard, Technometrics 12 (1970) 55; solved by Cholesky.
 */
export function solveRidge(moments: Moments, centre: Float64Array, shrink: number): Plane {
  const size = centre.length
  const terms = size - 2
  const slopes = new Float64Array(terms)
  const total = moments[terms * size + terms]!
  if (!(total > 0)) return { constant: Number.NaN, slopes }
  const target = (terms + 1) * size
  const targetShift = moments[target + terms]! / total
  const shifts = Float64Array.from(slopes, (_, j) => moments[terms * size + j]! / total)
  const spreads = Float64Array.from(slopes, (_, j) => {
    const variance = moments[j * size + j]! / total - shifts[j]! ** 2
    return variance > 1e-12 * (centre[j]! ** 2 + 1e-12) ? Math.sqrt(variance) : 0
  })
  const matrix = new Float64Array(terms * terms)
  const right = new Float64Array(terms)
  for (let i = 0; i < terms; i += 1) {
    matrix[i * terms + i] = 1 + shrink
    if (spreads[i] === 0) continue
    right[i] = (moments[target + i]! / total - shifts[i]! * targetShift) / spreads[i]!
    for (let j = 0; j < i; j += 1) {
      if (spreads[j] === 0) continue
      matrix[i * terms + j] = (moments[i * size + j]! / total - shifts[i]! * shifts[j]!) / (spreads[i]! * spreads[j]!)
    }
  }
  solveInPlace(matrix, right, terms)
  let constant = centre[terms + 1]! + targetShift
  for (let i = 0; i < terms; i += 1) {
    if (spreads[i] === 0) continue
    slopes[i] = right[i]! / spreads[i]!
    constant -= slopes[i]! * (centre[i]! + shifts[i]!)
  }
  return { constant, slopes }
}

/** Solves a positive definite system, its lower half given row by row; the answer stands in `right`. */
function solveInPlace(matrix: Float64Array, right: Float64Array, size: number): void {
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = matrix[i * size + j]!
      for (let k = 0; k < j; k += 1) sum -= matrix[i * size + k]! * matrix[j * size + k]!
      // Terms that say the same as others leave a pivot of rounding errors; it is kept from zero.
      matrix[i * size + j] = i === j ? Math.sqrt(Math.max(sum, 1e-10)) : sum / matrix[j * size + j]!
    }
  }
  for (let i = 0; i < size; i += 1) {
    let sum = right[i]!
    for (let k = 0; k < i; k += 1) sum -= matrix[i * size + k]! * right[k]!
    right[i] = sum / matrix[i * size + i]!
  }
  for (let i = size - 1; i >= 0; i -= 1) {
    let sum = right[i]!
    for (let k = i + 1; k < size; k += 1) sum -= matrix[k * size + i]! * right[k]!
    right[i] = sum / matrix[i * size + i]!
  }
}
