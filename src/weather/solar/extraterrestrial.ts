/** Total solar irradiance at 1 au, W/m2 (Gueymard 2018 rounds to 1361.1; radiation models here use 1366.1 as ASTM E-490). */
export const solarConstantWm2 = 1366.1

/**
 * Extraterrestrial irradiance on a plane facing the Sun, W/m2.
 * Source: Spencer, Fourier series representation of the position of the Sun, Search 2(5), 1971.
 * @param dayOfYear 1 to 366
 */
export function extraterrestrialWm2(dayOfYear: number): number {
  const b = (2 * Math.PI * (dayOfYear - 1)) / 365
  return (
    solarConstantWm2 *
    (1.00011 + 0.034221 * Math.cos(b) + 0.00128 * Math.sin(b) + 0.000719 * Math.cos(2 * b) + 0.000077 * Math.sin(2 * b))
  )
}

/** Day of the UTC year, 1 to 366. */
export function dayOfYear(timestampMs: number): number {
  const year = new Date(timestampMs).getUTCFullYear()
  return Math.floor((timestampMs - Date.UTC(year, 0, 1)) / 86_400_000) + 1
}

/** {@link extraterrestrialWm2} at each UTC instant. */
export function extraterrestrialSeriesWm2(timestampsMs: Float64Array): Float64Array {
  const out = new Float64Array(timestampsMs.length)
  let dayStart = Number.NaN
  let value = Number.NaN
  for (let k = 0; k < out.length; k += 1) {
    const timestampMs = timestampsMs[k] as number
    if (!(timestampMs - dayStart >= 0 && timestampMs - dayStart < 86_400_000)) {
      dayStart = Math.floor(timestampMs / 86_400_000) * 86_400_000
      value = extraterrestrialWm2(dayOfYear(timestampMs))
    }
    out[k] = value
  }
  return out
}
