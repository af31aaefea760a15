import type { LinearModel, Solution } from '../kernel/index.ts'
import { type Block, blocksOf, type Move, movesAround } from './integer-moves.ts'

export interface Searching {
  readonly model: LinearModel
  /** Solves the relaxation with the bounds of a model, from wherever the last linear program ended. */
  relax(model: LinearModel): Solution
  /** Solves the linear program with these integers. */
  price(values: Float64Array): Solution
  /** Whether an objective is good enough. */
  within(objective: number): boolean
}

/** A model, which may have tighter bounds and more rows than the one searched, and its relaxation. */
export interface Relaxed {
  readonly model: LinearModel
  readonly relaxation: Solution
}

export interface IntegerSearch {
  /** The best so far, with its integers pinned; undefined: none yet. */
  readonly best: Solution | undefined
  /** Takes a solution that is known. */
  take(solution: Solution): void
  /** Rounds the relaxation of a model, fractions from `upFrom` up, and prices what comes out. @returns undefined when that led nowhere */
  dive(from: Relaxed, upFrom: number): Solution | undefined
  /** From a schedule to better ones beside it, until it is good enough or nothing better comes. */
  climb(from: Solution): void
}

/** Linear programs that a climb may price; each takes some milliseconds. */
const mostPriced = 100
/** It ends earlier when this many have brought nothing better. */
const mostInVain = 30
/** Beyond this many integers there are more moves than are worth looking at. */
const mostIntegers = 600
/** Rounds of a dive. */
const mostRounds = 200
/** Fractions below this are whole. */
const whole = 1e-6
/** A move is only tried when it may save this share of the objective. */
const leastSaving = 2e-5
/** Pairs are made of moves that cost at most this share of the objective. */
const pairShare = 0.02
const pairedMoves = 40

/** What pricing one schedule says of all others: their objective is at least `objective + Σ slope · change`. */
interface Cut {
  readonly values: Float64Array
  readonly objective: number
  readonly slope: Float64Array
}

/**
 * Looks for good integers before branch and bound: from a schedule to a better one beside it. The linear program that prices a
 * schedule is convex in its integers, so that its reduced costs bound what any other schedule costs from below (the cut of
 * Benders 1962, Numerische Mathematik 4); moves that all cuts so far do not rule out are priced, the most promising first.
 * Where no single move helps, two are made at once.
 *
 * @returns undefined when there are too many integers
 */
export function createIntegerSearch(searching: Searching): IntegerSearch | undefined {
  const { model, within } = searching
  const blocks = blocksOf(model)
  if (blocks.reduce((sum, { count }) => sum + count, 0) > mostIntegers) return undefined
  const tried = new Set<string>()
  const cuts: Cut[] = []
  const keyOf = (values: Float64Array): string =>
    blocks.map(({ first, count }) => values.subarray(first, first + count).join()).join(';')
  let best: Solution | undefined
  const take = (solution: Solution): void => {
    const values = wholeOf(model, solution.columnValues)
    tried.add(keyOf(values))
    cuts.push({ values, objective: solution.objective, slope: solution.columnDuals })
    if (!best || solution.objective < best.objective) best = solution
  }
  const price = (values: Float64Array): Solution | undefined => {
    tried.add(keyOf(values))
    const solution = searching.price(values)
    if (solution.status !== 'optimal') return undefined
    take(solution)
    return solution
  }
  return {
    get best() {
      return best
    },
    take,
    dive(from, upFrom) {
      const values = dive(searching, from, upFrom, blocks)
      return values && price(wholeOf(model, values))
    },
    climb(from) {
      let here = from
      let priced = 0
      let lastBetter = 0
      const mayGoOn = (): boolean =>
        priced < mostPriced && priced - lastBetter < mostInVain && !within(best?.objective ?? Number.POSITIVE_INFINITY)
      while (mayGoOn()) {
        const found = here
        const now = wholeOf(model, found.columnValues)
        const target = found.objective - leastSaving * Math.abs(found.objective)
        const bound = boundAround(cuts, now)
        const open = (moves: readonly Move[]) =>
          moves
            .map((move) => ({ move, least: bound(move) }))
            .filter(({ least }) => least < target)
            .sort((a, b) => a.least - b.least)
        const attempt = (list: { readonly move: Move }[]): void => {
          for (const { move } of list) {
            if (!mayGoOn() || here !== found) return
            const values = moved(now, move)
            // Cuts that came since may rule it out.
            if (tried.has(keyOf(values)) || bound(move) >= target) continue
            priced += 1
            const solution = price(values)
            if (!solution || solution.objective >= here.objective) continue
            here = solution
            lastBetter = priced
          }
        }
        attempt(open(movesAround(model, now, blocks)))
        if (here === found) attempt(open(pairsOf(cuts, found, now, blocks)))
        if (here === found) break
      }
    },
  }
}

/**
 * Rounds the relaxation one integer at a time, the one nearest to whole, until all are; what is at a whole number above its
 * least stays at least there.
 */
function dive(
  { relax }: Searching,
  { model, relaxation }: Relaxed,
  upFrom: number,
  blocks: readonly Block[],
): Float64Array | undefined {
  const columnLower = model.columnLower.slice()
  const columnUpper = model.columnUpper.slice()
  let values = relaxation.columnValues
  for (let round = 0; round < mostRounds; round += 1) {
    let nearest = -1
    let least = 2
    let up = false
    for (const { first, count } of blocks) {
      for (let j = first; j < first + count; j += 1) {
        const below = Math.floor(values[j]! + whole)
        const fraction = values[j]! - below
        const distance = fraction < upFrom ? fraction / upFrom : (1 - fraction) / (1 - upFrom)
        if (fraction <= whole) columnLower[j] = Math.max(columnLower[j]!, below)
        else if (distance < least) {
          least = distance
          nearest = j
          up = fraction >= upFrom
        }
      }
    }
    if (nearest < 0) return values
    const to = Math.floor(values[nearest]! + whole) + (up ? 1 : 0)
    columnLower[nearest] = to
    columnUpper[nearest] = to
    const next = relax({ ...model, columnLower, columnUpper })
    if (next.status !== 'optimal') return undefined
    values = next.columnValues
  }
  return undefined
}

const wholeOf = ({ integrality }: LinearModel, values: Float64Array): Float64Array =>
  values.map((value, j) => (integrality[j] === 1 ? Math.round(value) + 0 : 0))

function moved(values: Float64Array, { columns, values: to }: Move): Float64Array {
  const next = values.slice()
  columns.forEach((j, index) => {
    next[j] = to[index]!
  })
  return next
}

/** The least that all cuts, those still to come too, leave for a schedule one move away. */
function boundAround(cuts: readonly Cut[], now: Float64Array): (move: Move) => number {
  const here: number[] = []
  return ({ columns, values }) => {
    let bound = Number.NEGATIVE_INFINITY
    for (let c = 0; c < cuts.length; c += 1) {
      const cut = cuts[c]!
      if (here.length <= c) here.push(cut.objective + innerProduct(cut, now))
      let least = here[c]!
      for (let index = 0; index < columns.length; index += 1) {
        const j = columns[index]!
        least += cut.slope[j]! * (values[index]! - now[j]!)
      }
      if (least > bound) bound = least
    }
    return bound
  }
}

function innerProduct({ values, slope }: Cut, now: Float64Array): number {
  let sum = 0
  for (let j = 0; j < now.length; j += 1) if (now[j] !== values[j]) sum += slope[j]! * (now[j]! - values[j]!)
  return sum
}

/** Two moves at once, of those that were priced beside the best and cost little. */
function pairsOf(cuts: readonly Cut[], best: Solution, now: Float64Array, blocks: readonly Block[]): Move[] {
  const near = cuts
    .filter(({ objective }) => objective < best.objective + pairShare * Math.abs(best.objective))
    .map(({ values, objective }) => ({ objective, change: changeOf(values, now, blocks) }))
    .filter(({ change }) => change.size > 0)
    .sort((a, b) => a.objective - b.objective)
    .slice(0, pairedMoves)
  return near.flatMap(({ change }, index) =>
    near.slice(index + 1).map((other): Move => {
      const both = new Map([...other.change, ...change])
      return { columns: [...both.keys()], values: [...both.values()] }
    }),
  )
}

function changeOf(values: Float64Array, now: Float64Array, blocks: readonly Block[]): Map<number, number> {
  const change = new Map<number, number>()
  for (const { first, count } of blocks) {
    for (let j = first; j < first + count; j += 1) if (values[j] !== now[j]) change.set(j, values[j]!)
  }
  return change
}
