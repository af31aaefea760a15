import type { GridWeather } from '../../weather/index.ts'
import { energyErrors } from '../errors.ts'
import type { Frame } from '../frame.ts'

/** The weather of a plan, or the error that says who needs it. */
export function skyOf(frame: Frame, assetId: string): GridWeather {
  if (frame.weather) return frame.weather
  throw energyErrors.noWeather({
    detail: `Asset ${assetId} is computed from weather, and the site names none`,
    place: { path: 'weather' },
    expected: '`weather.file`, `weather.synthetic`, or `production` on the asset',
  })
}
