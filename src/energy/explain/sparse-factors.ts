/** A square sparse matrix by rows, factorised, for systems with few nonzeros on the right. */
export interface SparseFactors {
  /** `x` of `M x = e_row`, one value a column of M. */
  solveUnit(row: number): Float64Array
}

interface Elimination {
  readonly row: number
  readonly column: number
  readonly pivot: number
  /** Rows from which a multiple of the pivot row was taken. */
  readonly taken: readonly (readonly [row: number, multiple: number])[]
  /** What of the pivot row stands in columns that are eliminated later. */
  readonly rest: readonly (readonly [column: number, value: number])[]
}

/** A pivot is at least this share of the largest number of its column. */
const leastShare = 0.1
/** Below this a number is rounding. */
const dust = 1e-12

/**
 * Gaussian elimination with the pivots of Markowitz (1957, Management Science 3(3)): the column with the fewest rows left, in
 * it the shortest row that is large enough. Bases of plans are nearly triangular, so that little fills in.
 *
 * @param rows of each row its columns and values
 * @returns nothing for a matrix that is singular
 */
export function factorise(rows: readonly ReadonlyMap<number, number>[]): SparseFactors | undefined {
  const size = rows.length
  const active = rows.map((row) => new Map(row))
  const rowsOf: Set<number>[] = Array.from({ length: size }, () => new Set())
  active.forEach((row, index) => {
    for (const column of row.keys()) rowsOf[column]?.add(index)
  })
  const left = new Set(Array.from({ length: size }, (_, column) => column))
  const single = [...left].filter((column) => rowsOf[column]!.size === 1)
  const eliminations: Elimination[] = []
  for (let done = 0; done < size; done += 1) {
    const column = nextColumn(left, single, rowsOf)
    const row = column === undefined ? undefined : pivotRow(column, rowsOf[column]!, active)
    if (column === undefined || row === undefined) return undefined
    left.delete(column)
    const pivotEntries = active[row]!
    const pivot = pivotEntries.get(column)!
    pivotEntries.delete(column)
    const taken: [number, number][] = []
    for (const other of rowsOf[column]!) {
      if (other === row) continue
      const entries = active[other]!
      const multiple = entries.get(column)! / pivot
      entries.delete(column)
      taken.push([other, multiple])
      for (const [at, value] of pivotEntries) {
        const before = entries.get(at)
        const after = (before ?? 0) - multiple * value
        if (Math.abs(after) < dust) {
          entries.delete(at)
          if (before !== undefined && rowsOf[at]!.delete(other) && rowsOf[at]!.size === 1) single.push(at)
          continue
        }
        if (before === undefined) rowsOf[at]!.add(other)
        entries.set(at, after)
      }
    }
    for (const at of pivotEntries.keys()) {
      rowsOf[at]!.delete(row)
      if (rowsOf[at]!.size === 1) single.push(at)
    }
    eliminations.push({ row, column, pivot, taken, rest: [...pivotEntries] })
  }
  return { solveUnit: (row) => solve(eliminations, size, row) }
}

function nextColumn(
  left: ReadonlySet<number>,
  single: number[],
  rowsOf: readonly ReadonlySet<number>[],
): number | undefined {
  for (let column = single.pop(); column !== undefined; column = single.pop()) if (left.has(column)) return column
  let best: number | undefined
  for (const column of left) {
    if (best === undefined || rowsOf[column]!.size < rowsOf[best]!.size) best = column
    if (rowsOf[best]!.size <= 2) break
  }
  return best
}

function pivotRow(
  column: number,
  candidates: ReadonlySet<number>,
  active: readonly ReadonlyMap<number, number>[],
): number | undefined {
  let largest = 0
  for (const row of candidates) largest = Math.max(largest, Math.abs(active[row]!.get(column)!))
  if (largest < dust) return undefined
  let best: number | undefined
  for (const row of candidates) {
    if (Math.abs(active[row]!.get(column)!) < leastShare * largest) continue
    if (best === undefined || active[row]!.size < active[best]!.size) best = row
  }
  return best
}

function solve(eliminations: readonly Elimination[], size: number, unit: number): Float64Array {
  const right = new Float64Array(size)
  right[unit] = 1
  for (const { row, taken } of eliminations) {
    const value = right[row]!
    if (value === 0) continue
    for (const [other, multiple] of taken) right[other]! -= multiple * value
  }
  const x = new Float64Array(size)
  for (let at = eliminations.length - 1; at >= 0; at -= 1) {
    const { row, column, pivot, rest } = eliminations[at]!
    let value = right[row]!
    for (const [other, factor] of rest) value -= factor * x[other]!
    x[column] = Math.abs(value) < dust ? 0 : value / pivot
  }
  return x
}
