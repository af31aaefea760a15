import type { Rows } from '../observations/rows.ts'
import type { Restoring } from '../snapshot.ts'
import { insertNewest, insertObservations } from './append-rows.ts'
import { arrayOf, int4 } from './binary-columns.ts'
import type { PostgresDatabase } from './database.ts'
import { restoreMarks } from './marks.ts'
import { keepQuarters } from './quarter-table.ts'
import { indexRuns } from './run-index.ts'
import type { SitesOfPoints } from './sites-of-points.ts'

/** Fills empty tables in one transaction; points keep their ids. */
export async function postgresRestore(
  database: PostgresDatabase,
  sites: SitesOfPoints,
  work: (write: Restoring) => Promise<void>,
): Promise<void> {
  const restored = await database.transaction(async (sql) => {
    const siteOf = new Map<number, number>()
    const sitesOf = (points: ArrayLike<number>): Int32Array => Int32Array.from(points, (point) => siteOf.get(point)!)
    await work({
      all: sql.all,
      async points(points) {
        const made = await sql.all(restorePoints, [
          arrayOf(
            int4,
            points.map(({ id }) => id),
          ),
          points.map(({ site }) => site),
          points.map(({ name }) => name),
          points.map(({ unit }) => unit),
          points.map(({ rules }) => JSON.stringify(rules)),
        ])
        for (const row of made) siteOf.set(Number(row.id), Number(row.site_id))
      },
      rows: (rows: Rows) => insertObservations(sql, rows, sitesOf(rows.point)),
      newest: (rows: Rows) => insertNewest(sql, rows, sitesOf(rows.point)),
      async quarters(quarters) {
        const bySite = Map.groupBy(quarters, ({ point }) => siteOf.get(point)!)
        for (const [siteId, some] of bySite) await keepQuarters(sql, siteId, [], some)
      },
      stale: (keys) =>
        restoreMarks(
          sql,
          keys.map((key) => ({ ...key, siteId: siteOf.get(key.point)! })),
        ),
      evidence: {
        async run(id, text) {
          await sql.change('INSERT INTO evidence_run (id, content) VALUES ($1, $2)', [id, text])
          await indexRuns(sql, [text])
        },
        async blob(sha256, text) {
          await sql.change('INSERT INTO evidence_blob (sha256, content) VALUES ($1, $2)', [
            sha256,
            Buffer.from(text, 'utf8'),
          ])
        },
      },
    })
    await sql.all(
      `SELECT setval(pg_get_serial_sequence('point', 'id'), greatest(1, (SELECT coalesce(max(id), 1) FROM point)))`,
    )
    return siteOf
  })
  for (const [point, site] of restored) sites.remember(point, site)
}

const restorePoints = `
  WITH given AS (
    SELECT * FROM unnest($1::int4[], $2::text[], $3::text[], $4::text[], $5::text[]) AS g (id, site, name, unit, rules)
  ), made AS (
    INSERT INTO site (name) SELECT DISTINCT site FROM given ORDER BY site ON CONFLICT (name) DO NOTHING RETURNING id, name
  ), known AS (SELECT id, name FROM made UNION ALL SELECT id, name FROM site)
  INSERT INTO point (id, site_id, site, name, unit, rules) OVERRIDING SYSTEM VALUE
    SELECT g.id, k.id, g.site, g.name, g.unit, g.rules FROM given g JOIN known k ON k.name = g.site
  RETURNING id, site_id`
