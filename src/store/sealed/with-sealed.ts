import type { ObservationTables, ReceiveWindow, RowRange, Touched } from '../observations/observation-tables.ts'
import { sealedCutMs, touchedMs } from '../observations/read-received.ts'
import type { Rows } from '../observations/rows.ts'
import type { Archive } from './archive.ts'
import type { Manifest } from './manifest.ts'
import { mergeRows } from './merge-rows.ts'
import type { SealedFile } from './sealed-file.ts'

/** The tables of an engine together with the months that were sealed: whoever reads sees one store. */
export function withSealed(tables: ObservationTables, manifest: Manifest, archive: Archive): ObservationTables {
  /**
   * What is sealed of a range, beside what is not. It is told by the list of files as it is after the other was read: what is
   * sealed between the two is met twice and told once, the other way round it would be missed. Mostly the list is as it was
   * before; so both are read at once, and the sealed part again where it is not.
   *
   * @param open what is not sealed, as far as it has to be read for its moment to be fixed
   * @param leave what is done with a part that is not of use
   */
  async function sealedBeside<Sealed>(
    open: Promise<unknown>,
    content: SealedFile['content'],
    range: RowRange,
    read: (files: readonly SealedFile[]) => Promise<Sealed>,
    leave: (sealed: Sealed) => unknown = () => undefined,
  ): Promise<Sealed> {
    // Waited for below; it may fail before.
    open.catch(() => undefined)
    const files = async () => overlapping(await manifest.files(), content, range)
    const before = await files().catch(() => undefined)
    const early = before && read(before)
    early?.catch(() => undefined)
    try {
      await open
      const after = await files()
      if (early && namesOf(before) === namesOf(after)) return await early
      early?.then(leave).catch(() => undefined)
      return await read(after)
    } catch (error) {
      early?.then(leave).catch(() => undefined)
      throw error
    }
  }

  async function* rows(range: RowRange, open: AsyncIterable<Rows> = tables.rows(range)): AsyncIterable<Rows> {
    const newer = begun(open)
    const read = async (files: readonly SealedFile[]) => {
      if (files.length === 0) return undefined
      const older = begun(archive.rows(files, range))
      await older.ready
      return older.rows
    }
    try {
      const older = await sealedBeside(newer.ready, 'rows', range, read, (unused) => unused?.return?.())
      yield* older ? mergeRows(newer.rows, older) : newer.rows
    } finally {
      // Where a sealed file is damaged nobody reads the rest.
      await newer.rows.return?.()
    }
  }

  /**
   * Rows of a window that were sealed after it began; what was sealed before was received before. The list of files is read after
   * the tables were, as in {@link sealedBeside}.
   */
  async function* sealedReceived(points: readonly number[], { fromMs, toMs }: ReceiveWindow) {
    const range = { points, fromMs: Number.MIN_SAFE_INTEGER, toMs: Number.MAX_SAFE_INTEGER }
    const files = overlapping(await manifest.files(), 'rows', range).filter(({ sealedMs }) => sealedMs >= fromMs)
    if (files.length === 0) return
    for await (const { count, point, eventMs, receivedMs } of archive.rows(files, range)) {
      for (let row = 0; row < count; row += 1) {
        const latestMs = receivedMs[row]! + sealedCutMs
        if (latestMs >= fromMs && latestMs < toMs)
          yield { point: point[row]!, eventMs: eventMs[row]!, receivedMs: latestMs }
      }
    }
  }

  return {
    ...tables,
    rows: (range) => rows(range),
    refresh: (beforeMs, limit, remake) =>
      tables.refresh(beforeMs, limit, (stale, read) => remake(stale, (range) => rows(range, read(range)))),
    receiveTimes: async (points, window, most) => {
      const open = await tables.receiveTimes(points, window, most)
      const times = new Map<number, number>()
      const sealed = sealedReceived(points, window)
      for await (const { receivedMs } of sealed) times.set(receivedMs, (times.get(receivedMs) ?? 0) + 1)
      if (times.size === 0) return open
      for (const { receivedMs, rows } of open) times.set(receivedMs, (times.get(receivedMs) ?? 0) + rows)
      const all = [...times].map(([receivedMs, rows]) => ({ receivedMs, rows }))
      return all.sort((a, b) => a.receivedMs - b.receivedMs).slice(0, most)
    },
    touched: async (points, window) => {
      const open = await tables.touched(points, window)
      const more = new Map<string, Touched>()
      for await (const { point, eventMs } of sealedReceived(points, window)) {
        const startMs = eventMs - (eventMs % touchedMs)
        more.set(`${point} ${startMs}`, { point, startMs })
      }
      return more.size === 0 ? open : [...open, ...more.values()]
    },
    async quarters(range) {
      const kept = tables.quarters(range)
      const sealed = await sealedBeside(kept, 'quarters', range, (files) => archive.quarterColumns(files, range))
      return { ...(await kept), sealed }
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

const namesOf = (files: readonly SealedFile[]): string => files.map(({ file }) => file).join()

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
