import { type Quarter, type QuarterKey, quarterMs } from '../observations/quarters.ts'
import type { PostgresDatabase, PostgresSql } from './database.ts'
import { type Marks, readMarks, removeMarks } from './marks.ts'
import { rulesLock } from './point-table.ts'
import { keepQuarters } from './quarter-table.ts'

/**
 * Makes stale quarters anew, a transaction a site; of several nodes that do it at once one has a site. Rows are read after
 * the round of the marks has ended, so all that rest on them are seen.
 *
 * @returns how many quarters were taken
 */
export async function refreshQuarters(
  database: PostgresDatabase,
  marks: Marks,
  { beforeMs, limit }: { readonly beforeMs: number; readonly limit: number },
  remake: (stale: readonly QuarterKey[]) => Promise<readonly Quarter[]>,
): Promise<number> {
  const due = await database.read(dueSites, [Math.floor(beforeMs) - quarterMs])
  let taken = 0
  for (const { site_id, has_former } of due) {
    if (taken >= limit) break
    const siteId = Number(site_id)
    // What is left of former rounds comes first: a quarter that gets rows all the time is not made at every turn.
    if (has_former !== true) await marks.end(siteId)
    taken += await database.transaction(async (sql) => {
      await sql.all('SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))', [rulesLock(database)])
      if (!(await claim(sql, `mangrove quarters ${database.schema} ${siteId}`))) return 0
      const round = await marks.present(sql, siteId)
      const stale = await readMarks(sql, { siteId, round }, beforeMs, limit - taken)
      if (stale.length === 0) return 0
      await keepQuarters(sql, siteId, stale, await remake(stale))
      await removeMarks(sql, { siteId, round }, stale)
      return stale.length
    })
  }
  return taken
}

/** Sites with marks, those of the oldest quarter first, and whether some are of a former round. */
const dueSites = `
  SELECT s.site_id, bool_or(s.round < coalesce(r.round, 0)) AS has_former
  FROM stale s LEFT JOIN stale_round r ON r.site_id = s.site_id
  WHERE s.start_ms <= $1::int8 GROUP BY s.site_id ORDER BY min(s.start_ms)`

/** Until the transaction ends. @returns false where another has it */
async function claim(sql: PostgresSql, lock: string): Promise<boolean> {
  const [row] = await sql.all('SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS ours', [lock])
  return row?.ours === true
}
