import type { MoreRow } from '../more-rows.ts'

/** A row `Σ value · x[column] ≤ most` that every solution with whole integers keeps. */
export interface Cut {
  readonly columns: Int32Array
  readonly values: Float64Array
  readonly most: number
  /** By how much the point it was made for breaks it, as a distance. */
  readonly distance: number
}

/** A cut as a row of a model. */
export const rowOf = ({ columns, values, most }: Cut): MoreRow => ({
  columns,
  values,
  lower: Number.NEGATIVE_INFINITY,
  upper: most,
})

/** `Σ coefficient · z ≤ right − Σ slope · s` with whole z ≥ 0 and real s ≥ 0, and a point in it. */
export interface RoundingRow {
  readonly count: number
  readonly coefficient: Float64Array
  readonly value: Float64Array
  /** Of the integers; ∞ where there is none. */
  readonly range: Float64Array
  /** Whether z stands for (upper − z); changed by {@link bestRounding}. */
  readonly flipped: Uint8Array
  right: number
  /** Of the real terms with a negative coefficient: Σ coefficient · value, and Σ coefficient². */
  readonly realSum: number
  readonly realSquare: number
}

export interface Rounding {
  readonly divisor: number
  readonly fraction: number
  readonly distance: number
}

/** Fractions of the right side that make a cut steep or numerically poor. */
const leastFraction = 0.02
const mostFraction = 0.995
const mostDivisors = 12
const whole = 1e-6

/** `⌊a⌋ + (frac a − f)⁺ / (1 − f)`. */
export const roundedCoefficient = (a: number, fraction: number): number => {
  const floor = Math.floor(a)
  const over = a - floor - fraction
  return over > 0 ? floor + over / (1 - fraction) : floor
}

/** Distance by which the mixed-integer rounding of the row, divided by `divisor`, cuts its point off. */
function roundingAt(row: RoundingRow, divisor: number): Rounding | undefined {
  const right = row.right / divisor
  const floor = Math.floor(right)
  const fraction = right - floor
  if (fraction < leastFraction || fraction > mostFraction) return undefined
  const scale = 1 / (divisor * (1 - fraction))
  let excess = row.realSum * scale - floor
  let square = row.realSquare * scale * scale
  for (let t = 0; t < row.count; t += 1) {
    const value = roundedCoefficient(row.coefficient[t]! / divisor, fraction)
    excess += value * row.value[t]!
    square += value * value
  }
  if (!(excess > 1e-7)) return undefined
  return { divisor, fraction, distance: excess / Math.sqrt(square + 1e-12) }
}

function flip(row: RoundingRow, t: number): void {
  row.right -= row.coefficient[t]! * row.range[t]!
  row.coefficient[t] = -row.coefficient[t]!
  row.value[t] = row.range[t]! - row.value[t]!
  row.flipped[t] = 1 - row.flipped[t]!
}

/**
 * The rounding that cuts deepest (Marchand & Wolsey 2001, Operations Research 49(3)): divisors are the coefficients of
 * integers between their bounds, then halves of the best, then integers are complemented one by one while that helps.
 */
export function bestRounding(row: RoundingRow): Rounding | undefined {
  const divisors = new Set<number>()
  let largest = 0
  for (let t = 0; t < row.count; t += 1) {
    const size = Math.abs(row.coefficient[t]!)
    largest = Math.max(largest, size)
    const value = row.value[t]!
    if (size > 1e-6 && value > whole && value < row.range[t]! - whole && divisors.size < mostDivisors) {
      divisors.add(Number(size.toPrecision(10)))
    }
  }
  if (divisors.size === 0) return undefined
  divisors.add(largest + 1)
  let best: Rounding | undefined
  const attempt = (divisor: number): void => {
    const found = roundingAt(row, divisor)
    if (found && (!best || found.distance > best.distance)) best = found
  }
  for (const divisor of divisors) attempt(divisor)
  if (!best) return undefined
  const { divisor } = best as Rounding
  for (const part of [2, 4, 8]) attempt(divisor / part)
  for (let t = 0; t < row.count; t += 1) {
    const value = row.value[t]!
    if (value <= whole || value >= row.range[t]! - whole || !Number.isFinite(row.range[t]!)) continue
    flip(row, t)
    const found = roundingAt(row, (best as Rounding).divisor)
    if (found && found.distance > (best as Rounding).distance) best = found
    else flip(row, t)
  }
  return best
}
