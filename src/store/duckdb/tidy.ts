import type { DuckDBConnection } from '@duckdb/node-api'
import { clockAheadMs } from '../observations/clock-ahead.ts'
import { quarterMs } from '../observations/quarters.ts'
import type { DuckDatabase } from './database.ts'

/** When rows that arrived are moved into an ordered run. */
export interface TidyLimits {
  /** As soon as there are this many. */
  readonly rows: number
  /** Or when the oldest of them waits this long, in milliseconds of this process. */
  readonly waitMs: number
}

export const tidyLimits: TidyLimits = { rows: 250_000, waitMs: 300_000 }

/** The log is put into the file this often where rows arrive, so that little is read again after a crash. */
const checkpointMs = 60_000

/**
 * Moves what arrived into runs ordered by point and time, as one transaction beside which appending goes on: a run
 * compresses well and is read quickly. Where nothing is due it does nothing.
 */
export function createTidying(database: DuckDatabase, limits: TidyLimits): () => Promise<boolean> {
  let since = performance.now()
  let checkpointedMs = since
  return async () => {
    const [state] = await database.read('SELECT count(*) AS rows FROM arrived')
    const rows = Number(state?.rows ?? 0)
    if (rows === 0) {
      since = performance.now()
      return false
    }
    if (rows < limits.rows && performance.now() - since < limits.waitMs) return false
    since = performance.now()
    await database.keeping(settle)
    // Just after a run was made there is least to write.
    if (since - checkpointedMs >= checkpointMs) {
      checkpointedMs = since
      await database.checkpoint()
    }
    return true
  }
}

/**
 * One row of each point and source among some rows: the newest by event time; one ahead of its receipt comes after the
 * others. The greatest rank is found first, so that only its rows are sorted.
 */
export const newestAmong = (rows: string): string =>
  `WITH ranked AS (
     SELECT *, event_ms - CASE WHEN event_ms > received_ms + ${clockAheadMs} THEN 1000000000000000 ELSE 0 END AS rank_ms
     FROM ${rows}
   ), best AS (SELECT point, source, max(rank_ms) AS rank_ms FROM ranked GROUP BY point, source)
   SELECT r.* EXCLUDE (rank_ms) FROM ranked r JOIN best b USING (point, source, rank_ms)
   QUALIFY row_number() OVER (PARTITION BY point, source ORDER BY seq DESC) = 1`

/** Moves all that a transaction sees of what arrived: rows, marks of stale quarters, newest rows. */
export async function settle(connection: DuckDBConnection): Promise<void> {
  await connection.run('INSERT INTO settled SELECT * FROM arrived ORDER BY point, event_ms, source, seq')
  await connection.run(
    `INSERT INTO stale SELECT DISTINCT point, event_ms - event_ms % ${quarterMs} FROM arrived
       EXCEPT SELECT point, start_ms FROM stale`,
  )
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE newer AS
       ${newestAmong(`(SELECT * FROM arrived UNION ALL
         SELECT n.* FROM newest n SEMI JOIN (SELECT DISTINCT point, source FROM arrived) a
           ON n.point = a.point AND n.source = a.source)`)}`,
  )
  await connection.run('DELETE FROM newest n USING newer r WHERE n.point = r.point AND n.source = r.source')
  await connection.run('INSERT INTO newest SELECT * FROM newer')
  await connection.run('DROP TABLE newer')
  // Only what this transaction sees: what is appended meanwhile stays.
  await connection.run('DELETE FROM arrived')
}
