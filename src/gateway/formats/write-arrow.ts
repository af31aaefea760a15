import { qualityNames } from '../../kernel/index.ts'
import type { WrittenRange, WrittenRanges } from './written-ranges.ts'

/** The media type of an Arrow IPC stream (IANA). */
export const arrowMediaType = 'application/vnd.apache.arrow.stream'

/**
 * One record batch as an Arrow IPC stream: `point` (dictionary), `time` (timestamp[ms, UTC]), `value` (float64, null =
 * missing), `quality` (dictionary) and `unit` (dictionary).
 *
 * @see https://arrow.apache.org/docs/format/Columnar.html
 */
export async function writeArrow(ranges: WrittenRanges): Promise<Uint8Array> {
  // Loaded when it is needed: it would take part of the start of every process.
  const arrow = await import('apache-arrow')
  const points = Object.keys(ranges)
  const units = [...new Set(Object.values(ranges).map(({ unit }) => unit))]
  const { pointOf, unitOf, qualityOf, timeWords, values, validity, missingCount, count } = readColumns(ranges, units)

  const dictionary = (id: number, indices: Int32Array, words: readonly string[]) => {
    const type = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32(), id, false)
    const vector = arrow.vectorFromArray([...words], new arrow.Utf8())
    return arrow.makeData({ type, length: indices.length, nullCount: 0, data: indices, dictionary: vector })
  }
  const columns = {
    point: dictionary(1, pointOf, points),
    time: arrow.makeData({
      type: new arrow.Timestamp(arrow.TimeUnit.MILLISECOND, 'UTC'),
      length: count,
      nullCount: 0,
      data: new BigInt64Array(timeWords.buffer),
    }),
    value: arrow.makeData({
      type: new arrow.Float64(),
      length: count,
      nullCount: missingCount,
      nullBitmap: validity,
      data: values,
    }),
    quality: dictionary(2, qualityOf, qualityNames),
    unit: dictionary(3, unitOf, units),
  }
  const fields = Object.entries(columns).map(([name, { type }]) => new arrow.Field(name, type, name === 'value'))
  const schema = new arrow.Schema(fields)
  const struct = arrow.makeData({
    type: new arrow.Struct(fields),
    length: count,
    nullCount: 0,
    children: Object.values(columns) as never,
  })
  const table = new arrow.Table(schema, [new arrow.RecordBatch(schema, struct as never)])
  return arrow.tableToIPC(table, 'stream')
}

const twoTo32 = 2 ** 32

function readColumns(ranges: WrittenRanges, units: readonly string[]) {
  const all: readonly WrittenRange[] = Object.values(ranges)
  const count = all.reduce((sum, { timestampsMs }) => sum + timestampsMs.length, 0)
  const pointOf = new Int32Array(count)
  const unitOf = new Int32Array(count)
  const qualityOf = new Int32Array(count)
  /** Low and high half of each 64-bit integer: a BigInt a row would take many times as long. */
  const timeWords = new Int32Array(2 * count)
  const values = new Float64Array(count)
  const validity = new Uint8Array(Math.ceil(count / 8))
  let missingCount = 0
  let at = 0
  all.forEach(({ unit, timestampsMs, values: own, quality }, point) => {
    const length = timestampsMs.length
    pointOf.fill(point, at, at + length)
    unitOf.fill(units.indexOf(unit), at, at + length)
    for (let row = 0; row < length; row += 1, at += 1) {
      const ms = timestampsMs[row]!
      const high = Math.floor(ms / twoTo32)
      timeWords[2 * at] = (ms - high * twoTo32) | 0
      timeWords[2 * at + 1] = high
      qualityOf[at] = quality[row]!
      const value = own[row]!
      if (Number.isNaN(value)) missingCount += 1
      else {
        values[at] = value
        validity[at >> 3]! |= 1 << (at & 7)
      }
    }
  })
  return { count, pointOf, unitOf, qualityOf, timeWords, values, validity, missingCount }
}
