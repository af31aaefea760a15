import { describe, expect, it } from 'vitest'
import { syntheticYear, weatherOnGrid } from '../../weather/index.ts'
import { type PvArray, pvPowerKw, pvYear } from './pv-power.ts'

const year = syntheticYear({
  title: 'test',
  location: { latitude: 1.35, longitude: 103.8, altitudeM: 10 },
  zoneOffsetHours: 8,
  normals: {
    ghiKwhPerM2Day: [4.4, 5, 5, 4.8, 4.5, 4.4, 4.4, 4.5, 4.6, 4.5, 4.1, 3.9],
    temperatureC: Array.from({ length: 12 }, () => 27.5),
    windSpeedMPerS: Array.from({ length: 12 }, () => 2.2),
  },
  seed: 7,
})

const array: PvArray = {
  capacityKwp: 100,
  tiltDeg: 10,
  azimuthDeg: 180,
  mounting: 'roof',
  transposition: 'perez',
  model: 'pvwatts',
  temperatureCoefficientPerC: -0.0035,
  systemLosses: 0.14,
  dcAcRatio: 1.2,
  inverterEfficiency: 0.96,
  albedo: 0.2,
}

const energy = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0)
const day = { startMs: Date.UTC(2026, 2, 10) - 8 * 3_600_000, stepMs: 900_000, count: 96 }

describe('PV power', () => {
  it('of a year near Singapore is a plausible 1,050 to 1,400 kWh/kWp', () => {
    const yieldKwh = energy(pvYear(array, year).acKw) / 100
    expect(yieldKwh).toBeGreaterThan(1050)
    expect(yieldKwh).toBeLessThan(1400)
  })
  it('of the single-diode model stays within 6 % of PVWatts over a year', () => {
    const ratio = energy(pvYear({ ...array, model: 'single-diode' }, year).acKw) / energy(pvYear(array, year).acKw)
    expect(Math.abs(ratio - 1)).toBeLessThan(0.06)
  })
  it('is zero at night, never negative and never above the inverter', () => {
    const power = pvPowerKw(array, weatherOnGrid(year, day))
    expect(power[0]).toBe(0)
    expect(power[95]).toBe(0)
    expect(Math.min(...power)).toBe(0)
    expect(Math.max(...power)).toBeGreaterThan(10)
    expect(Math.max(...power)).toBeLessThanOrEqual(100 / 1.2 + 1e-9)
  })
  it('scales with the installed kWp', () => {
    const weather = weatherOnGrid(year, day)
    const one = pvPowerKw(array, weather)
    const two = pvPowerKw({ ...array, capacityKwp: 200 }, weather)
    for (let k = 0; k < 96; k += 1) expect(two[k]).toBeCloseTo(2 * (one[k] as number), 9)
  })
  it('is NaN where the irradiance is missing and only there', () => {
    const weather = weatherOnGrid(year, day)
    weather.dniWm2[50] = Number.NaN
    const power = pvPowerKw(array, weather)
    expect(power[50]).toBeNaN()
    expect(power.filter(Number.isNaN).length).toBe(1)
  })
})
