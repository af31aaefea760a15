import type { RowRange } from '../observations/observation-tables.ts'
import { quarterMs } from '../observations/quarters.ts'
import { arrayOf, int4 } from './binary-columns.ts'
import type { PostgresDatabase, PostgresSql } from './database.ts'
import { rulesLock } from './point-table.ts'
import { wholeMs } from './read-rows.ts'
import type { SitePoints } from './sites-of-points.ts'

const ofRange = 'site_id = $1 AND point = ANY($2::int4[]) AND event_ms >= $3::int8 AND event_ms < $4::int8'

type Times = Pick<RowRange, 'fromMs' | 'toMs'>

const valuesOf = ({ siteId, points }: SitePoints, { fromMs, toMs }: Times) =>
  [siteId, arrayOf(int4, points), wholeMs(fromMs), wholeMs(toMs)] as const

/** Removes rows of a site, of one source or of all. @returns how many */
export async function removeRows(
  sql: PostgresSql,
  run: SitePoints,
  times: Times,
  { source, stale }: { readonly source: number | undefined; readonly stale: boolean },
): Promise<number> {
  const where = `${ofRange} AND (source = $5::int2 OR $5::int2 IS NULL)`
  const values = [...valuesOf(run, times), source ?? null]
  const marks = `, marks AS (
      INSERT INTO stale (site_id, point, start_ms)
        SELECT DISTINCT $1::int4, point, event_ms - event_ms % ${quarterMs} AS start_ms FROM gone ORDER BY point, start_ms
      ON CONFLICT (site_id, point, start_ms) DO UPDATE SET start_ms = excluded.start_ms)`
  const [counted] = await sql.all(
    `WITH gone AS (DELETE FROM observation WHERE ${where} RETURNING point, event_ms)${stale ? marks : ''}
     SELECT count(*) AS rows FROM gone`,
    values,
  )
  await sql.change(`DELETE FROM newest WHERE ${where}`, values)
  return Number(counted?.rows)
}

/**
 * Lets rows and quarters of a range be kept elsewhere, then removes them, all as of one moment. A row of them that is
 * changed meanwhile makes it begin again; one that is added stays.
 */
export function takeOutRows(
  database: PostgresDatabase,
  runs: readonly SitePoints[],
  times: Times,
  work: (sql: PostgresSql) => Promise<void>,
): Promise<void> {
  return database.transaction(async (sql) => {
    await sql.all('SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))', [rulesLock(database)])
    await work(sql)
    for (const run of runs) {
      const values = valuesOf(run, times)
      await sql.change(`DELETE FROM observation WHERE ${ofRange}`, values)
      await sql.change(`DELETE FROM quarter WHERE ${ofRange.replaceAll('event_ms', 'start_ms')}`, values)
    }
  }, 'REPEATABLE READ')
}

/** Start of the month after a moment, in milliseconds. */
const nextMonth = (ms: string): string =>
  `(extract(epoch FROM date_trunc('month', to_timestamp(${ms} / 1000) AT TIME ZONE 'UTC') + interval '1 month') * 1000)::int8`

/** From each point's first row to the first row of a later month, and so on: a look into the index a month and point. */
const months = `
  WITH RECURSIVE month_of AS (
    SELECT p.id, p.site_id, p.site, f.event_ms FROM point p CROSS JOIN LATERAL (
      SELECT event_ms FROM observation o WHERE o.site_id = p.site_id AND o.point = p.id AND event_ms < $1::int8
      ORDER BY event_ms LIMIT 1) f
    UNION ALL
    SELECT m.id, m.site_id, m.site, f.event_ms FROM month_of m CROSS JOIN LATERAL (
      SELECT event_ms FROM observation o WHERE o.site_id = m.site_id AND o.point = m.id AND o.event_ms < $1::int8
        AND o.event_ms >= ${nextMonth('m.event_ms')}
      ORDER BY event_ms LIMIT 1) f
  )
  SELECT DISTINCT site, to_char(to_timestamp(event_ms / 1000) AT TIME ZONE 'UTC', 'YYYY-MM') AS month
  FROM month_of ORDER BY month, site`

export async function monthsBefore(
  database: PostgresDatabase,
  beforeMs: number,
): Promise<readonly { readonly site: string; readonly month: string }[]> {
  const rows = await database.read(months, [wholeMs(beforeMs)])
  return rows.map((row) => ({ site: String(row.site), month: String(row.month) }))
}
