import { join } from 'node:path'
import type { Clock } from '../kernel/index.ts'
import { type BackupManifest, type Store, sweepHalfBackups } from '../store/index.ts'
import type { JobTools } from './jobs.ts'

/** Where this server makes its backups: `MANGROVE_BACKUPS`, else `backups` in the data folder. */
export const backupsFolderOf = ({ folder }: Store): string => process.env.MANGROVE_BACKUPS || join(folder, 'backups')

/** A backup as clients see it; where it lies on the disk is not told. */
export interface BackupView {
  readonly name: string
  readonly created: string
  readonly bytes: number
  readonly files: number
  readonly counts: Readonly<Record<string, number>>
  /** Null where it was not asked for. */
  readonly contentSha256: string | null
}

export const backupView = (name: string, { created, files, counts, contentSha256 }: BackupManifest): BackupView => ({
  name,
  created,
  bytes: files.reduce((sum, file) => sum + file.bytes, 0),
  files: files.length,
  counts,
  contentSha256: contentSha256 ?? null,
})

/** Makes a backup while the server goes on. @throws as `store.backups.write` */
export async function makeBackup(store: Store, name: string, clock: Clock, tools: JobTools): Promise<BackupView> {
  const folder = backupsFolderOf(store)
  await sweepHalfBackups(folder, clock.now())
  return backupView(name, await store.backups.write(join(folder, name), tools))
}
