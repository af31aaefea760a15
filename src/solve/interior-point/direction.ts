import type { ScaledModel } from './scaled-model.ts'

/** Part of the way to the nearest bound that a step goes at least, nearly all of it towards the end. */
export const leastOfTheWay = 0.99

/** All variables: columns, then slacks of rows. */
export interface Point {
  readonly x: Float64Array
  readonly zLower: Float64Array
  readonly zUpper: Float64Array
  /** Row duals. */
  readonly y: Float64Array
}

/** Which variables have a lower and which an upper bound, 1 or 0. */
export interface Sides {
  readonly hasLower: Uint8Array
  readonly hasUpper: Uint8Array
}

export interface Direction {
  readonly dx: Float64Array
  readonly dy: Float64Array
  readonly dzLower: Float64Array
  readonly dzUpper: Float64Array
}

export const createDirection = (all: number, m: number): Direction => ({
  dx: new Float64Array(all),
  dy: new Float64Array(m),
  dzLower: new Float64Array(all),
  dzUpper: new Float64Array(all),
})

/** How far a direction can be followed until a variable meets its bound, or a bound's dual becomes negative; at most a little over 1. */
export interface Reach {
  readonly primal: number
  readonly dual: number
}

/** Parts of a corrector that are tried, from all of it down. */
const triedParts = [1, 0.5]

/** How far a direction with this part of a corrector added can be followed. */
function reachOf(
  { x, zLower, zUpper }: Point,
  direction: Direction,
  corrector: Direction,
  part: number,
  { lower, upper }: ScaledModel,
  { hasLower, hasUpper }: Sides,
): Reach {
  const { dx, dzLower, dzUpper } = direction
  const { dx: cx, dzLower: cLower, dzUpper: cUpper } = corrector
  let primal = 1 / leastOfTheWay
  let dual = 1 / leastOfTheWay
  const count = x.length
  for (let v = 0; v < count; v += 1) {
    const step = dx[v]! + part * cx[v]!
    if (hasLower[v] === 1) {
      const room = lower[v]! - x[v]!
      if (step * primal < room) primal = room / step
      const dz = dzLower[v]! + part * cLower[v]!
      if (dz * dual < -zLower[v]!) dual = -zLower[v]! / dz
    }
    if (hasUpper[v] === 1) {
      const room = upper[v]! - x[v]!
      if (step * primal > room) primal = room / step
      const dz = dzUpper[v]! + part * cUpper[v]!
      if (dz * dual < -zUpper[v]!) dual = -zUpper[v]! / dz
    }
  }
  return { primal, dual }
}

export const stepLengths = (point: Point, direction: Direction, model: ScaledModel, sides: Sides): Reach =>
  reachOf(point, direction, direction, 0, model, sides)

/**
 * Adds to a direction the part of a corrector, at most all of it, that lets both go farthest: a corrector that is right for
 * a full step can spoil a short one (Colombo & Gondzio 2008, Comput. Optim. Appl. 41). Primal and dual have parts of their own.
 *
 * @returns how far the direction goes now; never less than `reach`, how far it went
 */
export function blend(
  point: Point,
  direction: Direction,
  corrector: Direction,
  model: ScaledModel,
  sides: Sides,
  reach: Reach,
): Reach {
  let { primal, dual } = reach
  let partPrimal = 0
  let partDual = 0
  for (const part of triedParts) {
    const tried = reachOf(point, direction, corrector, part, model, sides)
    if (tried.primal > primal) {
      primal = tried.primal
      partPrimal = part
    }
    if (tried.dual > dual) {
      dual = tried.dual
      partDual = part
    }
    if (primal >= 1 && dual >= 1) break
  }
  const { dx, dy, dzLower, dzUpper } = direction
  addPart(dx, corrector.dx, partPrimal)
  addPart(dzLower, corrector.dzLower, partDual)
  addPart(dzUpper, corrector.dzUpper, partDual)
  addPart(dy, corrector.dy, partDual)
  return { primal, dual }
}

function addPart(to: Float64Array, what: Float64Array, part: number): void {
  if (part === 0) return
  for (let at = 0; at < to.length; at += 1) to[at] = to[at]! + part * what[at]!
}
