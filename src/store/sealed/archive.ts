import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { digestOf } from '../digest.ts'
import { storeErrors } from '../errors.ts'
import type { RowRange } from '../observations/observation-tables.ts'
import { type QuarterColumns, quarterAt, quarterColumnsOf } from '../observations/quarter-columns.ts'
import { compareQuarters, type Quarter } from '../observations/quarters.ts'
import type { Rows } from '../observations/rows.ts'
import { createSealedColumns } from './columns/sealed-columns.ts'
import { inStreams } from './in-streams.ts'
import { mergeRows, rowsBetween } from './merge-rows.ts'
import { openParquet, type Parquet, type SealedNames } from './parquet.ts'
import type { SealedFile } from './sealed-file.ts'

/** Sealed months as Parquet files in a folder. Files are written once, under a new name, and never changed. */
export interface Archive {
  rows(files: readonly SealedFile[], range: RowRange): AsyncIterable<Rows>
  /** Quarters in order of point and start. */
  quarters(files: readonly SealedFile[], range: RowRange): Promise<readonly Quarter[]>
  /** The same in columns, in order of start for each point. */
  quarterColumns(files: readonly SealedFile[], range: RowRange): Promise<readonly QuarterColumns[]>
  /** Writes rows in order of identity to one file or several, cut between points. */
  writeRows(rows: AsyncIterable<Rows>, about: SealedMonth): Promise<readonly SealedFile[]>
  writeQuarters(quarters: readonly Quarter[], about: SealedMonth): Promise<readonly SealedFile[]>
  /** Checks every byte of the files against what was written. @returns the damaged ones */
  damagedAmong(files: readonly SealedFile[]): Promise<readonly SealedFile[]>
  /** Removes files that nobody has named for an hour: whoever read them is done. */
  sweep(named: readonly SealedFile[]): Promise<void>
  close(): void
}

export interface SealedMonth {
  readonly site: string
  readonly month: string
  readonly names: SealedNames
  readonly sealedMs: number
}

export interface ArchiveLimits {
  /** A file is cut at the first point after this many rows. */
  readonly partRows: number
  /** A file that nobody names goes after this time. */
  readonly unnamedMs: number
}

/** Files that are read beside each other: one is waited for while another is unpacked. */
const filesAtOnce = 4

const usualLimits: ArchiveLimits = { partRows: 2_000_000, unnamedMs: 3_600_000 }

export function openArchive(folder: string, limits: ArchiveLimits = usualLimits): Archive {
  let opened: Promise<Parquet> | undefined
  const parquet = (): Promise<Parquet> => {
    opened ??= openParquet(join(folder, 'temp'))
    return opened
  }
  const columns = createSealedColumns()
  const sound = new Set<string>()
  /** Since when nobody names a file, in milliseconds of this process. */
  const unnamedMs = new Map<string, number>()
  const pathOf = (file: string): string => join(folder, file)
  const pathsOf = (files: readonly SealedFile[]): readonly string[] => files.map(({ file }) => pathOf(file))

  /** @throws `store.damaged` for a file that is not as it was written; each is read once in a process */
  const check = async (file: SealedFile): Promise<void> => {
    if (sound.has(file.file)) return
    const found = (await digestOf(pathOf(file.file)))?.sha256
    if (found !== file.sha256) {
      throw storeErrors.damaged({
        detail: `The sealed file of ${file.site}, ${file.month}, is not as it was written; restore it from a backup. Other months are as before.`,
        place: { file: file.file },
        found: found ?? 'no file',
        expected: `SHA-256 ${file.sha256}`,
      })
    }
    sound.add(file.file)
  }
  /** Whether all files can be read without a database; they are sound. */
  const plain = async (files: readonly SealedFile[]): Promise<boolean> => {
    let all = true
    for (const file of files) {
      await check(file)
      all &&= await columns.reads(pathOf(file.file), file.content)
    }
    return all
  }
  const quarterParts = async (files: readonly SealedFile[], range: RowRange): Promise<readonly QuarterColumns[]> => {
    const parts: QuarterColumns[] = []
    for (let from = 0; from < files.length; from += filesAtOnce) {
      const some = files.slice(from, from + filesAtOnce)
      const read = await Promise.all(some.map(({ file }) => columns.quarters(pathOf(file), range)))
      for (const one of read) parts.push(...one)
    }
    return parts
  }
  async function* inOrder(files: readonly SealedFile[], range: RowRange): AsyncGenerator<Rows> {
    for (const { file } of files) yield* columns.rows(pathOf(file), range)
  }

  /** Writes aside, syncs, renames, syncs the folder: a file is there whole, or not at all. */
  const writeFile = async (
    content: SealedFile['content'],
    { site, month, sealedMs }: SealedMonth,
    span: Pick<SealedFile, 'rows' | 'fromPoint' | 'toPoint' | 'fromMs' | 'toMs'>,
    write: (path: string) => Promise<void>,
  ): Promise<SealedFile> => {
    await mkdir(folder, { recursive: true })
    const file = `${month}-${content}-${randomBytes(8).toString('hex')}.parquet`
    const aside = pathOf(`${file}.part`)
    try {
      await write(aside)
      await syncPath(aside)
      const digest = await digestOf(aside)
      await rename(aside, pathOf(file))
      await syncPath(folder)
      return { site, month, content, file, ...digest!, sealedMs, ...span }
    } catch (error) {
      await rm(aside, { force: true })
      throw error
    }
  }

  return {
    async *rows(files, range) {
      if (files.length === 0 || range.points.length === 0) return
      if (await plain(files)) {
        const streams = inStreams(files, range.points.length).map((some) => inOrder(some, range))
        yield* streams.reduce((all: AsyncIterator<Rows>, next) => mergeRows(next, all))
      } else yield* (await parquet()).readRows(pathsOf(files), range)
    },
    async quarters(files, range) {
      if (files.length === 0 || range.points.length === 0) return []
      if (!(await plain(files))) return (await parquet()).readQuarters(pathsOf(files), range)
      const streams = inStreams(files, range.points.length)
      const found = (await quarterParts(streams.flat(), range)).flatMap((part) =>
        Array.from({ length: part.length }, (_, row) => quarterAt(part, row)),
      )
      return streams.length === 1 ? found : found.sort(compareQuarters)
    },
    async quarterColumns(files, range) {
      if (files.length === 0 || range.points.length === 0) return []
      if (await plain(files)) return quarterParts(inStreams(files, range.points.length).flat(), range)
      return [quarterColumnsOf(await (await parquet()).readQuarters(pathsOf(files), range))]
    },
    async writeRows(rows, about) {
      const files: SealedFile[] = []
      const engine = await parquet()
      // Of an attempt that failed, on a full disk for one.
      await engine.dropRows()
      let span: Span | undefined
      const flush = async (): Promise<void> => {
        if (span) files.push(await writeFile('rows', about, span, (path) => engine.writeRows(path, about.names)))
        span = undefined
      }
      for await (const chunk of rows) {
        for (const part of byPoint(chunk)) {
          if (span && span.rows >= limits.partRows && span.toPoint !== part.point[0]) await flush()
          await engine.addRows(part)
          span = grown(span, part)
        }
      }
      await flush()
      return files
    },
    async writeQuarters(quarters, about) {
      if (quarters.length === 0) return []
      const engine = await parquet()
      const starts = quarters.map(({ startMs }) => startMs)
      const points = quarters.map(({ point }) => point)
      const span = {
        rows: quarters.length,
        fromPoint: points.reduce((least, id) => Math.min(least, id)),
        toPoint: points.reduce((most, id) => Math.max(most, id)),
        fromMs: starts.reduce((least, ms) => Math.min(least, ms)),
        toMs: starts.reduce((most, ms) => Math.max(most, ms)),
      }
      return [await writeFile('quarters', about, span, (path) => engine.writeQuarters(path, quarters, about.names))]
    },
    async damagedAmong(files) {
      const damaged: SealedFile[] = []
      for (const file of files) {
        if ((await digestOf(pathOf(file.file)))?.sha256 === file.sha256) continue
        damaged.push(file)
        // A sound one may take its place under the same name.
        sound.delete(file.file)
        columns.forget(pathOf(file.file))
      }
      return damaged
    },
    async sweep(named) {
      const kept = new Set(named.map(({ file }) => file))
      for (const name of await readdir(folder).catch(() => [])) {
        if (kept.has(name) || !/^\d{4}-\d{2}-.*\.parquet(\.part)?$/.test(name)) {
          unnamedMs.delete(name)
          continue
        }
        const sinceMs = unnamedMs.get(name) ?? performance.now()
        unnamedMs.set(name, sinceMs)
        if (performance.now() - sinceMs < limits.unnamedMs) continue
        columns.forget(pathOf(name))
        await rm(pathOf(name), { force: true })
        unnamedMs.delete(name)
      }
    },
    close() {
      columns.close().catch(() => undefined)
      opened?.then((engine) => engine.close()).catch(() => undefined)
      opened = undefined
    },
  }
}

type Span = Pick<SealedFile, 'rows' | 'fromPoint' | 'toPoint' | 'fromMs' | 'toMs'>

/** Parts of a chunk that hold one point each; views, no copies. */
function* byPoint(rows: Rows): Iterable<Rows> {
  let from = 0
  for (let row = 1; row <= rows.count; row += 1) {
    if (row < rows.count && rows.point[row] === rows.point[from]) continue
    yield rowsBetween(rows, from, row)
    from = row
  }
}

/** Rows of one point come in order of time. */
function grown(span: Span | undefined, part: Rows): Span {
  const first = part.eventMs[0]!
  const last = part.eventMs[part.count - 1]!
  const point = part.point[0]!
  return {
    rows: (span?.rows ?? 0) + part.count,
    fromPoint: span?.fromPoint ?? point,
    toPoint: point,
    fromMs: Math.min(span?.fromMs ?? first, first),
    toMs: Math.max(span?.toMs ?? last, last),
  }
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
