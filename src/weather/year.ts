import type { Location } from '../kernel/index.ts'

export const hoursPerYear = 8760

/**
 * One year of hourly weather, 8,760 hours of 365 days from 1 January 00:00 in the standard time of the file.
 * Hour `h` covers `[h, h+1)`; irradiance is its mean, the rest too as far as the source says. NaN = missing.
 */
export interface WeatherYear {
  /** `typical`: months of different years put together. `synthetic`: made from normals, never measured. */
  readonly kind: 'measured' | 'typical' | 'synthetic'
  readonly title: string
  readonly location: Location
  /** Standard time of the file, hours east of UTC. */
  readonly zoneOffsetHours: number
  /** Global horizontal irradiance. */
  readonly ghiWm2: Float64Array
  /** Direct normal irradiance. */
  readonly dniWm2: Float64Array
  /** Diffuse horizontal irradiance. */
  readonly dhiWm2: Float64Array
  /** Dry-bulb air temperature. */
  readonly temperatureC: Float64Array
  /** At 10 m above ground. */
  readonly windSpeedMPerS: Float64Array
  readonly pressurePa: Float64Array
}

/** The hourly quantities of a {@link WeatherYear}. */
export const weatherQuantities = ['ghiWm2', 'dniWm2', 'dhiWm2', 'temperatureC', 'windSpeedMPerS', 'pressurePa'] as const
export type WeatherQuantity = (typeof weatherQuantities)[number]
export type WeatherColumns = Readonly<Record<WeatherQuantity, Float64Array>>

/** Days before each month of a 365-day year. */
export const daysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334] as const
export const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

/** Empty columns: NaN everywhere. */
export const missingColumns = (): WeatherColumns => {
  const column = (): Float64Array => new Float64Array(hoursPerYear).fill(Number.NaN)
  return {
    ghiWm2: column(),
    dniWm2: column(),
    dhiWm2: column(),
    temperatureC: column(),
    windSpeedMPerS: column(),
    pressurePa: column(),
  }
}

/** Month 0 to 11 of an hour of the 365-day year. */
export function monthOfHour(hour: number): number {
  const day = Math.floor(hour / 24)
  let month = 11
  while (month > 0 && day < (daysBeforeMonth[month] as number)) month -= 1
  return month
}

/** UTC middles of the hours of the year, with the calendar laid on `year` (not a leap year, for 365 days). */
export function hourMiddlesMs(zoneOffsetHours: number, year = 2021): Float64Array {
  const start = Date.UTC(year, 0, 1) - zoneOffsetHours * 3_600_000 + 1_800_000
  return Float64Array.from({ length: hoursPerYear }, (_, hour) => start + hour * 3_600_000)
}
