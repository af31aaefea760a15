import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Clock, hashOf, sha256Hex } from '../../kernel/index.ts'
import { syncFolder } from '../blobs.ts'
import { unlessMissing } from '../digest.ts'
import { openDuckEngine } from '../duckdb/open-engine.ts'
import type { StoreEngine } from '../engine.ts'
import { storeErrors } from '../errors.ts'
import { toPoint } from '../observations/point-rows.ts'
import { openPostgresEngine } from '../postgres/open-engine.ts'
import { openArchive } from '../sealed/archive.ts'
import type { EvidenceWriter, Restoring } from '../snapshot.ts'
import type { SqlRow, SqlValue } from '../sql.ts'
import { type BackupTable, plainTables, points, sealed, textColumns } from './backup-tables.ts'
import { contentHash } from './content-hash.ts'
import { evidenceInFolder, writeEvidenceTo } from './evidence-files.ts'
import { copyDurably, explainFile } from './files.ts'
import { type BackupManifest, partsOfTable } from './manifest.ts'
import { openParquetFiles, type ParquetFiles } from './parquet-files.ts'
import { wholeBackup } from './verify-backup.ts'
import { partOf, type Watch } from './watch.ts'

/** What may lie in a data folder that counts as empty. */
const ignored: ReadonlySet<string> = new Set(['backups', 'restore.part', 'lost+found'])

/** Where a backup is restored to. */
export interface RestoreTarget {
  /** Data folder; sealed files go there also where the rest goes into a database. */
  readonly folder: string
  /** `postgres://…`; absent: DuckDB in the folder. */
  readonly databaseUrl?: string | undefined
  readonly clock: Clock
}

/**
 * Restores a backup into an empty data folder or an empty database, whichever engine it was made of.
 *
 * @throws `store.bad-backup` with each damaged file, `store.not-empty`
 */
export async function restoreBackup(
  backup: string,
  { folder, databaseUrl, clock }: RestoreTarget,
  watch: Watch = {},
): Promise<BackupManifest> {
  if (!databaseUrl) return restoreFolder(backup, folder, clock, watch)
  const engine = await openPostgresEngine(databaseUrl, clock)
  try {
    return await restoreEngine(backup, engine, folder, watch)
  } finally {
    await engine.close()
  }
}

/**
 * Restores a backup into an empty data folder, on DuckDB. Every hash is checked before anything is written; all is made
 * aside and moved in at the end, the database last.
 *
 * @throws `store.bad-backup` with each damaged file, `store.not-empty`
 */
export async function restoreFolder(
  backup: string,
  folder: string,
  clock: Clock,
  watch: Watch = {},
): Promise<BackupManifest> {
  await checkEmptyFolder(folder)
  const manifest = await wholeBackup(backup, partOf(watch, 0, 0.2))
  const aside = join(folder, 'restore.part')
  try {
    await rm(aside, { recursive: true, force: true })
    await mkdir(aside, { recursive: true })
    const engine = await openDuckEngine(aside, clock)
    try {
      await fillEngine({ backup, manifest, engine, folder: aside, watch: partOf(watch, 0.2, 1) })
    } finally {
      await engine.close()
    }
    for (const name of ['sealed', 'evidence', 'mangrove.duckdb']) {
      await rename(join(aside, name), join(folder, name)).catch(unlessMissing)
    }
    await syncFolder(folder)
    return manifest
  } catch (error) {
    throw explainFile(error)
  } finally {
    await rm(aside, { recursive: true, force: true }).catch(() => undefined)
  }
}

/**
 * Restores a backup into an engine without anything in it; sealed files, and evidence where the engine does not keep it,
 * go into the folder.
 *
 * @throws `store.bad-backup`, `store.not-empty`
 */
export async function restoreEngine(
  backup: string,
  engine: StoreEngine,
  folder: string,
  watch: Watch = {},
): Promise<BackupManifest> {
  await checkEmptyEngine(engine)
  const manifest = await wholeBackup(backup, partOf(watch, 0, 0.2))
  await fillEngine({ backup, manifest, engine, folder, watch: partOf(watch, 0.2, 1) })
  return manifest
}

/** @throws `store.not-empty` */
export async function checkEmptyFolder(folder: string): Promise<void> {
  const there = ((await readdir(folder).catch(unlessMissing)) ?? []).filter((name) => !ignored.has(name))
  if (there.length === 0) return
  throw storeErrors.notEmpty({
    detail:
      'A backup is restored into an empty data folder only; move away what is there, or name another folder by MANGROVE_DATA',
    place: { file: resolve(folder) },
    found: there.slice(0, 5).join(', '),
    expected: 'an empty folder, or none',
  })
}

async function checkEmptyEngine({ database, kind, snapshot }: StoreEngine): Promise<void> {
  for (const table of ['point', 'source', 'document', 'record', 'journal', 'sealed']) {
    const [row] = await database.read(`SELECT count(*) AS count FROM ${table}`)
    if (Number(row?.count) === 0) continue
    throw storeErrors.notEmpty({
      detail: 'A backup is restored into an empty database only; name another by DATABASE_URL',
      found: `${Number(row?.count)} rows in the table ${table} (${kind})`,
      expected: 'a database that nothing was stored in',
    })
  }
  const runs = await snapshot(async ({ evidence }) => (await evidence?.runs()) ?? [])
  if (runs.length === 0) return
  throw storeErrors.notEmpty({
    detail: 'A backup is restored into an empty database only; name another by DATABASE_URL',
    found: `evidence of ${runs.length} runs`,
    expected: 'a database that nothing was stored in',
  })
}

interface FillParts {
  readonly backup: string
  readonly manifest: BackupManifest
  readonly engine: StoreEngine
  readonly folder: string
  readonly watch: Watch
}

async function fillEngine({ backup, manifest, engine, folder, watch }: FillParts): Promise<void> {
  const parquet = await openParquetFiles()
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0)
  let done = 0
  const partsOf = function* (table: string): Iterable<string> {
    for (const file of partsOfTable(manifest, table)) {
      watch.signal?.throwIfAborted()
      yield join(backup, file.path)
      done += file.bytes
      watch.progress?.((done / Math.max(1, bytes)) * (manifest.contentSha256 ? 0.6 : 1), `restoring ${table}`)
    }
  }
  try {
    await checkSealedRows(manifest, parquet, partsOf)
    done = 0
    const files = writeEvidenceTo(folder)
    await engine.restore(async (write) => {
      await restoreTables(write, parquet, partsOf)
      await restoreEvidence(write.evidence ?? files, parquet, partsOf)
      await files.end()
      for (const file of manifest.files.filter(({ path }) => path.startsWith('sealed/'))) {
        await copyDurably(join(backup, file.path), join(folder, file.path), watch.signal)
        done += file.bytes
      }
      await syncFolder(join(folder, 'sealed'))
      await syncFolder(folder)
    })
  } finally {
    parquet.close()
  }
  if (manifest.contentSha256 !== undefined)
    await checkContent(manifest.contentSha256, engine, folder, partOf(watch, 0.6, 1))
}

async function restoreTables(
  write: Restoring,
  parquet: ParquetFiles,
  partsOf: (table: string) => Iterable<string>,
): Promise<void> {
  for (const file of partsOf(points.name)) {
    for await (const rows of parquet.texts(file, Object.keys(points.columns))) await write.points(rows.map(toPoint))
  }
  for (const table of plainTables) {
    for (const file of partsOf(table.name)) {
      for await (const rows of parquet.texts(file, Object.keys(table.columns))) await insert(write, table, rows)
    }
  }
  for (const file of partsOf('rows')) for await (const rows of parquet.rows(file)) await write.rows(rows)
  for (const file of partsOf('newest')) for await (const rows of parquet.rows(file)) await write.newest(rows)
  for (const file of partsOf('quarters')) await write.quarters(await parquet.quarters(file))
  for (const file of partsOf('stale')) {
    for await (const rows of parquet.texts(file, ['point', 'start_ms'])) {
      await write.stale(rows.map((row) => ({ point: Number(row.point), startMs: Number(row.start_ms) })))
    }
  }
}

/** Rows of one statement. */
const statementRows = 200

async function insert({ all }: Restoring, { table, columns }: BackupTable, rows: readonly SqlRow[]): Promise<void> {
  const names = Object.keys(columns)
  for (let from = 0; from < rows.length; from += statementRows) {
    const some = rows.slice(from, from + statementRows)
    const places = some.map(
      (_, row) => `(${names.map((_, column) => `$${row * names.length + column + 1}`).join(', ')})`,
    )
    const values = some.flatMap((row) => names.map((name) => row[name] as SqlValue))
    await all(`INSERT INTO ${table} (${names.join(', ')}) VALUES ${places.join(', ')}`, values)
  }
}

async function restoreEvidence(
  write: EvidenceWriter,
  parquet: ParquetFiles,
  partsOf: (table: string) => Iterable<string>,
): Promise<void> {
  // Blobs first, as always: a run that is there has all it names.
  for (const table of ['blobs', 'runs'] as const) {
    for (const file of partsOf(table)) {
      for await (const rows of parquet.texts(file, Object.keys(textColumns))) {
        for (const row of rows) {
          const [id, text] = [String(row.id), String(row.content)]
          if (!isNamedBy(table, id, text)) throw foreign(file, `evidence named ${id.slice(0, 80)}`)
          await (table === 'blobs' ? write.blob(id, text) : write.run(id, text))
        }
      }
    }
  }
}

/** Whether evidence is named by the hash of what it says. */
export function isNamedBy(kind: 'blobs' | 'runs', id: string, text: string): boolean {
  if (kind === 'blobs') return sha256Hex(text) === id
  try {
    const { id: told, ...rest } = JSON.parse(text) as { readonly id: unknown }
    return told === id && hashOf(rest) === id
  } catch {
    return false
  }
}

/** Every sealed file that the tables name is in the backup as they name it, and no name leads elsewhere. */
async function checkSealedRows(
  manifest: BackupManifest,
  parquet: ParquetFiles,
  partsOf: (table: string) => Iterable<string>,
): Promise<void> {
  const known = new Map(manifest.files.map(({ path, sha256 }) => [path, sha256]))
  for (const part of partsOf(sealed.name)) {
    for await (const rows of parquet.texts(part, ['file', 'sha256'])) {
      for (const { file, sha256 } of rows) {
        if (known.get(`sealed/${String(file)}`) !== sha256)
          throw foreign(part, `a sealed file ${String(file).slice(0, 80)}`)
      }
    }
  }
}

const foreign = (file: string, found: string) =>
  storeErrors.badBackup({
    detail: 'The backup names something that is not in it as it is named',
    place: { file },
    found,
    expected: 'what `mangrove backup` writes',
  })

async function checkContent(expected: string, engine: StoreEngine, folder: string, watch: Watch): Promise<void> {
  const archive = openArchive(join(folder, 'sealed'))
  try {
    const found = await engine.snapshot(async (read) => {
      const runs = await (read.evidence ?? evidenceInFolder(folder)).runs()
      return contentHash({ read, archive, runs, watch })
    })
    if (found === expected) return
    throw storeErrors.badBackup({
      detail: 'What was restored is not what was backed up; this is a bug in Mangrove, please report it',
      found,
      expected: `the content ${expected}`,
    })
  } finally {
    archive.close()
  }
}
