import type { CheckpointStore, Clock, EvidenceStore } from '../../kernel/index.ts'
import type { StoreEngine } from '../engine.ts'
import { storeErrors } from '../errors.ts'
import type { News } from '../news.ts'
import type { RunList } from '../run-list.ts'
import { createPostgresCheckpoints } from './checkpoints.ts'
import { openPostgresDatabase } from './database.ts'
import { createPostgresEvidence } from './evidence.ts'
import { migrate } from './migrations.ts'
import { openPostgresNews } from './news.ts'
import { openPostgresTables } from './observation-tables.ts'
import { postgresRestore } from './restore.ts'
import { createPostgresRunList } from './run-index.ts'
import { createSitesOfPoints } from './sites-of-points.ts'
import { postgresSnapshot } from './snapshot.ts'

export interface PostgresOptions {
  /** Schema that holds all tables. */
  readonly schema?: string
  /** Connections for reads, and for writes of observations; one more is for the small tables. */
  readonly reads?: number
  readonly writes?: number
}

/** An engine that several nodes share, and with it what else they have to share. */
export interface PostgresEngine extends StoreEngine {
  readonly evidence: EvidenceStore
  readonly runs: RunList
  readonly checkpoints: CheckpointStore
  readonly news: News
}

/**
 * A schema of a PostgreSQL server, brought to the present version.
 *
 * @param url `postgres://user:password@host:5432/database`
 * @throws `store.unreachable`, `store.denied`, `store.too-old`, `store.newer`
 */
export async function openPostgresEngine(
  url: string,
  clock: Clock,
  { schema = 'mangrove', reads = 8, writes = 4 }: PostgresOptions = {},
): Promise<PostgresEngine> {
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(schema)) {
    throw storeErrors.badId({ detail: 'The schema has no plain name', found: schema, expected: 'a to z, digits and _' })
  }
  const database = await openPostgresDatabase(url, schema, { reads, writes })
  try {
    await migrate(database, clock)
  } catch (error) {
    await database.close()
    throw error
  }
  const sites = createSitesOfPoints(database)
  const news = openPostgresNews(url, database)
  return {
    kind: 'postgresql',
    database,
    tables: openPostgresTables(database, sites),
    snapshot: (work) => postgresSnapshot(database, sites, work),
    restore: (work) => postgresRestore(database, sites, work),
    async bytes() {
      const [row] = await database.read(
        'SELECT sum(pg_total_relation_size(oid)) AS bytes FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind = $2',
        [schema, 'r'],
      )
      return Number(row?.bytes)
    },
    evidence: createPostgresEvidence(database),
    runs: createPostgresRunList(database),
    checkpoints: createPostgresCheckpoints(database),
    news,
    async close() {
      await news.close()
      await database.close()
    },
  }
}
