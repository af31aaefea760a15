import { type Quarter, type QuarterKey, quarterMs } from '../observations/quarters.ts'
import type { PostgresDatabase } from './database.ts'
import { type Marks, readMarks, removeMarks } from './marks.ts'
import { rulesLock } from './point-table.ts'
import { keepQuarters } from './quarter-table.ts'

/**
 * Makes stale quarters anew, site by site, in one transaction; of several nodes that do it at once one has a site. Rows are
 * read after the round of the marks has ended, so all that rest on them are seen.
 *
 * @returns how many quarters were taken
 */
export async function refreshQuarters(
  database: PostgresDatabase,
  marks: Marks,
  { beforeMs, limit }: { readonly beforeMs: number; readonly limit: number },
  remake: (stale: readonly QuarterKey[]) => Promise<readonly Quarter[]>,
): Promise<number> {
  const due = await database.read(
    'SELECT site_id FROM stale WHERE start_ms <= $1::int8 GROUP BY site_id ORDER BY min(start_ms)',
    [Math.floor(beforeMs) - quarterMs],
  )
  if (due.length === 0) return 0
  return database.transaction(async (sql) => {
    await sql.all('SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))', [rulesLock(database)])
    let taken = 0
    for (const row of due) {
      if (taken >= limit) break
      const siteId = Number(row.site_id)
      const [turn] = await sql.all('SELECT pg_try_advisory_xact_lock(hashtextextended($1 || $2::int4, 0)) AS ours', [
        `mangrove quarters ${database.schema} `,
        siteId,
      ])
      if (turn?.ours !== true) continue
      const most = limit - taken
      // What is left of former rounds comes first: a quarter that gets rows all the time is not made at every turn.
      let round = await marks.present(sql, siteId)
      let stale = await readMarks(sql, { siteId, round }, beforeMs, most)
      if (stale.length === 0) {
        round = (await marks.end(siteId)) ?? round
        stale = await readMarks(sql, { siteId, round }, beforeMs, most)
      }
      if (stale.length === 0) continue
      await keepQuarters(sql, siteId, stale, await remake(stale))
      await removeMarks(sql, { siteId, round }, stale)
      taken += stale.length
    }
    return taken
  })
}
