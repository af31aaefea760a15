import type { Problem } from '../../kernel/index.ts'
import { earliestMs, latestMs } from '../../kernel/index.ts'
import { gatewayErrors } from '../errors.ts'
import { type BatchBuilder, createBatchBuilder } from './batch-builder.ts'
import type { BodyMemory } from './body-memory.ts'
import { byte, excerpt, guessLines, latin1, textStart } from './byte-text.ts'
import { createHeads, type Head } from './line-protocol-head.ts'
import type { ObservationParser, ParseContext } from './observation-format.ts'
import { usualQuality } from './quality-word.ts'
import { numberProblem, readNumber, readShortDecimal } from './read-number.ts'

/**
 * InfluxDB line protocol: `battery,site=liyang-park soc=0.5,powerKw=120i 1783310400000000000`.
 *
 * Each field is an observation. Its point is `<asset>.<field>`; the asset is the tag `asset`, or the measurement where
 * there is no such tag. Beside a tag `asset` a field named `value` stands for the measurement:
 * `powerKw,asset=meter value=12` is `meter.powerKw`. Tags `site`, `source`, `unit` and `quality` are understood;
 * carriers (`host` …) are left out; a line with any other tag is refused, for two series would become one. Integers,
 * unsigned integers and booleans are the same numbers as floats. Texts are refused. A line without a time has the time
 * of its arrival. Time is cut off to milliseconds.
 *
 * @see https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/
 */
export const parseLineProtocol: ObservationParser = (bytes, context, memory) => {
  const builder = createBatchBuilder(context, memory, guessLines(bytes))
  const reader = openReader(bytes, builder, context, memory)
  let at = textStart(bytes)
  let line = 1
  while (at < bytes.length) {
    const first = bytes[at]
    if (first === byte.lineFeed) line += 1
    if (first === byte.lineFeed || first === byte.space || first === byte.tab || first === byte.carriageReturn) {
      at += 1
      continue
    }
    if (first === byte.hash) at = lineEnd(bytes, at)
    else {
      const start = at
      at = reader.read(at, line)
      // Texts may go over line ends.
      if (reader.hasText())
        for (let index = start; index < at; index += 1) if (bytes[index] === byte.lineFeed) line += 1
    }
  }
  return builder.finish()
}

const lineEnd = (bytes: Buffer, at: number): number => {
  const end = bytes.indexOf(byte.lineFeed, at)
  return end < 0 ? bytes.length : end
}

interface LineReader {
  /** Reads the line that begins at `start`; returns where it ends. */
  read(start: number, line: number): number
  /** Whether the last line had a text in quotes. */
  hasText(): boolean
}

function openReader(bytes: Buffer, builder: BatchBuilder, context: ParseContext, memory: BodyMemory): LineReader {
  const heads = createHeads(bytes, memory, context)
  const readStamp = stampReader(bytes, context)
  const { length } = bytes
  /** Key start, key end, value start, value end of each field of the line. */
  let fields = new Int32Array(4 * 64)
  let hasText = false
  /** Whether a text has gone on to the end of the body: no later one can end. */
  let endless = false

  const refuseLine = (start: number, line: number, detail: string, at: number): number => {
    const end = lineEnd(bytes, at)
    builder.refuse(() =>
      gatewayErrors.badRow.problem({
        detail,
        place: { line },
        found: excerpt(bytes, start, end),
        expected: 'measurement[,tag=value…] field=value[,field=value…] [time]',
      }),
    )
    return end
  }

  /** Where the text that begins after the quote at `at` ends (its closing quote), or -1. */
  const textEnd = (at: number): number => {
    if (endless) return -1
    for (let index = at + 1; index < length; index += 1) {
      if (bytes[index] === byte.backslash) index += 1
      else if (bytes[index] === byte.quote) return index
    }
    endless = true
    return -1
  }

  return {
    hasText: () => hasText,
    read(start, line) {
      hasText = false
      let at = start
      let code = 0
      while (at < length) {
        code = bytes[at]!
        if ((code === byte.space && bytes[at - 1] !== byte.backslash) || code === byte.lineFeed) break
        at += 1
      }
      const headEnd = Math.min(at, length)
      if (code !== byte.space || at >= length) return refuseLine(start, line, 'The line has no fields', headEnd)
      while (bytes[at] === byte.space) at += 1

      let count = 0
      for (;;) {
        if (count + 4 > fields.length) fields = grown(fields)
        fields[count] = at
        while (at < length) {
          code = bytes[at]!
          const separates = code === byte.equals || code === byte.space || code === byte.comma
          if ((separates && bytes[at - 1] !== byte.backslash) || code === byte.lineFeed) break
          at += 1
        }
        if (at >= length || code !== byte.equals || at === fields[count]) {
          return refuseLine(start, line, 'A field has no name or no value', Math.min(at, length))
        }
        fields[count + 1] = at
        at += 1
        fields[count + 2] = at
        if (bytes[at] === byte.quote) {
          hasText = true
          const end = textEnd(at)
          if (end < 0) return refuseLine(start, line, 'A text does not end', at)
          at = end + 1
        } else {
          while (at < length) {
            code = bytes[at]!
            if (code === byte.comma || code === byte.space || code === byte.lineFeed) break
            at += 1
          }
        }
        fields[count + 3] = at
        count += 4
        if (at < length && bytes[at] === byte.comma) {
          at += 1
          continue
        }
        break
      }
      if (at < length && bytes[at] !== byte.space && bytes[at] !== byte.lineFeed && bytes[at] !== byte.carriageReturn) {
        return refuseLine(start, line, 'Something follows a text', at)
      }
      while (bytes[at] === byte.space) at += 1
      const stampStart = at
      while (at < length && bytes[at] !== byte.lineFeed) at += 1
      let stampEnd = at
      while (stampEnd > stampStart && bytes[stampEnd - 1]! <= byte.space) stampEnd -= 1
      // A carriage return before the line end belongs to no value.
      if (stampEnd === stampStart && bytes[fields[count - 1]! - 1] === byte.carriageReturn) fields[count - 1]! -= 1

      const head = heads.at(start, headEnd)
      const ms = stampStart === stampEnd ? context.receivedMs : readStamp(stampStart, stampEnd)
      if (Number.isNaN(ms)) refuseStamp(stampStart, stampEnd, line, count / 4)
      else for (let field = 0; field < count; field += 4) addField(field, head, ms, line)
      return at
    },
  }

  // What is refused is told by functions of its own: a variable that a closure holds is slow for all lines.
  function refuseStamp(start: number, end: number, line: number, rows: number): void {
    const found = latin1(bytes, start, Math.min(end, start + 40))
    builder.refuse(() => ({ ...stampProblem(found, context), place: { line } }), rows)
  }
  function refuseField(field: number, line: number, problem: Problem): void {
    const [keyStart, keyEnd, from, to] = fields.subarray(field, field + 4) as unknown as [
      number,
      number,
      number,
      number,
    ]
    builder.refuse(() => {
      const path = excerpt(bytes, keyStart, keyEnd)
      const told = problem === badValue ? numberProblem(excerpt(bytes, from, to)) : problem
      return { ...told, place: { line, path } }
    })
  }
  function addField(field: number, head: Head, ms: number, line: number): void {
    const value = readFieldValue(bytes, fields[field + 2]!, fields[field + 3]!)
    const problem = head.problem ?? (Number.isFinite(value) ? tryField(field, head, ms, value) : badValue)
    if (problem) refuseField(field, line, problem)
  }
  function tryField(field: number, head: Head, ms: number, value: number): Problem | undefined {
    const series = builder.seriesAt(heads.seriesOf(head, fields[field]!, fields[field + 1]!))
    if (typeof series !== 'number') return series
    const source = builder.sourceAt(head.source)
    if (typeof source !== 'number') return source
    return builder.add(series, source, ms, value, head.quality ?? usualQuality(value))
  }
}

/** Stands for the problem of a value, which is only told when it is asked for. */
const badValue: Problem = numberProblem('')

/** A float, an integer (`12i`), an unsigned integer (`12u`) or a boolean; NaN for all else, a text too. */
function readFieldValue(bytes: Buffer, start: number, end: number): number {
  const last = bytes[end - 1]!
  if (last >= byte.zero && last <= byte.nine) return readNumber(bytes, start, end)
  if (last === 0x69 || last === 0x75) return readInteger(bytes, start, end - 1, last === 0x69)
  if (end - start > 5) return readNumber(bytes, start, end)
  const word = latin1(bytes, start, end)
  if (/^(?:t|T|true|True|TRUE)$/.test(word)) return 1
  return /^(?:f|F|false|False|FALSE)$/.test(word) ? 0 : readNumber(bytes, start, end)
}

function readInteger(bytes: Buffer, start: number, end: number, signed: boolean): number {
  const short = readShortDecimal(bytes, start, end)
  let at = start + (signed && bytes[start] === byte.minus ? 1 : 0)
  while (at < end && bytes[at]! >= byte.zero && bytes[at]! <= byte.nine) at += 1
  if (at < end) return Number.NaN
  if (!Number.isNaN(short)) return short
  // Beyond 2^53 the nearest double.
  return end > start && end - start <= 20 ? Number(latin1(bytes, start, end)) : Number.NaN
}

const stampUnits = {
  ns: { dropped: 6, timesMs: 1, name: 'nanoseconds' },
  us: { dropped: 3, timesMs: 1, name: 'microseconds' },
  ms: { dropped: 0, timesMs: 1, name: 'milliseconds' },
  s: { dropped: 0, timesMs: 1000, name: 'seconds' },
} as const

/** Reads an integer stamp as plausible whole milliseconds; NaN for all else. */
function stampReader(bytes: Buffer, { precision = 'ns' }: ParseContext): (start: number, end: number) => number {
  const { dropped, timesMs } = stampUnits[precision]
  return (start, end) => {
    if (end - start > 20) return Number.NaN
    const kept = end - dropped
    let ms = 0
    for (let at = start; at < end; at += 1) {
      const digit = bytes[at]! - byte.zero
      if (digit < 0 || digit > 9) return Number.NaN
      if (at < kept) ms = ms * 10 + digit
    }
    ms *= timesMs
    return ms >= earliestMs && ms < latestMs ? ms : Number.NaN
  }
}

function stampProblem(found: string, { precision = 'ns' }: ParseContext): Problem {
  const expected = `whole ${stampUnits[precision].name} since 1970 (precision ${precision}), from 1980 to 2199`
  return /^-?\d+$/.test(found)
    ? gatewayErrors.implausibleTime.problem({ detail: 'The event time is not plausible', found, expected })
    : gatewayErrors.badTime.problem({ detail: 'The time cannot be read', found, expected })
}

function grown(fields: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * fields.length)
  larger.set(fields)
  return larger
}
