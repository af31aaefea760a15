import type { ObservationTables, StoredPoint } from '../observations/observation-tables.ts'
import { countersOf, toPoint } from '../observations/point-rows.ts'
import type { SqlRow } from '../sql.ts'
import { arrayOf, int4 } from './binary-columns.ts'
import type { PostgresDatabase, PostgresSql } from './database.ts'
import type { Marks } from './marks.ts'
import type { SitesOfPoints } from './sites-of-points.ts'

const columns = 'p.id, p.site_id, p.site, p.name, p.unit, p.rules'

/** Points and sources in their tables. */
export function openPointTable(
  database: PostgresDatabase,
  sites: SitesOfPoints,
  marks: Marks,
): Pick<ObservationTables, 'pointsOf' | 'ensurePoints' | 'setRules' | 'countersAmong' | 'ensureSources' | 'sources'> {
  const known = (rows: readonly SqlRow[]): readonly StoredPoint[] => {
    for (const row of rows) sites.remember(Number(row.id), Number(row.site_id))
    return rows.map(toPoint)
  }
  const allOf = createAllPoints(database, known)
  return {
    async pointsOf(site, names) {
      if (!names) return allOf(site)
      return known(
        await database.read(`SELECT ${columns} FROM point p WHERE site = $1 AND name = ANY($2::text[]) ORDER BY id`, [
          site,
          names,
        ]),
      )
    },
    async ensurePoints(points) {
      const found = new Map<string, StoredPoint>()
      const find = async (sql: Pick<PostgresSql, 'all'>): Promise<readonly (typeof points)[number][]> => {
        for (const point of known(await namedPoints(sql, points))) found.set(keyOf(point), point)
        return points.filter((point) => !found.has(keyOf(point)))
      }
      const missing = await find({ all: database.read })
      if (missing.length > 0) {
        await database.transaction(async (sql) => {
          await addPoints(sql, missing)
          await find(sql)
        })
      }
      return points.map((point) => found.get(keyOf(point))!)
    },
    setRules: (changes) =>
      database.transaction(async (sql) => {
        // No quarter is made by the old rules beside this, and kept without a mark.
        await sql.all('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [rulesLock(database)])
        const sorted = [...changes].sort((a, b) => a.id - b.id)
        const siteIds = await sites.of(sorted.map(({ id }) => id))
        const rounds = await marks.hold(sql, siteIds)
        for (const [index, { id, rules }] of sorted.entries()) {
          const siteId = siteIds[index]!
          await sql.all('UPDATE point SET rules = $2 WHERE id = $1', [id, JSON.stringify(rules)])
          // Quarters whose rows are gone, by their retention, cannot be made again and stay as they are.
          await sql.all(
            `INSERT INTO stale AS s (site_id, point, start_ms, round)
               SELECT q.site_id, q.point, q.start_ms, $2 FROM quarter q JOIN point p ON p.id = q.point AND p.site_id = q.site_id
               WHERE p.id = $1 AND q.start_ms + 900000 > (
                 SELECT min(o.event_ms) FROM observation o WHERE o.site_id = p.site_id AND o.point = p.id)
               ORDER BY q.start_ms
             ON CONFLICT (site_id, point, start_ms) DO UPDATE SET round = excluded.round WHERE s.round <> excluded.round`,
            [id, rounds.get(siteId)!],
          )
        }
      }),
    async countersAmong(points) {
      if (points.length === 0) return new Map()
      return countersOf(
        await database.read(`SELECT id, rules FROM point WHERE id = ANY($1::int4[]) AND rules <> '{}'`, [
          arrayOf(int4, points),
        ]),
      )
    },
    async ensureSources(names) {
      const found = await sourceIds({ all: database.read }, names)
      const missing = [...new Set(names)].filter((name) => !found.has(name))
      if (missing.length === 0) return names.map((name) => found.get(name)!)
      return database.write(async (sql) => {
        const present = await sourceIds(sql, names)
        for (const name of missing) {
          if (present.has(name)) continue
          const [made] = await sql.all(
            'INSERT INTO source (id, name) SELECT coalesce(max(id), 0) + 1, $1 FROM source RETURNING id',
            [name],
          )
          present.set(name, Number(made?.id))
        }
        return names.map((name) => present.get(name)!)
      })
    },
    async sources() {
      const rows = await database.read('SELECT id, name FROM source')
      return new Map(rows.map((row) => [Number(row.id), String(row.name)]))
    },
  }
}

/**
 * All points of a site, read again when there are more of them or a rule has changed, on whatever node: to ask for that
 * takes a tenth of the time. A point is never removed and keeps its name and unit.
 */
function createAllPoints(database: PostgresDatabase, known: (rows: readonly SqlRow[]) => readonly StoredPoint[]) {
  const bySite = new Map<string, { readonly state: string; readonly points: readonly StoredPoint[] }>()
  return async (site: string): Promise<readonly StoredPoint[]> => {
    const [row] = await database.read(
      `SELECT concat_ws('/', count(*), max(id), sum(hashtextextended(rules, id))) AS state FROM point WHERE site = $1`,
      [site],
    )
    const state = String(row?.state)
    const kept = bySite.get(site)
    if (kept?.state === state) return kept.points
    const points = known(await database.read(`SELECT ${columns} FROM point p WHERE site = $1 ORDER BY id`, [site]))
    if (bySite.size >= keptSites) bySite.clear()
    bySite.set(site, { state, points })
    return points
  }
}

/** Sites whose points are kept in memory. */
const keptSites = 1000

/** Name of the lock between those who make quarters by the rules of points and those who change the rules. */
export const rulesLock = ({ schema }: PostgresDatabase): string => `mangrove rules ${schema}`

type Named = Pick<StoredPoint, 'site' | 'name' | 'unit'>

const keyOf = ({ site, name }: Pick<StoredPoint, 'site' | 'name'>): string => `${site}\u0000${name}`

const namedPoints = (sql: Pick<PostgresSql, 'all'>, points: readonly Named[]): Promise<readonly SqlRow[]> =>
  sql.all(
    `SELECT ${columns} FROM point p
     WHERE (site, name) IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
    [points.map(({ site }) => site), points.map(({ name }) => name)],
  )

/** In the order of their names, so that two who add the same do not wait for each other. */
async function addPoints(sql: PostgresSql, points: readonly Named[]): Promise<void> {
  const once = [...new Map(points.toReversed().map((point) => [keyOf(point), point])).values()]
  once.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  const sites = [...new Set(once.map(({ site }) => site))]
  await sql.all('INSERT INTO site (name) SELECT * FROM unnest($1::text[]) ON CONFLICT (name) DO NOTHING', [sites])
  await sql.all(
    `INSERT INTO point (site_id, site, name, unit)
       SELECT s.id, s.name, n.name, n.unit
       FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS n (site, name, unit, number)
       JOIN site s ON s.name = n.site ORDER BY n.number
     ON CONFLICT (site, name) DO NOTHING`,
    [once.map(({ site }) => site), once.map(({ name }) => name), once.map(({ unit }) => unit)],
  )
}

async function sourceIds(sql: Pick<PostgresSql, 'all'>, names: readonly string[]): Promise<Map<string, number>> {
  const among = names.map((_, index) => `$${index + 1}`).join(', ')
  const rows = names.length === 0 ? [] : await sql.all(`SELECT id, name FROM source WHERE name IN (${among})`, names)
  return new Map(rows.map((row) => [String(row.name), Number(row.id)]))
}
