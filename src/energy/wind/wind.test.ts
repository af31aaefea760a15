import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { WindAsset } from '../schema/index.ts'
import { coefficientPowerW, curvePowerKw, densityCorrectedSpeedMPerS } from './power-curve.ts'
import { windPowerKw } from './wind-power.ts'
import { airDensityKgPerM3, logShearFactor } from './wind-speed.ts'

describe('log profile (windpowerlib test_wind_speed: z0 0.15 m, 10 to 100 m)', () => {
  const profile = { measuredHeightM: 10, hubHeightM: 100, roughnessM: 0.15 }
  it.each([
    [5, 7.74136523],
    [6.5, 10.0637748],
  ])('%f m/s becomes %f m/s within 1e-7', (speed, expected) => {
    expect(speed * logShearFactor(profile)).toBeCloseTo(expected, 7)
  })
  it.each([
    [5, 13.54925281],
    [6.5, 17.61402865],
  ])('%f m/s behind obstacles of 12 m becomes %f m/s within 1e-7', (speed, expected) => {
    expect(speed * logShearFactor({ ...profile, obstacleHeightM: 12 })).toBeCloseTo(expected, 7)
  })
  it('is NaN when the instrument stands among the obstacles', () => {
    expect(logShearFactor({ ...profile, obstacleHeightM: 20 })).toBeNaN()
  })
})

describe('power curve (windpowerlib test_power_output: 5.5 m/s on speeds 4, 5, 6)', () => {
  it('interpolates 300, 400, 500 to 450', () => {
    const curve = [
      [4, 300],
      [5, 400],
      [6, 500],
    ] as const
    expect(curvePowerKw(curve, 5.5)).toBe(450)
    expect(curvePowerKw(curve, 3.9)).toBe(0)
    expect(curvePowerKw(curve, 6.1)).toBe(0)
    expect(curvePowerKw(curve, 6)).toBe(500)
    expect(curvePowerKw(curve, Number.NaN)).toBeNaN()
  })
  it('by coefficient 0.45, 1.3 kg/m3, 80 m is 244615.399 W within 1e-3', () => {
    const power = coefficientPowerW({ speedMPerS: 5.5, coefficient: 0.45, densityKgPerM3: 1.3, rotorDiameterM: 80 })
    expect(power).toBeCloseTo(244615.399, 2)
  })
})

describe('air density', () => {
  it('is 1.225 kg/m3 in the standard atmosphere within 1e-3, 1.112 at 1,000 m', () => {
    expect(airDensityKgPerM3(15, 101325, 0)).toBeCloseTo(1.225, 3)
    expect(airDensityKgPerM3(15, 101325, 1000)).toBeCloseTo(1.112, 3)
  })
  it('leaves the speed alone at 1.225 and lowers it in thin air', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 30, noNaN: true }), (speed) => {
        expect(densityCorrectedSpeedMPerS(speed, 1.225)).toBeCloseTo(speed, 12)
        expect(densityCorrectedSpeedMPerS(speed, 1)).toBeLessThan(speed)
      }),
    )
  })
})

describe('wind power', () => {
  const asset: WindAsset = {
    ratedKw: 500,
    hubHeightM: 60,
    powerCurve: [
      [25, 500],
      [3, 0],
      [12, 500],
    ],
    roughnessM: 0.15,
    losses: 0.1,
    curtailable: true,
  }
  const power = (speed: number, pressurePa = Number.NaN) =>
    windPowerKw(asset, {
      windSpeedMPerS: Float64Array.of(speed),
      temperatureC: Float64Array.of(15),
      pressurePa: Float64Array.of(pressurePa),
    })[0] as number
  it('runs from cut-in over rated to cut-out, after losses', () => {
    expect(power(1)).toBe(0)
    expect(power(12)).toBe(450)
    expect(power(20)).toBe(0)
    expect(power(Number.NaN)).toBeNaN()
  })
  it('takes unsorted curves, and thin air gives less', () => {
    expect(power(6, 80_000)).toBeLessThan(power(6, 101_325))
    expect(power(6, 80_000)).toBeGreaterThan(0)
  })
})
