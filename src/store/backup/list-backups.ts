import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { unlessMissing } from '../digest.ts'
import { type BackupManifest, readManifest } from './manifest.ts'

/** A backup below a folder, as it says of itself; its files are not checked. */
export interface FoundBackup {
  readonly name: string
  readonly manifest: BackupManifest
}

/** Names of backups: no path, no hidden file, nothing that a shell or a browser takes for something else. */
export const backupNamePattern = '^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$'

/** `2026-07-06T00-00-00Z`: the name of a backup that was given none. */
export const nameOfMoment = (timeMs: number): string =>
  new Date(timeMs)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-')

/** Backups below a folder, the newest first; what is none, or half of one, is not among them. */
export async function listBackups(folder: string): Promise<readonly FoundBackup[]> {
  const found: FoundBackup[] = []
  for (const entry of (await readdir(folder, { withFileTypes: true }).catch(unlessMissing)) ?? []) {
    if (!entry.isDirectory() || !new RegExp(backupNamePattern).test(entry.name)) continue
    const manifest = await readManifest(join(folder, entry.name)).catch(() => undefined)
    if (manifest) found.push({ name: entry.name, manifest })
  }
  return found.sort((a, b) => b.manifest.createdMs - a.manifest.createdMs || (a.name < b.name ? 1 : -1))
}

const dayMs = 86_400_000

/** Removes what a process that was killed left of a backup a day ago or more. */
export async function sweepHalfBackups(folder: string, nowMs: number): Promise<void> {
  for (const name of (await readdir(folder).catch(unlessMissing)) ?? []) {
    if (!/\.[0-9a-f]{8}\.part$/.test(name)) continue
    const { mtimeMs } = await stat(join(folder, name))
    if (nowMs - mtimeMs > dayMs) await rm(join(folder, name), { recursive: true, force: true })
  }
}
