/**
 * DC power by PVWatts: linear in irradiance and cell temperature, in the unit of `ratedDc`.
 * Source: Dobos, PVWatts Version 5 Manual, NREL/TP-6A20-62641, eq. 8; low-light term `k`: PVWatts v8, Marion 2008.
 */
export function pvwattsDc(
  irradianceWm2: number,
  cellTemperatureC: number,
  ratedDc: number,
  options: { readonly coefficientPerC: number; readonly lowLight?: number },
): number {
  const power = (irradianceWm2 / 1000) * ratedDc * (1 + options.coefficientPerC * (cellTemperatureC - 25))
  const k = options.lowLight ?? 0
  if (k === 0) return power
  const error = irradianceWm2 <= 200 ? k * (1 - (1 - irradianceWm2 / 200) ** 4) : (k * (1000 - irradianceWm2)) / 800
  return Math.max(power - ratedDc * Math.min(error, power / ratedDc), 0)
}

/** Reference efficiency that the part-load curve was fitted at. */
const referenceEfficiency = 0.9637

/**
 * AC power by the PVWatts inverter, in the unit of `ratedDc`; never negative, cut at `efficiency · ratedDc`.
 * Source: NREL/TP-6A20-62641, eq. 11.
 * @param ratedDc DC input of the inverter at rated AC power
 */
export function pvwattsAc(dc: number, ratedDc: number, efficiency: number): number {
  if (Number.isNaN(dc)) return dc
  const load = dc / ratedDc
  if (!(load > 0)) return 0
  const actual = (efficiency / referenceEfficiency) * (-0.0162 * load - 0.0059 / load + 0.9858)
  return Math.min(Math.max(actual * dc, 0), efficiency * ratedDc)
}
