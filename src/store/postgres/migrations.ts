import type { Clock } from '../../kernel/index.ts'
import { storeErrors } from '../errors.ts'
import type { PostgresDatabase, PostgresSql } from './database.ts'
import { fillRunIndex, runIndexTables } from './run-index.ts'
import { spreadRounds, spreadTables } from './spread-tables.ts'

interface Migration {
  readonly version: number
  readonly title: string
  readonly statements: readonly string[]
  /** What statements cannot say. */
  readonly after?: (sql: PostgresSql) => Promise<void>
}

/** The oldest server that is tested against what is used here: incremental sorts came with it. */
const oldestServer = 130_000

/** Rows that are rewritten again and again find room on their own page, so that no index changes (HOT updates). */
const rewritten = 'WITH (fillfactor = 40, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0)'

/**
 * Forward only: never edit one that was released, add another.
 *
 * `site_id` stands in the key of every large table, so that a cluster can spread them by site; times are milliseconds
 * since 1970-01-01T00:00:00Z; a value that is missing is NaN; texts are in the order of their bytes.
 */
const migrations: readonly Migration[] = [
  {
    version: 1,
    title: 'observations, quarters of an hour, documents, records, journal, evidence',
    statements: [
      `CREATE TABLE site (
         id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
         name TEXT COLLATE "C" NOT NULL UNIQUE
       )`,
      `CREATE TABLE point (
         id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
         site_id INTEGER NOT NULL,
         site TEXT COLLATE "C" NOT NULL,
         name TEXT COLLATE "C" NOT NULL,
         unit TEXT COLLATE "C" NOT NULL,
         rules TEXT COLLATE "C" NOT NULL DEFAULT '{}',
         UNIQUE (site, name)
       )`,
      `CREATE TABLE source (id SMALLINT PRIMARY KEY, name TEXT COLLATE "C" NOT NULL UNIQUE)`,
      // Wide columns first: no bytes are lost to alignment.
      `CREATE TABLE observation (
         event_ms BIGINT NOT NULL,
         value DOUBLE PRECISION NOT NULL,
         received_ms BIGINT NOT NULL,
         site_id INTEGER NOT NULL,
         point INTEGER NOT NULL,
         source SMALLINT NOT NULL,
         quality SMALLINT NOT NULL,
         PRIMARY KEY (site_id, point, event_ms, source)
       )`,
      // The newest row by event time of each point and source.
      `CREATE TABLE newest (
         event_ms BIGINT NOT NULL,
         value DOUBLE PRECISION NOT NULL,
         received_ms BIGINT NOT NULL,
         site_id INTEGER NOT NULL,
         point INTEGER NOT NULL,
         source SMALLINT NOT NULL,
         quality SMALLINT NOT NULL,
         PRIMARY KEY (site_id, point, source)
       ) ${rewritten}`,
      `CREATE TABLE quarter (
         start_ms BIGINT NOT NULL,
         sum DOUBLE PRECISION NOT NULL,
         min DOUBLE PRECISION NOT NULL,
         max DOUBLE PRECISION NOT NULL,
         first_ms DOUBLE PRECISION NOT NULL,
         first DOUBLE PRECISION NOT NULL,
         last_ms DOUBLE PRECISION NOT NULL,
         last DOUBLE PRECISION NOT NULL,
         rise DOUBLE PRECISION NOT NULL,
         site_id INTEGER NOT NULL,
         point INTEGER NOT NULL,
         count INTEGER NOT NULL,
         quality SMALLINT NOT NULL,
         PRIMARY KEY (site_id, point, start_ms)
       )`,
      // Marks of quarters that have to be made anew; see append-rows.ts for who locks them when.
      `CREATE TABLE stale (
         start_ms BIGINT NOT NULL,
         site_id INTEGER NOT NULL,
         point INTEGER NOT NULL,
         PRIMARY KEY (site_id, point, start_ms)
       ) ${rewritten}`,
      'CREATE INDEX stale_due ON stale (start_ms, site_id)',
      `CREATE TABLE document (
         kind TEXT COLLATE "C" NOT NULL,
         name TEXT COLLATE "C" NOT NULL,
         version INTEGER NOT NULL,
         content TEXT NOT NULL,
         created_ms BIGINT NOT NULL,
         PRIMARY KEY (kind, name, version)
       )`,
      `CREATE TABLE record (
         kind TEXT COLLATE "C" NOT NULL,
         key TEXT COLLATE "C" NOT NULL,
         version INTEGER NOT NULL,
         updated_ms BIGINT NOT NULL,
         content TEXT NOT NULL,
         PRIMARY KEY (kind, key)
       )`,
      `CREATE TABLE journal (
         stream TEXT COLLATE "C" NOT NULL,
         number BIGINT NOT NULL,
         written_ms BIGINT NOT NULL,
         content TEXT NOT NULL,
         PRIMARY KEY (stream, number)
       )`,
      `CREATE TABLE sealed (
         site TEXT COLLATE "C" NOT NULL,
         month TEXT COLLATE "C" NOT NULL,
         content TEXT NOT NULL,
         file TEXT COLLATE "C" PRIMARY KEY,
         sha256 TEXT NOT NULL,
         rows BIGINT NOT NULL,
         bytes BIGINT NOT NULL,
         from_point INTEGER NOT NULL,
         to_point INTEGER NOT NULL,
         from_ms BIGINT NOT NULL,
         to_ms BIGINT NOT NULL,
         sealed_ms BIGINT NOT NULL
       )`,
      'CREATE INDEX sealed_month ON sealed (site, month)',
      `CREATE TABLE evidence_run (id TEXT COLLATE "C" PRIMARY KEY, content TEXT NOT NULL)`,
      // Bytes, not text: what was read may hold any character.
      `CREATE TABLE evidence_blob (sha256 TEXT COLLATE "C" PRIMARY KEY, content BYTEA NOT NULL)`,
      `CREATE TABLE checkpoint (
         key TEXT COLLATE "C" NOT NULL,
         number INTEGER NOT NULL,
         content TEXT NOT NULL,
         PRIMARY KEY (key, number)
       )`,
    ],
    after: spreadTables,
  },
  {
    version: 2,
    title: 'a list of runs',
    statements: runIndexTables,
    after: fillRunIndex,
  },
  {
    version: 3,
    title: 'rounds of marks',
    statements: [
      'ALTER TABLE stale ADD COLUMN round INTEGER NOT NULL DEFAULT 0',
      // How often the marks of a site were taken to be worked on; see marks.ts.
      `CREATE TABLE stale_round (site_id INTEGER PRIMARY KEY, round INTEGER NOT NULL) ${rewritten}`,
    ],
    after: spreadRounds,
  },
  {
    version: 4,
    title: 'what was received when',
    // Rows stand mostly in the order in which they came: a summary a range of blocks finds them, and costs next to nothing.
    statements: ['CREATE INDEX IF NOT EXISTS observation_received ON observation USING brin (received_ms)'],
  },
]

export const latestVersion = migrations.at(-1)?.version ?? 0

/**
 * Brings a schema to the present version; of several nodes that start at once one does it, and the others wait.
 *
 * @throws `store.too-old` for a server that is, `store.newer` when the schema was written by a version that knows more migrations
 */
export async function migrate(database: PostgresDatabase, clock: Clock): Promise<void> {
  const [server] = await database.read(`SELECT current_setting('server_version_num')::INTEGER AS version`)
  if (Number(server?.version) < oldestServer) {
    throw storeErrors.tooOld({
      detail: 'The server of the database is too old',
      found: `PostgreSQL ${Math.floor(Number(server?.version) / 10_000)}`,
      expected: `PostgreSQL ${oldestServer / 10_000} or newer`,
    })
  }
  await database.transaction(async (sql) => {
    await sql.all('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`mangrove migrate ${database.schema}`])
    const present = await presentVersion(sql, database.schema)
    if (present > latestVersion) {
      throw storeErrors.newer({
        detail: 'This version of Mangrove does not know the schema; use the version that wrote it, or a newer one',
        found: present,
        expected: `version ${latestVersion} or less`,
      })
    }
    for (const { version, title, statements, after } of migrations.filter(({ version }) => version > present)) {
      for (const statement of statements) await sql.all(statement)
      await after?.(sql)
      await sql.all('INSERT INTO migration VALUES ($1, $2, $3)', [version, title, BigInt(clock.now())])
    }
  })
}

async function presentVersion(sql: PostgresSql, schema: string): Promise<number> {
  // Asked first: the right to make a schema is needed by the first start alone.
  const [there] = await sql.all(`SELECT to_regclass($1) IS NOT NULL AS there`, [`${schema}.migration`])
  if (there?.there === true) {
    const [row] = await sql.all('SELECT coalesce(max(version), 0) AS version FROM migration')
    return Number(row?.version)
  }
  await sql.all(`CREATE SCHEMA IF NOT EXISTS ${schema}`)
  await sql.all('CREATE TABLE migration (version INTEGER PRIMARY KEY, title TEXT NOT NULL, applied_ms BIGINT NOT NULL)')
  return 0
}
