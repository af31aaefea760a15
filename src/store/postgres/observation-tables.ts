import type { KeptQuarters, ObservationTables, RowRange } from '../observations/observation-tables.ts'
import type { QuarterKey } from '../observations/quarters.ts'
import { RowBuilder, type Rows } from '../observations/rows.ts'
import { appendRows } from './append-rows.ts'
import type { PostgresDatabase, PostgresSql } from './database.ts'
import { inOrder } from './ordered-rows.ts'
import { openPointTable } from './point-table.ts'
import { readQuarters } from './quarter-table.ts'
import { readNewest, readRows } from './read-rows.ts'
import { refreshQuarters } from './refresh-quarters.ts'
import { monthsBefore, removeRows, takeOutRows } from './remove-rows.ts'
import { createSitesOfPoints, type SitePoints } from './sites-of-points.ts'

/**
 * Observations in PostgreSQL: one row an identity, in the table at once. Several nodes may do anything of this on one
 * schema at the same time.
 */
export function openPostgresTables(database: PostgresDatabase): ObservationTables {
  const sites = createSitesOfPoints(database)

  async function* rowsOf(sql: PostgresSql, runs: readonly SitePoints[], range: RowRange): AsyncIterable<Rows> {
    for (const run of runs) yield* readRows(sql, run, range)
  }
  async function* rows(range: RowRange): AsyncIterable<Rows> {
    const runs = await sites.runs(range.points)
    if (runs.length > 0) yield* database.streaming((sql) => rowsOf(sql, runs, range))
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
    async newest(points) {
      const runs = await sites.runs(points)
      const parts = await Promise.all(runs.map((run) => readNewest(database.read, run)))
      const [first] = parts
      if (first && parts.length === 1) return first
      const newest = new RowBuilder()
      for (const part of parts) for (let row = 0; row < part.count; row += 1) newest.pushRow(part, row)
      return newest.rows()
    },

    quarters: async (range) => quartersOf(database.read, await sites.runs(range.points), range),
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
    monthsBefore: (beforeMs) => monthsBefore(database, beforeMs),
    async takeOut(range, work) {
      const runs = await sites.runs(range.points)
      await takeOutRows(database, runs, range, (sql) =>
        work(
          {
            async *rows(asked) {
              yield* rowsOf(sql, await sites.runs(asked.points), asked)
            },
            quarters: async (asked) => quartersOf(sql.all, await sites.runs(asked.points), asked),
          },
          sql,
        ),
      )
    },
    // The server does it by itself (autovacuum).
    tidy: async () => false,
  }
}

async function quartersOf(
  read: PostgresSql['all'],
  runs: readonly SitePoints[],
  range: RowRange,
): Promise<KeptQuarters> {
  const parts: KeptQuarters[] = []
  for (const run of runs) parts.push(await readQuarters(read, run, range))
  const [first] = parts
  if (first && parts.length === 1) return first
  const stale: QuarterKey[] = parts.flatMap((part) => part.stale)
  return { quarters: parts.flatMap((part) => part.quarters), stale }
}
