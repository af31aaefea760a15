import { weatherErrors } from '../errors.ts'
import type { WeatherYear } from '../year.ts'
import { dayExists, type QuantityColumn, ranges, readHourlyRows } from './hourly.ts'
import { csvFields, headerNumber, placeOf, sourceText } from './text.ts'

/** Fields and missing codes: EnergyPlus Auxiliary Programs, «EnergyPlus Weather File (EPW) Data Dictionary». */
const columns: readonly QuantityColumn[] = [
  {
    quantity: 'temperatureC',
    index: 6,
    rule: { column: 'dry bulb temperature', ...ranges.temperatureC, missingFrom: 99.9 },
  },
  {
    quantity: 'pressurePa',
    index: 9,
    rule: { column: 'station pressure', ...ranges.pressurePa, missingFrom: 999_999 },
  },
  {
    quantity: 'ghiWm2',
    index: 13,
    rule: { column: 'global horizontal radiation', ...ranges.ghiWm2, missingFrom: 9999 },
  },
  { quantity: 'dniWm2', index: 14, rule: { column: 'direct normal radiation', ...ranges.dniWm2, missingFrom: 9999 } },
  {
    quantity: 'dhiWm2',
    index: 15,
    rule: { column: 'diffuse horizontal radiation', ...ranges.dhiWm2, missingFrom: 9999 },
  },
  { quantity: 'windSpeedMPerS', index: 21, rule: { column: 'wind speed', ...ranges.windSpeedMPerS, missingFrom: 999 } },
]

const headerLines = 8

/**
 * Reads an EnergyPlus weather file (EPW) of hourly data.
 * Missing codes become NaN; hour 1 of the file is 00:00 to 01:00. An EPW is taken as a typical year.
 * @throws {MangroveError} `weather.file-malformed`, `weather.value-invalid`, `weather.year-incomplete`
 */
export function readEpw(file: string, text: string): WeatherYear {
  const source = sourceText(file, text)
  const head = csvFields(source.lines[0] ?? '')
  if (head[0]?.trim().toUpperCase() !== 'LOCATION' || source.lines.length <= headerLines) {
    throw weatherErrors.fileMalformed({
      detail: 'This is not an EPW file',
      place: placeOf(source, 1),
      found: (source.lines[0] ?? '').slice(0, 40),
      expected: 'a first line LOCATION,… and 8 header lines before the data',
    })
  }
  const first = placeOf(source, 1)
  const latitude = headerNumber(head[6], { column: 'latitude', unit: 'deg', minimum: -90, maximum: 90 }, first)
  const longitude = headerNumber(head[7], { column: 'longitude', unit: 'deg', minimum: -180, maximum: 180 }, first)
  const zone = headerNumber(head[8], { column: 'time zone', unit: 'h', minimum: -14, maximum: 14 }, first)
  const altitude = headerNumber(head[9], { column: 'elevation', unit: 'm', minimum: -500, maximum: 9000 }, first)
  const values = readHourlyRows({
    source,
    firstLine: headerLines,
    split: csvFields,
    columns,
    hourOf: (fields, line) => {
      const [month, day, hour] = [Number(fields[1]), Number(fields[2]), Number(fields[3])]
      if (fields.length >= 22 && dayExists(month, day) && Number.isInteger(hour) && hour >= 1 && hour <= 24) {
        return { month, day, hour: hour - 1 }
      }
      return weatherErrors.fileMalformed.problem({
        detail: 'A data row does not begin with a date and hour, or is cut short',
        place: placeOf(source, line, 'month, day, hour'),
        found: fields.slice(0, 4).join(',').slice(0, 60),
        expected: 'year, month, day, hour 1 to 24 and at least 22 fields, hourly',
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
