import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { openStore, type Store } from '../store/index.ts'
import type { CommandContext } from './command.ts'
import { errors } from './errors.ts'

/**
 * Does something with the store of the data folder, which has to be there: a command that looks after data makes none.
 *
 * @throws `store.locked` while a server runs on the folder
 */
export async function withKept<T>({ dataFolder }: CommandContext, work: (store: Store) => Promise<T>): Promise<T> {
  const { systemClock } = await import('../kernel/index.ts')
  const databaseUrl = process.env.DATABASE_URL
  const parts = ['mangrove.duckdb', 'evidence'].map((part) => stat(join(dataFolder, part)).catch(() => undefined))
  if (!databaseUrl && !(await Promise.all(parts)).some(Boolean)) {
    throw errors.nothingKept({
      detail: 'The data folder holds no store',
      found: dataFolder,
      expected: 'the folder of a server; MANGROVE_DATA names it',
    })
  }
  const store = await openStore(dataFolder, systemClock, { databaseUrl })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

/** Where backups are made and looked for: `MANGROVE_BACKUPS`, else `backups` in the data folder. */
export const backupsFolder = (dataFolder: string): string => process.env.MANGROVE_BACKUPS || join(dataFolder, 'backups')

/** Folder of a backup that is named: a path, or its name below the folder of backups. */
export async function backupAt(given: unknown, { dataFolder }: CommandContext): Promise<string> {
  const path = String(given)
  if (/[/\\]/.test(path) || (await stat(path).catch(() => undefined))) return path
  const named = join(backupsFolder(dataFolder), path)
  return (await stat(named).catch(() => undefined)) ? named : path
}

/** `12.3 MB`; thousands, not 1024. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  const power = bytes < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3))
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`
}
