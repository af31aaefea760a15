import type { DuckDBConnection } from '@duckdb/node-api'
import type { ObservationTables, RowRange, StoredPoint } from '../observations/observation-tables.ts'
import { countersOf, toPoint } from '../observations/point-rows.ts'
import type { QuarterKey } from '../observations/quarters.ts'
import { RowBuilder, type Rows } from '../observations/rows.ts'
import type { Sql } from '../sql.ts'
import { appendRows } from './append-rows.ts'
import { type DuckDatabase, sqlOn } from './database.ts'
import { createGroupCommit } from './group-commit.ts'
import { appendQuarters, questionQuarters, readQuarters } from './quarter-table.ts'
import { listOf, nextRows, readRows } from './read-rows.ts'
import { createTidying, settle, type TidyLimits, tidyLimits } from './tidy.ts'

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
  const tidy = createTidying(database, limits)
  const commits = createGroupCommit((group) =>
    database.writing(async (connection) => {
      for (const rows of group) {
        await appendRows(connection, rows, seq)
        seq += rows.count
      }
    }),
  )

  return {
    async pointsOf(site, names) {
      const rows = await database.read('SELECT id, site, name, unit, rules FROM point WHERE site = $1 ORDER BY id', [
        site,
      ])
      const points = rows.map(toPoint)
      if (!names) return points
      const wanted = new Set(names)
      return points.filter(({ name }) => wanted.has(name))
    },
    ensurePoints: (points) => database.write((sql) => inOrder(points, (point) => findOrAddPoint(sql, point))),
    // As upkeep, not beside it: a quarter that is being made anew by the old rules would lose its mark.
    setRules: (changes) =>
      database.keeping(async (connection) => {
        const sql = sqlOn(connection)
        for (const { id, rules } of changes) {
          await sql.all('UPDATE point SET rules = $2 WHERE id = $1', [id, JSON.stringify(rules)])
          await sql.all(
            `INSERT INTO stale SELECT DISTINCT point, start_ms FROM quarter WHERE point = $1
             EXCEPT SELECT point, start_ms FROM stale WHERE point = $1`,
            [id],
          )
        }
      }),
    async countersAmong(points) {
      if (points.length === 0) return new Map()
      const rows = await database.read(`SELECT id, rules FROM point WHERE rules <> '{}' AND id IN (${listOf(points)})`)
      return countersOf(rows)
    },
    ensureSources: (names) => database.write((sql) => inOrder(names, (name) => findOrAddSource(sql, name))),
    async sources() {
      const rows = await database.read('SELECT id, name FROM source')
      return new Map(rows.map((row) => [Number(row.id), String(row.name)]))
    },

    append: commits.append,
    rows: (range) => database.stream((connection) => readRows(connection, range)),
    newest: (points) => database.lend((connection) => readNewest(connection, points)),

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
    remove: (range, options) => database.keeping((connection) => removeRows(connection, range, options)),
    async monthsBefore(beforeMs) {
      const rows = await database.read(
        `SELECT DISTINCT p.site, strftime(make_timestamp(r.month_ms * 1000), '%Y-%m') AS month FROM (
           SELECT point, epoch_ms(date_trunc('month', make_timestamp(event_ms * 1000))) AS month_ms FROM settled
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
            quarters: (asked) => questionQuarters(connection, asked),
          },
          sqlOn(connection),
        )
        if (range.points.length === 0) return
        const { among, from, to } = limitsOf(range)
        await connection.run(`DELETE FROM settled WHERE ${among} AND event_ms >= ${from} AND event_ms < ${to}`)
        await connection.run(`DELETE FROM quarter WHERE ${among} AND start_ms >= ${from} AND start_ms < ${to}`)
      }),
    tidy,
  }
}

const newestSeq = `SELECT greatest(
  (SELECT coalesce(max(seq), 0) FROM arrived), (SELECT coalesce(max(seq), 0) FROM settled)) AS seq`

async function inOrder<T, U>(items: readonly T[], each: (item: T) => Promise<U>): Promise<readonly U[]> {
  const results: U[] = []
  for (const item of items) results.push(await each(item))
  return results
}

async function findOrAddPoint(sql: Sql, { site, name, unit }: Pick<StoredPoint, 'site' | 'name' | 'unit'>) {
  const select = 'SELECT id, site, name, unit, rules FROM point WHERE site = $1 AND name = $2'
  const [found] = await sql.all(select, [site, name])
  if (found) return toPoint(found)
  await sql.all(`INSERT INTO point (site, name, unit, rules) VALUES ($1, $2, $3, '{}')`, [site, name, unit])
  const [made] = await sql.all(select, [site, name])
  return toPoint(made!)
}

async function findOrAddSource(sql: Sql, name: string): Promise<number> {
  const [found] = await sql.all('SELECT id FROM source WHERE name = $1', [name])
  if (found) return Number(found.id)
  const [made] = await sql.all('INSERT INTO source SELECT coalesce(max(id), 0) + 1, $1 FROM source RETURNING id', [
    name,
  ])
  return Number(made?.id)
}

export async function readNewest(connection: DuckDBConnection, points: readonly number[]): Promise<Rows> {
  const newest = new RowBuilder(points.length + 1)
  if (points.length > 0) {
    const among = `point IN (${listOf(points)})`
    const result = await connection.stream(
      `SELECT ${rowColumns} FROM (
         SELECT * FROM newest WHERE ${among} UNION ALL SELECT * FROM arrived WHERE ${among}
       ) QUALIFY row_number() OVER (PARTITION BY point, source ORDER BY event_ms DESC, seq DESC) = 1
       ORDER BY point, source`,
    )
    for (let rows = await nextRows(result); rows; rows = await nextRows(result)) {
      for (let row = 0; row < rows.count; row += 1) newest.pushRow(rows, row)
    }
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
  among: `point IN (${listOf(points)})`,
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
  const where = `point IN (${listOf(points)}) AND event_ms >= ${from} AND event_ms < ${Math.ceil(toMs)}${
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
  await connection.run(`DELETE FROM newest WHERE ${where}`)
  return removed
}
