import { prepareFactorisation } from './ldl.ts'
import type { ScaledModel } from './scaled-model.ts'

/** Regularisation of the blocks of the matrix that is factored; refinement takes its effect out again. */
const regularisation = 1e-9
/** Residual of a linear system, relative to its right side, at which its refinement ends: far from the goals, and near them. */
export const roughly = 1e-8
export const exactly = 1e-12
/** Rounds of refinement at most; one that does not bring the residual down to this part of it was the last. */
const mostRounds = 3
const worthARound = 0.2

/** The system `[−H Aᵀ; A D]`, where H weighs columns and D = 1/weight of the rows' slacks, 0 of rows without. */
export interface AugmentedSystem {
  /** Right sides, overwritten by the solution. */
  readonly first: Float64Array
  readonly second: Float64Array
  factor(weight: Float64Array, isVariable: Uint8Array): void
  /** Residual, relative to the right side, up to which solutions are refined from now on. */
  refineTo(accuracy: number): void
  solve(first: Float64Array, second: Float64Array): void
}

export function createAugmentedSystem(model: ScaledModel): AugmentedSystem {
  const { columnCount: n, rowCount: m, row, column, value } = model
  const all = n + m
  const factorisation = prepareFactorisation({
    count: all,
    first: column,
    second: row.map((i) => n + i),
    signs: Int8Array.from({ length: all }, (_, v) => (v < n ? -1 : 1)),
  })
  const exact = new Float64Array(all)
  const regular = new Float64Array(all)
  const wanted = new Float64Array(all)
  const correction = new Float64Array(all)
  const solution = new Float64Array(all)
  let accuracy = exactly
  return {
    first: new Float64Array(n),
    second: new Float64Array(m),
    factor(weight, isVariable) {
      for (let v = 0; v < n; v += 1) {
        exact[v] = -weight[v]!
        regular[v] = -weight[v]! - regularisation
      }
      for (let v = n; v < all; v += 1) {
        exact[v] = isVariable[v] === 1 ? 1 / weight[v]! : 0
        regular[v] = exact[v]! + regularisation
      }
      factorisation.factor(value, regular)
    },
    refineTo(next) {
      accuracy = next
    },
    solve(first, second) {
      wanted.set(first)
      wanted.set(second, n)
      solution.set(wanted)
      factorisation.solve(solution)
      const size = 1 + largest(wanted)
      let before = Number.POSITIVE_INFINITY
      for (let round = 0; round < mostRounds; round += 1) {
        leftOver(model, { wanted, diagonal: exact, solution, left: correction })
        const now = largest(correction)
        if (now <= accuracy * size || now > worthARound * before) break
        before = now
        factorisation.solve(correction)
        for (let v = 0; v < all; v += 1) solution[v] = solution[v]! + correction[v]!
      }
      first.set(solution.subarray(0, n))
      second.set(solution.subarray(n))
    },
  }
}

interface LeftOver {
  readonly wanted: Float64Array
  readonly diagonal: Float64Array
  readonly solution: Float64Array
  readonly left: Float64Array
}

/** Writes what a solution leaves of the right side. */
function leftOver(
  { columnCount: n, rowCount: m, rowStart, column, value }: ScaledModel,
  { wanted, diagonal, solution, left }: LeftOver,
): void {
  for (let v = 0; v < n + m; v += 1) left[v] = wanted[v]! - diagonal[v]! * solution[v]!
  for (let i = 0; i < m; i += 1) {
    const own = solution[n + i]!
    let sum = 0
    const to = rowStart[i + 1]!
    for (let e = rowStart[i]!; e < to; e += 1) {
      const j = column[e]!
      const a = value[e]!
      sum += a * solution[j]!
      left[j] = left[j]! - a * own
    }
    left[n + i] = left[n + i]! - sum
  }
}

/** The largest of the values without their signs; NaN when one is NaN. */
export function largest(values: Float64Array): number {
  let most = 0
  for (let at = 0; at < values.length; at += 1) {
    const size = Math.abs(values[at]!)
    // A NaN is not `<=`, and stays.
    if (!(size <= most)) most = size
    if (Number.isNaN(most)) return most
  }
  return most
}
