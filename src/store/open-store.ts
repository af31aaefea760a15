import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type CheckpointStore, type Clock, type EvidenceStore, systemClock } from '../kernel/index.ts'
import { type Backups, createBackups } from './backup/create-backups.ts'
import { createCheckpoints } from './checkpoints.ts'
import { createJournal, createRecords } from './create-records.ts'
import { createDocuments, type Documents } from './documents.ts'
import { openDuckEngine } from './duckdb/open-engine.ts'
import type { StoreEngine } from './engine.ts'
import { storeErrors } from './errors.ts'
import { openEvidence } from './evidence.ts'
import { lazyNews, type News, noNews } from './news.ts'
import { createObservations } from './observations/create-observations.ts'
import { createKnownNames } from './observations/known-names.ts'
import type { Observations } from './observations/observation-types.ts'
import { createOpenRows } from './observations/open-rows.ts'
import { openPostgresEngine } from './postgres/open-engine.ts'
import type { Journal, Records } from './records.ts'
import { openRunDays } from './run-days.ts'
import type { RunList } from './run-list.ts'
import { openArchive } from './sealed/archive.ts'
import { createManifest } from './sealed/manifest.ts'
import { withSealed } from './sealed/with-sealed.ts'
import { createUpkeep, type Upkeep } from './upkeep.ts'

/** Where everything is kept unless told otherwise, relative to the working folder. */
export const defaultDataFolder = '.mangrove'

export interface StoreOptions {
  /** `postgres://…`: a database that several nodes may share takes the place of DuckDB and of the files of evidence. */
  readonly databaseUrl?: string | undefined
  /**
   * Where sealed months lie. Default: below the data folder; with a database none, for nodes that share a database do not
   * share a folder unless one is named that all of them see.
   */
  readonly sealedFolder?: string | undefined
}

export interface Store {
  readonly folder: string
  readonly observations: Observations
  readonly documents: Documents
  readonly records: Records
  readonly journal: Journal
  readonly upkeep: Upkeep
  readonly backups: Backups
  /** In a data folder plain files: usable while another process has the observations open. */
  readonly evidence: EvidenceStore
  /** Which runs there is evidence of. */
  readonly runs: RunList
  /** Parts of long runs that are not done, kept where evidence is. */
  readonly checkpoints: CheckpointStore
  /** What the nodes on one database tell each other. */
  readonly news: News
  /** Opens the database now instead of at its first use. */
  ready(): Promise<void>
  close(): Promise<void>
}

/**
 * A data folder: observations and documents in DuckDB, evidence in files beside it. The database is opened at its
 * first use, so that commands that only write evidence run beside a server on the same folder, and commands that keep
 * nothing need no folder. With `databaseUrl` all of it is in PostgreSQL.
 *
 * @throws at first use `store.unreachable`, `store.denied`, `store.too-old` for a database, `store.unreadable` where no folder can be made, `store.locked` when another process has the database open, `store.newer` after a downgrade.
 */
export async function openStore(
  folder: string = defaultDataFolder,
  clock: Clock = systemClock,
  options: StoreOptions = {},
): Promise<Store> {
  const { databaseUrl } = options
  let opened: ReturnType<typeof openMigrated> | undefined
  const open = (): ReturnType<typeof openMigrated> => {
    opened ??= openMigrated(folder, clock, options).catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }
  /** A part whose calls open the database first; all of its methods are named, or it does not compile. */
  const lazily = <Name extends keyof Kept>(name: Name, methods: Readonly<Record<keyof Kept[Name], true>>) =>
    Object.fromEntries(
      (Object.keys(methods) as (keyof Kept[Name])[]).map((method) => [
        method,
        async (...given: unknown[]) => {
          const part = (await open())[name]
          return (part[method] as (...given: unknown[]) => unknown).apply(part, given)
        },
      ]),
    ) as unknown as Kept[Name]

  return {
    folder,
    evidence: databaseUrl ? lazily('evidence', { put: true, record: true, blob: true }) : openEvidence(folder),
    runs: databaseUrl ? lazily('runs', { list: true }) : openRunDays(folder),
    checkpoints: databaseUrl
      ? lazily('checkpoints', { read: true, append: true, drop: true })
      : createCheckpoints(folder),
    observations: lazily('observations', {
      put: true,
      append: true,
      declare: true,
      latest: true,
      range: true,
      page: true,
      buckets: true,
      prune: true,
      received: true,
      receivedCount: true,
      receivedUntil: true,
    }),
    documents: lazily('documents', { put: true, latest: true, version: true, versions: true, list: true, prune: true }),
    records: lazily('records', { get: true, list: true, put: true, remove: true }),
    journal: lazily('journal', { append: true, extend: true, read: true }),
    upkeep: lazily('upkeep', { turn: true, seal: true, verify: true, figures: true }),
    backups: lazily('backups', { write: true, contentHash: true, verify: true, mend: true, status: true }),
    news: databaseUrl ? lazyNews(async () => (await open()).news) : noNews,
    async ready() {
      await open()
    },
    async close() {
      const parts = await opened?.catch(() => undefined)
      await parts?.close()
    },
  }
}

export interface OpenParts {
  readonly observations: Observations
  readonly documents: Documents
  readonly records: Records
  readonly journal: Journal
  readonly upkeep: Upkeep
  readonly backups: Backups
}

export interface Opened extends OpenParts {
  close(): Promise<void>
}

/** What is kept for the owner of a store: in files beside DuckDB, in tables of PostgreSQL, which nodes share. */
interface Kept extends OpenParts {
  readonly evidence: EvidenceStore
  readonly runs: RunList
  readonly checkpoints: CheckpointStore
  readonly news: News
}

/** Opens the engine of a data folder, or of a database. */
async function openMigrated(
  folder: string,
  clock: Clock,
  { databaseUrl, sealedFolder }: StoreOptions,
): Promise<Kept & Pick<Opened, 'close'>> {
  if (databaseUrl) {
    const engine = await openPostgresEngine(databaseUrl, clock)
    const parts = partsOf(engine, folder, clock, { folder: sealedFolder, seals: sealedFolder !== undefined })
    return {
      ...parts,
      evidence: engine.evidence,
      runs: engine.runs,
      checkpoints: engine.checkpoints,
      news: engine.news,
    }
  }
  await makeFolder(folder)
  const parts = partsOf(await openDuckEngine(folder, clock), folder, clock, { folder: sealedFolder })
  return {
    ...parts,
    evidence: openEvidence(folder),
    runs: openRunDays(folder),
    checkpoints: createCheckpoints(folder),
    news: noNews,
  }
}

/** Where months are sealed to, and whether they are. */
export interface Sealing {
  /** Default: below the data folder. */
  readonly folder?: string | undefined
  /** Default true. */
  readonly seals?: boolean
}

/** What a store is, on any engine. */
export function partsOf(
  engine: StoreEngine,
  folder: string,
  clock: Clock,
  { folder: sealedFolder = join(folder, 'sealed'), seals = true }: Sealing = {},
): Opened {
  const { database } = engine
  const archive = openArchive(sealedFolder)
  const manifest = createManifest(database, engine.kind === 'duckdb')
  const tables = withSealed(engine.tables, manifest, archive)
  const names = createKnownNames(tables)
  const openRows = createOpenRows()
  return {
    observations: createObservations(tables, names, clock, openRows),
    documents: createDocuments(database, clock),
    records: createRecords(database, clock),
    journal: createJournal(database, clock),
    upkeep: createUpkeep({ engine, tables, archive, manifest, names, openRows, clock, seals }),
    backups: createBackups({ engine, archive, folder, clock }),
    async close() {
      archive.close()
      await engine.close()
    },
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (cause) {
    throw storeErrors.unreadable(
      {
        detail: `The data folder cannot be made: ${(cause as Error).message}`,
        found: folder,
        expected: 'a folder that may be written; MANGROVE_DATA names another',
      },
      { cause },
    )
  }
}
