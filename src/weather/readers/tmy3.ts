import { weatherErrors } from '../errors.ts'
import type { WeatherYear } from '../year.ts'
import { dayExists, type QuantityColumn, ranges, readHourlyRows } from './hourly.ts'
import { csvFields, headerNumber, placeOf, sourceText } from './text.ts'

const wanted = [
  { quantity: 'ghiWm2', name: 'GHI (W/m^2)', scale: 1, unit: 'W/m2' },
  { quantity: 'dniWm2', name: 'DNI (W/m^2)', scale: 1, unit: 'W/m2' },
  { quantity: 'dhiWm2', name: 'DHI (W/m^2)', scale: 1, unit: 'W/m2' },
  { quantity: 'temperatureC', name: 'Dry-bulb (C)', scale: 1, unit: '°C' },
  { quantity: 'windSpeedMPerS', name: 'Wspd (m/s)', scale: 1, unit: 'm/s' },
  { quantity: 'pressurePa', name: 'Pressure (mbar)', scale: 100, unit: 'mbar' },
] as const

/**
 * Reads a TMY3 file: site line, column names, 8,760 hours stamped at their end (01:00 to 24:00).
 * Source of the form: Wilcox & Marion, Users Manual for TMY3 Data Sets, NREL/TP-581-43156.
 * @throws {MangroveError} `weather.file-malformed`, `weather.column-missing`, `weather.value-invalid`, `weather.year-incomplete`
 */
export function readTmy3(file: string, text: string): WeatherYear {
  const source = sourceText(file, text)
  const head = csvFields(source.lines[0] ?? '')
  const names = csvFields(source.lines[1] ?? '').map((name) => name.trim())
  if (head.length < 7 || names[0]?.startsWith('Date') !== true) {
    throw weatherErrors.fileMalformed({
      detail: 'This is not a TMY3 file',
      place: placeOf(source, 1),
      found: (source.lines[0] ?? '').slice(0, 40),
      expected:
        'site number, name, state, zone, latitude, longitude, elevation; then a line of column names from «Date (MM/DD/YYYY)»',
    })
  }
  const first = placeOf(source, 1)
  const zone = headerNumber(head[3], { column: 'time zone', unit: 'h', minimum: -14, maximum: 14 }, first)
  const latitude = headerNumber(head[4], { column: 'latitude', unit: 'deg', minimum: -90, maximum: 90 }, first)
  const longitude = headerNumber(head[5], { column: 'longitude', unit: 'deg', minimum: -180, maximum: 180 }, first)
  const altitude = headerNumber(head[6], { column: 'elevation', unit: 'm', minimum: -500, maximum: 9000 }, first)
  const columns: QuantityColumn[] = wanted.map(({ quantity, name, scale, unit }) => {
    const index = names.indexOf(name)
    if (index < 0) {
      throw weatherErrors.columnMissing({
        detail: 'A column of the TMY3 form is missing',
        place: placeOf(source, 2, name),
        found: names.slice(0, 6).join(', '),
        expected: `a column «${name}»`,
      })
    }
    const range = ranges[quantity]
    return {
      quantity,
      index,
      scale,
      rule: { column: name, unit, minimum: range.minimum / scale, maximum: range.maximum / scale, missingTo: -9900 },
    }
  })
  const values = readHourlyRows({
    source,
    firstLine: 2,
    split: csvFields,
    columns,
    hourOf: (fields, line) => {
      const date = /^(\d{1,2})\/(\d{1,2})\/\d{4}$/.exec(fields[0]?.trim() ?? '')
      const time = /^(\d{1,2}):00$/.exec(fields[1]?.trim() ?? '')
      const [month, day, hour] = [Number(date?.[1]), Number(date?.[2]), Number(time?.[1])]
      if (dayExists(month, day) && hour >= 1 && hour <= 24) return { month, day, hour: hour - 1 }
      return weatherErrors.fileMalformed.problem({
        detail: 'A data row does not begin with a date and the end of its hour',
        place: placeOf(source, line, 'Date, Time'),
        found: fields.slice(0, 2).join(',').slice(0, 60),
        expected: 'MM/DD/YYYY,HH:00 with hours 01 to 24',
      })
    },
  })
  return {
    kind: 'typical',
    title: head[1]?.trim() || file,
    location: { latitude, longitude, altitudeM: altitude },
    zoneOffsetHours: zone,
    ...values,
  }
}
