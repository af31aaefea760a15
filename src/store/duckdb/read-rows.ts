import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api'
import type { RowRange } from '../observations/observation-tables.ts'
import { compareIdentity, RowBuilder, type Rows } from '../observations/rows.ts'
import { column } from './columns.ts'

/** About a millisecond's work for whoever uses them. */
const yieldRows = 8192

const selected = 'point, event_ms::DOUBLE, source, value, quality, received_ms::DOUBLE'

/** Numbers of ours in a list; never text of others. */
const listOf = (ids: readonly number[]): string => ids.map((id) => Math.trunc(id)).join(', ')

/** Ids in a row say it shorter: a site's points mostly follow each other. */
const maxRuns = 50

/** Condition that a column is one of the ids. */
export function amongPoints(ids: readonly number[], column = 'point'): string {
  if (ids.length < maxRuns) return `${column} IN (${listOf(ids)})`
  const sorted = [...ids].sort((a, b) => a - b)
  const runs: [number, number][] = []
  for (const id of sorted) {
    const run = runs.at(-1)
    if (run && id <= run[1] + 1) run[1] = id
    else runs.push([id, id])
    if (runs.length > maxRuns) return `${column} IN (${listOf(ids)})`
  }
  return `(${runs.map(([from, to]) => `${column} BETWEEN ${Math.trunc(from)} AND ${Math.trunc(to)}`).join(' OR ')})`
}

/** Rows of `arrived` and `settled`, in order of identity, one of each: the one that was appended last. */
export async function* readRows(connection: DuckDBConnection, { points, fromMs, toMs }: RowRange): AsyncIterable<Rows> {
  if (points.length === 0) return
  const where = `${amongPoints(points)} AND event_ms >= ${Math.ceil(fromMs)} AND event_ms < ${Math.ceil(toMs)}`
  const result = await connection.stream(
    `SELECT ${selected} FROM (
       SELECT * FROM settled WHERE ${where} UNION ALL SELECT * FROM arrived WHERE ${where}
     ) ORDER BY point, event_ms, source, seq`,
  )
  yield* lastOfEach(result)
}

/** Chunks of a result in order of identity, of which the last row of each identity is kept. */
export async function* lastOfEach(result: DuckDBResult): AsyncIterable<Rows> {
  // The last row of a chunk waits for the next chunk, which may begin with its identity.
  const waiting = new RowBuilder(1)
  // Most answers are short, and big columns cost more than they hold.
  let kept = new RowBuilder()
  for (let rows = await nextRows(result); rows; rows = await nextRows(result)) {
    const last = rows.count - 1
    if (waiting.count > 0 && compareIdentity(waiting.rows(), 0, rows, 0) !== 0) kept.pushRow(waiting.rows(), 0)
    for (let row = 0; row < last; row += 1) if (compareIdentity(rows, row, rows, row + 1) !== 0) kept.pushRow(rows, row)
    waiting.clear()
    waiting.pushRow(rows, last)
    if (kept.count < yieldRows) continue
    yield kept.rows()
    kept = new RowBuilder(yieldRows * 2)
  }
  if (waiting.count > 0) kept.pushRow(waiting.rows(), 0)
  if (kept.count > 0) yield kept.rows()
}

/** The next chunk as rows, or undefined after the last. The columns are only good until the next is asked for. */
export async function nextRows(result: DuckDBResult): Promise<Rows | undefined> {
  const chunk = await result.fetchChunk()
  if (!chunk || chunk.rowCount === 0) return undefined
  return {
    count: chunk.rowCount,
    point: column<Int32Array>(chunk, 0),
    eventMs: column<Float64Array>(chunk, 1),
    source: new Int32Array(column<Int16Array>(chunk, 2)),
    value: column<Float64Array>(chunk, 3),
    quality: column<Uint8Array>(chunk, 4),
    receivedMs: column<Float64Array>(chunk, 5),
  }
}
