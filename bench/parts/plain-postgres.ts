// PostgreSQL without us: how many rows a second it takes through its own driver, each batch upserted and committed.
import pg from 'pg'

const rows = 10_000

/** Rows a second over four connections, in a table of its own. */
export async function plainPostgres(url: string, seconds: number): Promise<number> {
  const pool = new pg.Pool({ connectionString: url, max: 4 })
  await pool.query(
    `CREATE TABLE plain_observation (point integer, event_ms bigint, source smallint, value float8, quality smallint,
       received_ms bigint, PRIMARY KEY (point, event_ms, source))`,
  )
  const points = Array.from({ length: rows }, (_, point) => point)
  const startedMs = performance.now()
  let stored = 0
  let timeMs = Date.now()
  const connection = async (): Promise<void> => {
    while (performance.now() - startedMs < seconds * 1000) {
      timeMs += 10_000
      await pool.query(
        `INSERT INTO plain_observation SELECT p, $2, 1, v, 0, $3 FROM unnest($1::int[], $4::float8[]) AS r (p, v)
         ON CONFLICT (point, event_ms, source) DO UPDATE SET value = excluded.value, quality = excluded.quality`,
        [points, timeMs, Date.now(), points.map((point) => point / 10)],
      )
      stored += rows
    }
  }
  await Promise.all(Array.from({ length: 4 }, connection))
  const took = (performance.now() - startedMs) / 1000
  await pool.query('DROP TABLE plain_observation')
  await pool.end()
  return stored / took
}
