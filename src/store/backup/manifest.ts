import { lstat, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Type, { type Static } from 'typebox'
import Value from 'typebox/value'
import { canonicalJson, sha256Hex } from '../../kernel/index.ts'
import { unlessMissing } from '../digest.ts'
import { storeErrors } from '../errors.ts'
import { explainFile } from './files.ts'

/** Version of the form of backups that is written; every earlier one is still read. */
export const backupFormat = 1
export const manifestName = 'backup.json'

const sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })
const count = Type.Integer({ minimum: 0 })

const ManifestSchema = Type.Object({
  format: Type.Literal(1),
  /** Version of Mangrove that wrote it. */
  mangrove: Type.String(),
  createdMs: Type.Number(),
  created: Type.String(),
  engine: Type.Enum(['duckdb', 'postgresql']),
  /** Rows by table, files by kind. */
  counts: Type.Record(Type.String(), count),
  /** Hash of the content, where it was asked for. */
  contentSha256: Type.Optional(sha256),
  /** Every other file of the folder, in the order of their names. */
  files: Type.Array(
    Type.Object({
      path: Type.String({ pattern: '^(tables/[a-z]+-\\d{4,6}|sealed/\\d{4}-\\d{2}-[a-z]+-[0-9a-f]{16})\\.parquet$' }),
      bytes: count,
      sha256,
    }),
  ),
  /** SHA-256 of the canonical JSON of the rest. */
  sha256,
})

/** What a backup says of itself, in `backup.json`. */
export type BackupManifest = Static<typeof ManifestSchema>

export type BackupFile = BackupManifest['files'][number]

const render = (manifest: BackupManifest): string => `${JSON.stringify(manifest, null, 2)}\n`

/** Writes `backup.json`, which makes a folder a backup. */
export async function writeManifest(folder: string, about: Omit<BackupManifest, 'sha256'>): Promise<BackupManifest> {
  const manifest: BackupManifest = { ...about, sha256: sha256Hex(canonicalJson(about)) }
  await writeFile(join(folder, manifestName), render(manifest), { flag: 'wx', flush: true })
  return manifest
}

/**
 * Reads what a backup says of itself; its own bytes are checked, its files are not.
 *
 * @throws `store.bad-backup`
 */
export async function readManifest(folder: string): Promise<BackupManifest> {
  const file = join(folder, manifestName)
  const refuse = (detail: string, found?: unknown, expected?: string) =>
    storeErrors.badBackup({
      detail,
      place: { file },
      ...(found === undefined ? {} : { found }),
      ...(expected === undefined ? {} : { expected }),
    })
  const about = await lstat(file).catch(unlessMissing)
  if (!about) throw refuse('The folder is no backup', 'no backup.json', 'a folder that `mangrove backup` made')
  if (!about.isFile() || about.size > 1e9) throw refuse('backup.json is no plain file')
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw explainFile(error)
  })
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (cause) {
    throw storeErrors.badBackup(
      { detail: 'backup.json was changed or cut off: it is no JSON', place: { file } },
      { cause },
    )
  }
  const { format } = (parsed ?? {}) as { readonly format?: unknown }
  if (typeof format === 'number' && format > backupFormat && Number.isInteger(format)) {
    throw refuse('A newer version of Mangrove wrote this backup', format, `format ${backupFormat}`)
  }
  if (!Value.Check(ManifestSchema, parsed)) {
    const [error] = Value.Errors(ManifestSchema, parsed)
    throw refuse(`backup.json was changed: ${error?.instancePath ?? ''} ${error?.message ?? ''}`)
  }
  const { sha256: told, ...rest } = parsed
  const found = sha256Hex(canonicalJson(rest))
  if (found !== told || render(parsed) !== text) throw refuse('backup.json was changed', found, `SHA-256 ${told}`)
  if (new Set(parsed.files.map(({ path }) => path)).size !== parsed.files.length) {
    throw refuse('backup.json names a file twice')
  }
  return parsed
}

/** Files of a table, in order. */
export const partsOfTable = ({ files }: BackupManifest, table: string): readonly BackupFile[] =>
  files
    .filter(({ path }) => path.startsWith(`tables/${table}-`))
    .sort((a, b) => a.path.length - b.path.length || (a.path < b.path ? -1 : 1))
