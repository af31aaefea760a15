/** Refractive indices of air, of an anti-reflective coating and of glass. Source: NREL/TP-6A20-62641, section 8. */
const air = 1
const coating = 1.3
const glass = 1.526
/** Extinction of glass times its thickness, De Soto 2006: 4 per m, 2 mm. */
const absorbance = 4 * 0.002

/** Share of unpolarised light that passes a surface between two media (Fresnel), and the cosine behind it (Snell). */
function pass(cosine: number, from: number, to: number): { readonly share: number; readonly cosine: number } {
  const sine = (Math.sqrt(1 - cosine * cosine) * from) / to
  const inside = Math.sqrt(1 - sine * sine)
  const s = ((from * cosine - to * inside) / (from * cosine + to * inside)) ** 2
  const p = ((from * inside - to * cosine) / (from * inside + to * cosine)) ** 2
  return { share: 1 - (s + p) / 2, cosine: inside }
}

function transmittance(cosIncidence: number): number {
  const outer = pass(Math.max(cosIncidence, 1e-6), air, coating)
  const inner = pass(outer.cosine, coating, glass)
  return outer.share * inner.share * Math.exp(-absorbance / inner.cosine)
}

const normal = transmittance(1)

/**
 * Share of beam that passes a cover glass with an anti-reflective coating, 1 at normal incidence, 0 behind the plane.
 * The twin of `physicalIncidenceModifier` for the premium modules of PVWatts.
 * Source: Dobos, PVWatts Version 5 Manual, NREL/TP-6A20-62641 (2014), section 8.
 */
export const coatedIncidenceModifier = (cosIncidence: number): number =>
  cosIncidence > 0 ? transmittance(Math.min(cosIncidence, 1)) / normal : 0
