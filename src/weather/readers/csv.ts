import { type Location, MangroveError, type Problem } from '../../kernel/index.ts'
import { weatherErrors } from '../errors.ts'
import { erbsDecomposition } from '../irradiance/decomposition.ts'
import { hourOfYear } from '../on-grid.ts'
import { extraterrestrialSeriesWm2 } from '../solar/extraterrestrial.ts'
import { solarPositions } from '../solar/spa.ts'
import {
  hourMiddlesMs,
  hoursPerYear,
  missingColumns,
  type WeatherColumns,
  type WeatherQuantity,
  type WeatherYear,
} from '../year.ts'
import { hourName, ranges } from './hourly.ts'
import { csvFields, fieldNumber, maxProblems, placeOf, sourceText } from './text.ts'

/** What a plain CSV file cannot say of itself. */
export interface WeatherCsvOptions {
  readonly kind: 'measured' | 'typical'
  readonly title: string
  readonly location: Location
  readonly zoneOffsetHours: number
  /** Column of ISO 8601 stamps; without offset they are in the standard time of `zoneOffsetHours`. */
  readonly timeColumn: string
  /** Whether a stamp marks the start (default) or the end of its interval. */
  readonly label?: 'start' | 'end'
  /** Header name of each quantity that the file has, in the unit of the quantity. `ghiWm2` is needed. */
  readonly columns: Readonly<Partial<Record<WeatherQuantity, string>>> & { readonly ghiWm2: string }
}

const stamp = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/

/**
 * Reads a year of weather from any CSV with a header, an ISO time column and hourly or finer rows (averaged to hours).
 * Columns that are not named become NaN, except that beam and diffuse are split from GHI by Erbs when neither is named.
 * @throws {MangroveError} `weather.column-missing`, `weather.value-invalid`, `weather.file-malformed`, `weather.year-incomplete`
 */
export function readWeatherCsv(file: string, text: string, options: WeatherCsvOptions): WeatherYear {
  const source = sourceText(file, text)
  const names = csvFields(source.lines[0] ?? '').map((name) => name.trim())
  const indexOf = (name: string): number => {
    const index = names.indexOf(name)
    if (index >= 0) return index
    throw weatherErrors.columnMissing({
      detail: `The header has no column «${name.slice(0, 60)}»`,
      place: placeOf(source, 1, name),
      found: names.slice(0, 12).join(', ').slice(0, 200),
      expected: 'the header name as written in the file',
    })
  }
  const timeIndex = indexOf(options.timeColumn)
  const quantities = Object.entries(options.columns).map(([quantity, column]) => ({
    quantity: quantity as WeatherQuantity,
    index: indexOf(column),
    rule: { column, ...ranges[quantity as WeatherQuantity] },
  }))
  const problems: Problem[] = []
  const rows: { readonly localMs: number; readonly fields: readonly string[]; readonly line: number }[] = []
  for (let index = 1; index < source.lines.length && problems.length < maxProblems; index += 1) {
    const fields = csvFields(source.lines[index] as string)
    const localMs = localTimeMs(fields[timeIndex]?.trim() ?? '', options.zoneOffsetHours)
    if (!Number.isNaN(localMs)) rows.push({ localMs, fields, line: index + 1 })
    else {
      problems.push(
        weatherErrors.valueInvalid.problem({
          detail: 'A time stamp cannot be read',
          place: placeOf(source, index + 1, options.timeColumn),
          found: fields[timeIndex]?.slice(0, 60) ?? 'nothing',
          expected: 'ISO 8601, e.g. 2023-07-01T13:00 or 2023-07-01T05:00Z',
        }),
      )
    }
  }
  if (problems.length > 0) throw new MangroveError(problems)
  const stepMs =
    rows.length > 1 ? (rows[1] as { localMs: number }).localMs - (rows[0] as { localMs: number }).localMs : 0
  const shiftMs = options.label === 'end' ? stepMs : 0
  const sums = missingColumns()
  const counts = new Map(quantities.map(({ quantity }) => [quantity, new Uint16Array(hoursPerYear)]))
  const hourStampMs = new Float64Array(hoursPerYear).fill(Number.NaN)
  const lineOfStamp = new Map<number, number>()
  for (const { localMs, fields, line } of rows) {
    if (problems.length >= maxProblems) break
    const startMs = localMs - shiftMs
    const date = new Date(startMs)
    if (date.getUTCMonth() === 1 && date.getUTCDate() === 29) continue
    const hour = hourOfYear(startMs)
    const hourMs = Math.floor(startMs / 3_600_000)
    if (!Number.isNaN(hourStampMs[hour]) && hourStampMs[hour] !== hourMs) {
      problems.push(
        weatherErrors.fileMalformed.problem({
          detail: 'The same hour of the year comes from two years',
          place: placeOf(source, line, options.timeColumn),
          found: new Date(startMs).toISOString(),
          expected: 'one year of data',
        }),
      )
      continue
    }
    hourStampMs[hour] = hourMs
    const earlier = lineOfStamp.get(startMs)
    if (earlier !== undefined) {
      problems.push(
        weatherErrors.fileMalformed.problem({
          detail: `The same time stands already in line ${earlier}`,
          place: placeOf(source, line, options.timeColumn),
          found: fields[timeIndex]?.slice(0, 60) ?? 'nothing',
          expected: 'each time once',
        }),
      )
      continue
    }
    lineOfStamp.set(startMs, line)
    for (const { quantity, index, rule } of quantities) {
      const value = fieldNumber(fields[index], rule, placeOf(source, line))
      if (typeof value !== 'number') problems.push(value)
      else if (!Number.isNaN(value)) {
        const sum = sums[quantity]
        sum[hour] = Number.isNaN(sum[hour]) ? value : (sum[hour] as number) + value
        const count = counts.get(quantity) as Uint16Array
        count[hour] = (count[hour] as number) + 1
      }
    }
  }
  const missing = hourStampMs.findIndex(Number.isNaN)
  if (problems.length === 0 && missing >= 0) {
    problems.push(
      weatherErrors.yearIncomplete.problem({
        detail: `An hour of the year has no row: ${hourName(missing)}`,
        place: placeOf(source, source.lines.length),
        found: `${rows.length} rows`,
        expected: `${hoursPerYear} hours in standard time`,
      }),
    )
  }
  if (problems.length > 0) throw new MangroveError(problems.slice(0, maxProblems))
  for (const [quantity, count] of counts) {
    const values = sums[quantity]
    for (let h = 0; h < hoursPerYear; h += 1) values[h] = (values[h] as number) / (count[h] as number)
  }
  if (options.columns.dniWm2 === undefined && options.columns.dhiWm2 === undefined) splitGlobal(sums, options)
  const { kind, title, location, zoneOffsetHours } = options
  return { kind, title, location, zoneOffsetHours, ...sums }
}

function localTimeMs(text: string, zoneOffsetHours: number): number {
  const match = stamp.exec(text)
  if (match === null) return Number.NaN
  const [, year, month, day, hour, minute, second, offset] = match
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second ?? '00'}Z`)
  if (offset === undefined) return ms
  const sign = offset.startsWith('-') ? -1 : 1
  const digits = offset.replace(/[^0-9]/g, '')
  const offsetMinutes = offset === 'Z' ? 0 : sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2, 4)))
  return ms - offsetMinutes * 60_000 + zoneOffsetHours * 3_600_000
}

function splitGlobal(columns: WeatherColumns, options: WeatherCsvOptions): void {
  const middlesMs = hourMiddlesMs(options.zoneOffsetHours)
  const sun = solarPositions(middlesMs, options.location)
  const extra = extraterrestrialSeriesWm2(middlesMs)
  for (let h = 0; h < hoursPerYear; h += 1) {
    const parts = erbsDecomposition(columns.ghiWm2[h] as number, sun.zenithDeg[h] as number, extra[h] as number)
    columns.dniWm2[h] = parts.dniWm2
    columns.dhiWm2[h] = parts.dhiWm2
  }
}
