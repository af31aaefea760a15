import { MangroveError, type Problem } from '../../kernel/index.ts'
import { weatherErrors } from '../errors.ts'
import { daysBeforeMonth, daysOfMonth, hoursPerYear, missingColumns, type WeatherColumns } from '../year.ts'
import { fieldNumber, maxProblems, type NumberRule, placeOf, type SourceText } from './text.ts'

/** Calendar place of a row: hour 0 to 23 is the hour that begins then. */
export interface RowHour {
  readonly month: number
  readonly day: number
  readonly hour: number
}

/** How a file kind says one quantity. */
export interface QuantityColumn {
  readonly quantity: keyof WeatherColumns
  /** 0-based field of the row. */
  readonly index: number
  readonly rule: NumberRule
  /** Factor to the unit of the quantity. */
  readonly scale?: number
}

export interface HourlyRows {
  readonly source: SourceText
  /** 0-based first line of data. */
  readonly firstLine: number
  readonly split: (line: string) => string[]
  readonly columns: readonly QuantityColumn[]
  /** Where a row belongs, or what is wrong with its time. */
  readonly hourOf: (fields: readonly string[], line: number) => RowHour | Problem
}

/** Reads one row an hour into columns of the 365-day year; 29 February is left out. Throws with up to 20 problems. */
export function readHourlyRows(rows: HourlyRows): WeatherColumns {
  const { source, columns } = rows
  const out = missingColumns()
  const lineOfHour = new Int32Array(hoursPerYear)
  const problems: Problem[] = []
  for (let index = rows.firstLine; index < source.lines.length && problems.length < maxProblems; index += 1) {
    const line = index + 1
    const fields = rows.split(source.lines[index] as string)
    const hour = rows.hourOf(fields, line)
    if ('code' in hour) {
      problems.push(hour)
      continue
    }
    if (hour.month === 2 && hour.day === 29) continue
    const at = ((daysBeforeMonth[hour.month - 1] as number) + hour.day - 1) * 24 + hour.hour
    const earlier = lineOfHour[at] as number
    if (earlier > 0) {
      problems.push(
        weatherErrors.fileMalformed.problem({
          detail: `The same hour of the year stands already in line ${earlier}`,
          place: placeOf(source, line),
          found: `${hour.month}/${hour.day} hour ${hour.hour}`,
          expected: 'each hour once',
        }),
      )
      continue
    }
    lineOfHour[at] = line
    for (const column of columns) {
      const value = fieldNumber(fields[column.index], column.rule, placeOf(source, line))
      if (typeof value === 'number') out[column.quantity][at] = value * (column.scale ?? 1)
      else problems.push(value)
    }
  }
  const missing = lineOfHour.indexOf(0)
  if (problems.length === 0 && missing >= 0) {
    problems.push(
      weatherErrors.yearIncomplete.problem({
        detail: `An hour of the year has no row: ${hourName(missing)}`,
        place: placeOf(source, source.lines.length),
        found: `${lineOfHour.reduce((sum, line) => sum + (line > 0 ? 1 : 0), 0)} hours`,
        expected: `${hoursPerYear} hours`,
      }),
    )
  }
  if (problems.length > 0) throw new MangroveError(problems.slice(0, maxProblems))
  return out
}

/** `month/day hour` of an hour of the 365-day year, for messages. */
export function hourName(hour: number): string {
  const day = Math.floor(hour / 24)
  let month = 11
  while (day < (daysBeforeMonth[month] as number)) month -= 1
  return `${month + 1}/${day - (daysBeforeMonth[month] as number) + 1} hour ${hour % 24}`
}

/** True when the day exists; 29 February does. */
export function dayExists(month: number, day: number): boolean {
  if (!Number.isInteger(month) || !Number.isInteger(day) || month < 1 || month > 12 || day < 1) return false
  return day <= (month === 2 ? 29 : (daysOfMonth[month - 1] as number))
}

const irradiance = { unit: 'W/m2', minimum: -5, maximum: 2000 }

/** Ranges that all readers hold values to; a value outside is an error, not weather. */
export const ranges = {
  ghiWm2: irradiance,
  dniWm2: irradiance,
  dhiWm2: irradiance,
  temperatureC: { unit: '°C', minimum: -90, maximum: 70 },
  windSpeedMPerS: { unit: 'm/s', minimum: 0, maximum: 110 },
  pressurePa: { unit: 'Pa', minimum: 30_000, maximum: 120_000 },
} as const
