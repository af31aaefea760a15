import type { LinearModel, Solution } from '../../kernel/index.ts'
import { dualBound } from '../certificate.ts'
import { prepareFactorisation } from './ldl.ts'
import { type ScaledModel, scaleModel } from './scaled-model.ts'

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

/** Regularisation of the blocks of the matrix that is factored; refinement takes its effect out again. */
const regularisation = 1e-9
/** Part of the way to the nearest bound that a step goes at least, nearly all of it towards the end. */
const leastOfTheWay = 0.99
/** Further correctors an iteration may try; each is a solve with the factors that are there already. */
const mostCorrectors = 3
/** Where a variable begins: this far from a bound, in scaled units, and with this product of distance and dual. */
const startMargin = 10
const startMu = 10
/** Iterations without progress after which a point that has come this near, as a multiple of the goals, is taken. */
const patience = 6
const nearlyDone = 1e3
/** Weight of a slack, dual over distance, from which on it counts as near its bound. */
const nearBound = 1e4
/** Residual of a linear system, relative to its right side, at which its refinement ends: far from the goals, and near them. */
const roughly = 1e-8
const exactly = 1e-12
/** Residual, in scaled units, at which a solution counts as feasible. */
const residualGoal = 1e-7

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

/** All variables: columns, then slacks of rows. */
interface Point {
  readonly x: Float64Array
  readonly zLower: Float64Array
  readonly zUpper: Float64Array
  /** Row duals. */
  readonly y: Float64Array
}

function iterate(
  model: ScaledModel,
  { relativeGap = 1e-7, maxIterations = 200, stopped, iterated }: InteriorPointOptions,
): { values: Float64Array; duals: Float64Array } | undefined {
  const { columnCount: n, rowCount: m, lower, upper, cost, right, row, column, value } = model
  const all = n + m
  const hasLower = Uint8Array.from(lower, (bound) => Number(Number.isFinite(bound)))
  const hasUpper = Uint8Array.from(upper, (bound) => Number(Number.isFinite(bound)))
  const isVariable = Uint8Array.from(lower, (bound) => Number(!Number.isNaN(bound)))
  const sides = hasLower.reduce((sum, flag) => sum + flag, 0) + hasUpper.reduce((sum, flag) => sum + flag, 0)
  const system = createSystem(model)
  const point = startPoint(model, system, isVariable)
  const { x, zLower, zUpper, y } = point

  const dualResidual = new Float64Array(all)
  const primalResidual = new Float64Array(m)
  const weight = new Float64Array(all)
  const cLower = new Float64Array(all)
  const cUpper = new Float64Array(all)
  const direction = createDirection(all, m)
  const corrector = createDirection(all, m)
  const costSize = 1 + norm(cost)
  const rightSize = 1 + norm(right)

  /** Writes the residuals of the point; rows `b − A·x + s`, columns `c − Aᵀy − z_l + z_u`. */
  const residuals = (): void => {
    for (let v = 0; v < all; v += 1) {
      const own = v < n ? cost[v]! : y[v - n]!
      dualResidual[v] = isVariable[v] === 1 ? own - zLower[v]! + zUpper[v]! : 0
    }
    for (let i = 0; i < m; i += 1) primalResidual[i] = right[i]! + (isVariable[n + i] === 1 ? x[n + i]! : 0)
    for (let e = 0; e < value.length; e += 1) {
      dualResidual[column[e]!]! -= value[e]! * y[row[e]!]!
      primalResidual[row[e]!]! -= value[e]! * x[column[e]!]!
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
    }
    for (let e = 0; e < value.length; e += 1) {
      const v = n + row[e]!
      if (isVariable[v] === 1 && weight[v]! < nearBound) dx[v]! += value[e]! * dx[column[e]!]!
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
    const mu = gapSum / Math.max(1, sides)
    const gap = Math.max(gapSum, Math.abs(primalObjective - dualObjective)) / Math.max(1e-6, Math.abs(primalObjective))
    const primal = norm(primalResidual) / rightSize
    const dual = norm(dualResidual) / costSize
    iterated?.({ number, primalResidual: primal, dualResidual: dual, relativeGap: gap })
    if (!Number.isFinite(gap + primal + dual)) break
    const merit = Math.max(gap / relativeGap, primal / residualGoal, dual / residualGoal)
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
    let reach = stepLengths(point, direction, model, hasLower, hasUpper)
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
    reach = blend(point, direction, corrector, model, hasLower, hasUpper, reach)

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
      const longer = blend(point, direction, corrector, model, hasLower, hasUpper, reach)
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

interface Direction {
  readonly dx: Float64Array
  readonly dy: Float64Array
  readonly dzLower: Float64Array
  readonly dzUpper: Float64Array
}

const createDirection = (all: number, m: number): Direction => ({
  dx: new Float64Array(all),
  dy: new Float64Array(m),
  dzLower: new Float64Array(all),
  dzUpper: new Float64Array(all),
})

const norm = (values: Float64Array): number => {
  let most = 0
  for (const value of values) {
    const size = Math.abs(value)
    if (size > most || Number.isNaN(size)) most = size
  }
  return most
}

/** How far a direction can be followed until a variable meets its bound, or a bound's dual becomes negative; at most a little over 1. */
function stepLengths(
  { x, zLower, zUpper }: Point,
  { dx, dzLower, dzUpper }: Direction,
  { lower, upper }: ScaledModel,
  hasLower: Uint8Array,
  hasUpper: Uint8Array,
): Reach {
  let primal = 1 / leastOfTheWay
  let dual = 1 / leastOfTheWay
  for (let v = 0; v < x.length; v += 1) {
    if (hasLower[v] === 1) {
      if (dx[v]! < 0) primal = Math.min(primal, (lower[v]! - x[v]!) / dx[v]!)
      if (dzLower[v]! < 0) dual = Math.min(dual, -zLower[v]! / dzLower[v]!)
    }
    if (hasUpper[v] === 1) {
      if (dx[v]! > 0) primal = Math.min(primal, (upper[v]! - x[v]!) / dx[v]!)
      if (dzUpper[v]! < 0) dual = Math.min(dual, -zUpper[v]! / dzUpper[v]!)
    }
  }
  return { primal, dual }
}

/**
 * Adds to a direction the part of a corrector, at most all of it, that lets both go farthest: a corrector that is right for
 * a full step can spoil a short one (Colombo & Gondzio 2008, Comput. Optim. Appl. 41). Primal and dual have parts of their own.
 *
 * @returns how far the direction goes now; never less than `reach`, how far it went
 */
function blend(
  { x, zLower, zUpper }: Point,
  direction: Direction,
  corrector: Direction,
  { lower, upper }: ScaledModel,
  hasLower: Uint8Array,
  hasUpper: Uint8Array,
  reach: Reach,
): Reach {
  let best = { primal: reach.primal, dual: reach.dual }
  let partPrimal = 0
  let partDual = 0
  for (const part of triedParts) {
    let primal = 1 / leastOfTheWay
    let dual = 1 / leastOfTheWay
    for (let v = 0; v < x.length; v += 1) {
      if (hasLower[v] === 0 && hasUpper[v] === 0) continue
      const dx = direction.dx[v]! + part * corrector.dx[v]!
      if (hasLower[v] === 1) {
        if (dx * primal < lower[v]! - x[v]!) primal = (lower[v]! - x[v]!) / dx
        const dz = direction.dzLower[v]! + part * corrector.dzLower[v]!
        if (dz * dual < -zLower[v]!) dual = -zLower[v]! / dz
      }
      if (hasUpper[v] === 1) {
        if (dx * primal > upper[v]! - x[v]!) primal = (upper[v]! - x[v]!) / dx
        const dz = direction.dzUpper[v]! + part * corrector.dzUpper[v]!
        if (dz * dual < -zUpper[v]!) dual = -zUpper[v]! / dz
      }
    }
    if (primal > best.primal) {
      best = { ...best, primal }
      partPrimal = part
    }
    if (dual > best.dual) {
      best = { ...best, dual }
      partDual = part
    }
    if (best.primal >= 1 && best.dual >= 1) break
  }
  for (let v = 0; v < x.length; v += 1) {
    direction.dx[v]! += partPrimal * corrector.dx[v]!
    direction.dzLower[v]! += partDual * corrector.dzLower[v]!
    direction.dzUpper[v]! += partDual * corrector.dzUpper[v]!
  }
  for (let i = 0; i < direction.dy.length; i += 1) direction.dy[i]! += partDual * corrector.dy[i]!
  return best
}

/** Parts of a corrector that are tried, from all of it down. */
const triedParts = [1, 0.6, 0.3, 0.1]

interface Reach {
  readonly primal: number
  readonly dual: number
}

/** The system `[−H Aᵀ; A D]`, where H weighs columns and D = 1/weight of the rows' slacks, 0 of rows without. */
interface System {
  /** Right sides, overwritten by the solution. */
  readonly first: Float64Array
  readonly second: Float64Array
  factor(weight: Float64Array, isVariable: Uint8Array): void
  /** Residual, relative to the right side, up to which solutions are refined from now on. */
  refineTo(accuracy: number): void
  solve(first: Float64Array, second: Float64Array): void
}

function createSystem({ columnCount: n, rowCount: m, row, column, value }: ScaledModel): System {
  const factorisation = prepareFactorisation({
    count: n + m,
    first: column,
    second: row.map((i) => n + i),
    signs: Int8Array.from({ length: n + m }, (_, v) => (v < n ? -1 : 1)),
  })
  const exact = new Float64Array(n + m)
  const regular = new Float64Array(n + m)
  const wanted = new Float64Array(n + m)
  const correction = new Float64Array(n + m)
  const solution = new Float64Array(n + m)
  let accuracy = exactly
  return {
    first: new Float64Array(n),
    second: new Float64Array(m),
    factor(weight, isVariable) {
      for (let v = 0; v < n; v += 1) {
        exact[v] = -weight[v]!
        regular[v] = -weight[v]! - regularisation
      }
      for (let v = n; v < n + m; v += 1) {
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
      const size = 1 + norm(wanted)
      for (let round = 0; round < 3; round += 1) {
        for (let v = 0; v < n + m; v += 1) correction[v] = wanted[v]! - exact[v]! * solution[v]!
        for (let e = 0; e < value.length; e += 1) {
          const [j, i] = [column[e]!, n + row[e]!]
          correction[j]! -= value[e]! * solution[i]!
          correction[i]! -= value[e]! * solution[j]!
        }
        if (norm(correction) <= accuracy * size) break
        factorisation.solve(correction)
        for (let v = 0; v < n + m; v += 1) solution[v]! += correction[v]!
      }
      first.set(solution.subarray(0, n))
      second.set(solution.subarray(n))
    },
  }
}

/** The least-squares solution of the rows, pushed into the interior of the bounds, with duals that match its size. */
function startPoint(model: ScaledModel, system: System, isVariable: Uint8Array): Point {
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
    const margin = Math.min(startMargin, 0.25 * (high - low))
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
