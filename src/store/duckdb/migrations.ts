import type { DuckDBConnection } from '@duckdb/node-api'
import type { Clock } from '../../kernel/index.ts'
import { storeErrors } from '../errors.ts'
import type { DuckDatabase } from './database.ts'

interface Migration {
  readonly version: number
  readonly title: string
  readonly statements: readonly string[]
}

/** event_ms and received_ms: milliseconds since 1970-01-01T00:00:00Z; `seq` grows with every row that was appended. */
export const rowColumns = `(
         point INTEGER NOT NULL,
         event_ms BIGINT NOT NULL,
         source SMALLINT NOT NULL,
         value DOUBLE NOT NULL,
         quality UTINYINT NOT NULL,
         received_ms BIGINT NOT NULL,
         seq BIGINT NOT NULL
       )`

export const quarterColumns = `(
         point INTEGER NOT NULL,
         start_ms BIGINT NOT NULL,
         count INTEGER NOT NULL,
         sum DOUBLE NOT NULL,
         min DOUBLE NOT NULL,
         max DOUBLE NOT NULL,
         first_ms DOUBLE NOT NULL,
         first DOUBLE NOT NULL,
         last_ms DOUBLE NOT NULL,
         last DOUBLE NOT NULL,
         rise DOUBLE NOT NULL,
         quality UTINYINT NOT NULL
       )`

/** Forward only: never edit one that was released, add another. */
const migrations: readonly Migration[] = [
  {
    version: 1,
    title: 'observations and documents',
    statements: [
      `CREATE SEQUENCE point_id START 1`,
      `CREATE TABLE point (
         id INTEGER PRIMARY KEY DEFAULT nextval('point_id'),
         site VARCHAR NOT NULL,
         name VARCHAR NOT NULL,
         unit VARCHAR NOT NULL,
         UNIQUE (site, name)
       )`,
      // event_ms and received_ms: milliseconds since 1970-01-01T00:00:00Z; value NULL = missing
      `CREATE TABLE observation (
         point INTEGER NOT NULL,
         event_ms BIGINT NOT NULL,
         source VARCHAR NOT NULL,
         value DOUBLE,
         quality UTINYINT NOT NULL,
         received_ms BIGINT NOT NULL,
         PRIMARY KEY (point, event_ms, source)
       )`,
      `CREATE TABLE document (
         kind VARCHAR NOT NULL,
         name VARCHAR NOT NULL,
         version INTEGER NOT NULL,
         content VARCHAR NOT NULL,
         created_ms BIGINT NOT NULL,
         PRIMARY KEY (kind, name, version)
       )`,
    ],
  },
  {
    version: 2,
    title: 'rows that are appended and tidied, quarters of an hour, sealed months, records and journal',
    statements: [
      // Made anew, not altered: DuckDB 1.5 cannot replay ALTER TABLE from its log where a column has a default, so a
      // kill before the first checkpoint would leave a file that nobody can open.
      `CREATE TEMP TABLE former_point AS SELECT * FROM point`,
      `DROP TABLE point`,
      `CREATE TABLE point (
         id INTEGER PRIMARY KEY DEFAULT nextval('point_id'),
         site VARCHAR NOT NULL,
         name VARCHAR NOT NULL,
         unit VARCHAR NOT NULL,
         rules VARCHAR NOT NULL,
         UNIQUE (site, name)
       )`,
      `INSERT INTO point SELECT id, site, name, unit, '{}' FROM former_point`,
      `DROP TABLE former_point`,
      `CREATE TABLE source (id SMALLINT PRIMARY KEY, name VARCHAR NOT NULL UNIQUE)`,
      `INSERT INTO source SELECT row_number() OVER (ORDER BY source), source FROM (SELECT DISTINCT source FROM observation)`,
      // What came last, in order of arrival; tidying moves it to `settled`.
      `CREATE TABLE arrived ${rowColumns}`,
      // Rows in runs that are ordered by point and event time.
      `CREATE TABLE settled ${rowColumns}`,
      `INSERT INTO settled
         SELECT point, event_ms, s.id, coalesce(value, 'NaN'), quality, received_ms,
                row_number() OVER (ORDER BY received_ms, point, event_ms)
         FROM observation o JOIN source s ON s.name = o.source ORDER BY point, event_ms`,
      // The newest settled row by event time of each point and source.
      `CREATE TABLE newest ${rowColumns}`,
      `INSERT INTO newest SELECT * FROM settled
         QUALIFY row_number() OVER (PARTITION BY point, source ORDER BY event_ms DESC, seq DESC) = 1`,
      `CREATE TABLE quarter ${quarterColumns}`,
      // Quarters of settled rows that have to be made anew.
      `CREATE TABLE stale (point INTEGER NOT NULL, start_ms BIGINT NOT NULL)`,
      `INSERT INTO stale SELECT DISTINCT point, event_ms - event_ms % 900000 FROM settled`,
      `CREATE TABLE sealed (
         site VARCHAR NOT NULL,
         month VARCHAR NOT NULL,
         content VARCHAR NOT NULL,
         file VARCHAR PRIMARY KEY,
         sha256 VARCHAR NOT NULL,
         rows BIGINT NOT NULL,
         bytes BIGINT NOT NULL,
         from_point INTEGER NOT NULL,
         to_point INTEGER NOT NULL,
         from_ms BIGINT NOT NULL,
         to_ms BIGINT NOT NULL,
         sealed_ms BIGINT NOT NULL
       )`,
      `CREATE TABLE record (
         kind VARCHAR NOT NULL,
         key VARCHAR NOT NULL,
         version INTEGER NOT NULL,
         updated_ms BIGINT NOT NULL,
         content VARCHAR NOT NULL,
         PRIMARY KEY (kind, key)
       )`,
      `CREATE TABLE journal (
         stream VARCHAR NOT NULL,
         number BIGINT NOT NULL,
         written_ms BIGINT NOT NULL,
         content VARCHAR NOT NULL,
         PRIMARY KEY (stream, number)
       )`,
      `DROP TABLE observation`,
    ],
  },
]

export const latestVersion = migrations.at(-1)?.version ?? 0

/**
 * Brings a database to the present version.
 *
 * @throws `store.newer` when it was written by a version that knows more migrations.
 */
export async function migrate(database: DuckDatabase, clock: Clock): Promise<void> {
  await database.write((sql) =>
    sql.all(
      'CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY, title VARCHAR NOT NULL, applied_ms BIGINT NOT NULL)',
    ),
  )
  const rows = await database.read('SELECT coalesce(max(version), 0)::INTEGER AS version FROM migration')
  const present = Number(rows[0]?.version ?? 0)
  if (present > latestVersion) {
    throw storeErrors.newer({
      detail: 'This version of Mangrove does not know the data folder; use the version that wrote it, or a newer one',
      found: present,
      expected: `version ${latestVersion} or less`,
    })
  }
  for (const migration of migrations.filter(({ version }) => version > present)) {
    await database.writing((connection) => apply(connection, migration, clock))
  }
}

async function apply(connection: DuckDBConnection, migration: Migration, clock: Clock): Promise<void> {
  for (const statement of migration.statements) await connection.run(statement)
  await connection.run('INSERT INTO migration VALUES ($1, $2, $3)', [
    migration.version,
    migration.title,
    BigInt(clock.now()),
  ])
}
