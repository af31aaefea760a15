import {
  daysBeforeMonth,
  daysOfMonth,
  extraterrestrialSeriesWm2,
  hourMiddlesMs,
  solarPositions,
} from '../../../src/weather/index.ts'
import type { PvwattsExport } from './read-export.ts'

const halfHourMs = 1_800_000

/** The Sun in each hour of the year, at the middle of the part of the hour in which it is up. */
export interface SunHours {
  /** 1 = up in some part of the hour. */
  readonly up: Uint8Array
  readonly zenithDeg: Float64Array
  readonly azimuthDeg: Float64Array
  readonly extraterrestrialWm2: Float64Array
}

type Sky = Pick<PvwattsExport, 'location' | 'beamWm2' | 'diffuseWm2'>

/**
 * Hours east of UTC of the file's clock, which the header does not tell: the whole or half hour near the longitude's
 * own at which daylight in the irradiance agrees best with the Sun.
 */
export function zoneOffsetHours({ location, beamWm2, diffuseWm2 }: Sky): number {
  const natural = location.longitude / 15
  const candidates = Array.from({ length: 13 }, (_, k) => Math.round(natural * 2) / 2 + (k - 6) / 2)
  const mismatch = candidates.map((offset) => {
    const { zenithDeg } = solarPositions(sampleMiddles(offset), location)
    let wrong = 0
    for (let k = 0; k < zenithDeg.length; k += 1) {
      const hour = sampleHour(k)
      const light = beamWm2[hour]! + diffuseWm2[hour]! > 0
      if (light !== zenithDeg[k]! < 90) wrong += Math.abs(zenithDeg[k]! - 90)
    }
    return wrong
  })
  const least = Math.min(...mismatch)
  // Of equal fits, as of a file without any light, the one nearest to the longitude.
  const fits = candidates.filter((_, k) => mismatch[k]! <= least * 1.001)
  return fits.reduce((best, offset) => (Math.abs(offset - natural) < Math.abs(best - natural) ? offset : best))
}

/** One day of each month, its 15th, is enough to place the clock. */
const sampleHour = (k: number): number => (daysBeforeMonth[Math.floor(k / 24)]! + 14) * 24 + (k % 24)
const sampleMiddles = (offset: number): Float64Array => {
  const middles = hourMiddlesMs(offset)
  return Float64Array.from({ length: daysOfMonth.length * 24 }, (_, k) => middles[sampleHour(k)]!)
}

/**
 * Positions for every hour. PVWatts takes the middle of the hour, and in the hours of sunrise and sunset the middle of
 * the sunlit part; an hour without sun counts as dark whatever its irradiance.
 * Source: NREL/TP-6A20-62641, section 5.
 */
export function sunOfHours(input: Sky): SunHours {
  const { location } = input
  const middlesMs = hourMiddlesMs(zoneOffsetHours(input))
  const edges = (shiftMs: number): Float64Array =>
    solarPositions(
      middlesMs.map((ms) => ms + shiftMs),
      location,
    ).zenithDeg
  const begin = edges(-halfHourMs)
  const end = edges(halfHourMs)
  const timestampsMs = middlesMs.slice()
  const up = new Uint8Array(middlesMs.length)
  for (let k = 0; k < up.length; k += 1) {
    const rises = begin[k]! >= 90 && end[k]! < 90
    const sets = begin[k]! < 90 && end[k]! >= 90
    up[k] = begin[k]! < 90 || end[k]! < 90 ? 1 : 0
    if (!rises && !sets) continue
    // The zenith angle is as good as linear within an hour near the horizon.
    const crossing = (90 - begin[k]!) / (end[k]! - begin[k]!)
    const middle = rises ? (crossing + 1) / 2 : crossing / 2
    timestampsMs[k] = middlesMs[k]! + (middle * 2 - 1) * halfHourMs
  }
  const { apparentZenithDeg, azimuthDeg } = solarPositions(timestampsMs, location)
  return { up, zenithDeg: apparentZenithDeg, azimuthDeg, extraterrestrialWm2: extraterrestrialSeriesWm2(middlesMs) }
}
