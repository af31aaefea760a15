import type { KeptQuarters, RowRange } from '../observations/observation-tables.ts'
import { RowBuilder, type Rows } from '../observations/rows.ts'
import type { PostgresSql } from './database.ts'
import { readQuarters } from './quarter-table.ts'
import { readNewest, readRows } from './read-rows.ts'
import type { SitePoints } from './sites-of-points.ts'

type Times = Pick<RowRange, 'fromMs' | 'toMs'>

/** Rows of runs of points, run by run: in order of point, as the runs are. */
export async function* rowsOfRuns(sql: PostgresSql, runs: readonly SitePoints[], times: Times): AsyncIterable<Rows> {
  for (const run of runs) yield* readRows(sql, run, times)
}

export async function newestOfRuns(read: PostgresSql['all'], runs: readonly SitePoints[]): Promise<Rows> {
  const parts: Rows[] = []
  for (const run of runs) parts.push(await readNewest(read, run))
  const [first] = parts
  if (first && parts.length === 1) return first
  const newest = new RowBuilder()
  for (const part of parts) for (let row = 0; row < part.count; row += 1) newest.pushRow(part, row)
  return newest.rows()
}

export async function quartersOfRuns(
  read: PostgresSql['all'],
  runs: readonly SitePoints[],
  times: Times,
): Promise<KeptQuarters> {
  const parts: KeptQuarters[] = []
  for (const run of runs) parts.push(await readQuarters(read, run, times))
  const [first] = parts
  if (first && parts.length === 1) return first
  return { quarters: parts.flatMap(({ quarters }) => quarters), stale: parts.flatMap(({ stale }) => stale) }
}
