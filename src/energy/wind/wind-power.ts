import type { GridWeather } from '../../weather/index.ts'
import type { WindAsset } from '../schema/index.ts'
import { curvePowerKw, densityCorrectedSpeedMPerS, referenceDensityKgPerM3 } from './power-curve.ts'
import { airDensityKgPerM3, logShearFactor } from './wind-speed.ts'

/** Height of weather files' wind speed. */
const sensorHeightM = 10

/**
 * AC power of a wind turbine in kW for each step: log profile from 10 m to hub height, density correction, power
 * curve, losses. Missing pressure or temperature means reference density; missing wind speed gives NaN.
 * The curve is used as given and cut at `ratedKw`.
 */
export function windPowerKw(
  asset: WindAsset,
  weather: Pick<GridWeather, 'windSpeedMPerS' | 'temperatureC' | 'pressurePa'>,
): Float64Array {
  const shear = logShearFactor({
    measuredHeightM: sensorHeightM,
    hubHeightM: asset.hubHeightM,
    roughnessM: asset.roughnessM,
  })
  const curve = [...asset.powerCurve].sort(([a], [b]) => a - b)
  const out = new Float64Array(weather.windSpeedMPerS.length)
  for (let k = 0; k < out.length; k += 1) {
    const speed = (weather.windSpeedMPerS[k] as number) * shear
    const density = airDensityKgPerM3(
      weather.temperatureC[k] as number,
      weather.pressurePa[k] as number,
      asset.hubHeightM,
    )
    const corrected = densityCorrectedSpeedMPerS(speed, Number.isNaN(density) ? referenceDensityKgPerM3 : density)
    out[k] = Math.min(curvePowerKw(curve, corrected), asset.ratedKw) * (1 - asset.losses)
  }
  return out
}
