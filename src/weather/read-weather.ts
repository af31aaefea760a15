import { type Location, MangroveError } from '../kernel/index.ts'
import { weatherErrors } from './errors.ts'
import { readWeatherCsv } from './readers/csv.ts'
import { readEpw } from './readers/epw.ts'
import { csvFields } from './readers/text.ts'
import { readTmy3 } from './readers/tmy3.ts'
import { type MonthlyNormals, syntheticYear } from './synthetic.ts'
import { type WeatherQuantity, type WeatherYear, weatherQuantities } from './year.ts'

/** The `weather` section of a site: a file, or normals to make a synthetic year from. */
export interface WeatherSource {
  readonly file?: string
  readonly synthetic?: { readonly seed: number; readonly monthly: MonthlyNormals }
}

/** The place that weather is read for. */
export interface WeatherPlace {
  readonly name: string
  readonly location: Location
  /** IANA time zone. */
  readonly zone: string
}

/**
 * Reads the weather year of a site. The kind of a file is told from its content: EPW by LOCATION, TMY3 by its line of
 * column names, otherwise CSV with the header `time` and the quantity names (`ghiWm2`, `temperatureC` …), measured,
 * in the standard time of the site. Undefined when the source says nothing.
 * @param readText returns the content of a file named by the source
 * @throws {MangroveError} `weather.source-ambiguous`, and as the readers and {@link syntheticYear} do
 */
export async function readWeather(
  source: WeatherSource,
  place: WeatherPlace,
  readText: (file: string) => string | Promise<string>,
): Promise<WeatherYear | undefined> {
  const { file, synthetic } = source
  if (file !== undefined && synthetic !== undefined) {
    throw weatherErrors.sourceAmbiguous({
      detail: 'The weather names a file and normals',
      place: { path: 'weather' },
      expected: 'one of `file` and `synthetic`',
    })
  }
  if (file !== undefined) return parseWeather(file, await readText(file), place)
  return synthetic && fromNormals(synthetic, place)
}

/** A synthetic year; what is wrong with the normals is told at its place in the site file. */
function fromNormals({ monthly, seed }: NonNullable<WeatherSource['synthetic']>, place: WeatherPlace): WeatherYear {
  try {
    return syntheticYear({
      title: `${place.name}, synthetic from monthly normals`,
      location: place.location,
      zoneOffsetHours: standardOffsetHours(place.zone, place.location.longitude),
      normals: monthly,
      seed,
    })
  } catch (error) {
    if (!(error instanceof MangroveError)) throw error
    const placed = error.problems.map((problem) => ({
      ...problem,
      place: { path: `weather.synthetic.monthly.${(problem.place?.path ?? '').replace(/\[(\d+)\]/, '.$1')}` },
    }))
    throw new MangroveError(placed, { cause: error })
  }
}

/** {@link readWeather} for a text that is already there. */
export function parseWeather(file: string, text: string, place: WeatherPlace): WeatherYear {
  const [first = '', second = ''] = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/, 2)
  if (first.toUpperCase().startsWith('LOCATION')) return readEpw(file, text)
  if (second.startsWith('Date (')) return readTmy3(file, text)
  const names = csvFields(first).map((name) => name.trim())
  if (!names.includes('time') || !names.includes('ghiWm2')) {
    throw weatherErrors.fileMalformed({
      detail: 'The kind of this weather file is not known',
      place: { file, line: 1 },
      found: first.slice(0, 60),
      expected: `EPW, TMY3, or CSV with a header of time and ${weatherQuantities.join(', ')}`,
    })
  }
  const columns: Partial<Record<WeatherQuantity, string>> & { ghiWm2: string } = { ghiWm2: 'ghiWm2' }
  for (const quantity of weatherQuantities) if (names.includes(quantity)) columns[quantity] = quantity
  return readWeatherCsv(file, text, {
    kind: 'measured',
    title: file,
    location: place.location,
    zoneOffsetHours: standardOffsetHours(place.zone, place.location.longitude),
    timeColumn: 'time',
    columns,
  })
}

/** Hours east of UTC of a zone without daylight saving; by longitude when the zone is not known. */
export function standardOffsetHours(zone: string, longitude: number): number {
  try {
    const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
    const offset = (month: number): number => {
      const name = format.formatToParts(Date.UTC(2023, month, 1)).find(({ type }) => type === 'timeZoneName')?.value
      const [, sign, hours, minutes] = /GMT([+-])(\d{2}):(\d{2})/.exec(name ?? '') ?? []
      return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) + Number(minutes) / 60)
    }
    return Math.min(offset(0), offset(6))
  } catch {
    return Math.round(longitude / 15)
  }
}
