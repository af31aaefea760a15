import { describe, expect, it } from 'vitest'
import { deltaTSeconds } from './delta-t.ts'
import { writeSunState } from './ephemeris.ts'
import { solarPositions } from './spa.ts'

const golden = { latitude: 39.742476, longitude: -105.1786, altitudeM: 1830.14 }
const instantMs = Date.UTC(2003, 9, 17, 19, 30, 30)

describe('SPA report case 2003-10-17 (NREL/TP-560-34302, table A5.1)', () => {
  it('gives longitude, latitude, radius and nutation within the printed digits', () => {
    const julianDay = instantMs / 86_400_000 + 2440587.5
    expect(julianDay).toBeCloseTo(2452930.312847, 6)
    const state = new Float64Array(5)
    writeSunState(julianDay + 67 / 86400, state, 0)
    const longitudeDeg = (((state[0] as number) * 180) / Math.PI) % 360
    expect((longitudeDeg + 360) % 360).toBeCloseTo(24.0182616917, 9)
    expect(((state[1] as number) * 180) / Math.PI).toBeCloseTo(-0.0001011219, 9)
    expect(state[2]).toBeCloseTo(0.9965422974, 10)
    expect(state[3]).toBeCloseTo(-0.0039984, 8)
    expect(state[4]).toBeCloseTo(0.00166657, 8)
  })

  it('gives topocentric zenith and azimuth within 1e-5 deg', () => {
    const sun = solarPositions(Float64Array.of(instantMs), golden, {
      pressurePa: 82_000,
      temperatureC: 11,
      deltaTSeconds: 67,
      refractionDeg: 0.5667,
    })
    expect(Math.abs((sun.apparentZenithDeg[0] as number) - 50.11162)).toBeLessThan(1e-5)
    expect(Math.abs((sun.zenithDeg[0] as number) - (90 - 39.872046))).toBeLessThan(1e-5)
    expect(Math.abs((sun.azimuthDeg[0] as number) - 194.340241)).toBeLessThan(1e-5)
  })
})

describe('solar positions', () => {
  it('of a dense year agree with those computed one by one within 1e-7 deg', () => {
    const times = Float64Array.from({ length: 8760 }, (_, k) => Date.UTC(2024, 0, 1) + (k + 0.5) * 3_600_000)
    const dense = solarPositions(times, golden, { deltaTSeconds: 69 })
    let worst = 0
    for (let k = 0; k < times.length; k += 37) {
      const alone = solarPositions(times.slice(k, k + 1), golden, { deltaTSeconds: 69 })
      worst = Math.max(
        worst,
        Math.abs((dense.zenithDeg[k] as number) - (alone.zenithDeg[0] as number)),
        Math.abs((dense.radiusAu[k] as number) - (alone.radiusAu[0] as number)),
      )
    }
    expect(worst).toBeLessThan(1e-7)
  })

  it('do not depend on the order of the instants', () => {
    const times = Float64Array.from({ length: 400 }, (_, k) => Date.UTC(2024, 5, 1) + k * 900_000)
    const forward = solarPositions(times, golden, { deltaTSeconds: 69 })
    const backward = solarPositions(times.slice().reverse(), golden, { deltaTSeconds: 69 })
    for (let k = 0; k < 400; k += 1) {
      expect(backward.zenithDeg[399 - k]).toBeCloseTo(forward.zenithDeg[k] as number, 9)
    }
  })

  it('stand in the south at noon in the north and in the north at noon in the south', () => {
    const noon = Float64Array.of(Date.UTC(2024, 2, 20, 12))
    const at = (latitude: number) =>
      solarPositions(noon, { latitude, longitude: 0, altitudeM: 0 }).azimuthDeg[0] as number
    expect(Math.abs(at(50) - 180)).toBeLessThan(4)
    expect(Math.min(at(-30), 360 - at(-30))).toBeLessThan(5)
  })
})

// Values: delta-T table of pvlib-python `tests/test_spa.py` and pvlib 0.16.1 `spa.calculate_deltat`.
describe('delta T (Espenak & Meeus)', () => {
  it.each([
    [-499, 1, 17184.831],
    [500, 1, 5709.631473],
    [1000, 1, 1573.968342],
    [1500, 1, 198.277878],
    [1800, 1, 13.70616],
    [1900, 1, -2.727849],
    [1950, 1, 29.086951],
    [1970, 1, 40.234679],
    [1980, 1, 50.553212],
    [1990, 1, 56.92137],
    [2000, 1, 63.873833],
    [2003, 10, 64.507826],
    [2005, 1, 64.686337],
    [2050, 1, 93.084789],
    [2150, 12, 330.50693],
  ])('of year %i month %i is %f s within 1e-3', (year, month, seconds) => {
    expect(Math.abs(deltaTSeconds(year, month) - seconds)).toBeLessThan(1e-3)
  })
})
