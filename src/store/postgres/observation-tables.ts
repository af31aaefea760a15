import { createGroupCommit } from '../observations/group-commit.ts'
import type { ObservationTables, RowRange } from '../observations/observation-tables.ts'
import type { Rows } from '../observations/rows.ts'
import { createAppending } from './append-rows.ts'
import type { PostgresDatabase } from './database.ts'
import { createMarks } from './marks.ts'
import { monthsBefore } from './months.ts'
import { mergeInOrder } from './ordered-rows.ts'
import { openPointTable } from './point-table.ts'
import { readFewRows } from './read-rows.ts'
import { readReceiveCount, readReceiveTimes, readTouched } from './received.ts'
import { refreshQuarters } from './refresh-quarters.ts'
import { removeRows, takeOutRows } from './remove-rows.ts'
import { newestOfRuns, quartersOfRuns, rowsOfRuns } from './runs.ts'
import type { SitesOfPoints } from './sites-of-points.ts'

/** What waits while a commit is under way joins the next, and the newest of a point are written once for all of it. */
const groupLimits = { commitRows: 40_000 }

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

  const marks = createMarks(database)
  const appendRows = createAppending(database, marks)
  const commits = createGroupCommit(async (group) => {
    const rows = mergeInOrder(group)
    const siteIds = await sites.of(rows.point)
    const committed = await database.transaction((sql) => appendRows(sql, rows, siteIds))
    committed()
  }, groupLimits)

  return {
    ...openPointTable(database, sites, marks),

    append: commits.append,
    commits: commits.figures,
    rows,
    newest: async (points) => newestOfRuns(database.read, await sites.runs(points)),
    receiveTimes: async (points, window, most) =>
      readReceiveTimes(database.read, await sites.runs(points), window, most),
    receiveCount: async (points, window) => readReceiveCount(database.read, await sites.runs(points), window),
    touched: async (points, window) => readTouched(database.read, await sites.runs(points), window),
    quarters: async (range) => quartersOfRuns(database.read, await sites.runs(range.points), range),
    refresh: (beforeMs, limit, remake) =>
      refreshQuarters(database, marks, { beforeMs, limit }, (stale) => remake(stale, rows)),

    async remove(range, { source, stale }) {
      const runs = await sites.runs(range.points)
      return database.transaction(async (sql) => {
        let removed = 0
        for (const run of runs) removed += await removeRows(sql, { database, marks }, run, range, { source, stale })
        return removed
      })
    },
    monthsBefore: (beforeMs) => monthsBefore(database.read, beforeMs),
    async takeOut(range, work) {
      const runs = await sites.runs(range.points)
      await takeOutRows({ database, marks }, runs, range, (sql) =>
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
