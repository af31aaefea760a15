import type { DuckDBConnection } from '@duckdb/node-api'
import type { KeptQuarters, RowRange } from '../observations/observation-tables.ts'
import { type Quarter, type QuarterKey, quarterMs, quarterOf, withoutKeys } from '../observations/quarters.ts'
import { column } from './columns.ts'
import { amongPoints } from './read-rows.ts'

/**
 * Kept quarters of a range, and those that are stale, as one moment sees them. Stale is what is marked so, or has a row that
 * has just arrived.
 */
export async function readQuarters(
  connection: DuckDBConnection,
  { points, fromMs, toMs }: RowRange,
): Promise<KeptQuarters> {
  if (points.length === 0) return { quarters: [], stale: [] }
  const among = amongPoints(points)
  const starts = `start_ms >= ${Math.ceil(fromMs)} AND start_ms < ${Math.ceil(toMs)}`
  const events = `event_ms >= ${quarterOf(fromMs)} AND event_ms < ${Math.ceil(toMs) + quarterMs}`
  // One statement: a quarter that is made anew between two would be missed, or told twice.
  const found = await quartersOf(
    connection,
    `SELECT 0 AS stale, ${quarterFields} FROM quarter WHERE ${among} AND ${starts}
     UNION ALL
     SELECT DISTINCT 1, point, start_ms::DOUBLE, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM (
       SELECT point, start_ms FROM stale WHERE ${among}
       UNION ALL
       SELECT point, event_ms - event_ms % ${quarterMs} AS start_ms FROM arrived WHERE ${among} AND ${events}
     ) WHERE ${starts}
     ORDER BY stale, point, start_ms`,
  )
  return { quarters: withoutKeys(found.quarters, found.stale), stale: found.stale }
}

const quarterFields =
  'point, start_ms::DOUBLE AS start_ms, count, sum, min, max, first_ms, first, last_ms, last, rise, quality'

/** Quarters in order of point and start. */
export async function selectQuarters(connection: DuckDBConnection, from: string): Promise<readonly Quarter[]> {
  const { quarters } = await quartersOf(
    connection,
    `SELECT 0 AS stale, ${quarterFields} ${from} ORDER BY point, start_ms`,
  )
  return quarters
}

/** @param sql whether it is stale, and the fields of a quarter */
async function quartersOf(
  connection: DuckDBConnection,
  sql: string,
): Promise<{ readonly quarters: readonly Quarter[]; readonly stale: readonly QuarterKey[] }> {
  const result = await connection.stream(sql)
  const quarters: Quarter[] = []
  const marked: QuarterKey[] = []
  for (;;) {
    const chunk = await result.fetchChunk()
    if (!chunk || chunk.rowCount === 0) return { quarters, stale: marked }
    const stale = column<Int32Array>(chunk, 0)
    const point = column<Int32Array>(chunk, 1)
    const startMs = column<Float64Array>(chunk, 2)
    const count = column<Int32Array>(chunk, 3)
    const [sum, min, max, firstMs, first, lastMs, last, rise] = Array.from({ length: 8 }, (_, index) =>
      column<Float64Array>(chunk, index + 4),
    ) as unknown as EightColumns
    const quality = column<ArrayLike<number>>(chunk, 12)
    for (let row = 0; row < chunk.rowCount; row += 1) {
      if (stale[row] === 1) {
        marked.push({ point: point[row]!, startMs: startMs[row]! })
        continue
      }
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
