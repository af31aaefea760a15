import protobuf from 'protobufjs/minimal.js'
import { type Problem, quality } from '../../kernel/index.ts'
import { gatewayErrors } from '../errors.ts'
import { type BatchBuilder, createBatchBuilder, tooMany } from './batch-builder.ts'
import type { BodyMemory } from './body-memory.ts'
import { createByteDictionary } from './byte-dictionary.ts'
import { utf8 } from './byte-text.ts'
import type { ObservationParser, ParseContext, ParsedObservations } from './observation-format.ts'
import { numberProblem } from './read-number.ts'
import { isPlausible, timeProblem } from './read-time.ts'
import { createLabelledSeries, type Label, type LabelledSeries, notUtf8, refusedSeries } from './remote-write-labels.ts'

type Reader = protobuf.Reader

/** A field's number and wire type as protobuf writes them. */
const tag = (field: number, wire: 0 | 1 | 2): number => field * 8 + wire
/** Bytes of a usual series with one sample, for the first size of the columns. */
const usualSeriesBytes = 100

/** Where the two versions differ. Both have samples as field 2 of a series, histograms as field 4 or 3. */
interface Version {
  readonly series: number
  readonly histograms: number
  readonly labels: (reader: Reader, symbols: readonly string[]) => readonly Label[]
  /** Indices into a table of symbols; without one, the bytes of labels say the same in every body. */
  readonly symbols?: readonly string[]
}

/**
 * Prometheus remote write 1.0, decompressed: `prometheus.WriteRequest`. The point of a series is its label `point`, or
 * `<asset>.<__name__>` where it has a label `asset`. The staleness marker is a missing value; any other NaN is refused.
 * Metadata and exemplars are no observations; native histograms are refused.
 *
 * @throws `gateway.bad-body`
 * @see https://prometheus.io/docs/specs/prw/remote_write_spec/
 */
export const parseRemoteWrite: ObservationParser = (bytes, context, memory) =>
  parseRequest(bytes, context, memory, { series: 1, histograms: 4, labels: readLabel })

/**
 * Remote write 2.0, decompressed: `io.prometheus.write.v2.Request`, whose labels are indices into a table of symbols.
 *
 * @throws `gateway.bad-body`
 * @see https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/
 */
export const parseRemoteWrite2: ObservationParser = (bytes, context, memory) => {
  const symbols = readSymbols(bytes, context)
  return parseRequest(bytes, context, memory, { series: 5, histograms: 3, labels: readReferences, symbols })
}

function parseRequest(
  bytes: Uint8Array,
  context: ParseContext,
  memory: BodyMemory,
  version: Version,
): ParsedObservations {
  const builder = createBatchBuilder(context, memory, bytes.length / usualSeriesBytes)
  return guarded(() => {
    const reader = new protobuf.Reader(bytes)
    const series = seriesReader(reader, builder, context, memory, version)
    for (let index = 0; reader.pos < reader.len; ) {
      const found = reader.uint32()
      if (found !== tag(version.series, 2)) reader.skipType(found & 7)
      else {
        const end = endOf(reader)
        series(end, index)
        index += 1
      }
    }
    return builder.finish()
  })
}

const createKnownLabels = () => ({ dictionary: createByteDictionary(), known: [] as LabelledSeries[] })

/** Reads one series after the other; the reader stands at its beginning. */
function seriesReader(
  reader: Reader,
  builder: BatchBuilder,
  context: ParseContext,
  memory: BodyMemory,
  version: Version,
): (end: number, index: number) => void {
  const bytes = reader.buf as Buffer
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const most = 2 * context.limits.maxSeries
  const { site, source, ignoredTags = [] } = context
  const { dictionary, known } = version.symbols
    ? createKnownLabels()
    : memory.own(JSON.stringify(['remote write', site, source, ...ignoredTags]), createKnownLabels)
  const mostLabels = known.length + most
  const find = createLabelledSeries(memory, context)

  const readLabels = (start: number, end: number): LabelledSeries => {
    const back = reader.pos
    reader.pos = start
    const labels: Label[] = []
    while (reader.pos < end) {
      const found = reader.uint32()
      if (found >>> 3 === 1) labels.push(...version.labels(reader, version.symbols ?? []))
      else reader.skipType(found & 7)
    }
    reader.pos = back
    return find(labels)
  }
  const seriesOf = (start: number, end: number): LabelledSeries => {
    const id = dictionary.idOf(bytes, start, end, mostLabels)
    if (id < 0) return refusedSeries(tooMany('sets of labels', most))
    if (id === known.length) {
      known.push(readLabels(start, end))
      memory.grow(1)
    }
    return known[id]!
  }

  return (end, index) => {
    const start = reader.pos
    // Labels come first and together in what all writers send: their bytes are the key of the series.
    while (reader.pos < end && bytes[reader.pos] === tag(1, 2)) {
      reader.pos += 1
      reader.skip(reader.uint32())
    }
    const labelsEnd = reader.pos
    let series: LabelledSeries | undefined
    for (let sample = 0; reader.pos < end; ) {
      const found = reader.uint32()
      if (found === tag(2, 2)) {
        const sampleEnd = endOf(reader)
        // Labels in an unusual place are looked for in the whole series.
        series ??= seriesOf(start, labelsEnd > start ? labelsEnd : end)
        const problem = addSample(reader, view, sampleEnd, series, builder)
        if (problem) refuseAt(`timeseries[${index}].samples[${sample}]`, problem, builder)
        reader.pos = sampleEnd
        sample += 1
      } else {
        if (found === tag(version.histograms, 2)) refuseAt(`timeseries[${index}]`, histogram, builder)
        if (found === tag(1, 2) && labelsEnd > start) throw new RangeError('The labels of a series are not together')
        reader.skipType(found & 7)
      }
    }
    if (reader.pos !== end) throw new RangeError('A series is longer than it says')
  }
}

/** Staleness marker of Prometheus, as the halves of its bits (prometheus/model/value: StaleNaN). */
const staleHigh = 0x7ff00000
const staleLow = 0x00000002

function addSample(
  reader: Reader,
  view: DataView,
  end: number,
  series: LabelledSeries,
  builder: BatchBuilder,
): Problem | undefined {
  // Protobuf leaves out what is 0.
  let value = 0
  let timestampMs = 0
  let isStale = false
  while (reader.pos < end) {
    const found = reader.uint32()
    if (found === tag(1, 1) && reader.pos + 8 <= end) {
      value = view.getFloat64(reader.pos, true)
      isStale =
        Number.isNaN(value) &&
        view.getUint32(reader.pos + 4, true) === staleHigh &&
        view.getUint32(reader.pos, true) === staleLow
      reader.pos += 8
    } else if (found === tag(2, 0)) timestampMs = readInt64(reader)
    else reader.skipType(found & 7)
  }
  if (series.problem) return series.problem
  if (!isPlausible(timestampMs)) return timeProblem(timestampMs)
  if (!isStale && !Number.isFinite(value)) return numberProblem(value)
  const code = isStale ? quality.missing : (series.quality ?? quality.good)
  const at = builder.seriesAt(series.series)
  if (typeof at !== 'number') return at
  const source = builder.sourceAt(series.source)
  return typeof source === 'number' ? builder.add(at, source, timestampMs, value, code) : source
}

// A function of its own: a variable that a closure holds is slow for all samples.
function refuseAt(path: string, problem: Problem, builder: BatchBuilder): void {
  builder.refuse(() => ({ ...problem, place: { path } }))
}

/** A signed varint of 64 bits as a double, exact up to 2^53. */
function readInt64(reader: Reader): number {
  const bytes = reader.buf
  const start = reader.pos
  let value = 0
  let worth = 1
  for (let index = 0; index < 10; index += 1) {
    if (reader.pos >= reader.len) break
    const code = bytes[reader.pos]!
    reader.pos += 1
    value += (code & 0x7f) * worth
    if (code < 0x80) return index === 9 ? readNegative(bytes.subarray(start, reader.pos)) : value
    worth *= 128
  }
  throw new RangeError('A varint does not end')
}

/** Ten bytes are a negative number, or too large a one. */
function readNegative(varint: Uint8Array): number {
  const bits = varint.reduce((sum, code, index) => sum | (BigInt(code & 0x7f) << BigInt(7 * index)), 0n)
  return Number(BigInt.asIntN(64, bits))
}

function readLabel(reader: Reader): readonly Label[] {
  const end = endOf(reader)
  let name: string | undefined = ''
  let value: string | undefined = ''
  while (reader.pos < end) {
    const found = reader.uint32()
    if (found === tag(1, 2)) name = utf8(reader.bytes())
    else if (found === tag(2, 2)) value = utf8(reader.bytes())
    else reader.skipType(found & 7)
  }
  return [{ name: name ?? notUtf8, value: value ?? notUtf8 }]
}

function readReferences(reader: Reader, symbols: readonly string[]): readonly Label[] {
  const end = endOf(reader)
  const labels: Label[] = []
  while (reader.pos < end) {
    const name = symbols[reader.uint32()]
    const value = symbols[reader.uint32()]
    if (name === undefined || value === undefined) throw new RangeError('A label refers to no symbol')
    labels.push({ name, value })
  }
  return labels
}

function readSymbols(bytes: Uint8Array, { limits }: ParseContext): readonly string[] {
  return guarded(() => {
    const symbols: string[] = []
    const reader = new protobuf.Reader(bytes)
    while (reader.pos < reader.len) {
      const found = reader.uint32()
      if (found !== tag(4, 2)) reader.skipType(found & 7)
      else if (symbols.length >= 4 * limits.maxSeries) throw new RangeError('There are too many symbols')
      else symbols.push(utf8(reader.bytes()) ?? notUtf8)
    }
    return symbols
  })
}

/** End of the part of known length that begins here. */
function endOf(reader: Reader): number {
  const length = reader.uint32()
  if (reader.pos + length > reader.len) throw new RangeError('A part is longer than the body')
  return reader.pos + length
}

function guarded<Result>(read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'MangroveError') throw error
    throw gatewayErrors.badBody(
      { detail: 'The body is no remote write request', found: error.message, expected: 'protobuf of remote write' },
      { cause: error },
    )
  }
}

const histogram: Problem = gatewayErrors.notANumber.problem({
  detail: 'A native histogram is no number',
  found: 'a histogram',
  expected: 'samples; leave native histograms out of the remote write',
})
