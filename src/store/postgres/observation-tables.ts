import type { ObservationTables, RowRange } from '../observations/observation-tables.ts'
import type { Rows } from '../observations/rows.ts'
import { appendRows } from './append-rows.ts'
import type { PostgresDatabase } from './database.ts'
import { monthsBefore } from './months.ts'
import { inOrder } from './ordered-rows.ts'
import { openPointTable } from './point-table.ts'
import { readFewRows } from './read-rows.ts'
import { refreshQuarters } from './refresh-quarters.ts'
import { removeRows, takeOutRows } from './remove-rows.ts'
import { newestOfRuns, quartersOfRuns, rowsOfRuns } from './runs.ts'
import type { SitesOfPoints } from './sites-of-points.ts'

/**
 * Observations in PostgreSQL: one row an identity, in the table at once. Several nodes may do anything of this on one
 * schema at the same time.
 */
export function openPostgresTables(database: PostgresDatabase, sites: SitesOfPoints): ObservationTables {
  async function* rows(range: RowRange): AsyncIterable<Rows> {
    const runs = await sites.runs(range.points)
    const [only] = runs
    const few = only && runs.length === 1 ? await readFewRows(database.read, only, range) : undefined
    // Most answers are small, and three times as quick without a transaction.
    if (few && few.count > 0) yield few
    else if (!few && only) yield* database.streaming((sql) => rowsOfRuns(sql, runs, range))
  }

  return {
    ...openPointTable(database, sites),

    async append(given) {
      if (given.count === 0) return
      const ordered = inOrder(given)
      const siteIds = await sites.of(ordered.point)
      await database.transaction((sql) => appendRows(sql, ordered, siteIds))
    },
    rows,
    newest: async (points) => newestOfRuns(database.read, await sites.runs(points)),
    quarters: async (range) => quartersOfRuns(database.read, await sites.runs(range.points), range),
    refresh: (beforeMs, limit, remake) =>
      refreshQuarters(database, { beforeMs, limit }, (stale) =>
        // Read beside the transaction, as of one moment after it took the marks: who adds a row now waits for its mark.
        remake(stale, rows),
      ),

    async remove(range, { source, stale }) {
      const runs = await sites.runs(range.points)
      return database.transaction(async (sql) => {
        let removed = 0
        for (const run of runs) removed += await removeRows(sql, run, range, { source, stale })
        return removed
      })
    },
    monthsBefore: (beforeMs) => monthsBefore(database.read, beforeMs),
    async takeOut(range, work) {
      const runs = await sites.runs(range.points)
      await takeOutRows(database, runs, range, (sql) =>
        work(
          {
            async *rows(asked) {
              yield* rowsOfRuns(sql, await sites.runs(asked.points), asked)
            },
            quarters: async (asked) => quartersOfRuns(sql.all, await sites.runs(asked.points), asked),
          },
          sql,
        ),
      )
    },
    // The server does it by itself (autovacuum).
    tidy: async () => false,
  }
}
