import { type Quarter, type QuarterKey, quarterMs } from '../observations/quarters.ts'
import type { PostgresDatabase } from './database.ts'
import { rulesLock } from './point-table.ts'
import { holdStale, keepQuarters } from './quarter-table.ts'

/**
 * Makes stale quarters anew, site by site, in one transaction that holds their marks: of several nodes that do it at
 * once none takes what another has.
 *
 * @returns how many quarters were taken
 */
export async function refreshQuarters(
  database: PostgresDatabase,
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
      const stale = await holdStale(sql, siteId, beforeMs, limit - taken)
      if (stale.length === 0) continue
      await keepQuarters(sql, siteId, stale, await remake(stale))
      taken += stale.length
    }
    return taken
  })
}
