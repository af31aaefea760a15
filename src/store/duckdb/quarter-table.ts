import type { DuckDBConnection } from '@duckdb/node-api'
import type { KeptQuarters, RowRange } from '../observations/observation-tables.ts'
import { type Quarter, quarterMs, quarterOf, withoutKeys } from '../observations/quarters.ts'
import { column } from './columns.ts'
import { sqlOn } from './database.ts'
import { amongPoints } from './read-rows.ts'

/** Kept quarters of a range, and those that are stale, as one moment sees them. */
export async function readQuarters(connection: DuckDBConnection, range: RowRange): Promise<KeptQuarters> {
  // One transaction: a quarter that is made anew between two questions would be missed, or told twice.
  await connection.run('BEGIN TRANSACTION READ ONLY')
  try {
    return await questionQuarters(connection, range)
  } finally {
    await connection.run('COMMIT')
  }
}

/** The same within a transaction of the caller. Stale is what is marked so, or has a row that has just arrived. */
export async function questionQuarters(
  connection: DuckDBConnection,
  { points, fromMs, toMs }: RowRange,
): Promise<KeptQuarters> {
  if (points.length === 0) return { quarters: [], stale: [] }
  const among = amongPoints(points)
  const starts = `start_ms >= ${Math.ceil(fromMs)} AND start_ms < ${Math.ceil(toMs)}`
  const events = `event_ms >= ${quarterOf(fromMs)} AND event_ms < ${Math.ceil(toMs) + quarterMs}`
  const marked = await sqlOn(connection).all(
    `SELECT DISTINCT point, start_ms FROM (
       SELECT point, start_ms FROM stale WHERE ${among}
       UNION ALL
       SELECT point, event_ms - event_ms % ${quarterMs} AS start_ms FROM arrived WHERE ${among} AND ${events}
     ) WHERE ${starts} ORDER BY point, start_ms`,
  )
  const stale = marked.map((row) => ({ point: Number(row.point), startMs: Number(row.start_ms) }))
  const kept = await selectQuarters(connection, `FROM quarter WHERE ${among} AND ${starts}`)
  return { quarters: withoutKeys(kept, stale), stale }
}

/** Quarters in order of point and start. */
export async function selectQuarters(connection: DuckDBConnection, from: string): Promise<readonly Quarter[]> {
  const result = await connection.stream(
    `SELECT point, start_ms::DOUBLE, count, sum, min, max, first_ms, first, last_ms, last, rise, quality
     ${from} ORDER BY point, start_ms`,
  )
  const quarters: Quarter[] = []
  for (;;) {
    const chunk = await result.fetchChunk()
    if (!chunk || chunk.rowCount === 0) return quarters
    const point = column<Int32Array>(chunk, 0)
    const quality = column<Uint8Array>(chunk, 11)
    const startMs = column<Float64Array>(chunk, 1)
    const count = column<Int32Array>(chunk, 2)
    const [sum, min, max, firstMs, first, lastMs, last, rise] = Array.from({ length: 8 }, (_, index) =>
      column<Float64Array>(chunk, index + 3),
    ) as unknown as EightColumns
    for (let row = 0; row < chunk.rowCount; row += 1) {
      quarters.push({
        point: point[row]!,
        startMs: startMs[row]!,
        count: count[row]!,
        sum: sum[row]!,
        min: min[row]!,
        max: max[row]!,
        firstMs: firstMs[row]!,
        first: first[row]!,
        lastMs: lastMs[row]!,
        last: last[row]!,
        rise: rise[row]!,
        quality: quality[row]!,
      })
    }
  }
}

type Column = Float64Array
type EightColumns = readonly [Column, Column, Column, Column, Column, Column, Column, Column]

export async function appendQuarters(
  connection: DuckDBConnection,
  quarters: readonly Quarter[],
  table = 'quarter',
): Promise<void> {
  const appender = await connection.createAppender(table)
  for (const quarter of quarters) {
    appender.appendInteger(quarter.point)
    appender.appendBigInt(BigInt(quarter.startMs))
    appender.appendInteger(quarter.count)
    appender.appendDouble(quarter.sum)
    appender.appendDouble(quarter.min)
    appender.appendDouble(quarter.max)
    appender.appendDouble(quarter.firstMs)
    appender.appendDouble(quarter.first)
    appender.appendDouble(quarter.lastMs)
    appender.appendDouble(quarter.last)
    appender.appendDouble(quarter.rise)
    appender.appendUTinyInt(quarter.quality)
    appender.endRow()
  }
  appender.closeSync()
}
