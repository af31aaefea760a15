import { getPosition } from 'suncalc'

export interface Sun {
  /** Clockwise from north. */
  readonly azimuthDeg: number
  /** Above the horizon, as it is seen: with refraction. */
  readonly altitudeDeg: number
}

/** Where the sun stands over a place. */
export function sunAt(
  timestampMs: number,
  { latitude, longitude }: { readonly latitude: number; readonly longitude: number },
): Sun {
  const { azimuth, altitude } = getPosition(new Date(timestampMs), latitude, longitude)
  return { azimuthDeg: azimuth, altitudeDeg: altitude }
}

/** A unit vector to the sun: east, up, north. */
export function sunVector({ azimuthDeg, altitudeDeg }: Sun): {
  readonly east: number
  readonly up: number
  readonly north: number
} {
  const [azimuth, altitude] = [(azimuthDeg * Math.PI) / 180, (altitudeDeg * Math.PI) / 180]
  return {
    east: Math.sin(azimuth) * Math.cos(altitude),
    up: Math.sin(altitude),
    north: Math.cos(azimuth) * Math.cos(altitude),
  }
}

const step = (from: number, to: number, value: number): number => {
  const share = Math.min(1, Math.max(0, (value - from) / (to - from)))
  return share * share * (3 - 2 * share)
}

export interface Daylight {
  /** 0 at night, 1 in full day: civil twilight lies between. */
  readonly day: number
  /** Strength of the light of the sun itself, 0 to 1: weak at the horizon. */
  readonly direct: number
  /** How red the light is, 0 to 1. */
  readonly warmth: number
}

/** What light there is at a height of the sun. */
export const daylightAt = (altitudeDeg: number): Daylight => ({
  day: step(-7, 8, altitudeDeg),
  direct: step(-0.8, 18, altitudeDeg),
  warmth: 1 - step(2, 24, altitudeDeg),
})
