import { type CompactValue, readCompactStruct } from './compact-struct.ts'

/** Types of columns as Parquet numbers them. */
export const columnType = { int32: 1, int64: 2, double: 5 } as const

/** Encodings of pages as Parquet numbers them. */
export const encoding = { plain: 0, delta: 5, dictionary: 8, byteStreams: 9 } as const

/** A column of a group of rows. */
export interface ColumnChunk {
  /** One of {@link columnType}. */
  readonly type: number
  readonly compressed: boolean
  /** Place in the file of its first page. */
  readonly offset: number
  readonly bytes: number
  /** Of whole numbers without a gap: the least of them, and the greatest. */
  readonly least?: number
  readonly most?: number
}

export interface RowGroup {
  readonly rows: number
  /** In the order of the names asked for. */
  readonly columns: readonly ColumnChunk[]
}

/** Bytes at the end of a file: length of the footer, and a word. */
export const tailBytes = 8

/** Length of the footer before the last eight bytes; undefined for what is no Parquet. */
export function footerBytes(tail: Uint8Array): number | undefined {
  const word = String.fromCharCode(...tail.subarray(4, tailBytes))
  return word === 'PAR1' ? new DataView(tail.buffer, tail.byteOffset).getUint32(0, true) : undefined
}

/**
 * The groups of rows that a footer tells of, as far as some columns go.
 *
 * @returns undefined where a column is not there, or is written in a way that is not read here
 * @see https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
 */
export function readFooter(footer: Uint8Array, names: readonly string[]): readonly RowGroup[] | undefined {
  const { fields } = readCompactStruct(footer, 0)
  const [root, ...schema] = listOf(fields[2]).map(listOf)
  // A flat list: no column stands within another.
  if (!root || root[5] !== schema.length) return undefined
  const places = names.map((name) => schema.findIndex((column) => textOf(column[4]) === name))
  if (places.some((place) => place < 0 || listOf(schema[place])[3] !== optional)) return undefined
  const groups: RowGroup[] = []
  for (const group of listOf(fields[4])) {
    const [chunks, rows] = [listOf(listOf(group)[1]), Number(listOf(group)[3])]
    const columns = places.map((place) => readChunk(listOf(listOf(chunks[place])[3]), rows))
    if (columns.some((column) => column === undefined)) return undefined
    groups.push({ rows, columns: columns as readonly ColumnChunk[] })
  }
  return groups
}

const optional = 1
const [plainCodec, zstdCodec] = [0, 6]
const knownEncodings: ReadonlySet<unknown> = new Set(Object.values(encoding))
const knownTypes: ReadonlySet<unknown> = new Set(Object.values(columnType))

function readChunk(meta: readonly CompactValue[], rows: number): ColumnChunk | undefined {
  const [type, codec] = [Number(meta[1]), meta[4]]
  const known =
    knownTypes.has(type) &&
    (codec === plainCodec || codec === zstdCodec) &&
    meta[5] === rows &&
    listOf(meta[2]).every((one) => knownEncodings.has(one))
  if (!known) return undefined
  const chunk = {
    type,
    compressed: codec === zstdCodec,
    offset: Number(meta[11] ?? meta[9]),
    bytes: Number(meta[7]),
  }
  const statistics = listOf(meta[12])
  const [least, most] = [wholeNumber(type, statistics[6]), wholeNumber(type, statistics[5])]
  // With a gap, or where none is told of, not every row is known to lie between.
  return statistics[3] !== 0 || least === undefined || most === undefined ? chunk : { ...chunk, least, most }
}

function wholeNumber(type: number, bytes: CompactValue): number | undefined {
  if (!(bytes instanceof Uint8Array)) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (type === columnType.int32 && bytes.length === 4) return view.getInt32(0, true)
  if (type !== columnType.int64 || bytes.length !== 8) return undefined
  return view.getInt32(4, true) * 2 ** 32 + view.getUint32(0, true)
}

const listOf = (value: CompactValue): readonly CompactValue[] => (Array.isArray(value) ? value : [])
const textOf = (value: CompactValue): string => (value instanceof Uint8Array ? String.fromCharCode(...value) : '')
