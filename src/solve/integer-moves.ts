import type { LinearModel } from '../kernel/index.ts'

/** Integer columns that stand side by side: how many machines are on in each step. */
export interface Block {
  readonly first: number
  readonly count: number
}

export function blocksOf({ integrality, columnCount }: LinearModel): Block[] {
  const blocks: Block[] = []
  for (let j = 0; j < columnCount; j += 1) {
    if (integrality[j] !== 1) continue
    const first = j
    while (j < columnCount && integrality[j] === 1) j += 1
    blocks.push({ first, count: j - first })
  }
  return blocks
}

/** Columns that change and what they change to. */
export interface Move {
  readonly columns: readonly number[]
  readonly values: readonly number[]
}

/** Steps by which an edge or a run is moved. */
const shifts = [1, 2, 3, 4, 6, 8]
/** Lengths of runs that are put in or taken out. */
const lengths = [1, 2, 4, 6, 8, 12, 16]

/** A stretch of one value in a block. */
interface Run {
  readonly from: number
  readonly to: number
  readonly value: number
}

function runsOf(values: Float64Array, { first, count }: Block): Run[] {
  const runs: Run[] = []
  for (let from = 0; from < count; ) {
    let to = from + 1
    while (to < count && values[first + to] === values[first + from]) to += 1
    runs.push({ from, to, value: values[first + from]! })
    from = to
  }
  return runs
}

/**
 * What may be tried around a schedule: an edge of a run earlier or later, a run moved, levelled with its neighbour or handed
 * to another block, one more or one fewer for a while.
 */
export function movesAround(model: LinearModel, values: Float64Array, blocks: readonly Block[]): Move[] {
  const moves: Move[] = []
  const put = (
    parts: readonly (readonly [block: Block, from: number, to: number, value: (now: number) => number])[],
  ) => {
    const change = new Map<number, number>()
    for (const [{ first, count }, from, to, value] of parts) {
      for (let k = Math.max(0, from); k < Math.min(count, to); k += 1) {
        const j = first + k
        const now = change.get(j) ?? values[j]!
        change.set(j, Math.min(model.columnUpper[j]!, Math.max(model.columnLower[j]!, value(now))))
      }
    }
    const entries = [...change].filter(([j, value]) => value !== values[j])
    if (entries.length > 0) moves.push({ columns: entries.map(([j]) => j), values: entries.map(([, value]) => value) })
  }
  const more = (now: number): number => now + 1
  const fewer = (now: number): number => now - 1
  for (const block of blocks) {
    const runs = runsOf(values, block)
    runs.forEach(({ from, to, value }, index) => {
      const left = runs[index - 1]?.value
      const right = runs[index + 1]?.value
      for (const by of shifts) {
        if (left !== undefined) put([[block, from - by, from, () => value]])
        if (left !== undefined) put([[block, from, Math.min(to, from + by), () => left]])
        if (left === undefined || left >= value) continue
        const shift = (sign: number) =>
          put([
            [block, from, to, () => left],
            [block, from + sign * by, to + sign * by, () => value],
          ])
        shift(1)
        shift(-1)
      }
      for (const level of new Set([left, right])) if (level !== undefined) put([[block, from, to, () => level]])
      if (value === 0) return
      for (const other of blocks) {
        if (other === block || other.count !== block.count) continue
        for (const length of new Set([4, 8, to - from, 2 * (to - from)])) {
          put([
            [block, from, to, fewer],
            [other, from, from + length, more],
          ])
        }
      }
    })
    for (let from = 0; from < block.count; from += 1) {
      for (const length of lengths) {
        if (from + length > block.count) break
        put([[block, from, from + length, more]])
        put([[block, from, from + length, fewer]])
      }
    }
  }
  return moves
}
