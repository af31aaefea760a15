import { setImmediate as nextTurn } from 'node:timers/promises'
import { qualityNames } from '../../kernel/index.ts'
import type { AnswerPoint, AnswerPoints } from './answer-columns.ts'

/** Rows of one record batch: a few milliseconds of work. */
const rowsABatch = 8192

/** A part of a point's rows. */
interface Slice {
  readonly point: AnswerPoint
  /** Place among the points. */
  readonly place: number
  readonly from: number
  readonly to: number
}

/**
 * An Arrow IPC stream of several record batches, in pieces: `point` (dictionary), `time` (timestamp[ms, UTC]), `value` or a column
 * of each aggregate (float64, null = missing), `quality` and `unit` (dictionaries), as the gateway’s `writeArrow` has it for
 * values in one batch.
 *
 * @see https://arrow.apache.org/docs/format/Columnar.html
 */
export async function* arrowSlices(points: AnswerPoints): AsyncGenerator<Uint8Array> {
  // Loaded when it is needed: it would take part of the start of every process.
  const arrow = await import('apache-arrow')
  const names = [...points.keys()]
  const all = [...points.values()]
  const units = [...new Set(all.map(({ unit }) => unit))]
  const aggregates = [...(all[0]?.aggregates?.keys() ?? [])]
  const words = (list: readonly string[]) => arrow.vectorFromArray([...list], new arrow.Utf8())
  const dictionaries = { point: words(names), quality: words(qualityNames), unit: words(units) }
  const dictionaryType = (id: number) => new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32(), id, false)
  const types = { point: dictionaryType(1), quality: dictionaryType(2), unit: dictionaryType(3) }
  const time = new arrow.Timestamp(arrow.TimeUnit.MILLISECOND, 'UTC')
  const valueNames: readonly string[] = aggregates.length > 0 ? aggregates : ['value']
  const fields = [
    new arrow.Field('point', types.point, false),
    new arrow.Field('time', time, false),
    ...valueNames.map((name) => new arrow.Field(name, new arrow.Float64(), true)),
    new arrow.Field('quality', types.quality, false),
    new arrow.Field('unit', types.unit, false),
  ]
  const schema = new arrow.Schema(fields)
  const writer = new arrow.RecordBatchStreamWriter()

  const batchOf = (slices: readonly Slice[]) => {
    const length = slices.reduce((sum, { from, to }) => sum + to - from, 0)
    const column = <T extends Int32Array | Float64Array | BigInt64Array>(
      into: T,
      cellOf: (slice: Slice, row: number) => T[number],
    ): T => {
      let at = 0
      for (const slice of slices)
        for (let row = slice.from; row < slice.to; row += 1, at += 1) into[at] = cellOf(slice, row)
      return into
    }
    const indices = (name: keyof typeof types, cellOf: (slice: Slice, row: number) => number) =>
      arrow.makeData({
        type: types[name],
        length,
        nullCount: 0,
        data: column(new Int32Array(length), cellOf),
        dictionary: dictionaries[name],
      })
    const numbers = (columnOf: (point: AnswerPoint) => ArrayLike<number>) => {
      const data = column(new Float64Array(length), ({ point }, row) => columnOf(point)[row]!)
      const nullBitmap = new Uint8Array(Math.ceil(length / 8))
      let nullCount = 0
      for (let at = 0; at < length; at += 1) {
        if (Number.isNaN(data[at])) nullCount += 1
        else nullBitmap[at >> 3]! |= 1 << (at & 7)
      }
      return arrow.makeData({ type: new arrow.Float64(), length, nullCount, nullBitmap, data })
    }
    const children = [
      indices('point', ({ place }) => place),
      arrow.makeData({
        type: time,
        length,
        nullCount: 0,
        data: column(new BigInt64Array(length), ({ point }, row) => BigInt(point.timestampsMs[row]!)),
      }),
      ...(aggregates.length > 0
        ? aggregates.map((name) => numbers((point) => point.aggregates!.get(name)!))
        : [numbers((point) => point.values)]),
      indices('quality', ({ point }, row) => point.quality[row]!),
      indices('unit', ({ point }) => units.indexOf(point.unit)),
    ]
    const type = new arrow.Struct(fields)
    const struct = arrow.makeData({ type, length, nullCount: 0, children: children as never })
    return new arrow.RecordBatch(schema, struct as never)
  }
  /** Writes batch after batch; what is written waits in the writer until it is read below. */
  const write = async (): Promise<void> => {
    for (const slices of slicesOf(all)) {
      writer.write(batchOf(slices))
      await nextTurn()
    }
    writer.finish()
  }
  const written = write().catch((error: unknown) => {
    writer.abort(error)
  })
  for await (const chunk of writer) yield chunk
  await written
}

/** Rows of all points in groups of {@link rowsABatch}; one empty group where there are none, so that the schema is told. */
function* slicesOf(points: readonly AnswerPoint[]): Generator<readonly Slice[]> {
  let group: Slice[] = []
  let room = rowsABatch
  let any = false
  for (const [place, point] of points.entries()) {
    for (let from = 0; from < point.timestampsMs.length; ) {
      const to = Math.min(point.timestampsMs.length, from + room)
      group.push({ point, place, from, to })
      room -= to - from
      from = to
      if (room > 0) continue
      yield group
      any = true
      group = []
      room = rowsABatch
    }
  }
  if (group.length > 0 || !any) yield group
}
