import { join } from 'node:path'
import { MangroveError, type Problem } from '../../kernel/index.ts'
import { digestOf } from '../digest.ts'
import { storeErrors } from '../errors.ts'
import { type BackupManifest, readManifest } from './manifest.ts'
import type { Watch } from './watch.ts'

/** What was found of a backup. */
export interface BackupCheck {
  readonly manifest: BackupManifest
  /** One for each file that is not as it was written; empty: the backup is whole. */
  readonly problems: readonly Problem[]
}

/**
 * Reads every byte of a backup and holds it against what was written.
 *
 * @throws `store.bad-backup` where its `backup.json` is damaged, or there is none
 */
export async function verifyBackup(folder: string, watch: Watch = {}): Promise<BackupCheck> {
  const manifest = await readManifest(folder)
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0)
  const problems: Problem[] = []
  let done = 0
  for (const file of manifest.files) {
    watch.signal?.throwIfAborted()
    const found = await digestOf(join(folder, file.path), watch.signal)
    done += file.bytes
    watch.progress?.(done / Math.max(1, bytes), 'checking the backup')
    if (found?.sha256 === file.sha256) continue
    const place = { file: join(folder, file.path) }
    if (!found) problems.push(damage('A file of the backup is missing', place, 'no such file', `${file.bytes} bytes`))
    else if (found.bytes !== file.bytes) {
      problems.push(
        damage('A file of the backup was cut off or grew', place, `${found.bytes} bytes`, `${file.bytes} bytes`),
      )
    } else problems.push(damage('A file of the backup was changed', place, found.sha256, `SHA-256 ${file.sha256}`))
  }
  return { manifest, problems }
}

const damage = (detail: string, place: { readonly file: string }, found: string, expected: string): Problem =>
  storeErrors.badBackup.problem({ detail, place, found, expected })

/** @throws `store.bad-backup` with every damaged file by name */
export async function wholeBackup(folder: string, watch: Watch = {}): Promise<BackupManifest> {
  const { manifest, problems } = await verifyBackup(folder, watch)
  if (problems.length > 0) throw new MangroveError(problems)
  return manifest
}
