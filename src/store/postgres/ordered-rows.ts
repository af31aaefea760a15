import { isAhead } from '../observations/clock-ahead.ts'
import { quarterMs, quarterOf } from '../observations/quarters.ts'
import { compareIdentity, emptyRows, RowBuilder, type Rows } from '../observations/rows.ts'

/** Rows in order of point, event time and source, one an identity: of several the last. */
export function inOrder(rows: Rows): Rows {
  if (isInOrder(rows)) return rows
  const order = Uint32Array.from({ length: rows.count }, (_, row) => row)
  order.sort((a, b) => compareIdentity(rows, a, rows, b) || a - b)
  return pickRows(
    rows,
    order.filter((row, at) => at + 1 === rows.count || compareIdentity(rows, row, rows, order[at + 1]!) !== 0),
  )
}

/** Rows of several batches in order, one an identity: of several that of the later batch. */
export function mergeInOrder(batches: readonly Rows[]): Rows {
  let parts = batches.map(inOrder)
  while (parts.length > 1) {
    parts = Array.from({ length: Math.ceil(parts.length / 2) }, (_, pair) => {
      const [earlier, later] = [parts[2 * pair]!, parts[2 * pair + 1]]
      return later ? mergeTwo(earlier, later) : earlier
    })
  }
  return parts[0] ?? emptyRows(0)
}

function mergeTwo(earlier: Rows, later: Rows): Rows {
  const merged = new RowBuilder(earlier.count + later.count)
  let [i, j] = [0, 0]
  while (i < earlier.count && j < later.count) {
    const order = compareIdentity(earlier, i, later, j)
    if (order < 0) merged.pushRow(earlier, i)
    else merged.pushRow(later, j)
    if (order <= 0) i += 1
    if (order >= 0) j += 1
  }
  for (; i < earlier.count; i += 1) merged.pushRow(earlier, i)
  for (; j < later.count; j += 1) merged.pushRow(later, j)
  return merged.rows()
}

function isInOrder(rows: Rows): boolean {
  for (let row = 1; row < rows.count; row += 1) if (compareIdentity(rows, row - 1, rows, row) >= 0) return false
  return true
}

/** Some of the rows, by their numbers. */
export function pickRows(rows: Rows, picked: ArrayLike<number>): Rows {
  return {
    count: picked.length,
    point: Int32Array.from(picked, (row) => rows.point[row]!),
    eventMs: Float64Array.from(picked, (row) => rows.eventMs[row]!),
    source: Int32Array.from(picked, (row) => rows.source[row]!),
    value: Float64Array.from(picked, (row) => rows.value[row]!),
    quality: Uint8Array.from(picked, (row) => rows.quality[row]!),
    receivedMs: Float64Array.from(picked, (row) => rows.receivedMs[row]!),
  }
}

/** A view of some rows that follow each other: no copy. */
export function sliceRows(rows: Rows, from: number, to: number): Rows {
  return {
    count: to - from,
    point: rows.point.subarray(from, to),
    eventMs: rows.eventMs.subarray(from, to),
    source: rows.source.subarray(from, to),
    value: rows.value.subarray(from, to),
    quality: rows.quality.subarray(from, to),
    receivedMs: rows.receivedMs.subarray(from, to),
  }
}

/** The first of ordered rows in each quarter of each point, as numbers of rows. */
export function firstsOfQuarters(rows: Rows): readonly number[] {
  const firsts: number[] = []
  let point = -1
  let endMs = 0
  for (let row = 0; row < rows.count; row += 1) {
    if (rows.point[row] === point && rows.eventMs[row]! < endMs) continue
    point = rows.point[row]!
    endMs = quarterOf(rows.eventMs[row]!) + quarterMs
    firsts.push(row)
  }
  return firsts
}

/**
 * The newest of ordered rows of each point and source, as numbers of rows, in order of point and source; a row ahead of
 * its receipt comes after those that are not.
 */
export function newestOfSources(rows: Rows): readonly number[] {
  const newest: number[] = []
  const bySource = new Map<number, number>()
  for (let row = 0; row < rows.count; row += 1) {
    const before = bySource.get(rows.source[row]!)
    if (before === undefined || !ahead(rows, row) || ahead(rows, before)) bySource.set(rows.source[row]!, row)
    if (row + 1 < rows.count && rows.point[row + 1] === rows.point[row]) continue
    for (const source of [...bySource.keys()].sort((a, b) => a - b)) newest.push(bySource.get(source)!)
    bySource.clear()
  }
  return newest
}

const ahead = (rows: Rows, row: number): boolean => isAhead(rows.eventMs[row]!, rows.receivedMs[row]!)
