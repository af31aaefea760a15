/** Wind speed (m/s, ascending) and power (kW). */
export type PowerCurve = readonly (readonly [number, number])[]

/** Density that power curves are stated at, kg/m3 (IEC 61400-12-1). */
export const referenceDensityKgPerM3 = 1.225

/** Power at a wind speed: linear between the points, 0 outside the curve. NaN stays NaN. */
export function curvePowerKw(curve: PowerCurve, speedMPerS: number): number {
  if (Number.isNaN(speedMPerS)) return Number.NaN
  const last = curve.length - 1
  if (last < 0 || speedMPerS < (curve[0] as readonly [number, number])[0]) return 0
  if (speedMPerS > (curve[last] as readonly [number, number])[0]) return 0
  let low = 0
  let high = last
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((curve[middle] as readonly [number, number])[0] <= speedMPerS) low = middle
    else high = middle
  }
  const [v0, p0] = curve[low] as readonly [number, number]
  const [v1, p1] = curve[high] as readonly [number, number]
  return v1 === v0 ? p1 : p0 + ((p1 - p0) * (speedMPerS - v0)) / (v1 - v0)
}

/**
 * Wind speed that would give the same power at the reference density: v·(rho / 1.225)^m, m = 1/3 up to 7.5 m/s rising
 * linearly to 2/3 at 12.5 m/s. Source: IEC 61400-12-1 for m = 1/3; Svenningsen, EMD 2010, for the rise.
 */
export function densityCorrectedSpeedMPerS(speedMPerS: number, densityKgPerM3: number): number {
  const exponent = Math.min(Math.max(1 / 3 + (speedMPerS - 7.5) / 15, 1 / 3), 2 / 3)
  return speedMPerS * (densityKgPerM3 / referenceDensityKgPerM3) ** exponent
}

/** Power in W of a rotor by its power coefficient: ½ rho A cp v³. */
export function coefficientPowerW(inputs: {
  readonly speedMPerS: number
  readonly coefficient: number
  readonly densityKgPerM3: number
  readonly rotorDiameterM: number
}): number {
  const area = (Math.PI * inputs.rotorDiameterM * inputs.rotorDiameterM) / 4
  return 0.5 * inputs.densityKgPerM3 * area * inputs.coefficient * inputs.speedMPerS ** 3
}
