import Papa from 'papaparse'
import { MangroveError, type Quality, quality, stampReader } from '../../kernel/index.ts'
import { gatewayErrors } from '../errors.ts'
import { qualityCode } from '../formats/quality-word.ts'
import { badRow, createPointFinder, type FileContext, type FileRow, readingOf } from './file-rows.ts'
import { localMoments } from './local-time.ts'
import type { CsvSettings } from './settings.ts'

const mostColumns = 10_000
const mostCharactersARecord = 4 * 1024 * 1024

/**
 * Reads CSV in the long form (a name and a value a row) or the wide one (a column a point), row by row.
 *
 * @throws `gateway.bad-body` where the line of names does not fit
 */
export async function* readCsvFile(
  text: AsyncIterable<string>,
  settings: CsvSettings,
  context: FileContext,
): AsyncGenerator<FileRow> {
  const { skipLines = 0 } = settings
  let line = 0
  let read: ((cells: readonly string[], line: number) => readonly FileRow[]) | undefined
  for await (const cells of readRecords(text, settings.delimiter)) {
    line += 1
    if (line <= skipLines || (cells.length === 1 && cells[0]!.trim() === '')) continue
    if (read) yield* read(cells, line)
    else read = recordReader(cells, line, settings, context)
  }
  if (!read) throw gatewayErrors.badBody({ detail: 'The file has no line of names', expected: 'CSV with column names' })
}

/** Records of a text, in pieces that end where a line does, outside of quotes. */
async function* readRecords(text: AsyncIterable<string>, told: CsvSettings['delimiter']): AsyncGenerator<string[]> {
  let delimiter: string = told ?? ''
  let waiting = ''
  let isQuoted = false
  const parse = (piece: string): string[][] => {
    const { data, meta } = Papa.parse<string[]>(piece, { delimiter, delimitersToGuess: [',', ';', '\t', '|'] })
    delimiter = meta.delimiter
    return data
  }
  for await (const chunk of text) {
    let end = -1
    for (let at = 0; at < chunk.length; at += 1) {
      const sign = chunk.charCodeAt(at)
      if (sign === quote) isQuoted = !isQuoted
      else if (sign === lineEnd && !isQuoted) end = at
    }
    if (end < 0) waiting += chunk
    else {
      // Without its last line end: behind that one, an empty record would stand.
      yield* parse(waiting + chunk.slice(0, end))
      waiting = chunk.slice(end + 1)
    }
    if (waiting.length > mostCharactersARecord) {
      throw gatewayErrors.badBody({ detail: 'A record does not end', expected: 'quotes in pairs' })
    }
  }
  if (waiting !== '') yield* parse(waiting)
}
const quote = 0x22
const lineEnd = 0x0a

function recordReader(header: readonly string[], line: number, settings: CsvSettings, context: FileContext) {
  const { time = 'time', point = 'point', value = 'value', unit = 'unit', quality: trust = 'quality' } = settings
  const names = header.map((name) => name.trim())
  if (names.length > mostColumns || new Set(names).size !== names.length) {
    throw badHeading(line, names, 'different names of columns')
  }
  const place = (name: string): number => names.indexOf(name)
  const [atTime, atPoint, atValue] = [place(time), place(point), place(value)]
  if (atTime < 0) throw badHeading(line, names, `a column ${time}`)
  const stampOf = createStamps(settings, context.zone)
  const find = createPointFinder(context)
  const missing = new Set(settings.missing ?? [])
  const { decimal = '.' } = settings
  const guard = (cells: readonly string[], at: number): FileRow | undefined =>
    cells.length === names.length
      ? undefined
      : badRow({
          detail: `The record has ${cells.length} cells`,
          place: { line: at },
          expected: `${names.length} cells, as the heading`,
        })
  const numberIn = (cell: string): number | undefined => (missing.has(cell) ? Number.NaN : readDecimal(cell, decimal))
  const notANumber = (cell: string, at: number, path: string): FileRow =>
    gatewayErrors.notANumber.problem({
      ...{ detail: 'The cell is no number', found: cell.slice(0, 60), place: { line: at, path } },
      expected: decimal === ',' ? 'such as 1.234,5' : 'such as 1234.5',
    })

  if (atPoint >= 0 && atValue >= 0) {
    const [atUnit, atQuality] = [place(unit), place(trust)]
    return (cells: readonly string[], at: number): readonly FileRow[] => {
      const broken = guard(cells, at)
      if (broken) return [broken]
      const name = cells[atPoint]!.trim()
      const stamp = stampOf(cells[atTime]!, name, at)
      if (typeof stamp !== 'number') return [stamp]
      const cell = cells[atValue]!.trim()
      const read = cell === '' ? Number.NaN : numberIn(cell)
      if (read === undefined) return [notANumber(cell, at, value)]
      const word = atQuality < 0 ? '' : cells[atQuality]!.trim()
      const code = word === '' ? undefined : qualityCode(word)
      const isGap = Number.isNaN(read)
      if (word !== '' && (code === undefined || (code === quality.missing) !== isGap)) {
        return [
          gatewayErrors.badQuality.problem({ detail: 'The quality does not fit', found: word, place: { line: at } }),
        ]
      }
      const usual = isGap ? quality.missing : quality.good
      const told = atUnit < 0 ? '' : cells[atUnit]!.trim()
      const found = find(name, told === '' ? undefined : told)
      return [readingOf(found, stamp, read, (code ?? usual) as Quality, at)]
    }
  }
  const mapped = Object.keys(context.points)
  const columns = names
    .map((name, index) => ({ name, index }))
    .filter(({ name, index }) => index !== atTime && (mapped.length === 0 || mapped.includes(name)))
  if (columns.length === 0) throw badHeading(line, names, 'a column of each point')
  return (cells: readonly string[], at: number): readonly FileRow[] => {
    const broken = guard(cells, at)
    if (broken) return [broken]
    const stamp = stampOf(cells[atTime]!, '', at)
    if (typeof stamp !== 'number') return [stamp]
    return columns.flatMap(({ name, index }): readonly FileRow[] => {
      const cell = cells[index]!.trim()
      // An empty cell says nothing of its point.
      if (cell === '' && !missing.has('')) return []
      const read = numberIn(cell)
      if (read === undefined) return [notANumber(cell, at, name)]
      return [readingOf(find(name), stamp, read, Number.isNaN(read) ? quality.missing : quality.good, at)]
    })
  }
}

/**
 * Moments of stamps. A local time that an autumn change repeats is told apart by the order of its point: not after the
 * stamp before it, it is the later one.
 */
function createStamps({ timeFormat = 'ISO' }: CsvSettings, zone: string) {
  const read = stampReader(timeFormat)
  const before = new Map<string, number>()
  return (text: string, name: string, line: number): number | FileRow => {
    const bad = (detail: string): FileRow =>
      gatewayErrors.badTime.problem({
        ...{ detail, place: { line }, found: text.slice(0, 60) },
        expected: timeFormat === 'ISO' ? 'ISO 8601' : timeFormat,
      })
    const stamp = read(text)
    if (!stamp) return bad('The time does not fit its format')
    const { fields, second, offsetMs } = stamp
    const endsDay = fields.hour === 24 && fields.minute === 0 && second === 0
    const clock = endsDay ? { ...fields, hour: 0 } : fields
    const moreMs = second * 1000 + (endsDay ? 86_400_000 : 0)
    try {
      if (offsetMs !== undefined) return localMoments(clock, 'UTC').earlierMs - offsetMs + moreMs
      const moments = localMoments(clock, zone)
      const [earlier, later] = [moments.earlierMs + moreMs, moments.laterMs + moreMs]
      const last = before.get(name) ?? Number.NEGATIVE_INFINITY
      if (later !== earlier && last > later) return bad('The clock shows this time twice, and the rows do not rise')
      const chosen = later !== earlier && earlier <= last ? later : earlier
      if (before.size < 100_000 || before.has(name)) before.set(name, chosen)
      return chosen
    } catch (error) {
      if (!(error instanceof MangroveError)) throw error
      return bad('There is no such local time')
    }
  }
}

const numbers = {
  '.': /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/,
  ',': /^[+-]?(\d{1,3}(\.\d{3})+|\d+)?(,\d*)?([eE][+-]?\d{1,3})?$/,
} as const

/** A number as it is written in a country; undefined where it is none. */
export function readDecimal(text: string, decimal: '.' | ','): number | undefined {
  if (text.length > 60 || !/\d/.test(text) || !numbers[decimal].test(text)) return undefined
  const plain = decimal === ',' ? text.replaceAll('.', '').replace(',', '.') : text
  const value = Number(plain)
  return Number.isFinite(value) ? value : undefined
}

const badHeading = (line: number, names: readonly string[], expected: string): Error =>
  gatewayErrors.badBody({
    detail: 'The names of the columns do not fit',
    place: { line },
    found: names.join(', ').slice(0, 200),
    expected,
  })
