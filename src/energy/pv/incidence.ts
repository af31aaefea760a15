/** Refractive index of glass. */
const glass = 1.526
/** Extinction of glass, 1/m, and its thickness, m (De Soto 2006). */
const extinctionPerM = 4
const thicknessM = 0.002

function transmittance(cosIncidence: number): number {
  const cosine = Math.max(cosIncidence, 1e-6)
  const sineInside = Math.sqrt(1 - cosine * cosine) / glass
  const cosineInside = Math.sqrt(1 - sineInside * sineInside)
  const s = ((cosine - glass * cosineInside) / (cosine + glass * cosineInside)) ** 2
  const p = ((cosineInside - glass * cosine) / (cosineInside + glass * cosine)) ** 2
  return (1 - (s + p) / 2) * Math.exp((-extinctionPerM * thicknessM) / cosineInside)
}

const normalTransmittance = transmittance(1)

/**
 * Share of beam that passes the module cover, 1 at normal incidence, 0 behind the plane.
 * Source: De Soto, Klein & Beckman, Solar Energy 80 (2006) 78: Snell, Fresnel and Bouguer for a glass cover.
 */
export function physicalIncidenceModifier(cosIncidence: number): number {
  if (!(cosIncidence > 0)) return Number.isNaN(cosIncidence) ? Number.NaN : 0
  return transmittance(Math.min(cosIncidence, 1)) / normalTransmittance
}
