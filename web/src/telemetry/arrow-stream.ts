import { type FlatTable, follow, longAt, tableAt, textAt } from './flat-table.ts'
import { joinColumns, qualityCode, type SeriesAnswer, type SeriesColumns } from './series.ts'

/** What a message of the stream is: its headers in the order of the format. */
const headers = { schema: 1, dictionary: 2, batch: 3 } as const

interface Column {
  readonly name: string
  /** Number of its dictionary; undefined for a column without one. */
  readonly dictionary: number | undefined
}

/** Where a column lies in the body of a batch. */
interface Buffers {
  readonly length: number
  /** Bits: 1 where there is a value; undefined where all are. */
  readonly held: Uint8Array | undefined
  readonly dataAt: number
}

/**
 * Reads an Arrow IPC stream as `GET /api/v1/observations` writes it: record batches of `point`, `time`, `value` or a column of each
 * aggregate, `quality` and `unit`, names by dictionaries. Numbers stay in the memory that arrived.
 *
 * @throws an error where the bytes are no such stream
 * @see https://arrow.apache.org/docs/format/Columnar.html
 */
export function readArrowStream(bytes: ArrayBuffer): SeriesAnswer {
  const view = new DataView(bytes)
  const dictionaries = new Map<number, readonly string[]>()
  const found = new Map<string, SeriesColumns>()
  let columns: readonly Column[] = []
  for (let at = 0; at + 8 <= bytes.byteLength; ) {
    if (view.getUint32(at, true) !== 0xffffffff) throw new Error('The answer is no Arrow stream')
    const headSize = view.getInt32(at + 4, true)
    if (headSize === 0) break
    const message = tableAt(view, follow(view, at + 8))
    const bodyAt = at + 8 + headSize
    const kindAt = message.field(1)
    const kind = kindAt === 0 ? 0 : view.getUint8(kindAt)
    const header = tableAt(view, follow(view, message.field(2)))
    if (kind === headers.schema) columns = readSchema(view, header)
    else if (kind === headers.dictionary) {
      const idAt = header.field(0)
      const batch = tableAt(view, follow(view, header.field(1)))
      dictionaries.set(idAt === 0 ? 0 : longAt(view, idAt), readTexts(view, batch, bodyAt))
    } else if (kind === headers.batch) takeBatch({ view, bodyAt, columns, dictionaries }, header, found)
    const sizeAt = message.field(3)
    at = bodyAt + (sizeAt === 0 ? 0 : longAt(view, sizeAt))
  }
  return Object.fromEntries(found)
}

function readSchema(view: DataView, schema: FlatTable): readonly Column[] {
  const list = follow(view, schema.field(1))
  return Array.from({ length: view.getUint32(list, true) }, (_, index) => {
    const field = tableAt(view, follow(view, list + 4 + 4 * index))
    const dictionaryAt = field.field(4)
    if (dictionaryAt === 0) return { name: textAt(view, follow(view, field.field(0))), dictionary: undefined }
    const idAt = tableAt(view, follow(view, dictionaryAt)).field(0)
    return { name: textAt(view, follow(view, field.field(0))), dictionary: idAt === 0 ? 0 : longAt(view, idAt) }
  })
}

/** The columns of a batch that have `buffersEach` buffers, of which the first says what is held. */
function buffersOf(view: DataView, batch: FlatTable, bodyAt: number, buffersEach = 2): readonly Buffers[] {
  const nodes = follow(view, batch.field(1))
  const buffers = follow(view, batch.field(2))
  return Array.from({ length: view.getUint32(nodes, true) }, (_, index) => {
    const node = nodes + 4 + 16 * index
    const own = buffers + 4 + 16 * buffersEach * index
    const missing = longAt(view, node + 8)
    const heldAt = bodyAt + longAt(view, own)
    return {
      length: longAt(view, node),
      held: missing === 0 ? undefined : new Uint8Array(view.buffer, heldAt, longAt(view, own + 8)),
      dataAt: bodyAt + longAt(view, own + 16),
    }
  })
}

/** The texts of a dictionary: offsets, then letters. */
function readTexts(view: DataView, batch: FlatTable, bodyAt: number): readonly string[] {
  const buffers = follow(view, batch.field(2))
  const [column] = buffersOf(view, batch, bodyAt, 3)
  if (!column) return []
  const lettersAt = bodyAt + longAt(view, buffers + 4 + 32)
  const decoder = new TextDecoder()
  return Array.from({ length: column.length }, (_, index) => {
    const from = view.getInt32(column.dataAt + 4 * index, true)
    const to = view.getInt32(column.dataAt + 4 * index + 4, true)
    return decoder.decode(new Uint8Array(view.buffer, lettersAt + from, to - from))
  })
}

interface Parts {
  readonly view: DataView
  readonly bodyAt: number
  readonly columns: readonly Column[]
  readonly dictionaries: ReadonlyMap<number, readonly string[]>
}

/** Adds the rows of a record batch, in which a point has one stretch, to what was found before. */
function takeBatch(parts: Parts, batch: FlatTable, found: Map<string, SeriesColumns>): void {
  const { view, bodyAt, columns, dictionaries } = parts
  const buffers = new Map(buffersOf(view, batch, bodyAt).map((own, index) => [columns[index]?.name ?? '', own]))
  const words = (name: string): readonly string[] =>
    dictionaries.get(columns.find((own) => own.name === name)?.dictionary ?? -1) ?? []
  const indices = (name: string): Int32Array => {
    const own = buffers.get(name)
    if (!own) throw new Error(`The answer has no column ${name}`)
    return new Int32Array(view.buffer as ArrayBuffer, own.dataAt, own.length)
  }
  const numbers = (name: string): Float64Array | undefined => {
    const own = buffers.get(name)
    if (!own) return undefined
    const data = new Float64Array(view.buffer as ArrayBuffer, own.dataAt, own.length)
    if (own.held)
      for (let row = 0; row < data.length; row += 1)
        if (((own.held[row >> 3]! >> (row & 7)) & 1) === 0) data[row] = Number.NaN
    return data
  }
  const points = indices('point')
  const codes = words('quality').map(qualityCode)
  const told = indices('quality')
  const quality = Uint8Array.from(told, (index) => codes[index] ?? 3)
  const time = buffers.get('time')
  const values = numbers('value') ?? numbers('mean')
  if (!time || !values) throw new Error('The answer has no times or no values')
  const ticks = new BigInt64Array(view.buffer as ArrayBuffer, time.dataAt, time.length)
  const timestampsMs = Float64Array.from(ticks, Number)
  const [lows, highs] = [numbers('min'), numbers('max')]
  const units = indices('unit')
  for (let from = 0; from < points.length; ) {
    let to = from + 1
    while (to < points.length && points[to] === points[from]) to += 1
    const name = words('point')[points[from]!] ?? ''
    const own: SeriesColumns = {
      unit: words('unit')[units[from]!] ?? '1',
      timestampsMs: timestampsMs.subarray(from, to),
      values: values.subarray(from, to),
      quality: quality.subarray(from, to),
      ...(lows && highs ? { lows: lows.subarray(from, to), highs: highs.subarray(from, to) } : {}),
    }
    const before = found.get(name)
    found.set(name, before ? joinColumns(before, own) : own)
    from = to
  }
}
