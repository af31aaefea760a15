import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Clock, sha256Hex } from '../../kernel/index.ts'
import { syncFolder } from '../blobs.ts'
import { digestOf } from '../digest.ts'
import type { StoreEngine } from '../engine.ts'
import { storeErrors } from '../errors.ts'
import type { Rows } from '../observations/rows.ts'
import type { Archive } from '../sealed/archive.ts'
import { listSealed, type SealedFile } from '../sealed/sealed-file.ts'
import type { EvidenceTexts, Snapshot } from '../snapshot.ts'
import {
  type BackupTable,
  documents,
  journal,
  points,
  records,
  sealed,
  selectOf,
  sources,
  textColumns,
} from './backup-tables.ts'
import { contentHash } from './content-hash.ts'
import { copyDurably, makeWhole } from './files.ts'
import { type BackupFile, type BackupManifest, backupFormat, writeManifest } from './manifest.ts'
import { openParquetFiles, type ParquetFiles, type PartLimits, type Shape } from './parquet-files.ts'
import { partOf, type Watch } from './watch.ts'

/** What is backed up. */
export interface BackupSource {
  readonly engine: StoreEngine
  readonly archive: Archive
  /** Of sealed files, and of evidence where the engine does not keep it. */
  readonly folder: string
  /** Evidence of the folder. */
  readonly evidence: EvidenceTexts
  readonly clock: Clock
}

export interface BackupOptions extends Watch {
  /** Also tells the hash of the content, which restoring then holds against what it restored. It reads everything once more. */
  readonly hash?: boolean
  readonly limits?: PartLimits
}

/** A sealed file is not there: it was replaced between the moment of the snapshot and its copy, or it is lost. */
class Overtaken extends Error {
  readonly file: SealedFile

  constructor(file: SealedFile) {
    super(`The sealed file ${file.file} is gone`)
    this.file = file
  }
}

/**
 * Writes a backup of a store into a folder that it makes: everything as one moment sees it, while writes go on. The
 * folder is there whole and on the disk when it returns, or not at all.
 *
 * @throws `store.not-empty` where something is at that name, `store.damaged` or `store.evidence-damaged` where what would be
 * backed up is not as it was written, `store.full`
 */
export async function writeBackup(
  source: BackupSource,
  folder: string,
  options: BackupOptions = {},
): Promise<BackupManifest> {
  let manifest: BackupManifest | undefined
  for (let tries = 1; !manifest; tries += 1) {
    await makeWhole(resolve(folder), async (aside) => {
      const parquet = await openParquetFiles(options.limits)
      try {
        manifest = await source.engine.snapshot((read) => fill(aside, read, parquet, source, options))
      } finally {
        parquet.close()
      }
    }).catch((error: unknown) => {
      // A month is sealed anew once a day at most: the next snapshot names the new files.
      if (!(error instanceof Overtaken)) throw error
      if (tries === 3) throw damagedFile(error.file, 'no file')
    })
  }
  return manifest
}

/** Everything of one backup while it is written. */
interface Filling {
  readonly aside: string
  readonly read: Snapshot
  readonly parquet: ParquetFiles
  readonly counts: Record<string, number>
  readonly files: BackupFile[]
  readonly watch: Watch
}

async function fill(
  aside: string,
  read: Snapshot,
  parquet: ParquetFiles,
  { engine, archive, folder, evidence, clock }: BackupSource,
  { hash = false, ...watch }: BackupOptions,
): Promise<BackupManifest> {
  const createdMs = clock.now()
  // What the snapshot names of evidence was written before it: all of it is in these lists.
  const texts = read.evidence ?? evidence
  const runs = await texts.runs()
  const blobs = await texts.blobs()
  const end = hash ? 0.5 : 1
  const filling = (from: number, to: number): Filling => ({
    ...{ aside, read, parquet, counts, files },
    watch: partOf(watch, from * end, to * end),
  })
  const counts: Record<string, number> = {}
  const files: BackupFile[] = []
  await mkdir(join(aside, 'tables'), { recursive: true })
  const named = await listSealed(read)
  await copySealed(named, join(folder, 'sealed'), filling(0, 0.3))
  for (const table of [points, sources, documents, records, journal, sealed]) await writeTable(table, filling(0.3, 0.3))
  await writeObservations(filling(0.3, 0.8))
  await writeTexts('runs', runs, (id) => texts.run(id), filling(0.8, 0.82))
  await writeTexts('blobs', blobs, (sha256) => checkedBlob(texts, sha256), filling(0.82, 1))
  const contentSha256 = hash ? await contentHash({ read, archive, runs, watch: partOf(watch, 0.5, 1) }) : undefined
  await syncFolder(join(aside, 'tables'))
  return writeManifest(aside, {
    format: backupFormat,
    mangrove: ownVersion(),
    createdMs,
    created: new Date(createdMs).toISOString(),
    engine: engine.kind,
    counts,
    ...(contentSha256 === undefined ? {} : { contentSha256 }),
    files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
  })
}

async function copySealed(named: readonly SealedFile[], from: string, { aside, files, watch }: Filling): Promise<void> {
  const bytes = named.reduce((sum, file) => sum + file.bytes, 0)
  let done = 0
  for (const file of named) {
    const path = `sealed/${file.file}`
    const copied = await copyDurably(join(from, file.file), join(aside, path), watch.signal)
    if (!copied) throw new Overtaken(file)
    if (copied.sha256 !== file.sha256) {
      throw damagedFile(file, copied.sha256)
    }
    files.push({ path, ...copied })
    done += file.bytes
    watch.progress?.(done / bytes, 'copying sealed months')
  }
  if (named.length > 0) await syncFolder(join(aside, 'sealed'))
}

const damagedFile = ({ site, month, file, sha256 }: SealedFile, found: string) =>
  storeErrors.damaged({
    detail: `The sealed file of ${site}, ${month}, is not as it was written: a backup of it would be none. Mend it from an earlier backup first (mangrove store mend)`,
    place: { file },
    found,
    expected: `SHA-256 ${sha256}`,
  })

/** Begins a table; each of its files is listed as it is done. */
const begin = (name: string, shape: Shape, { aside, parquet, files, watch }: Filling) =>
  parquet.begin({ folder: aside, name, shape }, async (path) => {
    watch.signal?.throwIfAborted()
    files.push({ path, ...(await digestOf(join(aside, path)))! })
  })

/** Rows of texts that are written before others get their turn. */
const stepRows = 32

async function writeTable(table: BackupTable, filling: Filling): Promise<void> {
  const part = await begin(table.name, table.columns, filling)
  for await (const rows of filling.read.stream(selectOf(table))) {
    for (let from = 0; from < rows.length; from += stepRows) {
      const some = rows.slice(from, from + stepRows)
      await part.texts(table === points ? some.map((row) => ({ ...row, rules: row.rules ?? '{}' })) : some)
      await nextTurn()
    }
  }
  filling.counts[table.name] = await part.end()
}

/** Points whose rows are read together. */
const groupPoints = 100

/** Rows that are not sealed, the newest of each point and source, kept quarters, and which are stale. */
async function writeObservations(filling: Filling): Promise<void> {
  const { read, counts, watch } = filling
  const ids = (await read.all('SELECT id FROM point ORDER BY id')).map(({ id }) => Number(id))
  const rows = await begin('rows', 'rows', filling)
  const newest = await begin('newest', 'rows', filling)
  const quarters = await begin('quarters', 'quarters', filling)
  const stale = await begin('stale', 'stale', filling)
  let done = 0
  for (let from = 0; from < ids.length; from += groupPoints) {
    const range = { points: ids.slice(from, from + groupPoints), fromMs: -8e15, toMs: 8e15 }
    for await (const chunk of read.rows(range) as AsyncIterable<Rows>) {
      await rows.rows(chunk)
      done += chunk.count
      watch.progress?.(Math.min(1, done / Math.max(1, read.rowCount)), `wrote ${done} values`)
    }
    await newest.rows(await read.newest(range.points))
    const kept = await read.quarters(range)
    await quarters.quarters(kept.quarters)
    await stale.stale(kept.stale)
  }
  counts.rows = await rows.end()
  counts.newest = await newest.end()
  counts.quarters = await quarters.end()
  counts.stale = await stale.end()
}

async function writeTexts(
  name: string,
  ids: readonly string[],
  textOf: (id: string) => Promise<string | undefined>,
  filling: Filling,
): Promise<void> {
  const part = await begin(name, textColumns, filling)
  for (const [index, id] of ids.entries()) {
    const content = await textOf(id)
    if (content !== undefined) await part.texts([{ id, content }])
    filling.watch.progress?.((index + 1) / ids.length, 'writing evidence')
  }
  filling.counts[name] = await part.end()
}

async function checkedBlob(texts: EvidenceTexts, sha256: string): Promise<string | undefined> {
  const text = await texts.blob(sha256)
  if (text === undefined || sha256Hex(text) === sha256) return text
  throw storeErrors.evidenceDamaged({
    detail:
      'A piece of evidence is not as it was written: a backup of it would be none. Mend it from an earlier backup first (mangrove store mend)',
    found: sha256Hex(text),
    expected: `SHA-256 ${sha256}`,
  })
}

const ownVersion = (): string =>
  (JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { readonly version: string })
    .version
