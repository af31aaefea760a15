import { compareIdentity, RowBuilder, type Rows } from '../observations/rows.ts'

const yieldRows = 8192

/** Two streams in order of identity as one; of a row that is in both, that of `newer` counts. */
export async function* mergeRows(newer: AsyncIterator<Rows>, older: AsyncIterator<Rows>): AsyncGenerator<Rows> {
  try {
    const a = await cursorOf(newer)
    const b = await cursorOf(older)
    let merged = new RowBuilder()
    let fresh = true
    while (a.rows || b.rows) {
      // Where nothing of the other stands among the rows of a chunk, they go on as they are.
      const whole = fresh ? (wholeOf(a, b) ?? wholeOf(b, a)) : undefined
      if (whole) {
        if (merged.count > 0) yield merged.rows()
        merged = new RowBuilder(yieldRows)
        yield rowsBetween(whole.rows!, whole.at, whole.rows!.count)
        await whole.next()
        continue
      }
      const order = compareIdentity(a.rows!, a.at, b.rows!, b.at)
      const from = order <= 0 ? a : b
      merged.pushRow(from.rows!, from.at)
      fresh = from.step()
      if (fresh) await from.next()
      if (order === 0 && b.step()) {
        fresh = true
        await b.next()
      }
      if (merged.count < yieldRows) continue
      yield merged.rows()
      merged = new RowBuilder(yieldRows)
    }
    if (merged.count > 0) yield merged.rows()
  } finally {
    // Who leaves early gives back what the streams hold.
    await Promise.all([newer.return?.(), older.return?.()])
  }
}

/** The rows `from` to `to` of a chunk; views, no copies. */
export function rowsBetween(rows: Rows, from: number, to: number): Rows {
  return {
    count: to - from,
    point: rows.point.subarray(from, to),
    eventMs: rows.eventMs.subarray(from, to),
    source: rows.source.subarray(from, to),
    value: rows.value.subarray(from, to),
    quality: rows.quality.subarray(from, to),
    receivedMs: rows.receivedMs.subarray(from, to),
  }
}

/** A cursor whose chunk ends before the place of the other. */
function wholeOf(one: Cursor, other: Cursor): Cursor | undefined {
  if (!one.rows) return undefined
  if (!other.rows) return one
  return compareIdentity(one.rows, one.rows.count - 1, other.rows, other.at) < 0 ? one : undefined
}

/** A place in a stream of chunks. */
interface Cursor {
  /** Chunk of the place; undefined at the end. */
  rows: Rows | undefined
  at: number
  /** Goes one row on; true: the chunk is used up, ask for the next. */
  step(): boolean
  next(): Promise<void>
}

async function cursorOf(chunks: AsyncIterator<Rows>): Promise<Cursor> {
  const cursor: Cursor = {
    rows: undefined,
    at: 0,
    step() {
      cursor.at += 1
      return cursor.at >= (cursor.rows?.count ?? 0)
    },
    async next() {
      cursor.at = 0
      for (;;) {
        const { done, value } = await chunks.next()
        cursor.rows = done ? undefined : value
        if (done || value.count > 0) return
      }
    },
  }
  await cursor.next()
  return cursor
}
