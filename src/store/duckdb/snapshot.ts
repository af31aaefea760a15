import type { DuckDBConnection } from '@duckdb/node-api'
import type { Snapshot } from '../snapshot.ts'
import type { SqlRow } from '../sql.ts'
import { type DuckDatabase, sqlOn } from './database.ts'
import { readNewest } from './observation-tables.ts'
import { readQuarters } from './quarter-table.ts'
import { readRows } from './read-rows.ts'

/** Everything as one transaction sees it; appending and upkeep go on. */
export function duckSnapshot<T>(database: DuckDatabase, work: (read: Snapshot) => Promise<T>): Promise<T> {
  return database.lend(async (connection) => {
    await connection.run('BEGIN TRANSACTION READ ONLY')
    try {
      // The first question begins what the transaction sees.
      const [counted] = await sqlOn(connection).all(
        'SELECT (SELECT count(*) FROM arrived) + (SELECT count(*) FROM settled) AS rows',
      )
      return await work({
        all: sqlOn(connection).all,
        stream: (sql) => streamRows(connection, sql),
        rows: (range) => readRows(connection, range),
        newest: (points) => readNewest(connection, points),
        quarters: (range) => readQuarters(connection, range),
        months: async () => (await sqlOn(connection).all(monthsSql)).map(({ month }) => String(month)),
        rowCount: Number(counted?.rows ?? 0),
      })
    } finally {
      await connection.run('ROLLBACK').catch(() => undefined)
    }
  })
}

const monthsSql = `
  SELECT DISTINCT strftime(make_timestamp(ms * 1000), '%Y-%m') AS month FROM (
    SELECT event_ms AS ms FROM settled UNION ALL SELECT event_ms FROM arrived UNION ALL SELECT start_ms FROM quarter
  ) ORDER BY month`

async function* streamRows(connection: DuckDBConnection, sql: string): AsyncIterable<readonly SqlRow[]> {
  const result = await connection.stream(sql)
  const names = result.deduplicatedColumnNames()
  for (;;) {
    const chunk = await result.fetchChunk()
    if (!chunk || chunk.rowCount === 0) return
    yield chunk.getRowObjects(names)
  }
}
