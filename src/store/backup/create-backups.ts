import { join } from 'node:path'
import type { Clock } from '../../kernel/index.ts'
import type { StoreEngine } from '../engine.ts'
import type { Archive } from '../sealed/archive.ts'
import { listSealed } from '../sealed/sealed-file.ts'
import { contentHash } from './content-hash.ts'
import { evidenceInFolder } from './evidence-files.ts'
import { bytesBelow } from './files.ts'
import type { BackupManifest } from './manifest.ts'
import { type Mended, mendStore } from './mend-store.ts'
import { type StoreCheck, verifyStore } from './verify-store.ts'
import type { Watch } from './watch.ts'
import { type BackupOptions, writeBackup } from './write-backup.ts'

/** How much a store holds, and where. */
export interface StoreStatus {
  readonly engine: StoreEngine['kind']
  /** Rows by table; `rows` are values that are not sealed. */
  readonly counts: Readonly<Record<string, number>>
  readonly databaseBytes: number
  readonly sealed: {
    readonly months: number
    readonly files: number
    /** Values that are sealed. */
    readonly rows: number
    readonly bytes: number
    /** `2026-07`; absent where nothing is sealed. */
    readonly first?: string
    readonly last?: string
  }
  readonly evidence: { readonly runs: number; readonly blobs: number; readonly bytes: number }
}

/** Copies of a store, and whether it is what it was. */
export interface Backups {
  /** Writes a backup into a folder that it makes, while writes go on; see {@link writeBackup}. */
  write(folder: string, options?: BackupOptions): Promise<BackupManifest>
  /** See {@link contentHash}. */
  contentHash(watch?: Watch): Promise<string>
  /** Reads everything; see {@link verifyStore}. */
  verify(watch?: Watch): Promise<StoreCheck>
  /** Replaces what is damaged by what a backup has; see {@link mendStore}. */
  mend(backup: string, watch?: Watch): Promise<Mended>
  status(): Promise<StoreStatus>
}

export interface BackupsParts {
  readonly engine: StoreEngine
  readonly archive: Archive
  readonly folder: string
  readonly clock: Clock
}

export function createBackups(parts: BackupsParts): Backups {
  const { engine, archive, folder } = parts
  const evidence = evidenceInFolder(folder)
  return {
    write: (target, options) => writeBackup({ ...parts, evidence }, target, options),
    contentHash: (watch = {}) =>
      engine.snapshot(async (read) => {
        const runs = await (read.evidence ?? evidence).runs()
        return contentHash({ read, archive, runs, watch })
      }),
    verify: (watch) => verifyStore({ engine, archive, evidence }, watch),
    mend: (backup, watch) => mendStore(parts, backup, watch),
    status: () =>
      engine.snapshot(async (read) => {
        const counts: Record<string, number> = {}
        for (const table of ['point', 'source', 'document', 'record', 'journal']) {
          const [row] = await read.all(`SELECT count(*) AS count FROM ${table}`)
          counts[table === 'journal' ? table : `${table}s`] = Number(row?.count)
        }
        counts.rows = read.rowCount
        const files = await listSealed(read)
        const months = [...new Set(files.map(({ month }) => month))].sort()
        const rows = files.filter(({ content }) => content === 'rows').reduce((sum, file) => sum + file.rows, 0)
        const texts = read.evidence ?? evidence
        return {
          engine: engine.kind,
          counts,
          databaseBytes: await engine.bytes(),
          sealed: {
            months: months.length,
            files: files.length,
            rows,
            bytes: files.reduce((sum, file) => sum + file.bytes, 0),
            ...(months.length === 0 ? {} : { first: months[0]!, last: months.at(-1)! }),
          },
          evidence: {
            runs: (await texts.runs()).length,
            blobs: (await texts.blobs()).length,
            bytes: await bytesBelow(join(folder, 'evidence')),
          },
        }
      }),
  }
}
