import type { FileHandle } from 'node:fs/promises'
import type { RowRange } from '../../observations/observation-tables.ts'
import type { QuarterColumns, QuarterEnds } from '../../observations/quarter-columns.ts'
import type { Rows } from '../../observations/rows.ts'
import type { SealedContent } from '../sealed-file.ts'
import { columnValues } from './column-values.ts'
import type { RowGroup } from './footer.ts'
import { createFooters, type Footers } from './footers.ts'
import { createOpenFiles, type OpenFiles } from './open-files.ts'
import { rowsWithin, type Span, spansOfOne, spansWithin } from './spans.ts'

/** Point and time come first, for by them rows are found. */
export const columnNames = {
  rows: ['id', 'event_ms', 'source_id', 'value', 'quality', 'delay_s'],
  quarters: ['id', 'start_ms', 'count', 'quality', 'sum', 'min', 'max', 'first', 'last', 'first_ms', 'last_ms', 'rise'],
} as const satisfies Readonly<Record<SealedContent, readonly string[]>>

/**
 * Sealed files read column by column, without a database between: a point over a day is a part of one group of rows, which
 * takes a millisecond, where to plan a statement alone takes longer.
 */
export interface SealedColumns {
  /** Whether a file is written in the ways that are read here. */
  reads(path: string, content: SealedContent): Promise<boolean>
  /** Rows of a file in the order in which they stand: point, time, source. */
  rows(path: string, range: RowRange): AsyncIterable<Rows>
  /** Quarters of a file in the order of point and start. */
  quarters(path: string, range: RowRange): Promise<readonly QuarterColumns[]>
  /** The file was removed, or another took its place. */
  forget(path: string): void
  close(): Promise<void>
}

export function createSealedColumns(): SealedColumns {
  const files = createOpenFiles()
  const footers = createFooters(files)
  const parts = { files, footers }
  return {
    reads: async (path, content) => (await footers.of(path, columnNames[content])) !== undefined,
    async *rows(path, range) {
      for await (const part of groupsWithin(parts, path, 'rows', range)) yield rowsOf(part)
    },
    async quarters(path, range) {
      const quarters: QuarterColumns[] = []
      for await (const part of groupsWithin(parts, path, 'quarters', range)) quarters.push(quartersOf(part))
      return quarters
    },
    forget: files.forget,
    close: files.close,
  }
}

/** What a group has of a range. */
interface Part {
  readonly count: number
  /** Values of a column, by its place among the names; it is unpacked when it is asked for. */
  column(place: number): Float64Array
}

async function* groupsWithin(
  { files, footers }: { readonly files: OpenFiles; readonly footers: Footers },
  path: string,
  content: SealedContent,
  range: RowRange,
): AsyncIterable<Part> {
  const groups = (await footers.of(path, columnNames[content])) ?? []
  const ids = Float64Array.from(new Set(range.points)).sort()
  for (const group of groups) {
    if (!mayHold(group, ids, range)) continue
    const part = partOf(group, await files.use(path, (file) => readGroup(file, group)), ids, range)
    if (part) yield part
  }
}

function mayHold({ columns: [id, time] }: RowGroup, ids: Float64Array, { fromMs, toMs }: RowRange): boolean {
  if (id?.least !== undefined && id.most !== undefined) {
    const { from, to } = rowsWithin(ids, id.least, id.most + 1)
    if (from === to) return false
  }
  return !(time?.least !== undefined && time.most !== undefined && (time.most < fromMs || time.least >= toMs))
}

/** Bytes of each column of a group; they stand together. */
async function readGroup(file: FileHandle, { columns }: RowGroup): Promise<readonly Uint8Array[]> {
  const start = columns.reduce((least, { offset }) => Math.min(least, offset), Number.POSITIVE_INFINITY)
  const end = columns.reduce((most, { offset, bytes }) => Math.max(most, offset + bytes), 0)
  const all = new Uint8Array(end - start)
  const { bytesRead } = await file.read(all, 0, all.length, start)
  if (bytesRead < all.length) throw new RangeError('the file ends too early')
  return columns.map(({ offset, bytes }) => all.subarray(offset - start, offset - start + bytes))
}

function partOf(
  { rows, columns }: RowGroup,
  bytes: readonly Uint8Array[],
  ids: Float64Array,
  range: RowRange,
): Part | undefined {
  const read = (place: number, from: number, to: number): Float64Array =>
    columnValues(bytes[place]!, columns[place]!, from, to)
  const { least, most } = columns[0]!
  const point = least !== undefined && least === most ? undefined : read(0, 0, rows)
  const timeMs = read(1, 0, rows)
  const spans = point ? spansWithin(point, timeMs, ids, range) : spansOfOne(timeMs, range)
  const [first, last] = [spans[0], spans.at(-1)]
  if (!first || !last) return undefined
  const count = spans.reduce((sum, { from, to }) => sum + to - from, 0)
  return {
    count,
    column(place) {
      if (place === 0) return point ? taken(point, spans, 0, count) : new Float64Array(count).fill(least!)
      if (place === 1) return taken(timeMs, spans, 0, count)
      return taken(read(place, first.from, last.to), spans, first.from, count)
    },
  }
}

/** Values at some spans. @param before rows of the group before the first value */
function taken(values: Float64Array, spans: readonly Span[], before: number, count: number): Float64Array {
  const [only] = spans
  if (only && spans.length === 1) return values.subarray(only.from - before, only.to - before)
  const found = new Float64Array(count)
  let at = 0
  for (const { from, to } of spans) {
    found.set(values.subarray(from - before, to - before), at)
    at += to - from
  }
  return found
}

function rowsOf({ count, column }: Part): Rows {
  const [id, eventMs, source, value, quality, delayS] = columnNames.rows.map((_, place) =>
    column(place),
  ) as unknown as Six
  const receivedMs = new Float64Array(count)
  for (let row = 0; row < count; row += 1) receivedMs[row] = eventMs[row]! + delayS[row]! * 1000
  return {
    count,
    point: new Int32Array(id),
    eventMs,
    source: new Int32Array(source),
    value,
    quality: new Uint8Array(quality),
    receivedMs,
  }
}

type Column = Float64Array
type Six = readonly [Column, Column, Column, Column, Column, Column]

function quartersOf({ count: length, column }: Part): QuarterColumns {
  const named = (name: (typeof columnNames.quarters)[number]): Float64Array =>
    column(columnNames.quarters.indexOf(name))
  let ends: QuarterEnds | undefined
  return {
    length,
    point: named('id'),
    startMs: named('start_ms'),
    count: named('count'),
    sum: named('sum'),
    min: named('min'),
    max: named('max'),
    first: named('first'),
    last: named('last'),
    quality: named('quality'),
    ends() {
      ends ??= { firstMs: named('first_ms'), lastMs: named('last_ms'), rise: named('rise') }
      return ends
    },
  }
}
