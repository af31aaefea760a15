import type { Problem } from '../../kernel/index.ts'
import { gatewayErrors } from '../errors.ts'
import { type BatchBuilder, createBatchBuilder } from './batch-builder.ts'
import { byte, excerpt, guessLines, latin1, textStart, utf8 } from './byte-text.ts'
import { type JsonCells, jsonKind, openJsonCells, rowField, scanJsonRow } from './json-cells.ts'
import { addJsonRow } from './json-row.ts'
import type { ObservationParser, ParseContext } from './observation-format.ts'
import { qualityCode, usualQuality } from './quality-word.ts'
import { readJsonNumber } from './read-number.ts'
import { readTime } from './read-time.ts'
import { createRowNames, type RowNames } from './row-names.ts'

/**
 * NDJSON: one observation a line, as `{"point":"battery.soc","time":"2026-07-06T00:00:00Z","value":0.5}`. Lines of the
 * usual shape are read from their bytes; any other goes through `JSON.parse`, which also explains what is wrong.
 */
export const parseNdjson: ObservationParser = (bytes, context, memory) => {
  const builder = createBatchBuilder(context, memory, guessLines(bytes))
  const cells = openJsonCells()
  const names = createRowNames(bytes, builder, context, rowField, (start, end) => utf8(bytes, start, end))
  const reading = { cells, names, builder }
  let start = textStart(bytes)
  for (let line = 1; start < bytes.length; line += 1) {
    let end = scanJsonRow(bytes, start, cells)
    if (end < 0 || !addFast(bytes, reading)) {
      end = bytes.indexOf(byte.lineFeed, start)
      if (end < 0) end = bytes.length
      addSlow(bytes, start, end, line, builder, context)
    }
    start = end + 1
  }
  return builder.finish()
}

interface Reading {
  readonly cells: JsonCells
  readonly names: RowNames
  readonly builder: BatchBuilder
}

/** Adds a row of the usual shape; false, and nothing added, for one that would be refused. */
function addFast(bytes: Buffer, { cells, names, builder }: Reading): boolean {
  const { starts, ends, kinds } = cells
  const { point, time, timestampMs, value, unit, quality, source, site } = rowField
  if (kinds[point] !== jsonKind.text || starts[point] === ends[point]) return false

  const stamp = kinds[time] === jsonKind.none ? timestampMs : time
  if (stamp === time && kinds[timestampMs] !== jsonKind.none) return false
  if (kinds[stamp] !== jsonKind.text && kinds[stamp] !== jsonKind.number) return false
  const ms = readTime(bytes, starts[stamp]!, ends[stamp]!)
  if (Number.isNaN(ms)) return false
  // A number with a leading zero is no JSON.
  if (kinds[stamp] === jsonKind.number && bytes[starts[stamp]!] === byte.zero) return false

  let number = Number.NaN
  const kind = kinds[value]
  if (kind === jsonKind.number) {
    number = readJsonNumber(bytes, starts[value]!, ends[value]!)
    if (!Number.isFinite(number)) return false
  } else if (kind === jsonKind.true) number = 1
  else if (kind === jsonKind.false) number = 0
  else if (kind !== jsonKind.null) return false

  let code: number | undefined = usualQuality(number)
  const told = kinds[quality]
  if (told === jsonKind.text || told === jsonKind.number) {
    const text = latin1(bytes, starts[quality]!, ends[quality]!)
    code = qualityCode(text)
  } else if (told !== jsonKind.none) return false
  if (code === undefined) return false
  if (kinds[unit]! > jsonKind.text || kinds[source]! > jsonKind.text || kinds[site]! > jsonKind.text) return false

  const seriesIndex = names.series(cells)
  if (typeof seriesIndex !== 'number') return false
  const sourceIndex = names.source(cells)
  if (typeof sourceIndex !== 'number') return false
  return builder.add(seriesIndex, sourceIndex, ms, number, code) === undefined
}

function addSlow(
  bytes: Buffer,
  start: number,
  end: number,
  line: number,
  builder: BatchBuilder,
  context: ParseContext,
): void {
  if (isBlank(bytes, start, end)) return
  const place = { line }
  const text = end - start > longestLine ? undefined : utf8(bytes, start, end)
  if (text !== undefined && flatObject.test(text)) addJsonRow(JSON.parse(text), builder, context, () => place)
  // JSON.parse would tell, too, but takes fifty times as long to fail.
  else builder.refuse(() => ({ ...lineProblem(bytes, start, end), place }))
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const code = bytes[at]
    if (code !== byte.space && code !== byte.tab && code !== byte.carriageReturn) return false
  }
  return true
}

/** Bytes of a line: no observation is longer. */
const longestLine = 65_536

const jsonText = String.raw`"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"`
const jsonPlain = String.raw`(?:${jsonText}|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)`
const jsonPair = String.raw`[ \t\r]*${jsonText}[ \t\r]*:[ \t\r]*${jsonPlain}[ \t\r]*`
/** JSON's grammar of an object without lists and objects inside: an observation that holds one is refused anyway. */
const flatObject = new RegExp(String.raw`^[ \t\r]*\{(?:${jsonPair}(?:,${jsonPair})*|[ \t\r]*)\}[ \t\r]*$`)

function lineProblem(bytes: Buffer, start: number, end: number): Problem {
  if (end - start > longestLine) {
    return gatewayErrors.badRow.problem({
      detail: 'The line is too long',
      found: `${end - start} bytes`,
      expected: `at most ${longestLine} bytes`,
    })
  }
  const isText = utf8(bytes, start, end) !== undefined
  return gatewayErrors.badRow.problem({
    detail: isText ? 'The line is no flat object of JSON' : 'The line is not UTF-8',
    found: excerpt(bytes, start, end),
    expected: 'one object a line in UTF-8; a missing value is null, NaN and Infinity are not JSON',
  })
}
