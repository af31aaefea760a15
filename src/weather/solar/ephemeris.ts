import { latitudeTerms, longitudeTerms, nutationTerms, radiusTerms } from './spa-terms.ts'

const DEG = Math.PI / 180

/** Places of the geocentric state of the Sun in its five-number record. */
export const sunState = {
  longitudeRad: 0,
  latitudeRad: 1,
  radiusAu: 2,
  nutationLongitudeDeg: 3,
  nutationObliquityDeg: 4,
} as const
export const sunStateSize = 5

function powerSeries(terms: readonly Float64Array[], millennium: number): number {
  let sum = 0
  let power = 1
  for (const table of terms) {
    let part = 0
    for (let i = 0; i < table.length; i += 3) {
      part += (table[i] as number) * Math.cos((table[i + 1] as number) + (table[i + 2] as number) * millennium)
    }
    sum += part * power
    power *= millennium
  }
  return sum * 1e-8
}

/**
 * Heliocentric longitude (unwrapped), latitude and radius of the Earth and the nutation, written to `out[at…at+4]`.
 * Source: Reda & Andreas, NREL/TP-560-34302, steps 3.2 and 3.4, all periodic terms.
 * @param julianEphemerisDay Julian day of terrestrial time
 */
export function writeSunState(julianEphemerisDay: number, out: Float64Array, at: number): void {
  const century = (julianEphemerisDay - 2451545) / 36525
  const millennium = century / 10
  out[at] = powerSeries(longitudeTerms, millennium)
  out[at + 1] = powerSeries(latitudeTerms, millennium)
  out[at + 2] = powerSeries(radiusTerms, millennium)

  const c2 = century * century
  const c3 = c2 * century
  const x0 = (297.85036 + 445267.11148 * century - 0.0019142 * c2 + c3 / 189474) * DEG
  const x1 = (357.52772 + 35999.05034 * century - 0.0001603 * c2 - c3 / 300000) * DEG
  const x2 = (134.96298 + 477198.867398 * century + 0.0086972 * c2 + c3 / 56250) * DEG
  const x3 = (93.27191 + 483202.017538 * century - 0.0036825 * c2 + c3 / 327270) * DEG
  const x4 = (125.04452 - 1934.136261 * century + 0.0020708 * c2 + c3 / 450000) * DEG
  let psi = 0
  let epsilon = 0
  const t = nutationTerms
  for (let i = 0; i < t.length; i += 9) {
    const angle =
      (t[i] as number) * x0 +
      (t[i + 1] as number) * x1 +
      (t[i + 2] as number) * x2 +
      (t[i + 3] as number) * x3 +
      (t[i + 4] as number) * x4
    psi += ((t[i + 5] as number) + (t[i + 6] as number) * century) * Math.sin(angle)
    epsilon += ((t[i + 7] as number) + (t[i + 8] as number) * century) * Math.cos(angle)
  }
  out[at + 3] = psi / 36e6
  out[at + 4] = epsilon / 36e6
}

const nodeMs = 43_200_000

/**
 * Sun state at many instants. On a dense ascending array the slow state is computed every 12 h and interpolated with
 * a cubic through four nodes (error below 1e-8 deg against computing every instant); sparse arrays are computed exactly.
 * The returned function writes five numbers into `out` for a time and allocates nothing.
 */
export function sunStateSource(
  timestampsMs: Float64Array,
  deltaTSeconds: number,
): (timestampMs: number, out: Float64Array) => void {
  const julian = (ms: number): number => ms / 86_400_000 + 2440587.5 + deltaTSeconds / 86400
  const count = timestampsMs.length
  const span = count > 1 ? Math.abs((timestampsMs[count - 1] as number) - (timestampsMs[0] as number)) : 0
  if (count < 2 * (span / nodeMs + 4)) return (ms, out) => writeSunState(julian(ms), out, 0)

  const nodes = new Float64Array(4 * sunStateSize)
  let first = Number.NaN
  return (ms, out) => {
    const position = ms / nodeMs
    const wanted = Math.floor(position) - 1
    if (wanted === first + 1) {
      nodes.copyWithin(0, sunStateSize)
      writeSunState(julian((wanted + 3) * nodeMs), nodes, 3 * sunStateSize)
    } else if (wanted !== first) {
      for (let node = 0; node < 4; node += 1)
        writeSunState(julian((wanted + node) * nodeMs), nodes, node * sunStateSize)
    }
    first = wanted
    const u = position - wanted - 1
    const w0 = (-u * (u - 1) * (u - 2)) / 6
    const w1 = ((u + 1) * (u - 1) * (u - 2)) / 2
    const w2 = (-(u + 1) * u * (u - 2)) / 2
    const w3 = ((u + 1) * u * (u - 1)) / 6
    for (let i = 0; i < sunStateSize; i += 1) {
      out[i] =
        w0 * (nodes[i] as number) +
        w1 * (nodes[i + 5] as number) +
        w2 * (nodes[i + 10] as number) +
        w3 * (nodes[i + 15] as number)
    }
  }
}
