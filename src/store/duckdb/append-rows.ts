import { setImmediate as nextTurn } from 'node:timers/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Rows } from '../observations/rows.ts'
import { column, flushColumns } from './columns.ts'

/** Rows of one chunk: what DuckDB takes at once, copied in about a tenth of a millisecond. */
const chunkRows = 2048

/** Appends rows to a table of such columns; the first gets `seq`, the next the one after. */
export async function appendRows(
  connection: DuckDBConnection,
  rows: Rows,
  seq: number,
  table = 'arrived',
): Promise<void> {
  const { BIGINT, DOUBLE, DuckDBDataChunk, INTEGER, SMALLINT, UTINYINT } = await import('@duckdb/node-api')
  const types = [INTEGER, BIGINT, SMALLINT, DOUBLE, UTINYINT, BIGINT, BIGINT]
  const appender = await connection.createAppender(table)
  for (let from = 0; from < rows.count; from += chunkRows) {
    const to = Math.min(from + chunkRows, rows.count)
    const chunk = DuckDBDataChunk.create(types, to - from)
    column<Int32Array>(chunk, 0).set(rows.point.subarray(from, to))
    const eventMs = column<BigInt64Array>(chunk, 1)
    const source = column<Int16Array>(chunk, 2)
    column<Float64Array>(chunk, 3).set(rows.value.subarray(from, to))
    column<Uint8Array>(chunk, 4).set(rows.quality.subarray(from, to))
    const receivedMs = column<BigInt64Array>(chunk, 5)
    const number = column<BigInt64Array>(chunk, 6)
    for (let row = from; row < to; row += 1) {
      eventMs[row - from] = BigInt(rows.eventMs[row]!)
      source[row - from] = rows.source[row]!
      receivedMs[row - from] = BigInt(rows.receivedMs[row]!)
      number[row - from] = BigInt(seq + row)
    }
    flushColumns(chunk)
    appender.appendDataChunk(chunk)
    // The event loop is given back every few chunks: what they hold is handed over then, about three milliseconds.
    if ((to / chunkRows) % 8 === 0) {
      appender.flushSync()
      await nextTurn()
    }
  }
  appender.closeSync()
  // A group of many small batches takes many turns, too.
  await nextTurn()
}
