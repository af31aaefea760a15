const RAD = Math.PI / 180

/** Rows of the array, of which one has no row before it. PVWatts counts 1000. */
const rows = 1000
/** Points along the height of a row that the masking of the sky is averaged over. */
const points = 50

/** Tilted rows behind each other on level ground. */
export interface Rows {
  readonly tiltDeg: number
  /** Collector height over row distance. */
  readonly groundCoverage: number
}

/**
 * Share of the diffuse sky that a row sees with the row before it in view, of what it would see alone: isotropic sky,
 * masking angle averaged over the height of the row.
 * Source: Deline, Dobos, Janzou, Meydbray & Donovan, Solar Energy 96 (2013) 274, eq. 7 and 8.
 */
export function skyShare({ tiltDeg, groundCoverage }: Rows): number {
  const tilt = tiltDeg * RAD
  const alone = Math.cos(tilt / 2) ** 2
  let seen = 0
  for (let k = 0; k < points; k += 1) {
    const above = 1 - (k + 0.5) / points
    const mask = Math.atan2(above * Math.sin(tilt), 1 / groundCoverage - above * Math.cos(tilt))
    seen += Math.cos((tilt + mask) / 2) ** 2
  }
  return seen / points / alone
}

/** Horizontal beam and diffuse irradiance on the ground, and the height of the Sun. */
export interface GroundLight {
  readonly beamWm2: number
  readonly diffuseWm2: number
  readonly zenithDeg: number
}

/**
 * Share of ground-reflected irradiance that a row receives, of what it would receive alone: it sees the ground up to
 * the row before it, and of that the beam lights only what is not in shadow.
 * Source: as above, eq. 9 to 12, after Appelbaum & Bany, Solar Energy 23 (1979) 497.
 */
export function groundShare(
  { tiltDeg, groundCoverage }: Rows,
  { beamWm2, diffuseWm2, zenithDeg }: GroundLight,
): number {
  const tilt = tiltDeg * RAD
  const alone = Math.sin(tilt / 2) ** 2
  const total = beamWm2 + diffuseWm2
  if (alone <= 0 || total <= 0) return 1
  const height = (90 - zenithDeg) * RAD
  const distance = 1 / groundCoverage
  const view = (length: number): number =>
    0.5 * (1 + length - Math.sqrt(length * length + 2 * length * Math.cos(tilt) + 1))
  const lit = Math.max(0, distance - Math.sin(Math.PI - height - tilt) / Math.sin(height))
  const mean = (part: number): number => (alone + (rows - 1) * part) / rows
  return (mean(view(distance)) * diffuseWm2 + mean(view(lit)) * beamWm2) / (alone * total)
}
