import type { LinearModel, Solution } from '../../kernel/index.ts'
import { dualBound } from '../certificate.ts'
import { createAugmentedSystem, exactly, largest, roughly } from './augmented-system.ts'
import { blend, createDirection, type Direction, leastOfTheWay, stepLengths } from './direction.ts'
import { type ScaledModel, scaleModel } from './scaled-model.ts'
import { startPoint } from './start-point.ts'

export interface InteriorPointOptions {
  /** Relative distance of the primal and the dual objective at which it ends. Default 1e-7. */
  readonly relativeGap?: number
  readonly maxIterations?: number
  /** Asked once an iteration. */
  stopped?(): boolean
  /** Told once an iteration; for progress and benches. */
  iterated?(iteration: Iteration): void
}

export interface Iteration {
  readonly number: number
  /** Largest violation of a row, and of a column's dual equation, in scaled units. */
  readonly primalResidual: number
  readonly dualResidual: number
  readonly relativeGap: number
}

/** Further correctors an iteration may try; each is a solve with the factors that are there already. */
const mostCorrectors = 1
/** Iterations without progress after which a point that has come this near, as a multiple of the goals, is taken. */
const patience = 6
const nearlyDone = 1e3
/** Weight of a slack, dual over distance, from which on it counts as near its bound. */
const nearBound = 1e4
/** Residual, in scaled units, at which a solution and its duals count as feasible. */
const residualGoal = 1e-7
/** Residual of a row in the model's own units, relative to its largest term above 1, at which it counts as kept. */
const rowGoal = 2e-6

/**
 * Solves a linear program by a primal–dual interior point method with predictor and corrector (Mehrotra 1992, SIAM J.
 * Optimization 2(4)) on the quasidefinite augmented system. Its time grows with the length of the horizon and not with
 * its square: hours are tied only to their neighbours and to the few sizes, which {@link minimumDegreeOrder} finds out.
 *
 * The solution is inside its bounds, so nearly as good as the optimum and not at a corner; `bound` is proven from its duals.
 *
 * @returns undefined when it does not converge: the model has no solution, no bound, or numbers beyond its reach
 */
export function solveInteriorPoint(model: LinearModel, options: InteriorPointOptions = {}): Solution | undefined {
  const startedMs = performance.now()
  const scaled = scaleModel(model)
  if (!scaled) return undefined
  const found = iterate(scaled, options)
  if (!found) return undefined
  const { columnValues, rowDuals } = scaled.unscale(found.values, found.duals)
  let objective = model.offset
  const columnDuals = model.cost.slice()
  for (let j = 0; j < model.columnCount; j += 1) objective += model.cost[j]! * columnValues[j]!
  for (let i = 0; i < model.rowCount; i += 1) {
    for (let e = model.rowStart[i]!; e < model.rowStart[i + 1]!; e += 1) {
      columnDuals[model.columnIndex[e]!]! -= rowDuals[i]! * model.coefficient[e]!
    }
  }
  return {
    status: 'optimal',
    objective,
    bound: dualBound(model, rowDuals),
    columnValues,
    rowDuals,
    columnDuals,
    solveMs: performance.now() - startedMs,
  }
}

function iterate(
  model: ScaledModel,
  { relativeGap = 1e-7, maxIterations = 200, stopped, iterated }: InteriorPointOptions,
): { values: Float64Array; duals: Float64Array } | undefined {
  const { columnCount: n, rowCount: m, lower, upper, cost, right, rowStart, column, value, unit } = model
  const all = n + m
  const hasLower = Uint8Array.from(lower, (bound) => Number(Number.isFinite(bound)))
  const hasUpper = Uint8Array.from(upper, (bound) => Number(Number.isFinite(bound)))
  const isVariable = Uint8Array.from(lower, (bound) => Number(!Number.isNaN(bound)))
  const sides = { hasLower, hasUpper }
  const sideCount = hasLower.reduce((sum, flag) => sum + flag, 0) + hasUpper.reduce((sum, flag) => sum + flag, 0)
  const system = createAugmentedSystem(model)
  const point = startPoint(model, system, isVariable)
  const { x, zLower, zUpper, y } = point

  const dualResidual = new Float64Array(all)
  const primalResidual = new Float64Array(m)
  const weight = new Float64Array(all)
  const cLower = new Float64Array(all)
  const cUpper = new Float64Array(all)
  const direction = createDirection(all, m)
  const corrector = createDirection(all, m)
  const costSize = 1 + largest(cost)
  const rightSize = 1 + largest(right)
  let worstRow = 0

  /** Writes the residuals of the point; rows `b − A·x + s`, columns `c − Aᵀy − z_l + z_u`. */
  const residuals = (): void => {
    worstRow = 0
    for (let v = 0; v < all; v += 1) {
      const own = v < n ? cost[v]! : y[v - n]!
      dualResidual[v] = isVariable[v] === 1 ? own - zLower[v]! + zUpper[v]! : 0
    }
    for (let i = 0; i < m; i += 1) {
      const own = y[i]!
      let left = right[i]!
      let most = unit[i]!
      for (let e = rowStart[i]!; e < rowStart[i + 1]!; e += 1) {
        const j = column[e]!
        const part = value[e]! * x[j]!
        left -= part
        if (part > most || -part > most) most = Math.abs(part)
        dualResidual[j] = dualResidual[j]! - value[e]! * own
      }
      // Of a row with a slack counts what lies outside of its bounds, not what the slack has not followed.
      const slack = n + i
      const outside = isVariable[slack] === 1 ? Math.max(lower[slack]! + left, -left - upper[slack]!) : Math.abs(left)
      worstRow = Math.max(worstRow, outside / most)
      primalResidual[i] = isVariable[slack] === 1 ? left + x[slack]! : left
    }
  }

  /** Solves for the direction that the complementarity terms `cLower`, `cUpper` ask for, with that part of the residuals. */
  const solve = (direction: Direction, part: 0 | 1): void => {
    const { dx, dy, dzLower, dzUpper } = direction
    const first = system.first
    const second = system.second
    for (let v = 0; v < n; v += 1) first[v] = part * dualResidual[v]! - cLower[v]! + cUpper[v]!
    for (let i = 0; i < m; i += 1) {
      const v = n + i
      second[i] =
        part * primalResidual[i]! +
        (isVariable[v] === 1 ? (-part * dualResidual[v]! + cLower[v]! - cUpper[v]!) / weight[v]! : 0)
    }
    system.solve(first, second)
    for (let v = 0; v < n; v += 1) dx[v] = first[v]!
    // A slack far from its bounds follows from the columns, so that its row keeps what it has gained; one near a bound from
    // its own equation, for there the smallest error would make its dual a large one.
    for (let i = 0; i < m; i += 1) {
      dy[i] = second[i]!
      const v = n + i
      dx[v] =
        isVariable[v] !== 1
          ? 0
          : weight[v]! < nearBound
            ? -part * primalResidual[i]!
            : (-part * dualResidual[v]! + cLower[v]! - cUpper[v]! - dy[i]!) / weight[v]!
      if (isVariable[v] !== 1 || weight[v]! >= nearBound) continue
      let sum = dx[v]!
      for (let e = rowStart[i]!; e < rowStart[i + 1]!; e += 1) sum += value[e]! * dx[column[e]!]!
      dx[v] = sum
    }
    for (let v = 0; v < all; v += 1) {
      if (hasLower[v] === 1) dzLower[v] = cLower[v]! - (zLower[v]! / (x[v]! - lower[v]!)) * dx[v]!
      if (hasUpper[v] === 1) dzUpper[v] = cUpper[v]! + (zUpper[v]! / (upper[v]! - x[v]!)) * dx[v]!
    }
  }

  let best: { values: Float64Array; duals: Float64Array; merit: number; number: number } | undefined
  for (let number = 0; number < maxIterations; number += 1) {
    if (stopped?.()) return undefined
    residuals()
    let gapSum = 0
    let primalObjective = 0
    let dualObjective = 0
    for (let v = 0; v < all; v += 1) {
      if (v < n) primalObjective += cost[v]! * x[v]!
      if (hasLower[v] === 1) {
        gapSum += zLower[v]! * (x[v]! - lower[v]!)
        dualObjective += zLower[v]! * lower[v]!
      }
      if (hasUpper[v] === 1) {
        gapSum += zUpper[v]! * (upper[v]! - x[v]!)
        dualObjective -= zUpper[v]! * upper[v]!
      }
    }
    for (let i = 0; i < m; i += 1) dualObjective += y[i]! * right[i]!
    const mu = gapSum / Math.max(1, sideCount)
    const gap = Math.max(gapSum, Math.abs(primalObjective - dualObjective)) / Math.max(1e-6, Math.abs(primalObjective))
    const primal = largest(primalResidual) / rightSize
    const dual = largest(dualResidual) / costSize
    iterated?.({ number, primalResidual: primal, dualResidual: dual, relativeGap: gap })
    if (!Number.isFinite(gap + primal + dual)) break
    const merit = Math.max(gap / relativeGap, primal / residualGoal, worstRow / rowGoal, dual / residualGoal)
    if (!best || merit < best.merit) best = { values: x.slice(0, n), duals: y.slice(), merit, number }
    if (merit <= 1) return best
    // When nothing gets better any more the numbers have given what they can.
    if (number - best.number > patience && best.merit <= nearlyDone) break

    for (let v = 0; v < all; v += 1) {
      let h = 0
      if (hasLower[v] === 1) h += zLower[v]! / (x[v]! - lower[v]!)
      if (hasUpper[v] === 1) h += zUpper[v]! / (upper[v]! - x[v]!)
      weight[v] = v < n ? h : Math.max(h, 1e-300)
    }
    system.factor(weight, isVariable)
    system.refineTo(merit > 1e4 ? roughly : exactly)

    // Predictor: straight to the optimum.
    for (let v = 0; v < all; v += 1) {
      cLower[v] = hasLower[v] === 1 ? -zLower[v]! : 0
      cUpper[v] = hasUpper[v] === 1 ? -zUpper[v]! : 0
    }
    solve(direction, 1)
    let reach = stepLengths(point, direction, model, sides)
    let after = 0
    for (let v = 0; v < all; v += 1) {
      if (hasLower[v] === 1) {
        after +=
          (x[v]! + reach.primal * direction.dx[v]! - lower[v]!) * (zLower[v]! + reach.dual * direction.dzLower[v]!)
      }
      if (hasUpper[v] === 1) {
        after +=
          (upper[v]! - x[v]! - reach.primal * direction.dx[v]!) * (zUpper[v]! + reach.dual * direction.dzUpper[v]!)
      }
    }
    const ratio = Math.min(1, after / Math.max(gapSum, 1e-300))
    const target = mu * Math.max(1e-6, ratio ** 3)

    // Corrector: back towards the middle, and for what the predictor left out.
    for (let v = 0; v < all; v += 1) {
      if (hasLower[v] === 1) {
        cLower[v] = (target - direction.dx[v]! * direction.dzLower[v]!) / (x[v]! - lower[v]!)
      }
      if (hasUpper[v] === 1) {
        cUpper[v] = (target + direction.dx[v]! * direction.dzUpper[v]!) / (upper[v]! - x[v]!)
      }
    }
    solve(corrector, 0)
    reach = blend(point, direction, corrector, model, sides, reach)

    // Correctors that draw outlying products of a trial step back towards the middle, while they lengthen the step.
    for (let extra = 0; extra < mostCorrectors && Math.min(reach.primal, reach.dual) < 0.9; extra += 1) {
      const trial = { primal: Math.min(1, 1.08 * reach.primal + 0.08), dual: Math.min(1, 1.08 * reach.dual + 0.08) }
      const pull = (product: number): number => {
        if (product < 0.1 * target) return 0.1 * target - product
        if (product > 10 * target) return Math.max(-10 * target, 10 * target - product)
        return 0
      }
      for (let v = 0; v < all; v += 1) {
        if (hasLower[v] === 1) {
          const room = x[v]! + trial.primal * direction.dx[v]! - lower[v]!
          cLower[v] = pull(room * (zLower[v]! + trial.dual * direction.dzLower[v]!)) / (x[v]! - lower[v]!)
        }
        if (hasUpper[v] === 1) {
          const room = upper[v]! - x[v]! - trial.primal * direction.dx[v]!
          cUpper[v] = pull(room * (zUpper[v]! + trial.dual * direction.dzUpper[v]!)) / (upper[v]! - x[v]!)
        }
      }
      solve(corrector, 0)
      const longer = blend(point, direction, corrector, model, sides, reach)
      const gained = longer.primal + longer.dual - reach.primal - reach.dual
      reach = longer
      if (gained < 0.02) break
    }
    const wayTo = (length: number): number => Math.min(1, Math.max(leastOfTheWay, 1 - mu) * length)
    const alphaPrimal = wayTo(reach.primal)
    const alphaDual = wayTo(reach.dual)
    if (Math.max(alphaPrimal, alphaDual) < 1e-10) break
    for (let v = 0; v < all; v += 1) {
      if (isVariable[v] !== 1) continue
      x[v]! += alphaPrimal * direction.dx[v]!
      // Rounding must not put a variable onto its bound.
      if (hasLower[v] === 1 && x[v]! <= lower[v]!) x[v] = lower[v]! + 1e-14 * Math.max(1, Math.abs(lower[v]!))
      if (hasUpper[v] === 1 && x[v]! >= upper[v]!) x[v] = upper[v]! - 1e-14 * Math.max(1, Math.abs(upper[v]!))
      if (hasLower[v] === 1) zLower[v] = Math.max(1e-300, zLower[v]! + alphaDual * direction.dzLower[v]!)
      if (hasUpper[v] === 1) zUpper[v] = Math.max(1e-300, zUpper[v]! + alphaDual * direction.dzUpper[v]!)
    }
    for (let i = 0; i < m; i += 1) y[i]! += alphaDual * direction.dy[i]!
  }
  // Numbers that stall just before the goal still make a solution whose bound is proven by its duals.
  return best && best.merit <= nearlyDone ? best : undefined
}
