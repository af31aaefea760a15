import type { Location } from '../../kernel/index.ts'
import { hoursOfSteps } from '../../kernel/index.ts'
import {
  type GridWeather,
  type PlaneOfArray,
  planeOfArray,
  type WeatherYear,
  weatherOnGrid,
} from '../../weather/index.ts'
import type { PvAsset } from '../schema/index.ts'
import { fuentesCellTemperatureC, installedNoctC } from './fuentes.ts'
import { physicalIncidenceModifier } from './incidence.ts'
import { genericModule, singleDiodeRelativePower } from './module-power.ts'
import { pvwattsAc, pvwattsDc } from './pvwatts.ts'

/** The fields of a PV asset that its weather chain needs. */
export type PvArray = Pick<
  PvAsset,
  | 'capacityKwp'
  | 'tiltDeg'
  | 'azimuthDeg'
  | 'mounting'
  | 'transposition'
  | 'model'
  | 'temperatureCoefficientPerC'
  | 'systemLosses'
  | 'dcAcRatio'
  | 'inverterEfficiency'
  | 'albedo'
>

/** All steps of the chain from sky to terminal, one value a step. */
export interface PvChain {
  readonly plane: PlaneOfArray
  /** Irradiance that reaches the cells. */
  readonly effectiveWm2: Float64Array
  readonly cellTemperatureC: Float64Array
  /** After system losses. */
  readonly dcKw: Float64Array
  readonly acKw: Float64Array
}

/**
 * Runs the PVWatts chain on the steps of the weather: transposition, cover reflection of the beam, cell temperature
 * by Fuentes, DC by PVWatts or a single-diode module, system losses, inverter.
 * Missing irradiance or temperature gives NaN; missing wind counts as 1 m/s.
 */
export function pvChain(array: PvArray, weather: GridWeather): PvChain {
  const plane = planeOfArray(
    {
      ghiWm2: weather.ghiWm2,
      dniWm2: weather.dniWm2,
      dhiWm2: weather.dhiWm2,
      extraterrestrialWm2: weather.extraterrestrialWm2,
      apparentZenithDeg: weather.sun.apparentZenithDeg,
      azimuthDeg: weather.sun.azimuthDeg,
    },
    { tiltDeg: array.tiltDeg, azimuthDeg: array.azimuthDeg },
    { model: array.transposition, albedo: array.albedo },
  )
  const cellTemperatureC = fuentesCellTemperatureC({
    poaWm2: plane.globalWm2,
    temperatureC: weather.temperatureC,
    windSpeedMPerS: weather.windSpeedMPerS.map((speed) => (Number.isNaN(speed) ? 1 : speed)),
    hours: hoursOfSteps(weather.grid),
    installedNoctC: installedNoctC[array.mounting],
  })
  const count = plane.globalWm2.length
  const effectiveWm2 = new Float64Array(count)
  const dcKw = new Float64Array(count)
  const acKw = new Float64Array(count)
  const kept = array.capacityKwp * (1 - array.systemLosses)
  const inverterDcKw = array.capacityKwp / array.dcAcRatio / array.inverterEfficiency
  const coefficientPerC = array.temperatureCoefficientPerC
  for (let k = 0; k < count; k += 1) {
    const poa = plane.globalWm2[k] as number
    const beam = plane.beamWm2[k] as number
    const effective = beam > 0 ? poa - beam * (1 - physicalIncidenceModifier(plane.cosIncidence[k] as number)) : poa
    const cell = cellTemperatureC[k] as number
    effectiveWm2[k] = effective
    const dc =
      array.model === 'pvwatts'
        ? pvwattsDc(effective, cell, kept, { coefficientPerC })
        : kept * singleDiodeRelativePower(genericModule, effective, cell)
    dcKw[k] = Math.max(0, dc)
    acKw[k] = pvwattsAc(dcKw[k] as number, inverterDcKw, array.inverterEfficiency)
  }
  return { plane, effectiveWm2, cellTemperatureC, dcKw, acKw }
}

/**
 * AC power of a PV array in kW for each step of the weather.
 * The Sun was placed when the weather was laid on its grid; `_location` is not needed and kept for the callers' shape.
 */
export function pvPowerKw(array: PvArray, weather: GridWeather, _location?: Location): Float64Array {
  return pvChain(array, weather).acKw
}

/** {@link pvChain} over the 8,760 hours of a weather year, in the standard time of its file. */
export function pvYear(array: PvArray, year: WeatherYear, calendarYear = 2021): PvChain {
  const startMs = Date.UTC(calendarYear, 0, 1) - year.zoneOffsetHours * 3_600_000
  return pvChain(array, weatherOnGrid(year, { startMs, stepMs: 3_600_000, count: 8760 }))
}
