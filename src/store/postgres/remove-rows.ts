import { storeErrors } from '../errors.ts'
import type { RowRange } from '../observations/observation-tables.ts'
import { quarterMs } from '../observations/quarters.ts'
import { lockNewest, newestRank } from './append-rows.ts'
import { arrayOf, int2, int4 } from './binary-columns.ts'
import type { PostgresDatabase, PostgresSql } from './database.ts'
import type { Marks } from './marks.ts'
import { rulesLock } from './point-table.ts'
import { wholeMs } from './read-rows.ts'
import type { SitePoints } from './sites-of-points.ts'

const ofRange = 'site_id = $1 AND point = ANY($2::int4[]) AND event_ms >= $3::int8 AND event_ms < $4::int8'

type Times = Pick<RowRange, 'fromMs' | 'toMs'>

const valuesOf = ({ siteId, points }: SitePoints, { fromMs, toMs }: Times) =>
  [siteId, arrayOf(int4, points), wholeMs(fromMs), wholeMs(toMs)] as const

const newestLeft = `
  INSERT INTO newest (site_id, point, event_ms, source, value, quality, received_ms)
    SELECT r.site_id, r.point, r.event_ms, r.source, r.value, r.quality, r.received_ms
    FROM unnest($2::int4[], $3::int2[]) AS g (point, source) CROSS JOIN LATERAL (
      SELECT * FROM observation o WHERE o.site_id = $1 AND o.point = g.point AND o.source = g.source
      ORDER BY ${newestRank('o')} DESC LIMIT 1) r
  ON CONFLICT (site_id, point, source) DO NOTHING`

/** Removes rows of a site, of one source or of all. @returns how many */
export async function removeRows(
  sql: PostgresSql,
  { database, marks }: { readonly database: PostgresDatabase; readonly marks: Marks },
  run: SitePoints,
  times: Times,
  { source, stale }: { readonly source: number | undefined; readonly stale: boolean },
): Promise<number> {
  const where = `${ofRange} AND (source = $5::int2 OR $5::int2 IS NULL)`
  const values = [...valuesOf(run, times), source ?? null]
  const rounds = await marks.hold(sql, [run.siteId])
  const marked = `, marks AS (
      INSERT INTO stale AS s (site_id, point, start_ms, round)
        SELECT DISTINCT $1::int4, point, event_ms - event_ms % ${quarterMs} AS start_ms, ${rounds.get(run.siteId)}
        FROM gone ORDER BY point, start_ms
      ON CONFLICT (site_id, point, start_ms) DO UPDATE SET round = excluded.round WHERE s.round <> excluded.round)`
  const [counted] = await sql.all(
    `WITH gone AS (DELETE FROM observation WHERE ${where} RETURNING point, event_ms)${stale ? marked : ''}
     SELECT count(*) AS rows FROM gone`,
    values,
  )
  await lockNewest(sql, database, [run.siteId])
  const gone = await sql.all(`DELETE FROM newest WHERE ${where} RETURNING point, source`, values)
  if (gone.length > 0) {
    // What is left may be rows ahead of their receipt, or before the range.
    await sql.change(newestLeft, [
      run.siteId,
      arrayOf(
        int4,
        gone.map(({ point }) => Number(point)),
      ),
      arrayOf(
        int2,
        gone.map((row) => Number(row.source)),
      ),
    ])
  }
  return Number(counted?.rows)
}

/**
 * Lets rows and quarters of a range be kept elsewhere, then removes them, all as of one moment. A row of them that is
 * changed meanwhile makes it begin again; one that is added stays, with its mark: only those of former rounds go.
 *
 * @throws `store.busy` where a writer holds the round of a site too long
 */
export async function takeOutRows(
  { database, marks }: { readonly database: PostgresDatabase; readonly marks: Marks },
  runs: readonly SitePoints[],
  times: Times,
  work: (sql: PostgresSql) => Promise<void>,
): Promise<void> {
  const rounds = new Map<number, number>()
  for (const { siteId } of runs) {
    const round = await marks.end(siteId)
    if (round === undefined) throw storeErrors.busy({ detail: 'A batch of the site is being written', found: siteId })
    rounds.set(siteId, round)
  }
  await database.transaction(async (sql) => {
    await sql.all('SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))', [rulesLock(database)])
    await work(sql)
    for (const run of runs) {
      const values = valuesOf(run, times)
      await sql.change(`DELETE FROM observation WHERE ${ofRange}`, values)
      const started = ofRange.replaceAll('event_ms', 'start_ms')
      await sql.change(`DELETE FROM quarter WHERE ${started}`, values)
      await sql.change(`DELETE FROM stale WHERE ${started} AND round < $5::int4`, [...values, rounds.get(run.siteId)!])
    }
  }, 'REPEATABLE READ')
}
