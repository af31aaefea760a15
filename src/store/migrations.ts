import type { DuckDBConnection } from '@duckdb/node-api'
import type { Clock } from '../kernel/index.ts'
import type { Database } from './database.ts'
import { storeErrors } from './errors.ts'

interface Migration {
  readonly version: number
  readonly title: string
  readonly statements: readonly string[]
}

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
]

export const latestVersion = migrations.at(-1)?.version ?? 0

/**
 * Brings a database to the present version.
 *
 * @throws `store.newer` when it was written by a version that knows more migrations.
 */
export async function migrate(database: Database, clock: Clock): Promise<void> {
  await database.write(async (connection) => {
    await connection.run(
      'CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY, title VARCHAR NOT NULL, applied_ms BIGINT NOT NULL)',
    )
  })
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
    await database.write((connection) => apply(connection, migration, clock))
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
