import { zstdDecompressSync } from 'node:zlib'
import { type CompactValue, readCompactStruct } from './compact-struct.ts'
import { type ColumnChunk, columnType, encoding } from './footer.ts'
import { paddingBytes, readDeltas, readRuns, repeatsOne } from './packed-numbers.ts'

/**
 * Values of rows `from` to `to` of a column, NaN where it has none. Pages of dictionaries, differences, split streams and plain
 * numbers are read, which is what the store writes.
 *
 * @param bytes of the chunk
 * @throws RangeError for pages that the footer did not tell of
 * @see https://parquet.apache.org/docs/file-format/data-pages/
 */
export function columnValues(bytes: Uint8Array, chunk: ColumnChunk, from: number, to: number): Float64Array {
  if (chunk.least !== undefined && chunk.least === chunk.most) return new Float64Array(to - from).fill(chunk.least)
  let values: Float64Array | undefined
  let dictionary: Float64Array | undefined
  for (let at = 0, row = 0; row < to; ) {
    const { fields: head, end } = readCompactStruct(bytes, at)
    const [type, unpackedBytes, packedBytes] = [Number(head[1]), Number(head[2]), Number(head[3])]
    at = end + packedBytes
    const page = (): Uint8Array => unpacked(bytes.subarray(end, at), unpackedBytes, chunk.compressed)
    if (type === dictionaryPage) {
      const count = Number(fieldsOf(head[7])[1])
      dictionary = plainNumbers(page(), 0, chunk.type, 0, count)
    } else if (type === dataPage) {
      const about = fieldsOf(head[5])
      const rows = Number(about[1])
      const span = { from: Math.max(from - row, 0), to: Math.min(to - row, rows) }
      if (span.to > span.from) {
        const read = pageValues(page(), { rows, encoding: Number(about[2]), type: chunk.type, dictionary }, span)
        // Mostly one page holds all of them.
        if (read.length === to - from) return read
        values ??= new Float64Array(to - from)
        values.set(read, row + span.from - from)
      }
      row += rows
    } else throw new RangeError(`a page of type ${type}`)
  }
  return values ?? new Float64Array(to - from)
}

const [dataPage, dictionaryPage] = [0, 2]

const fieldsOf = (value: CompactValue): readonly CompactValue[] => (Array.isArray(value) ? value : [])

/** Pages are unpacked into it one after another; values are copied out before the next. */
let scratch = new Uint8Array(1 << 18)

function unpacked(bytes: Uint8Array, size: number, compressed: boolean): Uint8Array {
  if (scratch.length < size + paddingBytes) scratch = new Uint8Array(size + paddingBytes)
  scratch.set(compressed ? zstdDecompressSync(bytes, { chunkSize: Math.max(size, 64) }) : bytes)
  return scratch
}

interface Page {
  readonly rows: number
  readonly encoding: number
  readonly type: number
  readonly dictionary: Float64Array | undefined
}

interface Span {
  readonly from: number
  readonly to: number
}

function pageValues(page: Uint8Array, about: Page, span: Span): Float64Array {
  const start = 4 + new DataView(page.buffer).getUint32(0, true)
  if (repeatsOne(page, 4, about.rows)) return packedValues(page, start, about, { ...span, count: about.rows })
  const present = readRuns(page, 4, { width: 1, from: 0, to: about.rows })
  // Of what is missing nothing is written: rows are counted by those that are there.
  let [before, among, after] = [0, 0, 0]
  for (let row = 0; row < about.rows; row += 1) {
    if (row < span.from) before += present[row]!
    else if (row < span.to) among += present[row]!
    else after += present[row]!
  }
  const there = { from: before, to: before + among, count: before + among + after }
  const read = among === 0 ? new Float64Array() : packedValues(page, start, about, there)
  const values = new Float64Array(span.to - span.from).fill(Number.NaN)
  for (let row = span.from, at = 0; row < span.to; row += 1) {
    if (present[row] !== 1) continue
    values[row - span.from] = read[at]!
    at += 1
  }
  return values
}

/** @param count of values in the page */
function packedValues(
  page: Uint8Array,
  start: number,
  { encoding: kind, type, dictionary }: Page,
  { from, to, count }: Span & { readonly count: number },
): Float64Array {
  if (kind === encoding.delta) return readDeltas(page, start, from, to)
  if (kind === encoding.byteStreams && type === columnType.double) return splitDoubles(page, start, { from, to, count })
  if (kind === encoding.plain) return plainNumbers(page, start, type, from, to)
  if (kind !== encoding.dictionary || !dictionary) throw new RangeError(`a page in encoding ${kind}`)
  const numbers = readRuns(page, start + 1, { width: page[start]!, from, to })
  const values = new Float64Array(numbers.length)
  for (let row = 0; row < numbers.length; row += 1) values[row] = dictionary[numbers[row]!]!
  return values
}

/** Doubles of which all first bytes stand together, then all second ones (BYTE_STREAM_SPLIT). */
function splitDoubles(
  page: Uint8Array,
  start: number,
  { from, to, count }: Span & { readonly count: number },
): Float64Array {
  const values = new Float64Array(to - from)
  const bytes = new Uint8Array(values.buffer)
  for (let place = 0; place < 8; place += 1) {
    const stream = start + place * count
    for (let row = from, at = place; row < to; row += 1, at += 8) bytes[at] = page[stream + row]!
  }
  return values
}

function plainNumbers(page: Uint8Array, start: number, type: number, from: number, to: number): Float64Array {
  const values = new Float64Array(to - from)
  const view = new DataView(page.buffer, start)
  for (let row = from; row < to; row += 1) {
    values[row - from] =
      type === columnType.int32
        ? view.getInt32(row * 4, true)
        : type === columnType.double
          ? view.getFloat64(row * 8, true)
          : view.getInt32(row * 8 + 4, true) * 2 ** 32 + view.getUint32(row * 8, true)
  }
  return values
}
