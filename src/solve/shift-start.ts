import type { SolveBasis, SolveStart } from '../kernel/index.ts'
import type { Block, ModelLayout } from './model-builder.ts'

const basic = '1'
const atLower = '0'

export interface Shift {
  /** Names of the model that the start comes from, and of the one that it is for. */
  readonly before: ModelLayout
  readonly after: ModelLayout
  /** Steps of the plan before: a block of that many columns or rows has one a step. */
  readonly stepsBefore: number
  /** Of each step of the plan after, the step before that was the same moment; beyond the last, the last stands for it. */
  readonly from: ArrayLike<number>
}

/** For two plans of the same steps. */
export const sameSteps = (count: number): Pick<Shift, 'stepsBefore' | 'from'> => ({
  stepsBefore: count,
  from: Int32Array.from({ length: count }, (_, k) => k),
})

/**
 * The end of one plan as the beginning of the next, some steps later: what a step's column was then is what the same
 * moment's column is now, and the last step stands for those that are new. Blocks of other lengths (stays of vehicles,
 * windows) are matched by name, cut at the front when they have become shorter.
 */
export function shiftStart(start: SolveStart, shift: Shift): SolveStart {
  const columns = sourcesOf(shift.before.columns, shift.before.columnCount, shift.after.columns, shift)
  const rows = sourcesOf(shift.before.rows, shift.before.rowCount, shift.after.rows, {
    ...shift,
    after: { ...shift.after, columnCount: shift.after.rowCount },
  })
  const move = (basis: SolveBasis): SolveBasis => moved(basis, columns, rows)
  return {
    relaxation: move(start.relaxation),
    integers: movedIntegers(start.integers, columns, shift),
    ...(start.commitment ? { commitment: move(start.commitment) } : {}),
  }
}

/** Of each column (or row) after, the one before that it goes on from; −1: none. */
function sourcesOf(before: readonly Block[], total: number, after: readonly Block[], shift: Shift): Int32Array {
  const { stepsBefore, from } = shift
  const then = indicesByName(before, total)
  const now = indicesByName(after, shift.after.columnCount)
  const sources = new Int32Array(shift.after.columnCount).fill(-1)
  for (const [name, indices] of now) {
    const old = then.get(name)
    if (!old) continue
    const bySteps = old.length === stepsBefore && indices.length === from.length
    const lost = Math.max(0, old.length - indices.length)
    const last = old.length - 1
    indices.forEach((index, i) => {
      const source = bySteps ? Math.min(from[i]!, last) : i + lost
      if (source <= last) sources[index] = old[source]!
    })
  }
  return sources
}

function indicesByName(blocks: readonly Block[], total: number): Map<string, number[]> {
  const found = new Map<string, number[]>()
  blocks.forEach(({ name, first }, i) => {
    const indices = found.get(name) ?? []
    found.set(name, indices)
    const end = blocks[i + 1]?.first ?? total
    for (let index = first; index < end; index += 1) indices.push(index)
  })
  return found
}

/** A basis has as many basic columns and rows as there are rows: what is too many or too few is mended at the rows. */
function moved(basis: SolveBasis, columns: Int32Array, rows: Int32Array): SolveBasis {
  const columnStatus = Array.from(columns, (source) => (source < 0 ? atLower : basis.columns[source]!))
  const rowStatus = Array.from(rows, (source) => (source < 0 ? basic : basis.rows[source]!))
  let excess = -rows.length
  for (const status of columnStatus) if (status === basic) excess += 1
  for (const status of rowStatus) if (status === basic) excess += 1
  for (let i = rowStatus.length - 1; i >= 0 && excess !== 0; i -= 1) {
    if (excess > 0 && rowStatus[i] === basic) {
      rowStatus[i] = atLower
      excess -= 1
    } else if (excess < 0 && rowStatus[i] !== basic) {
      rowStatus[i] = basic
      excess += 1
    }
  }
  for (let j = columnStatus.length - 1; j >= 0 && excess > 0; j -= 1) {
    if (columnStatus[j] !== basic) continue
    columnStatus[j] = atLower
    excess -= 1
  }
  return { columns: columnStatus.join(''), rows: rowStatus.join('') }
}

function movedIntegers(integers: readonly number[], columns: Int32Array, { before, after }: Shift): readonly number[] {
  const valueAt = new Map(before.integers.map((column, i) => [column, integers[i]!]))
  return after.integers.map((column) => valueAt.get(columns[column]!) ?? 0)
}
