import type { AugmentedSystem } from './augmented-system.ts'
import type { Point } from './direction.ts'
import type { ScaledModel } from './scaled-model.ts'

/** Where a variable begins: this far from a bound, in scaled units, and with this product of distance and dual. */
const startMargin = 10
const startMu = 10

/**
 * The least-squares solution of the rows, pushed into the interior of the bounds, with duals that match its size. A variable
 * with less room begins in the middle, where the duals of its bounds are large but take each other away.
 */
export function startPoint(model: ScaledModel, system: AugmentedSystem, isVariable: Uint8Array): Point {
  const { columnCount: n, rowCount: m, lower, upper, right, row, column, value } = model
  const all = n + m
  const ones = new Float64Array(all).fill(1)
  system.factor(ones, isVariable)
  const first = new Float64Array(n)
  const second = right.slice()
  system.solve(first, second)
  const x = new Float64Array(all)
  x.set(first)
  const zLower = new Float64Array(all)
  const zUpper = new Float64Array(all)
  const place = (v: number): void => {
    const [low, high] = [lower[v]!, upper[v]!]
    const margin = Math.min(startMargin, 0.5 * (high - low))
    if (Number.isFinite(low) && x[v]! < low + margin) x[v] = low + margin
    if (Number.isFinite(high) && x[v]! > high - margin) x[v] = high - margin
    if (Number.isFinite(low)) zLower[v] = startMu / (x[v]! - low)
    if (Number.isFinite(high)) zUpper[v] = startMu / (high - x[v]!)
  }
  for (let v = 0; v < n; v += 1) place(v)
  // The slacks of rows follow from the columns as they stand now.
  for (let e = 0; e < value.length; e += 1) x[n + row[e]!]! += value[e]! * x[column[e]!]!
  for (let v = n; v < all; v += 1) {
    if (isVariable[v] === 1) place(v)
    else x[v] = 0
  }
  return { x, zLower, zUpper, y: new Float64Array(m) }
}
