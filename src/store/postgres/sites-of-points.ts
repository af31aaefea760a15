import { arrayOf, int4 } from './binary-columns.ts'
import type { PostgresDatabase } from './database.ts'

/** Points of one site, in order of their ids. */
export interface SitePoints {
  readonly siteId: number
  readonly points: readonly number[]
}

/**
 * Which site a point belongs to, remembered for ever: it never changes. Every statement about large tables names the
 * site, so that a cluster that is spread by site asks one of its servers.
 */
export interface SitesOfPoints {
  remember(point: number, siteId: number): void
  /** Site of each point. */
  of(points: ArrayLike<number>): Promise<Int32Array>
  /** Points in order of their ids, cut where the site changes. */
  runs(points: readonly number[]): Promise<readonly SitePoints[]>
}

export function createSitesOfPoints(database: PostgresDatabase): SitesOfPoints {
  // Ids are given from 1 on without large gaps; 0 = not known yet.
  let siteOf = new Int32Array(1024)
  const remember = (point: number, siteId: number): void => {
    if (point >= siteOf.length) {
      const larger = new Int32Array(Math.max(point + 1, siteOf.length * 2))
      larger.set(siteOf)
      siteOf = larger
    }
    siteOf[point] = siteId
  }
  const of = async (points: ArrayLike<number>): Promise<Int32Array> => {
    const unknown = new Set<number>()
    for (let at = 0; at < points.length; at += 1) if (!siteOf[points[at]!]) unknown.add(points[at]!)
    if (unknown.size > 0) {
      const rows = await database.read('SELECT id, site_id FROM point WHERE id = ANY($1::int4[])', [
        arrayOf(int4, [...unknown]),
      ])
      for (const row of rows) remember(Number(row.id), Number(row.site_id))
    }
    const sites = new Int32Array(points.length)
    for (let at = 0; at < points.length; at += 1) sites[at] = siteOf[points[at]!] ?? 0
    return sites
  }
  return {
    remember,
    of,
    async runs(points) {
      const sorted = [...new Set(points)].sort((a, b) => a - b)
      const sites = await of(sorted)
      const runs: { siteId: number; points: number[] }[] = []
      sorted.forEach((point, at) => {
        const siteId = sites[at]!
        const last = runs.at(-1)
        // A point that is not there has no rows.
        if (siteId === 0) return
        if (last?.siteId === siteId) last.points.push(point)
        else runs.push({ siteId, points: [point] })
      })
      return runs
    },
  }
}
