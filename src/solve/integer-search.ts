import type { LinearModel, Solution } from '../kernel/index.ts'
import { type Block, blocksOf, type Move, movesAround } from './integer-moves.ts'

export interface IntegerSearch {
  readonly model: LinearModel
  /** Of the linear relaxation. */
  readonly relaxation: Solution
  /** Solves the relaxation with other column bounds, from wherever the last linear program ended. */
  relax(model: LinearModel): Solution
  /** Solves the linear program with these integers. */
  price(values: Float64Array): Solution
  /** The best known; absent: a dive finds a first one. */
  readonly begun: Solution | undefined
  /** Whether an objective is good enough. */
  within(objective: number): boolean
}

/** Linear programs that a search may price; each takes some milliseconds. */
const mostPriced = 300
/** It ends earlier when this many have brought nothing better. */
const mostInVain = 100
/** Beyond this many integers there are more moves than are worth looking at. */
const mostIntegers = 600
/** Rounds of a dive. */
const mostRounds = 60
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
 * @returns the best solution, with its integers pinned; undefined when none was found or there are too many integers
 */
export function searchIntegers(search: IntegerSearch): Solution | undefined {
  const { model, within } = search
  const blocks = blocksOf(model)
  if (blocks.reduce((sum, { count }) => sum + count, 0) > mostIntegers) return search.begun
  const tried = new Set<string>()
  const cuts: Cut[] = []
  const keyOf = (values: Float64Array): string =>
    blocks.map(({ first, count }) => values.subarray(first, first + count).join()).join(';')
  let best: Solution | undefined
  const price = (values: Float64Array): void => {
    tried.add(keyOf(values))
    const solution = search.price(values)
    if (solution.status !== 'optimal') return
    cuts.push({ values, objective: solution.objective, slope: solution.columnDuals })
    if (!best || solution.objective < best.objective) best = solution
  }
  const first = search.begun?.columnValues ?? dive(search, blocks)
  if (!first) return undefined
  price(wholeOf(model, first))
  let priced = 1
  let lastBetter = 1
  const mayGoOn = (): boolean => priced < mostPriced && priced - lastBetter < mostInVain
  while (best && mayGoOn() && !within(best.objective)) {
    const found: Solution = best
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
        if (!mayGoOn() || best !== found) return
        const values = moved(now, move)
        // Cuts that came since may rule it out.
        if (tried.has(keyOf(values)) || bound(move) >= target) continue
        priced += 1
        price(values)
        if (best !== found) lastBetter = priced
      }
    }
    attempt(open(movesAround(model, now, blocks)))
    if (best === found) attempt(open(pairsOf(cuts, found, now, blocks)))
    if (best === found) break
  }
  return best
}

/** Rounds the relaxation up step by step, the largest fraction first, until all integers are whole. */
function dive({ model, relaxation, relax }: IntegerSearch, blocks: readonly Block[]): Float64Array | undefined {
  const columnLower = model.columnLower.slice()
  const columnUpper = model.columnUpper.slice()
  let values = relaxation.columnValues
  for (let round = 0; round < mostRounds; round += 1) {
    let largest = -1
    let most = 0
    for (const { first, count } of blocks) {
      for (let j = first; j < first + count; j += 1) {
        const fraction = values[j]! - Math.floor(values[j]! + 1e-6)
        if (fraction <= 1e-6) {
          // What is on stays on; what is off may still be needed.
          columnLower[j] = Math.max(columnLower[j]!, Math.floor(values[j]! + 1e-6))
        } else if (fraction > most) {
          most = fraction
          largest = j
        }
      }
    }
    if (largest < 0) return values
    columnLower[largest] = Math.ceil(values[largest]! - 1e-6)
    if (most < 0.5) lowerSmall(values, blocks, { columnLower, columnUpper, below: most / 2 })
    const next = relax({ ...model, columnLower, columnUpper })
    if (next.status !== 'optimal') return undefined
    values = next.columnValues
  }
  return undefined
}

interface Lowered {
  readonly columnLower: Float64Array
  readonly columnUpper: Float64Array
  readonly below: number
}

/** Rounds the smallest fractions down where the largest is small too, or each dive ends with everything on. */
function lowerSmall(
  values: Float64Array,
  blocks: readonly Block[],
  { columnLower, columnUpper, below }: Lowered,
): void {
  for (const { first, count } of blocks) {
    for (let j = first; j < first + count; j += 1) {
      const whole = Math.floor(values[j]! + 1e-6)
      const fraction = values[j]! - whole
      if (fraction > 1e-6 && fraction < below) columnUpper[j] = Math.max(columnLower[j]!, whole)
    }
  }
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
