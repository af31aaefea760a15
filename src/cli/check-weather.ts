import { type DataPort, MangroveError, type Problem, type Site } from '../kernel/index.ts'
import { readWeather, type WeatherSource, type WeatherYear } from '../weather/index.ts'
import { formatNumber } from './layout.ts'
import { withLines } from './site-lines.ts'

/** What the weather of a site holds. */
export interface WeatherReport {
  readonly from: string
  readonly kind: WeatherYear['kind']
  readonly irradiationKwhPerM2Year: number
  readonly meanTemperatureC: number | null
  /** Hours of the year without irradiance or temperature. */
  readonly missingHours: number
}

/** Reads the weather that a site names, or all that is wrong with it. Null: it names none. */
export async function checkWeather(
  site: Site,
  data: DataPort,
  words: { readonly site?: unknown },
): Promise<{ readonly report: WeatherReport | null; readonly problems: readonly Problem[] }> {
  const source = (site.sections.weather ?? {}) as WeatherSource
  try {
    const year = await withLines(
      words,
      readWeather(source, site, (file) => data.text(site, file)),
    )
    return { report: year ? reportOf(source, year) : null, problems: [] }
  } catch (error) {
    if (!(error instanceof MangroveError)) throw error
    return { report: null, problems: error.problems }
  }
}

function reportOf(source: WeatherSource, year: WeatherYear): WeatherReport {
  const { ghiWm2, temperatureC, kind, title } = year
  const known = temperatureC.filter((value) => !Number.isNaN(value))
  let missingHours = 0
  ghiWm2.forEach((value, hour) => {
    if (Number.isNaN(value + temperatureC[hour]!)) missingHours += 1
  })
  return {
    from: source.file === undefined ? `monthly normals, seed ${source.synthetic?.seed}` : `${source.file} (${title})`,
    kind,
    irradiationKwhPerM2Year: ghiWm2.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value), 0) / 1000,
    meanTemperatureC: known.length > 0 ? known.reduce((a, b) => a + b) / known.length : null,
    missingHours,
  }
}

/** One line for a person. */
export function weatherWords(report: WeatherReport | null): string {
  if (!report) return 'none'
  const { kind, from, irradiationKwhPerM2Year, meanTemperatureC, missingHours } = report
  return [
    `${kind}, from ${from}: ${formatNumber(irradiationKwhPerM2Year)} kWh/m2 a year`,
    `mean ${formatNumber(meanTemperatureC, 1)} °C`,
    ...(missingHours > 0 ? [`${missingHours} hours missing`] : []),
  ].join(', ')
}
