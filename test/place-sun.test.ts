import { describe, expect, it } from 'vitest'
import { solarPositions } from '../src/weather/index.ts'
import { daylightAt, sunAt, sunVector } from '../web/src/place/sun.ts'

const places = [
  { name: 'Liyang', latitude: 31.4, longitude: 119.5, altitudeM: 8 },
  { name: 'Santiago', latitude: -33.4, longitude: -70.6, altitudeM: 570 },
  { name: 'Oslo', latitude: 59.9, longitude: 10.7, altitudeM: 20 },
  { name: 'Kampala', latitude: 0.3, longitude: 32.6, altitudeM: 1190 },
]

describe('the sun over the place', () => {
  it.each(places)('stands over $name within half a degree of where the weather room computes it', (where) => {
    // Through the year and through the day: every 36.7 hours.
    const times = Float64Array.from({ length: 240 }, (_, step) => Date.UTC(2026, 0, 3) + step * 36.7 * 3_600_000)
    const { azimuthDeg, apparentZenithDeg } = solarPositions(times, where)
    let seen = 0
    times.forEach((timestampMs, index) => {
      const altitudeDeg = 90 - apparentZenithDeg[index]!
      // Below the horizon nobody sees it, and refraction is a matter of opinion.
      if (altitudeDeg < 0) return
      seen += 1
      const [a, b] = [sunVector(sunAt(timestampMs, where)), sunVector({ azimuthDeg: azimuthDeg[index]!, altitudeDeg })]
      const cosine = a.east * b.east + a.north * b.north + a.up * b.up
      expect((Math.acos(Math.min(1, cosine)) * 180) / Math.PI).toBeLessThan(0.5)
    })
    expect(seen).toBeGreaterThan(80)
  })

  it('is in the south at noon in Liyang, and gives no light at midnight', () => {
    const noon = sunAt(Date.UTC(2026, 5, 21, 4, 5), places[0]!)
    expect(noon.azimuthDeg).toBeGreaterThan(150)
    expect(noon.azimuthDeg).toBeLessThan(210)
    expect(daylightAt(noon.altitudeDeg)).toEqual({ day: 1, direct: 1, warmth: 0 })
    const midnight = sunAt(Date.UTC(2026, 5, 21, 16, 5), places[0]!)
    expect(daylightAt(midnight.altitudeDeg)).toMatchObject({ day: 0, direct: 0 })
  })
})
