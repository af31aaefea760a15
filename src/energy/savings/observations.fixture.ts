import { seededRandom } from '../../kernel/index.ts'
import type { Observations } from './observations.ts'
import { oneEach } from './temperatures.ts'

export const dayMs = 86_400_000

/** Daily observations of given rates and temperatures, from a Monday on. */
export function dailyOf(
  rate: Float64Array,
  temperatureC?: Float64Array,
  variables: readonly Float64Array[] = [],
): Observations {
  const start = Date.UTC(2024, 0, 1)
  const startMs = Float64Array.from(rate, (_, k) => start + k * dayMs)
  return {
    startMs,
    endMs: startMs.map((ms) => ms + dayMs),
    length: new Float64Array(rate.length).fill(1),
    rate,
    weight: new Float64Array(rate.length).fill(1),
    hourOfWeek: Int32Array.from(rate, (_, k) => (k % 7) * 24),
    place: Int32Array.from(rate, (_, k) => k),
    ...(temperatureC ? { temperatures: oneEach(temperatureC) } : {}),
    variables,
  }
}

/** Standard normal numbers (Box and Muller). */
export function normals(seed: number): () => number {
  const random = seededRandom(seed)
  return () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
}

/** Errors of which each keeps a share `rho` of the one before; their deviation is one. */
export function correlatedErrors(count: number, rho: number, draw: () => number): Float64Array {
  const errors = new Float64Array(count)
  for (let k = 0; k < count; k += 1) {
    errors[k] = k === 0 ? draw() : rho * errors[k - 1]! + Math.sqrt(1 - rho * rho) * draw()
  }
  return errors
}

/** Daily mean temperatures of a temperate place: a yearly wave, and weather that lasts for days. */
export function yearsOfWeather(days: number, draw: () => number): Float64Array {
  const weather = correlatedErrors(days, 0.7, draw)
  return weather.map((value, day) => 12 - 11 * Math.cos((2 * Math.PI * (day - 20)) / 365.25) + 3.5 * value)
}
