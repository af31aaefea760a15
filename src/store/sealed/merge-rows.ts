import { compareIdentity, RowBuilder, type Rows } from '../observations/rows.ts'

const yieldRows = 8192

/** Two streams in order of identity as one; of a row that is in both, that of `newer` counts. */
export async function* mergeRows(newer: AsyncIterator<Rows>, older: AsyncIterator<Rows>): AsyncIterable<Rows> {
  const a = await cursorOf(newer)
  const b = await cursorOf(older)
  let merged = new RowBuilder(yieldRows)
  while (a.rows || b.rows) {
    const order = !b.rows ? -1 : !a.rows ? 1 : compareIdentity(a.rows, a.at, b.rows, b.at)
    const from = order <= 0 ? a : b
    merged.pushRow(from.rows!, from.at)
    if (from.step()) await from.next()
    if (order === 0 && b.step()) await b.next()
    if (merged.count < yieldRows) continue
    yield merged.rows()
    merged = new RowBuilder(yieldRows)
  }
  if (merged.count > 0) yield merged.rows()
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
