import type { DuckDBConnection } from '@duckdb/node-api'
import { createGroupCommit } from '../observations/group-commit.ts'
import type { ObservationTables, RowRange } from '../observations/observation-tables.ts'
import type { QuarterKey } from '../observations/quarters.ts'
import { RowBuilder, type Rows } from '../observations/rows.ts'
import { appendRows } from './append-rows.ts'
import { type DuckDatabase, sqlOn } from './database.ts'
import { NewestCache } from './newest-cache.ts'
import { openPointTable } from './point-table.ts'
import { appendQuarters, readQuarters } from './quarter-table.ts'
import { amongPoints, nextRows, readRows } from './read-rows.ts'
import { readReceiveCount, readReceiveTimes, readTouched } from './received.ts'
import { createTidying, newestAmong, settle, type TidyLimits, tidyLimits } from './tidy.ts'

const rowColumns = 'point, event_ms::DOUBLE, source, value, quality, received_ms::DOUBLE'

/**
 * Observations in DuckDB: rows are appended as they come, which commits in milliseconds at any rate, and tidied behind
 * into runs ordered by point and time. Of rows with one identity the last appended counts, wherever they are read.
 */
export async function openDuckTables(
  database: DuckDatabase,
  limits: TidyLimits = tidyLimits,
): Promise<ObservationTables> {
  let seq = 1 + Number((await database.read(newestSeq))[0]?.seq ?? 0)
  const points = await openPointTable(database)
  const tidy = createTidying(database, limits)
  const newest = new NewestCache()
  const reloadNewest = () => newest.reload(() => database.lend((connection) => readNewest(connection)))
  await reloadNewest()
  const commits = createGroupCommit(async (group) => {
    await database.writing(async (connection) => {
      for (const rows of group) {
        await appendRows(connection, rows, seq)
        seq += rows.count
      }
    })
    for (const rows of group) newest.take(rows)
  })

  return {
    ...points,
    append: commits.append,
    commits: commits.figures,
    rows: (range) => database.stream((connection) => readRows(connection, range)),
    newest: async (points) => newest.of(points),
    receiveTimes: (points, window, most) => readReceiveTimes(database, points, window, most),
    receiveCount: (points, window) => readReceiveCount(database, points, window),
    touched: (points, window) => readTouched(database, points, window),

    quarters: (range) => database.lend((connection) => readQuarters(connection, range)),
    refresh: (beforeMs, limit, remake) =>
      database.keeping(async (connection) => {
        const stale = await staleQuarters(connection, beforeMs, limit)
        if (stale.length === 0) return 0
        // Read on a connection of its own: what is appended meanwhile makes its quarter stale again.
        const quarters = await remake(stale, (range) => database.stream((connection) => readRows(connection, range)))
        await dropQuarters(connection, stale)
        await appendQuarters(connection, quarters)
        return stale.length
      }),
    async remove(range, options) {
      const removed = await database.keeping((connection) => removeRows(connection, range, options))
      if (removed > 0) await reloadNewest()
      return removed
    },
    async monthsBefore(beforeMs) {
      const rows = await database.read(
        `SELECT DISTINCT p.site, strftime(make_timestamp(r.month_ms * 1000), '%Y-%m') AS month FROM (
           SELECT point, epoch_ms(date_trunc('month', make_timestamp(event_ms * 1000))) AS month_ms
           FROM (SELECT point, event_ms FROM settled UNION ALL SELECT point, event_ms FROM arrived)
           WHERE event_ms < $1 GROUP BY ALL) r
         JOIN point p ON p.id = r.point ORDER BY month, site`,
        [BigInt(Math.floor(beforeMs))],
      )
      return rows.map((row) => ({ site: String(row.site), month: String(row.month) }))
    },
    takeOut: (range, work) =>
      database.keeping(async (connection) => {
        // Rows that leave are no longer among those that arrived: the newest of them has to be remembered first.
        await settle(connection)
        await work(
          {
            rows: (asked) => readRows(connection, asked),
            quarters: (asked) => readQuarters(connection, asked),
          },
          sqlOn(connection),
        )
        if (range.points.length === 0) return
        const { among, from, to } = limitsOf(range)
        await connection.run(`DELETE FROM settled WHERE ${among} AND event_ms >= ${from} AND event_ms < ${to}`)
        for (const table of ['quarter', 'stale']) {
          await connection.run(`DELETE FROM ${table} WHERE ${among} AND start_ms >= ${from} AND start_ms < ${to}`)
        }
      }),
    tidy,
  }
}

/** Rows that were sealed are remembered as the newest alone. */
const newestSeq = `SELECT coalesce(max(seq), 0) AS seq FROM (
  SELECT seq FROM arrived UNION ALL SELECT seq FROM settled UNION ALL SELECT seq FROM newest)`

/** The newest row of every source of points, in order of point and source; of all points without a list. */
export async function readNewest(connection: DuckDBConnection, points?: readonly number[]): Promise<Rows> {
  const newest = new RowBuilder((points?.length ?? 255) + 1)
  if (points?.length === 0) return newest.rows()
  const among = points ? amongPoints(points) : 'true'
  const result = await connection.stream(
    `SELECT ${rowColumns} FROM (
       ${newestAmong(`(SELECT * FROM newest WHERE ${among} UNION ALL SELECT * FROM arrived WHERE ${among})`)}
     ) ORDER BY point, source`,
  )
  for (let rows = await nextRows(result); rows; rows = await nextRows(result)) {
    for (let row = 0; row < rows.count; row += 1) newest.pushRow(rows, row)
  }
  return newest.rows()
}

async function staleQuarters(
  connection: DuckDBConnection,
  beforeMs: number,
  limit: number,
): Promise<readonly QuarterKey[]> {
  const rows = await sqlOn(connection).all(
    `SELECT point, start_ms FROM stale WHERE start_ms + 900000 <= $1 ORDER BY point, start_ms LIMIT ${Math.trunc(limit)}`,
    [BigInt(Math.floor(beforeMs))],
  )
  return rows.map((row) => ({ point: Number(row.point), startMs: Number(row.start_ms) }))
}

/** Takes quarters off the tables of kept and of stale ones. */
async function dropQuarters(connection: DuckDBConnection, keys: readonly QuarterKey[]): Promise<void> {
  await connection.run('CREATE OR REPLACE TEMP TABLE taken (point INTEGER, start_ms BIGINT)')
  const appender = await connection.createAppender('taken', 'main', 'temp')
  for (const { point, startMs } of keys) {
    appender.appendInteger(point)
    appender.appendBigInt(BigInt(startMs))
    appender.endRow()
  }
  appender.closeSync()
  const among = 'USING taken t WHERE s.point = t.point AND s.start_ms = t.start_ms'
  await connection.run(`DELETE FROM quarter s ${among}`)
  await connection.run(`DELETE FROM stale s ${among}`)
  await connection.run('DROP TABLE taken')
}

const limitsOf = ({ points, fromMs, toMs }: RowRange) => ({
  among: amongPoints(points),
  from: Math.ceil(fromMs),
  to: Math.ceil(toMs),
})

async function removeRows(
  connection: DuckDBConnection,
  { points, fromMs, toMs }: RowRange,
  { source, stale }: { readonly source?: number; readonly stale: boolean },
): Promise<number> {
  if (points.length === 0) return 0
  const from = Math.ceil(Math.max(fromMs, Number.MIN_SAFE_INTEGER))
  const where = `${amongPoints(points)} AND event_ms >= ${from} AND event_ms < ${Math.ceil(toMs)}${
    source === undefined ? '' : ` AND source = ${Math.trunc(source)}`
  }`
  if (stale) {
    await connection.run(
      `INSERT INTO stale
         SELECT DISTINCT point, event_ms - event_ms % 900000 FROM (
           SELECT point, event_ms FROM settled WHERE ${where} UNION ALL SELECT point, event_ms FROM arrived WHERE ${where})
         EXCEPT SELECT * FROM stale`,
    )
  }
  let removed = 0
  for (const table of ['arrived', 'settled']) {
    const result = await connection.run(`DELETE FROM ${table} WHERE ${where}`)
    removed += Number(result.rowsChanged)
  }
  const { rowsChanged } = await connection.run(`DELETE FROM newest WHERE ${where}`)
  if (rowsChanged > 0) {
    // What is left may be rows ahead of their receipt.
    await connection.run(
      `INSERT INTO newest ${newestAmong(`(
         SELECT s.* FROM settled s ANTI JOIN newest n ON n.point = s.point AND n.source = s.source
         WHERE ${amongPoints(points, 's.point')})`)}`,
    )
  }
  return removed
}
