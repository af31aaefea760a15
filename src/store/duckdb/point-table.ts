import type { ObservationTables, PointRules, StoredPoint } from '../observations/observation-tables.ts'
import { toPoint } from '../observations/point-rows.ts'
import { type DuckDatabase, sqlOn } from './database.ts'

type PointParts = Pick<
  ObservationTables,
  'pointsOf' | 'ensurePoints' | 'setRules' | 'countersAmong' | 'ensureSources' | 'sources'
>

/**
 * Points and sources of a data folder. This process alone has the folder open, so what it has read once it knows: a
 * question about one point of ten thousand asks no database.
 */
export async function openPointTable(database: DuckDatabase): Promise<PointParts> {
  const sites = new Map<string, Map<string, StoredPoint>>()
  const byId = new Map<number, StoredPoint>()
  const sources = new Map<string, number>()
  const know = (point: StoredPoint): void => {
    const points = sites.get(point.site) ?? new Map<string, StoredPoint>()
    sites.set(point.site, points)
    points.set(point.name, point)
    byId.set(point.id, point)
  }
  const knownPoint = ({ site, name }: Pick<StoredPoint, 'site' | 'name'>) => sites.get(site)?.get(name)
  for (const row of await database.read('SELECT id, site, name, unit, rules FROM point ORDER BY id')) know(toPoint(row))
  for (const row of await database.read('SELECT id, name FROM source')) sources.set(String(row.name), Number(row.id))

  return {
    async pointsOf(site, names) {
      const points = sites.get(site)
      if (!points) return []
      if (!names) return [...points.values()]
      return [...new Set(names)].flatMap((name) => points.get(name) ?? []).sort((a, b) => a.id - b.id)
    },
    async ensurePoints(points) {
      const missing = points.filter((point) => !knownPoint(point))
      if (missing.length > 0) {
        const wanted = JSON.stringify(missing.map(({ site, name, unit }) => ({ site, name, unit })))
        const made = await database.write(async (sql) => {
          await sql.all(
            `INSERT INTO point (site, name, unit, rules) SELECT site, name, unit, '{}' FROM ${wantedPoints}
             ON CONFLICT DO NOTHING`,
            [wanted],
          )
          return sql.all(
            `SELECT p.id, p.site, p.name, p.unit, p.rules FROM point p JOIN ${wantedPoints} USING (site, name) ORDER BY p.id`,
            [wanted],
          )
        })
        for (const row of made) know(toPoint(row))
      }
      return points.map((point) => knownPoint(point)!)
    },
    async setRules(changes) {
      // As upkeep, not beside it: a quarter that is being made anew by the old rules would lose its mark.
      await database.keeping(async (connection) => {
        const sql = sqlOn(connection)
        for (const { id, rules } of changes) {
          await sql.all('UPDATE point SET rules = $2 WHERE id = $1', [id, JSON.stringify(rules)])
          await sql.all(
            // Quarters whose rows are gone, by their retention, cannot be made again and stay as they are.
            `INSERT INTO stale SELECT DISTINCT point, start_ms FROM quarter
               WHERE point = $1 AND start_ms + 900000 > (SELECT min(event_ms) FROM settled WHERE point = $1)
             EXCEPT SELECT point, start_ms FROM stale WHERE point = $1`,
            [id],
          )
        }
      })
      for (const { id, rules } of changes) {
        const point = byId.get(id)
        if (point) know({ ...point, rules: structuredClone(rules) as PointRules })
      }
    },
    async countersAmong(points) {
      return new Map(
        points.flatMap((id) => {
          const counter = byId.get(id)?.rules.counter
          return counter ? [[id, counter] as const] : []
        }),
      )
    },
    async ensureSources(names) {
      const missing = [...new Set(names)].filter((name) => !sources.has(name))
      if (missing.length > 0) {
        const made = await database.write(async (sql) => {
          const ids: number[] = []
          for (const name of missing) {
            // Another batch may have made it while this one waited for its turn.
            const found = await sql.all('SELECT id FROM source WHERE name = $1', [name])
            const insert = 'INSERT INTO source SELECT coalesce(max(id), 0) + 1, $1 FROM source RETURNING id'
            const [row] = found.length > 0 ? found : await sql.all(insert, [name])
            ids.push(Number(row?.id))
          }
          return ids
        })
        missing.forEach((name, index) => {
          sources.set(name, made[index]!)
        })
      }
      return names.map((name) => sources.get(name)!)
    },
    sources: async () => new Map([...sources].map(([name, id]) => [id, name])),
  }
}

const wantedPoints = `(
  SELECT w.site, w.name, w.unit FROM (
    SELECT unnest(from_json($1, '[{"site":"VARCHAR","name":"VARCHAR","unit":"VARCHAR"}]')) AS w
  ))`
