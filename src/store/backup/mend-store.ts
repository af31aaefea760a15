import { randomBytes } from 'node:crypto'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder } from '../blobs.ts'
import type { StoreEngine } from '../engine.ts'
import { forgetRunDays } from '../run-days.ts'
import type { Archive } from '../sealed/archive.ts'
import { listSealed, type SealedFile } from '../sealed/sealed-file.ts'
import { textColumns } from './backup-tables.ts'
import { evidenceInFolder, writeEvidenceTo } from './evidence-files.ts'
import { copyDurably } from './files.ts'
import { partsOfTable } from './manifest.ts'
import { openParquetFiles } from './parquet-files.ts'
import { isNamedBy } from './restore-backup.ts'
import { wholeBackup } from './verify-backup.ts'
import { type DamagedEvidence, verifyStore } from './verify-store.ts'
import { partOf, type Watch } from './watch.ts'

/** What was mended, and what the backup does not have. */
export interface Mended {
  readonly files: readonly SealedFile[]
  readonly evidence: readonly DamagedEvidence[]
  readonly left: { readonly files: readonly SealedFile[]; readonly evidence: readonly DamagedEvidence[] }
}

export interface MendParts {
  readonly engine: StoreEngine
  readonly archive: Archive
  readonly folder: string
}

/**
 * Replaces damaged sealed files and evidence by those of a backup; nothing else is changed. What a backup has under the
 * same hash is the same, however old the backup is.
 *
 * @throws `store.bad-backup` for a backup that is damaged itself
 */
export async function mendStore(
  { engine, archive, folder }: MendParts,
  backup: string,
  watch: Watch = {},
): Promise<Mended> {
  const manifest = await wholeBackup(backup, partOf(watch, 0, 0.4))
  const damagedFiles = await archive.damagedAmong(await listSealed({ all: engine.database.read }))
  const evidence = evidenceInFolder(folder)
  const check = await verifyStore({ engine, archive, evidence }, partOf(watch, 0.4, 0.8))
  const files: SealedFile[] = []
  const kept = new Map(manifest.files.map(({ path, sha256 }) => [path, sha256]))
  for (const file of damagedFiles) {
    const path = `sealed/${file.file}`
    if (kept.get(path) !== file.sha256) continue
    await replace(join(backup, path), join(folder, path))
    files.push(file)
  }
  if (files.length > 0) await syncFolder(join(folder, 'sealed'))
  // Evidence of a database that nodes share is mended by the means of that database.
  const inFolder = await engine.snapshot(async (read) => read.evidence === undefined)
  const found =
    check.damagedEvidence.length === 0 || !inFolder
      ? []
      : await mendEvidence(check.damagedEvidence, backup, manifest, folder)
  return {
    files,
    evidence: found,
    left: {
      files: damagedFiles.filter((file) => !files.includes(file)),
      evidence: check.damagedEvidence.filter((one) => !found.includes(one)),
    },
  }
}

async function replace(from: string, to: string): Promise<void> {
  const aside = `${to}.${randomBytes(4).toString('hex')}.part`
  try {
    await copyDurably(from, aside)
    await rename(aside, to)
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
}

async function mendEvidence(
  damaged: readonly DamagedEvidence[],
  backup: string,
  manifest: Parameters<typeof partsOfTable>[0],
  folder: string,
): Promise<readonly DamagedEvidence[]> {
  const parquet = await openParquetFiles()
  const files = writeEvidenceTo(folder)
  const mended: DamagedEvidence[] = []
  try {
    for (const kind of ['blobs', 'runs'] as const) {
      const wanted = new Map(damaged.filter((one) => one.kind === kind).map((one) => [one.id, one]))
      if (wanted.size === 0) continue
      for (const { path } of partsOfTable(manifest, kind)) {
        for await (const rows of parquet.texts(join(backup, path), Object.keys(textColumns))) {
          for (const row of rows) {
            const [id, text] = [String(row.id), String(row.content)]
            const one = wanted.get(id)
            if (!one || !isNamedBy(kind, id, text)) continue
            await (kind === 'blobs' ? files.blob(id, text) : files.run(id, text))
            mended.push(one)
          }
        }
      }
    }
    await files.end()
    if (mended.length > 0) await forgetRunDays(folder)
  } finally {
    parquet.close()
  }
  return mended
}
