import type { PostgresSql } from './database.ts'

/** Tables that grow with time or with points; `site_id` stands in the key of each. */
const large = ['observation', 'newest', 'quarter', 'stale']
/** Tables that every node of a cluster holds whole. */
const small = ['site', 'point', 'source']

/** What came with the rounds of marks. */
export async function spreadRounds(sql: PostgresSql): Promise<void> {
  const [citus] = await sql.all(`SELECT 1 AS there FROM pg_extension WHERE extname = 'citus'`)
  if (citus) await sql.all(`SELECT create_distributed_table('stale_round', 'site_id')`)
}

/** A month of milliseconds, about: what Timescale keeps in one chunk. */
const chunkMs = 30 * 86_400_000

/**
 * Where the server has them, tables are spread: by Citus over a cluster by site, by Timescale into chunks of time. Where it
 * has neither they are plain tables. Partitions by month of our own were measured against that (docs/adr/0011): they
 * were no faster to write or to read, and late data of any year would need new partitions while others write.
 */
export async function spreadTables(sql: PostgresSql): Promise<void> {
  const rows = await sql.all(
    `SELECT extname AS name, nspname AS schema FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace
     WHERE extname IN ('citus', 'timescaledb')`,
  )
  const schemas = new Map(rows.map(({ name, schema }) => [String(name), String(schema)]))
  if (schemas.has('citus')) {
    for (const table of small) await sql.all('SELECT create_reference_table($1)', [table])
    for (const table of large) await sql.all(`SELECT create_distributed_table($1, 'site_id')`, [table])
    return
  }
  const timescale = schemas.get('timescaledb')
  if (timescale === undefined) return
  const hypertable = `"${timescale.replaceAll('"', '""')}".create_hypertable`
  for (const [table, time] of [
    ['observation', 'event_ms'],
    ['quarter', 'start_ms'],
  ] as const) {
    await sql.all(`SELECT ${hypertable}($1::regclass, $2::name, chunk_time_interval => $3::bigint)`, [
      table,
      time,
      chunkMs,
    ])
  }
}
