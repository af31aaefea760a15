/**
 * Relative optical air mass; NaN when the Sun is below the horizon.
 * Source: Kasten & Young, Applied Optics 28 (1989) 4735.
 * @param apparentZenithDeg zenith angle with refraction
 */
export function relativeAirmass(apparentZenithDeg: number): number {
  if (!(apparentZenithDeg <= 90)) return Number.NaN
  return 1 / (Math.cos((apparentZenithDeg * Math.PI) / 180) + 0.50572 * (96.07995 - apparentZenithDeg) ** -1.6364)
}

/** Pressure-corrected air mass. */
export const absoluteAirmass = (relative: number, pressurePa: number): number => (relative * pressurePa) / 101325
