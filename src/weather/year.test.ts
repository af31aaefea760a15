import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MangroveError } from '../kernel/index.ts'
import { hourOfYear, weatherOnGrid } from './on-grid.ts'
import { type MonthlyNormals, type SyntheticYearOptions, syntheticYear } from './synthetic.ts'
import { daysOfMonth, monthOfHour } from './year.ts'

const normals: MonthlyNormals = {
  ghiKwhPerM2Day: [2.4, 2.9, 3.5, 4.5, 4.9, 4.4, 5.3, 5, 4, 3.4, 2.7, 2.4],
  temperatureC: [5, 7, 11, 16, 21, 25, 29, 29, 25, 20, 14, 7],
  windSpeedMPerS: [3, 3.2, 3.4, 3.3, 3.2, 3, 3.2, 3.3, 3, 2.8, 2.8, 2.9],
}
const options: SyntheticYearOptions = {
  title: 'Shanghai',
  location: { latitude: 31.2, longitude: 121.3, altitudeM: 4 },
  zoneOffsetHours: 8,
  normals,
  seed: 42,
}
const year = syntheticYear(options)
const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)

describe('synthetic year', () => {
  it('keeps the monthly irradiation, temperature and wind within 1e-9 relative', () => {
    const [ghi, temperature, wind] = [new Float64Array(12), new Float64Array(12), new Float64Array(12)]
    for (let hour = 0; hour < 8760; hour += 1) {
      const month = monthOfHour(hour)
      ghi[month] = (ghi[month] as number) + (year.ghiWm2[hour] as number)
      temperature[month] = (temperature[month] as number) + (year.temperatureC[hour] as number)
      wind[month] = (wind[month] as number) + (year.windSpeedMPerS[hour] as number)
    }
    for (let month = 0; month < 12; month += 1) {
      const days = daysOfMonth[month] as number
      expect((ghi[month] as number) / days / 1000).toBeCloseTo(normals.ghiKwhPerM2Day[month] as number, 8)
      expect((temperature[month] as number) / days / 24).toBeCloseTo(normals.temperatureC[month] as number, 8)
      expect((wind[month] as number) / days / 24).toBeCloseTo(normals.windSpeedMPerS[month] as number, 8)
    }
  })
  it('is marked synthetic, the same for a seed, another for another', () => {
    expect(year.kind).toBe('synthetic')
    expect(syntheticYear(options).ghiWm2).toEqual(year.ghiWm2)
    expect(syntheticYear({ ...options, seed: 43 }).ghiWm2).not.toEqual(year.ghiWm2)
  })
  it('is dark at night, finite, never negative, and warmest in the afternoon', () => {
    expect(year.ghiWm2[0]).toBe(0)
    for (const values of [year.ghiWm2, year.dniWm2, year.dhiWm2, year.windSpeedMPerS]) {
      expect(values.every((value) => value >= 0 && value < 1400)).toBe(true)
    }
    const afternoon = Array.from({ length: 365 }, (_, day) => year.temperatureC[day * 24 + 14] as number)
    const morning = Array.from({ length: 365 }, (_, day) => year.temperatureC[day * 24 + 3] as number)
    expect(afternoon.every((value, day) => value > (morning[day] as number))).toBe(true)
  })
  it('refuses normals that are missing, out of range or brighter than the sky', () => {
    const wrong = (change: Partial<MonthlyNormals>) => () =>
      syntheticYear({ ...options, normals: { ...normals, ...change } })
    expect(wrong({ temperatureC: [1] })).toThrow(MangroveError)
    expect(wrong({ windSpeedMPerS: normals.windSpeedMPerS.with(3, Number.NaN) })).toThrow('windSpeedMPerS[3]')
    expect(wrong({ ghiKwhPerM2Day: normals.ghiKwhPerM2Day.with(0, 9) })).toThrow('ghiKwhPerM2Day[0]')
  })
})

describe('weather on a grid', () => {
  const midnightMs = Date.UTC(2026, 6, 1) - 8 * 3_600_000
  const summer = hourOfYear(Date.UTC(2026, 6, 1))

  it('of hours is the year itself', () => {
    const weather = weatherOnGrid(year, { startMs: midnightMs, stepMs: 3_600_000, count: 24 })
    expect(weather.ghiWm2).toEqual(year.ghiWm2.slice(summer, summer + 24))
    expect(weather.dniWm2).toEqual(year.dniWm2.slice(summer, summer + 24))
    expect(weather.synthetic).toBe(true)
  })
  it('of quarter-hours keeps the energy of every hour for all three irradiances', () => {
    const weather = weatherOnGrid(year, { startMs: midnightMs, stepMs: 900_000, count: 96 })
    for (const quantity of ['ghiWm2', 'dhiWm2', 'dniWm2'] as const) {
      for (let hour = 0; hour < 24; hour += 1) {
        const mean = sum(weather[quantity].slice(hour * 4, hour * 4 + 4)) / 4
        expect(mean).toBeCloseTo(year[quantity][summer + hour] as number, 9)
      }
    }
    const noon = weather.temperatureC.slice(46, 50)
    expect([...noon].every((value, k) => k === 0 || Math.abs(value - (noon[k - 1] as number)) < 0.5)).toBe(true)
  })
  it('is the same for a grid and for its parts, also when cut within an hour', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 1, max: 5 }), (first, count) => {
        const whole = weatherOnGrid(year, { startMs: midnightMs, stepMs: 900_000, count: 96 })
        const part = weatherOnGrid(year, { startMs: midnightMs + first * 900_000, stepMs: 900_000, count })
        for (let k = 0; k < count; k += 1) {
          // Delta T steps by month, which moves the Sun by less than 1e-5 deg.
          expect(part.ghiWm2[k]).toBeCloseTo(whole.ghiWm2[first + k] as number, 3)
          expect(part.temperatureC[k]).toBeCloseTo(whole.temperatureC[first + k] as number, 9)
        }
      }),
      { numRuns: 30 },
    )
  })
  it('of days is the mean of their hours; 29 February is 28 February', () => {
    const leap = weatherOnGrid(year, { startMs: Date.UTC(2028, 1, 28) - 8 * 3_600_000, stepMs: 86_400_000, count: 2 })
    const first = hourOfYear(Date.UTC(2027, 1, 28))
    expect(leap.ghiWm2[0]).toBeCloseTo(sum(year.ghiWm2.slice(first, first + 24)) / 24, 9)
    expect(leap.ghiWm2[1]).toBe(leap.ghiWm2[0])
  })
  it('refuses a step that does not fit hours', () => {
    const odd = () => weatherOnGrid(year, { startMs: midnightMs, stepMs: 7 * 60_000, count: 3 })
    expect(odd).toThrow('weather.grid-unsupported')
  })
  it('passes missing values on as NaN', () => {
    const holed = { ...year, ghiWm2: year.ghiWm2.with(summer + 12, Number.NaN) }
    const weather = weatherOnGrid(holed, { startMs: midnightMs, stepMs: 900_000, count: 96 })
    expect([...weather.ghiWm2.keys()].filter((k) => Number.isNaN(weather.ghiWm2[k]))).toEqual([48, 49, 50, 51])
  })
})
