import type { KeptQuarters, ObservationTables, RowRange } from '../observations/observation-tables.ts'
import { mergeQuarters, type Quarter, withoutKeys } from '../observations/quarters.ts'
import type { Rows } from '../observations/rows.ts'
import type { Archive } from './archive.ts'
import type { Manifest } from './manifest.ts'
import { mergeRows } from './merge-rows.ts'
import type { SealedFile } from './sealed-file.ts'

/** The tables of an engine together with the months that were sealed: whoever reads sees one store. */
export function withSealed(tables: ObservationTables, manifest: Manifest, archive: Archive): ObservationTables {
  /**
   * Rows that are not sealed first, the list of files after: what is sealed between the two is met twice and told once,
   * the other way round it would be missed.
   */
  async function* rows(range: RowRange, open: AsyncIterable<Rows> = tables.rows(range)): AsyncIterable<Rows> {
    const newer = begun(open)
    await newer.ready
    const files = overlapping(await manifest.files(), 'rows', range)
    if (files.length === 0) yield* newer.rows
    else yield* mergeRows(newer.rows, archive.rows(files, range)[Symbol.asyncIterator]())
  }

  return {
    ...tables,
    rows: (range) => rows(range),
    refresh: (beforeMs, limit, remake) =>
      tables.refresh(beforeMs, limit, (stale, read) => remake(stale, (range) => rows(range, read(range)))),
    async quarters(range) {
      const kept = await tables.quarters(range)
      const files = overlapping(await manifest.files(), 'quarters', range)
      return files.length === 0 ? kept : together(kept, await archive.quarters(files, range))
    },
  }
}

/** Files that may hold something of a range. */
export function overlapping(
  files: readonly SealedFile[],
  content: SealedFile['content'],
  { points, fromMs, toMs }: RowRange,
): readonly SealedFile[] {
  return files.filter(
    (file) =>
      file.content === content &&
      file.fromMs < toMs &&
      file.toMs >= fromMs &&
      points.some((point) => point >= file.fromPoint && point <= file.toPoint),
  )
}

/** What is kept in the tables goes before what is sealed; what is stale is neither. */
function together({ quarters, stale }: KeptQuarters, sealed: readonly Quarter[]): KeptQuarters {
  return { quarters: mergeQuarters(quarters, withoutKeys(sealed, stale)), stale }
}

/** A stream whose first chunk has been asked for, so that it sees the present whenever it is read. */
function begun(chunks: AsyncIterable<Rows>): {
  readonly ready: Promise<unknown>
  readonly rows: AsyncIterableIterator<Rows>
} {
  const iterator = chunks[Symbol.asyncIterator]()
  let first: Promise<IteratorResult<Rows>> | undefined = iterator.next()
  const ready = first
  const rows: AsyncIterableIterator<Rows> = {
    next() {
      const next = first ?? iterator.next()
      first = undefined
      return next
    },
    return: async (value) => (await iterator.return?.(value)) ?? { done: true, value },
    [Symbol.asyncIterator]: () => rows,
  }
  return { ready, rows }
}
