import { relativeAirmass } from '../solar/airmass.ts'

const RAD = Math.PI / 180
const cos85 = Math.cos(85 * RAD)

/** The sky above a tilted plane at one instant. */
export interface Sky {
  ghiWm2: number
  dniWm2: number
  dhiWm2: number
  extraterrestrialWm2: number
  /** Zenith angle with refraction. */
  apparentZenithDeg: number
  azimuthDeg: number
  /** Relative air mass; NaN below the horizon. */
  airmass: number
}

/** Orientation of the plane. */
export interface Plane {
  readonly tiltDeg: number
  /** Clockwise from north. */
  readonly azimuthDeg: number
}

/** Diffuse irradiance from the sky on the plane, by region; all in W/m2. */
export interface SkyDiffuse {
  readonly isotropicWm2: number
  readonly circumsolarWm2: number
  readonly horizonWm2: number
  readonly totalWm2: number
}

export type TranspositionModel = 'isotropic' | 'klucher' | 'hay-davies' | 'perez'

/** Cosine of the angle between the Sun and the normal of the plane; negative when the Sun is behind it. */
export function cosIncidence(plane: Plane, zenithDeg: number, azimuthDeg: number): number {
  const tilt = plane.tiltDeg * RAD
  const zenith = zenithDeg * RAD
  const projection =
    Math.cos(tilt) * Math.cos(zenith) +
    Math.sin(tilt) * Math.sin(zenith) * Math.cos((azimuthDeg - plane.azimuthDeg) * RAD)
  return Math.min(1, Math.max(-1, projection))
}

const skyView = (plane: Plane): number => 0.5 * (1 + Math.cos(plane.tiltDeg * RAD))

/** A uniform sky (Liu & Jordan 1963). */
export const isotropicWm2 = (plane: Plane, dhiWm2: number): number => dhiWm2 * skyView(plane)

/** Irradiance reflected by the ground onto the plane. */
export const groundReflectedWm2 = (plane: Plane, ghiWm2: number, albedo: number): number =>
  ghiWm2 * albedo * 0.5 * (1 - Math.cos(plane.tiltDeg * RAD))

/** Brightening near the Sun and the horizon scaled by clearness. Source: Klucher, Solar Energy 23 (1979) 111. */
export function klucherWm2(plane: Plane, sky: Sky): number {
  const cosAoi = Math.max(cosIncidence(plane, sky.apparentZenithDeg, sky.azimuthDeg), 0)
  const share = sky.ghiWm2 > 0 ? 1 - (sky.dhiWm2 / sky.ghiWm2) ** 2 : 0
  const horizon = 1 + share * Math.sin(plane.tiltDeg * RAD * 0.5) ** 3
  const circumsolar = 1 + share * cosAoi * cosAoi * Math.sin(sky.apparentZenithDeg * RAD) ** 3
  return isotropicWm2(plane, sky.dhiWm2) * horizon * circumsolar
}

/** Isotropic plus circumsolar by the anisotropy index. Source: Hay & Davies 1980. */
export function hayDavies(plane: Plane, sky: Sky): SkyDiffuse {
  const cosAoi = Math.max(cosIncidence(plane, sky.apparentZenithDeg, sky.azimuthDeg), 0)
  const ratio = cosAoi / Math.max(Math.cos(sky.apparentZenithDeg * RAD), 0.01745)
  const anisotropy = sky.dniWm2 / sky.extraterrestrialWm2
  const isotropic = Math.max(sky.dhiWm2 * (1 - anisotropy) * skyView(plane), 0)
  const circumsolar = Math.max(sky.dhiWm2 * anisotropy * ratio, 0)
  return {
    isotropicWm2: isotropic,
    circumsolarWm2: circumsolar,
    horizonWm2: 0,
    totalWm2: isotropic + circumsolar,
  }
}

/** Upper bounds of the clearness bins of Perez et al. 1990, table 1. */
const binEdges = [1.065, 1.23, 1.5, 1.95, 2.8, 4.5, 6.2] as const

/** F11 F12 F13 F21 F22 F23 of each bin; Perez et al. 1990, table 6 (all sites composite). */
// biome-ignore format: a table
const brightness = Float64Array.of(
  -0.008, 0.588, -0.062, -0.06, 0.072, -0.022,
  0.13, 0.683, -0.151, -0.019, 0.066, -0.029,
  0.33, 0.487, -0.221, 0.055, -0.064, -0.026,
  0.568, 0.187, -0.295, 0.109, -0.152, -0.014,
  0.873, -0.392, -0.362, 0.226, -0.462, 0.001,
  1.132, -1.237, -0.412, 0.288, -0.823, 0.056,
  1.06, -1.6, -0.359, 0.264, -1.127, 0.131,
  0.678, -0.327, -0.25, 0.156, -1.377, 0.251,
)

/**
 * Sky diffuse irradiance in three regions, W/m2. With the Sun below the horizon the sky is taken as isotropic.
 * Source: Perez, Ineichen, Seals, Michalsky & Stewart, Solar Energy 44 (1990) 271.
 */
export function perez(plane: Plane, sky: Sky): SkyDiffuse {
  const { dhiWm2, dniWm2, airmass } = sky
  if (Number.isNaN(dhiWm2) || Number.isNaN(dniWm2)) {
    return { isotropicWm2: Number.NaN, circumsolarWm2: Number.NaN, horizonWm2: Number.NaN, totalWm2: Number.NaN }
  }
  const isotropic = dhiWm2 * skyView(plane)
  if (!(dhiWm2 > 0)) return { isotropicWm2: 0, circumsolarWm2: 0, horizonWm2: 0, totalWm2: 0 }
  if (Number.isNaN(airmass)) return { isotropicWm2: isotropic, circumsolarWm2: 0, horizonWm2: 0, totalWm2: isotropic }
  const zenith = sky.apparentZenithDeg * RAD
  const kappa = 1.041 * zenith * zenith * zenith
  const clearness = ((dhiWm2 + dniWm2) / dhiWm2 + kappa) / (1 + kappa)
  let bin = 0
  while (bin < 7 && clearness >= (binEdges[bin] as number)) bin += 1
  const delta = (dhiWm2 * airmass) / sky.extraterrestrialWm2
  const c = 6 * bin
  const f1 = Math.max(
    (brightness[c] as number) + (brightness[c + 1] as number) * delta + (brightness[c + 2] as number) * zenith,
    0,
  )
  const f2 =
    (brightness[c + 3] as number) + (brightness[c + 4] as number) * delta + (brightness[c + 5] as number) * zenith
  const a = Math.max(cosIncidence(plane, sky.apparentZenithDeg, sky.azimuthDeg), 0)
  const b = Math.max(Math.cos(zenith), cos85)
  const isotropicWm2 = isotropic * (1 - f1)
  const circumsolarWm2 = (dhiWm2 * f1 * a) / b
  const horizonWm2 = dhiWm2 * f2 * Math.sin(plane.tiltDeg * RAD)
  const totalWm2 = isotropicWm2 + circumsolarWm2 + horizonWm2
  if (totalWm2 <= 0) return { isotropicWm2: 0, circumsolarWm2: 0, horizonWm2: 0, totalWm2: 0 }
  return { isotropicWm2, circumsolarWm2, horizonWm2, totalWm2 }
}

/** Sky diffuse irradiance by the named model, W/m2. */
export function skyDiffuseWm2(model: TranspositionModel, plane: Plane, sky: Sky): number {
  switch (model) {
    case 'isotropic':
      return isotropicWm2(plane, sky.dhiWm2)
    case 'klucher':
      return klucherWm2(plane, sky)
    case 'hay-davies':
      return hayDavies(plane, sky).totalWm2
    case 'perez':
      return perez(plane, sky).totalWm2
  }
}

/** Irradiance arrays of equal length with the position of the Sun at the same instants. */
export interface IrradianceSeries {
  readonly ghiWm2: Float64Array
  readonly dniWm2: Float64Array
  readonly dhiWm2: Float64Array
  readonly extraterrestrialWm2: Float64Array
  readonly apparentZenithDeg: Float64Array
  readonly azimuthDeg: Float64Array
}

/** What falls on the plane, W/m2, and how steeply the beam meets it. */
export interface PlaneOfArray {
  readonly globalWm2: Float64Array
  readonly beamWm2: Float64Array
  readonly skyDiffuseWm2: Float64Array
  readonly groundWm2: Float64Array
  /** Cosine of the angle of incidence, −1 to 1. */
  readonly cosIncidence: Float64Array
}

/** Plane-of-array irradiance of a fixed plane. NaN irradiance stays NaN. */
export function planeOfArray(
  series: IrradianceSeries,
  plane: Plane,
  options: { readonly model: TranspositionModel; readonly albedo: number },
): PlaneOfArray {
  const count = series.ghiWm2.length
  const globalWm2 = new Float64Array(count)
  const beamWm2 = new Float64Array(count)
  const diffuse = new Float64Array(count)
  const groundWm2 = new Float64Array(count)
  const cosAoi = new Float64Array(count)
  const sky: Sky = {
    ghiWm2: 0,
    dniWm2: 0,
    dhiWm2: 0,
    extraterrestrialWm2: 0,
    apparentZenithDeg: 0,
    azimuthDeg: 0,
    airmass: 0,
  }
  for (let k = 0; k < count; k += 1) {
    sky.ghiWm2 = series.ghiWm2[k] as number
    sky.dniWm2 = series.dniWm2[k] as number
    sky.dhiWm2 = series.dhiWm2[k] as number
    sky.apparentZenithDeg = series.apparentZenithDeg[k] as number
    sky.azimuthDeg = series.azimuthDeg[k] as number
    cosAoi[k] = cosIncidence(plane, sky.apparentZenithDeg, sky.azimuthDeg)
    if (sky.ghiWm2 === 0 && sky.dniWm2 === 0 && sky.dhiWm2 === 0) continue
    sky.extraterrestrialWm2 = series.extraterrestrialWm2[k] as number
    sky.airmass = relativeAirmass(sky.apparentZenithDeg)
    const up = sky.apparentZenithDeg < 90 ? 1 : 0
    beamWm2[k] = sky.dniWm2 * Math.max(cosAoi[k] as number, 0) * up
    diffuse[k] = skyDiffuseWm2(options.model, plane, sky)
    groundWm2[k] = groundReflectedWm2(plane, sky.ghiWm2, options.albedo)
    globalWm2[k] = (beamWm2[k] as number) + (diffuse[k] as number) + (groundWm2[k] as number)
  }
  return { globalWm2, beamWm2, skyDiffuseWm2: diffuse, groundWm2, cosIncidence: cosAoi }
}
