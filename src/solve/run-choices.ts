import type { LinearModel } from '../kernel/index.ts'
import { type Block, blocksOf } from './integer-moves.ts'
import type { MoreRow } from './more-rows.ts'

/** `Σ value · x[column] ≥ least`. */
export interface Row {
  readonly columns: readonly number[]
  readonly values: readonly number[]
  readonly least: number
}

/** A row of a choice that does not hold. */
export const freeRow = ({ columns, values }: Row): MoreRow => ({
  columns,
  values,
  lower: Number.NEGATIVE_INFINITY,
  upper: Number.POSITIVE_INFINITY,
})

/** One side of a choice: what it bounds columns by, or the row that holds on it. */
export type Side =
  | { readonly first: number; readonly count: number; readonly lower?: number; readonly upper?: number }
  | { readonly row: Row }

/** Two sides; every solution with whole integers is on one of them. */
export type Choice = readonly [Side, Side]

/** Bounds of columns and a point within them. */
export interface Place {
  readonly columnLower: Float64Array
  readonly columnUpper: Float64Array
  readonly values: Float64Array
}

/** Of a place with fractions the choice that weighs most; undefined: all is whole. */
export type ChooseRun = (place: Place) => Choice | undefined

/** How an integer follows the one before it: `z[k] − z[k−1] = constant + Σ rises − Σ falls`, of columns ≥ 0. */
interface Jump {
  readonly rises: number[]
  readonly falls: number[]
  readonly constant: number
}

/** Where an integer's state is told: by itself, or by a real column it cannot exceed, as a machine that has to be warm to be on. */
interface States {
  readonly jumps: ReadonlyMap<number, Jump>
  /** Of the integers that have one: the real column. */
  readonly carriers: ReadonlyMap<number, number>
}

/** Integers `from` up to `to` of a block whose state is at one fraction; states are `shift` columns further. */
interface Stretch {
  readonly block: Block
  readonly from: number
  readonly to: number
  readonly shift: number
  readonly fraction: number
}

/** Fractions below this are whole. */
const whole = 1e-6
/** Fractions nearer than this are one. */
const alike = 1e-5
/** By how much a point must break the row of a choice. */
const leastLack = 1e-3

/**
 * Choices for branching on stretches of a schedule. A relaxation runs a part of a machine for hours, and to forbid that in
 * one step only moves it to the next. So the choice is about the whole stretch: either all of it stays at its bound, or the
 * machine starts in it or comes into it running.
 *
 * @returns undefined when no integer of the model follows the one before it
 */
export function createRunChoices(model: LinearModel): ChooseRun | undefined {
  const blocks = blocksOf(model)
  const states = readStates(model, blocks)
  if (states.jumps.size === 0) return undefined
  return (place) => {
    const { columnLower, columnUpper, values } = place
    let best: Stretch | undefined
    let most = whole
    for (const block of blocks) {
      for (const stretch of stretchesOf(block, states, place)) {
        const weight = weightOf(stretch, states, values)
        if (weight <= most) continue
        most = weight
        best = stretch
      }
    }
    if (!best) return undefined
    const { from, shift, fraction } = best
    const below = Math.floor(values[from]! + whole)
    const low = below === columnLower[from]
    const high = below + 1 === columnUpper[from]
    const kept =
      low && (fraction <= 0.5 || !high || shift !== 0)
        ? stays(states, best, { at: below, sign: 1 }, values)
        : high
          ? stays(states, best, { at: below + 1, sign: -1 }, values)
          : undefined
    return kept ?? single(best, values)
  }
}

/** One integer of a stretch, the one furthest from whole. */
function single({ from, to }: Stretch, values: Float64Array): Choice {
  const distance = (j: number): number => Math.abs(values[j]! - Math.round(values[j]!))
  let first = from
  for (let j = from + 1; j < to; j += 1) if (distance(j) > distance(first) + alike) first = j
  const below = Math.floor(values[first]!)
  return [
    { first, count: 1, upper: below },
    { first, count: 1, lower: below + 1 },
  ]
}

function stretchesOf(block: Block, { carriers }: States, { columnLower, columnUpper, values }: Place): Stretch[] {
  const stretches: Stretch[] = []
  const end = block.first + block.count
  const carrier = carriers.get(block.first)
  for (const shift of carrier === undefined ? [0] : [carrier - block.first, 0]) {
    for (let from = block.first; from < end; ) {
      let to = from + 1
      const value = values[from + shift]!
      while (
        to < end &&
        Math.abs(values[to + shift]! - value) < alike &&
        columnLower[to] === columnLower[from] &&
        columnUpper[to] === columnUpper[from]
      ) {
        to += 1
      }
      const fraction = value - Math.floor(value)
      if (fraction > whole && fraction < 1 - whole && (shift === 0 || value < columnLower[from]! + 1)) {
        stretches.push({ block, from, to, shift, fraction })
      }
      from = to
    }
  }
  return stretches
}

/** How far the point is from either side. */
function weightOf({ from, to, shift, fraction }: Stretch, { jumps }: States, values: Float64Array): number {
  if (shift === 0) return (jumps.has(from) ? to - from : 1) * Math.min(fraction, 1 - fraction)
  let sum = 0
  for (let j = from; j < to; j += 1) sum += values[j]! - Math.floor(values[j]! + whole)
  return Math.min(sum, (to - from) * (1 - fraction))
}

/** All of a stretch at its least (sign 1) or its most (sign −1); or some of it is not, and what that takes. */
function stays(
  { jumps }: States,
  stretch: Stretch,
  bound: { readonly at: number; readonly sign: 1 | -1 },
  values: Float64Array,
): Choice | undefined {
  const { from, to } = stretch
  const lack = ({ columns, values: factors, least }: Row): number =>
    least - columns.reduce((sum, j, t) => sum + factors[t]! * values[j]!, 0)
  // Where a start costs nothing it may be there without need, and the row would forbid nothing.
  const [row] = [leaves(jumps, stretch, bound, 'before'), leaves(jumps, stretch, bound, 'after')]
    .filter((found): found is Row => found !== undefined && lack(found) > leastLack)
    .sort((a, b) => lack(b) - lack(a))
  return row && [{ first: from, count: to - from, lower: bound.at, upper: bound.at }, { row }]
}

/**
 * What it takes that an integer m of a stretch is off its bound: `sign · z[m] ≥ sign · at + 1`, while its state is at most
 * the one before the stretch and all that rises since (sign 1), or the one after it and all that falls until then.
 */
function leaves(
  jumps: ReadonlyMap<number, Jump>,
  { block, from, to, shift }: Stretch,
  { at, sign }: { readonly at: number; readonly sign: 1 | -1 },
  side: 'before' | 'after',
): Row | undefined {
  const before = side === 'before'
  const neighbour = before ? from - 1 : to
  if (!before && to >= block.first + block.count) return undefined
  let least = sign * at + 1
  const columns: number[] = []
  const factors: number[] = []
  if (neighbour >= block.first) {
    columns.push(neighbour + shift)
    factors.push(sign)
  }
  const rising = before === sign > 0
  for (let k = before ? from : from + 1; k < (before ? to : to + 1); k += 1) {
    const jump = jumps.get(k + shift)
    if (!jump) return undefined
    // Only what was before the first of a block is a number.
    if (k > block.first && jump.constant !== 0) return undefined
    least -= (rising ? 1 : -1) * jump.constant
    for (const j of rising ? jump.rises : jump.falls) {
      columns.push(j)
      factors.push(1)
    }
  }
  return { columns, values: factors, least }
}

function readStates(model: LinearModel, blocks: readonly Block[]): States {
  const { rowStart, columnIndex, coefficient, integrality, rowUpper, rowLower } = model
  const carriers = new Map<number, number>()
  for (let i = 0; i < model.rowCount; i += 1) {
    const at = rowStart[i]!
    if (rowStart[i + 1]! - at !== 2 || coefficient[at] !== -coefficient[at + 1]!) continue
    for (const [own, other] of [
      [at, at + 1],
      [at + 1, at],
    ] as const) {
      const [integer, real] = [columnIndex[own]!, columnIndex[other]!]
      if (integrality[integer] !== 1 || integrality[real] === 1) continue
      if ((coefficient[own]! > 0 ? rowUpper[i] : -rowLower[i]!) === 0) carriers.set(integer, real)
    }
  }
  const carried = blocks.flatMap(({ first, count }): Block[] => {
    const carrier = carriers.get(first)
    if (carrier === undefined) return []
    for (let k = 0; k < count; k += 1) if (carriers.get(first + k) !== carrier + k) return []
    return [{ first: carrier, count }]
  })
  const jumps = readJumps(model, [...blocks, ...carried])
  for (const { first, count } of blocks) {
    const carrier = carriers.get(first)
    const told = carried.some((block) => block.first === carrier) && !jumps.has(first) && jumps.has(carrier!)
    if (!told) for (let j = first; j < first + count; j += 1) carriers.delete(j)
  }
  return { jumps, carriers }
}

/** From the rows with two states that stand side by side, or the first of a block, and other columns counted as they are. */
function readJumps(model: LinearModel, blocks: readonly Block[]): Map<number, Jump> {
  const { rowStart, columnIndex, coefficient, columnLower, rowLower, rowUpper } = model
  const states = new Uint8Array(model.columnCount)
  for (const { first, count } of blocks) states.fill(1, first, first + count)
  const firsts = new Set(blocks.map(({ first }) => first))
  const jumps = new Map<number, Jump>()
  for (let i = 0; i < model.rowCount; i += 1) {
    if (rowLower[i] !== rowUpper[i]) continue
    const terms = Array.from(columnIndex.subarray(rowStart[i]!, rowStart[i + 1]!), (column, t) => ({
      column,
      value: coefficient[rowStart[i]! + t]!,
    })).filter(({ value }) => value !== 0)
    const own = terms.filter(({ column }) => states[column] === 1).sort((a, b) => b.column - a.column)
    const [later, earlier] = own
    if (!later) continue
    const pair = own.length === 2 && earlier?.column === later.column - 1 && earlier.value === -later.value
    if (firsts.has(later.column) ? own.length !== 1 : !pair) continue
    const others = terms.filter(({ column }) => states[column] !== 1)
    if (others.some(({ column, value }) => columnLower[column]! < 0 || Math.abs(value) !== Math.abs(later.value))) {
      continue
    }
    jumps.set(later.column, {
      rises: others.filter(({ value }) => value === -later.value).map(({ column }) => column),
      falls: others.filter(({ value }) => value === later.value).map(({ column }) => column),
      constant: rowLower[i]! / later.value,
    })
  }
  return jumps
}
