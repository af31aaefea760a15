import type { Location } from '../../kernel/index.ts'
import { deltaTSeconds } from './delta-t.ts'
import { sunStateSize, sunStateSource } from './ephemeris.ts'

const DEG = Math.PI / 180

/** Where the Sun stands at each timestamp, in degrees unless said otherwise. */
export interface SunPositions {
  /** Topocentric zenith angle without refraction. */
  readonly zenithDeg: Float64Array
  /** Topocentric zenith angle as seen through the air. */
  readonly apparentZenithDeg: Float64Array
  /** Topocentric azimuth, clockwise from north. */
  readonly azimuthDeg: Float64Array
  /** Distance of Earth and Sun, astronomical units. */
  readonly radiusAu: Float64Array
}

export interface SpaOptions {
  /** Mean pressure for refraction, Pa. Default: standard atmosphere at the altitude. */
  readonly pressurePa?: number
  /** Mean air temperature for refraction. Default 12 °C. */
  readonly temperatureC?: number
  /** Refraction at the horizon. Default 0.5667 deg. */
  readonly refractionDeg?: number
  /** TT − UT in seconds. Default: Espenak & Meeus at the middle of the timestamps. */
  readonly deltaTSeconds?: number
}

/** Pressure of the standard atmosphere in Pa. */
export const standardPressurePa = (altitudeM: number): number =>
  100 * ((44331.514 - altitudeM) / 11880.516) ** (1 / 0.1902632)

/**
 * Solar position by the NREL Solar Position Algorithm.
 * Source: Reda & Andreas, NREL/TP-560-34302 (2008), with all periodic terms, nutation, aberration, parallax, refraction.
 * Uncertainty of the method: 0.0003 deg for the years −2000 to 6000.
 * @param timestampsMs UTC instants in ms since 1970, ascending for speed
 */
export function solarPositions(timestampsMs: Float64Array, location: Location, options: SpaOptions = {}): SunPositions {
  const count = timestampsMs.length
  const zenithDeg = new Float64Array(count)
  const apparentZenithDeg = new Float64Array(count)
  const azimuthDeg = new Float64Array(count)
  const radiusAu = new Float64Array(count)
  const middle = new Date(count > 0 ? (timestampsMs[count >> 1] as number) : 0)
  const deltaT = options.deltaTSeconds ?? deltaTSeconds(middle.getUTCFullYear(), middle.getUTCMonth() + 1)
  const pressureHpa = (options.pressurePa ?? standardPressurePa(location.altitudeM)) / 100
  const refraction = ((pressureHpa / 1010) * (283 / (273 + (options.temperatureC ?? 12))) * 1.02) / 60
  const horizonDeg = -(0.26667 + (options.refractionDeg ?? 0.5667))
  const latitudeRad = location.latitude * DEG
  const sinLatitude = Math.sin(latitudeRad)
  const cosLatitude = Math.cos(latitudeRad)
  const u = Math.atan(0.99664719 * Math.tan(latitudeRad))
  const x = Math.cos(u) + (location.altitudeM / 6378140) * cosLatitude
  const y = 0.99664719 * Math.sin(u) + (location.altitudeM / 6378140) * sinLatitude
  const stateAt = sunStateSource(timestampsMs, deltaT)
  const state = new Float64Array(sunStateSize)

  for (let k = 0; k < count; k += 1) {
    const timestampMs = timestampsMs[k] as number
    stateAt(timestampMs, state)
    const radius = state[2] as number
    const psiDeg = state[3] as number
    const julianDays = timestampMs / 86_400_000 + 2440587.5 - 2451545
    const century = julianDays / 36525
    const ephemerisCentury = (julianDays + deltaT / 86400) / 36525
    const epsilonRad = (meanObliquityArcsec(ephemerisCentury) / 3600 + (state[4] as number)) * DEG
    const sinEpsilon = Math.sin(epsilonRad)
    const cosEpsilon = Math.cos(epsilonRad)
    // Geocentric longitude with nutation and aberration; latitude is minus the heliocentric one.
    const lambda = (state[0] as number) + Math.PI + (psiDeg - 20.4898 / (3600 * radius)) * DEG
    const beta = -(state[1] as number)
    const sinLambda = Math.sin(lambda)
    const sinBeta = Math.sin(beta)
    const cosBeta = Math.cos(beta)
    const alpha = Math.atan2(sinLambda * cosEpsilon - (sinBeta / cosBeta) * sinEpsilon, Math.cos(lambda))
    const sinDelta = sinBeta * cosEpsilon + cosBeta * sinEpsilon * sinLambda
    const cosDelta = Math.sqrt(1 - sinDelta * sinDelta)
    const sidereal =
      (280.46061837 +
        360.98564736629 * julianDays +
        0.000387933 * century * century -
        (century * century * century) / 38710000) %
      360
    const hour = (sidereal + psiDeg * cosEpsilon + location.longitude) * DEG - alpha
    // Topocentric: parallax in right ascension and declination.
    const sinXi = Math.sin((8.794 / (3600 * radius)) * DEG)
    const cosHour = Math.cos(hour)
    const across = cosDelta - x * sinXi * cosHour
    const parallax = Math.atan2(-x * sinXi * Math.sin(hour), across)
    const topocentricDelta = Math.atan2((sinDelta - y * sinXi) * Math.cos(parallax), across)
    const topocentricHour = hour - parallax
    const cosTopocentricHour = Math.cos(topocentricHour)
    const sinTopocentricDelta = Math.sin(topocentricDelta)
    const cosTopocentricDelta = Math.cos(topocentricDelta)
    const elevationDeg =
      Math.asin(
        Math.min(1, sinLatitude * sinTopocentricDelta + cosLatitude * cosTopocentricDelta * cosTopocentricHour),
      ) / DEG
    const lift =
      elevationDeg >= horizonDeg ? refraction / Math.tan((elevationDeg + 10.3 / (elevationDeg + 5.11)) * DEG) : 0
    const azimuth =
      Math.atan2(
        Math.sin(topocentricHour) * cosTopocentricDelta,
        cosTopocentricHour * sinLatitude * cosTopocentricDelta - sinTopocentricDelta * cosLatitude,
      ) /
        DEG +
      180
    zenithDeg[k] = 90 - elevationDeg
    apparentZenithDeg[k] = 90 - elevationDeg - lift
    azimuthDeg[k] = azimuth >= 360 ? azimuth - 360 : azimuth
    radiusAu[k] = radius
  }
  return { zenithDeg, apparentZenithDeg, azimuthDeg, radiusAu }
}

/** Mean obliquity of the ecliptic in arc seconds (eq. 24). */
function meanObliquityArcsec(ephemerisCentury: number): number {
  const u = ephemerisCentury / 100
  return (
    84381.448 +
    u *
      (-4680.93 +
        u *
          (-1.55 +
            u *
              (1999.25 +
                u * (-51.38 + u * (-249.67 + u * (-39.05 + u * (7.12 + u * (27.87 + u * (5.79 + u * 2.45)))))))))
  )
}
