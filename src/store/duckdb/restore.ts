import type { DuckDBConnection } from '@duckdb/node-api'
import type { Restoring } from '../snapshot.ts'
import { appendRows } from './append-rows.ts'
import { type DuckDatabase, sqlOn } from './database.ts'
import { appendQuarters } from './quarter-table.ts'

/** Restored rows come before whatever is appended. */
const restoredSeq = -(2 ** 52)

/** Fills empty tables in one transaction. */
export async function duckRestore(database: DuckDatabase, work: (write: Restoring) => Promise<void>): Promise<void> {
  await database.writing(async (connection) => {
    let seq = restoredSeq
    let lastPoint = 0
    await work({
      all: sqlOn(connection).all,
      async points(points) {
        const appender = await connection.createAppender('point')
        for (const { id, site, name, unit, rules } of points) {
          appender.appendInteger(id)
          for (const text of [site, name, unit, JSON.stringify(rules)]) appender.appendVarchar(text)
          appender.endRow()
          lastPoint = Math.max(lastPoint, id)
        }
        appender.closeSync()
      },
      async rows(rows) {
        await appendRows(connection, rows, seq, 'settled')
        seq += rows.count
      },
      newest: (rows) => appendRows(connection, rows, restoredSeq, 'newest'),
      quarters: (quarters) => appendQuarters(connection, quarters),
      async stale(keys) {
        const appender = await connection.createAppender('stale')
        for (const { point, startMs } of keys) {
          appender.appendInteger(point)
          appender.appendBigInt(BigInt(startMs))
          appender.endRow()
        }
        appender.closeSync()
      },
    })
    await pass(connection, lastPoint)
  })
}

/** Takes the ids up to the last point off the sequence: the next new point gets the one after. */
async function pass(connection: DuckDBConnection, lastPoint: number): Promise<void> {
  if (lastPoint > 0) await connection.run(`SELECT max(nextval('point_id')) FROM range(${Math.trunc(lastPoint)})`)
}
