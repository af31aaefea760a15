/** The five parameters of the single-diode equation at given conditions. */
export interface DiodeParameters {
  /** Photocurrent, A. */
  readonly photocurrentA: number
  /** Diode saturation current, A. */
  readonly saturationA: number
  readonly seriesOhm: number
  readonly shuntOhm: number
  /** Diode ideality × cells in series × thermal voltage, V. */
  readonly thermalV: number
}

export interface PowerPoint {
  readonly currentA: number
  readonly voltageV: number
  readonly powerW: number
}

/** Current at a diode voltage, which is terminal voltage plus the drop over the series resistance. */
const currentAt = (p: DiodeParameters, diodeV: number): number =>
  p.photocurrentA - p.saturationA * Math.expm1(diodeV / p.thermalV) - diodeV / p.shuntOhm

/** Diode voltage at which the current is zero: the open-circuit voltage. */
export function openCircuitV(p: DiodeParameters): number {
  if (!(p.photocurrentA > 0)) return p.photocurrentA === 0 ? 0 : Number.NaN
  let voltage = p.thermalV * Math.log1p(p.photocurrentA / p.saturationA)
  // The start lies right of the root and the current is concave: Newton falls onto it from one side.
  for (let round = 0; round < 50; round += 1) {
    const slope = -(p.saturationA / p.thermalV) * Math.exp(voltage / p.thermalV) - 1 / p.shuntOhm
    const step = currentAt(p, voltage) / slope
    voltage -= step
    if (Math.abs(step) < 1e-13 * voltage) break
  }
  return voltage
}

/**
 * Maximum power point of the single-diode equation.
 * Source of the parametrisation by diode voltage: Bishop, Solar Cells 25 (1988) 73; solved by Newton on dP/dV with a
 * bracket, so that it ends for all positive parameters. No light gives zeros; a missing parameter gives NaN.
 */
export function maximumPower(p: DiodeParameters): PowerPoint {
  if (!(p.photocurrentA > 0)) {
    const nothing = p.photocurrentA <= 0 ? 0 : Number.NaN
    return { currentA: nothing, voltageV: nothing, powerW: nothing }
  }
  let low = 0
  let high = openCircuitV(p)
  let diodeV = 0.8 * high
  for (let round = 0; round < 100; round += 1) {
    const grown = p.saturationA * Math.exp(diodeV / p.thermalV)
    const current = currentAt(p, diodeV)
    const slope = -grown / p.thermalV - 1 / p.shuntOhm
    const curvature = -grown / (p.thermalV * p.thermalV)
    const voltage = diodeV - current * p.seriesOhm
    const voltageSlope = 1 - p.seriesOhm * slope
    const power1 = slope * voltage + current * voltageSlope
    const power2 = curvature * voltage + 2 * slope * voltageSlope - current * p.seriesOhm * curvature
    if (power1 > 0) low = diodeV
    else high = diodeV
    const newton = diodeV - power1 / power2
    const next = newton > low && newton < high ? newton : (low + high) / 2
    const done = Math.abs(next - diodeV) <= 1e-13 * high
    diodeV = next
    if (done) break
  }
  const currentA = currentAt(p, diodeV)
  const voltageV = diodeV - currentA * p.seriesOhm
  return { currentA, voltageV, powerW: currentA * voltageV }
}
