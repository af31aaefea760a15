import type { Irradiance } from './clearsky.ts'

const RAD = Math.PI / 180

/**
 * Splits global horizontal irradiance into beam and diffuse.
 * Source: Erbs, Klein & Duffie, Solar Energy 28 (1982) 293, eq. 1.
 * Above a zenith of 87 deg all of it counts as diffuse. The parts always add up: GHI = DHI + DNI·cos(zenith).
 */
export function erbsDecomposition(ghiWm2: number, zenithDeg: number, extraterrestrialWm2: number): Irradiance {
  if (Number.isNaN(ghiWm2)) return { ghiWm2, dniWm2: Number.NaN, dhiWm2: Number.NaN }
  const cosZenith = Math.cos(zenithDeg * RAD)
  if (!(ghiWm2 > 0) || zenithDeg > 87) return { ghiWm2, dniWm2: 0, dhiWm2: Math.max(ghiWm2, 0) }
  const kt = Math.min(Math.max(ghiWm2 / (extraterrestrialWm2 * Math.max(cosZenith, 0.065)), 0), 1)
  const diffuse =
    kt <= 0.22
      ? 1 - 0.09 * kt
      : kt <= 0.8
        ? 0.9511 + kt * (-0.1604 + kt * (4.388 + kt * (-16.638 + kt * 12.336)))
        : 0.165
  const dhiWm2 = diffuse * ghiWm2
  return { ghiWm2, dniWm2: (ghiWm2 - dhiWm2) / cosZenith, dhiWm2 }
}
