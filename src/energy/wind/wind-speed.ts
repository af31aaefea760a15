/** Height and ground of a wind speed. */
export interface LogProfile {
  readonly measuredHeightM: number
  readonly hubHeightM: number
  readonly roughnessM: number
  /** Mean height of obstacles around; the profile is displaced by 0.7 of it. Default 0. */
  readonly obstacleHeightM?: number
}

/**
 * Ratio of wind speed at hub height to that at the measured height by the logarithmic profile.
 * Source: Gasch & Twele, Windkraftanlagen, 6th ed. 2010, p. 129; displacement 0.7 of the obstacle height, Quaschning 2011.
 * NaN when the displaced measured height is not above the roughness.
 */
export function logShearFactor(profile: LogProfile): number {
  const displacement = 0.7 * (profile.obstacleHeightM ?? 0)
  const low = Math.log((profile.measuredHeightM - displacement) / profile.roughnessM)
  const high = Math.log((profile.hubHeightM - displacement) / profile.roughnessM)
  return low > 0 ? high / low : Number.NaN
}

/** Density of dry air at hub height, kg/m3, from the values near ground: 6.5 K/km, barometric pressure, ideal gas. */
export function airDensityKgPerM3(temperatureC: number, pressurePa: number, aboveSensorM: number): number {
  const surfaceK = temperatureC + 273.15
  const hubK = surfaceK - 0.0065 * aboveSensorM
  const hubPa = pressurePa * (hubK / surfaceK) ** (9.80665 / (287.058 * 0.0065))
  return hubPa / (287.058 * hubK)
}
