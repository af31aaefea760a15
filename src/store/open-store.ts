import { mkdir } from 'node:fs/promises'
import { type CheckpointStore, type Clock, type EvidenceStore, systemClock } from '../kernel/index.ts'
import { createCheckpoints } from './checkpoints.ts'
import { type Database, openDatabase } from './database.ts'
import { createDocuments, type Documents } from './documents.ts'
import { storeErrors } from './errors.ts'
import { openEvidence } from './evidence.ts'
import { migrate } from './migrations.ts'
import type { Observations } from './observation-types.ts'
import { createObservations } from './observations.ts'

/** Where everything is kept unless told otherwise, relative to the working folder. */
export const defaultDataFolder = '.mangrove'

export interface Store {
  readonly folder: string
  readonly observations: Observations
  readonly documents: Documents
  /** Plain files: usable while another process has the observations open. */
  readonly evidence: EvidenceStore
  /** Parts of long runs that are not done, in files too. */
  readonly checkpoints: CheckpointStore
  /** Opens the database now instead of at its first use. */
  ready(): Promise<void>
  close(): Promise<void>
}

/**
 * A data folder: observations and documents in DuckDB, evidence in files beside it. The database is opened at its
 * first use, so that commands that only write evidence run beside a server on the same folder, and commands that keep
 * nothing need no folder.
 *
 * @throws at first use `store.unreadable` where no folder can be made, `store.locked` when another process has the database open, `store.newer` after a downgrade.
 */
export async function openStore(folder: string = defaultDataFolder, clock: Clock = systemClock): Promise<Store> {
  let opened: Promise<Database> | undefined
  const open = (): Promise<Database> => {
    opened ??= openMigrated(folder, clock).catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }
  let parts: { readonly observations: Observations; readonly documents: Documents } | undefined
  const using = async () => {
    const database = await open()
    parts ??= { observations: createObservations(database, clock), documents: createDocuments(database, clock) }
    return parts
  }

  return {
    folder,
    evidence: openEvidence(folder),
    checkpoints: createCheckpoints(folder),
    observations: {
      put: async (...args) => (await using()).observations.put(...args),
      latest: async (...args) => (await using()).observations.latest(...args),
      range: async (...args) => (await using()).observations.range(...args),
      prune: async (...args) => (await using()).observations.prune(...args),
    },
    documents: {
      put: async (...args) => (await using()).documents.put(...args),
      latest: async (...args) => (await using()).documents.latest(...args),
      prune: async (...args) => (await using()).documents.prune(...args),
    },
    async ready() {
      await using()
    },
    async close() {
      const database = await opened?.catch(() => undefined)
      await database?.close()
    },
  }
}

async function openMigrated(folder: string, clock: Clock): Promise<Database> {
  await makeFolder(folder)
  const database = await openDatabase(folder)
  try {
    await migrate(database, clock)
    return database
  } catch (error) {
    await database.close()
    throw error
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
