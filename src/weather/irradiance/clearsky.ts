const RAD = Math.PI / 180

/** Clear-sky irradiance in W/m2. */
export interface Irradiance {
  readonly ghiWm2: number
  readonly dniWm2: number
  readonly dhiWm2: number
}

export interface ClearSkyInputs {
  readonly apparentZenithDeg: number
  /** Pressure-corrected air mass; NaN below the horizon gives zero irradiance. */
  readonly airmassAbsolute: number
  readonly linkeTurbidity: number
  readonly altitudeM: number
  readonly extraterrestrialWm2: number
}

/**
 * Clear-sky irradiance by the Ineichen–Perez model.
 * Source: Ineichen & Perez, Solar Energy 73 (2002) 151; turbidity correction of the beam SE 73, 157.
 */
export function ineichenClearSky(inputs: ClearSkyInputs): Irradiance {
  const { airmassAbsolute, linkeTurbidity, altitudeM, extraterrestrialWm2 } = inputs
  const cosZenith = Math.max(Math.cos(inputs.apparentZenithDeg * RAD), 0)
  if (!(airmassAbsolute > 0) || cosZenith <= 0) return { ghiWm2: 0, dniWm2: 0, dhiWm2: 0 }
  const fh1 = Math.exp(-altitudeM / 8000)
  const fh2 = Math.exp(-altitudeM / 1250)
  const cg1 = 5.09e-5 * altitudeM + 0.868
  const cg2 = 3.92e-5 * altitudeM + 0.0387
  const ghiWm2 =
    cg1 * extraterrestrialWm2 * cosZenith * Math.exp(-cg2 * airmassAbsolute * (fh1 + fh2 * (linkeTurbidity - 1)))
  const beam = extraterrestrialWm2 * (0.664 + 0.163 / fh1) * Math.exp(-0.09 * airmassAbsolute * (linkeTurbidity - 1))
  const beamLimit =
    ghiWm2 * Math.max((1 - (0.1 - 0.2 * Math.exp(-linkeTurbidity)) / (0.1 + 0.882 / fh1)) / cosZenith, 0)
  const dniWm2 = Math.min(beam, beamLimit)
  return { ghiWm2, dniWm2, dhiWm2: ghiWm2 - dniWm2 * cosZenith }
}
