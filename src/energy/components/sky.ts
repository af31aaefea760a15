import { type Asset, formatIso, stepStartMs } from '../../kernel/index.ts'
import type { GridWeather } from '../../weather/index.ts'
import { energyErrors } from '../errors.ts'
import type { Frame } from '../frame.ts'

/**
 * Power that the weather of a plan gives, complete.
 *
 * @throws `energy.no-weather` when the site names none, `energy.missing-data` with the first step that lacks it
 */
export function powerFromSky(frame: Frame, asset: Asset, powerKw: (sky: GridWeather) => Float64Array): Float64Array {
  const { grid, site } = frame
  const values = powerKw(skyOf(frame, asset.id))
  const gap = values.findIndex(Number.isNaN)
  if (gap < 0) return values
  const missing = values.reduce((count, value) => count + Number(Number.isNaN(value)), 0)
  throw energyErrors.missingData({
    detail: `The weather that ${asset.title} needs is missing in ${missing} of ${grid.count} steps, first at ${formatIso(stepStartMs(grid, gap), site.zone)}`,
    place: { file: site.source.file, path: 'weather' },
    expected: 'irradiance and temperature for PV, wind speed for a turbine, in every step of the plan',
  })
}

/** The weather of a plan, or the error that says who needs it. */
function skyOf(frame: Frame, assetId: string): GridWeather {
  if (frame.weather) return frame.weather
  throw energyErrors.noWeather({
    detail: `Asset ${assetId} is computed from weather, and the site names none`,
    place: { file: frame.site.source.file, path: 'weather' },
    expected: '`weather.file`, `weather.synthetic`, or `production` on the asset',
  })
}
