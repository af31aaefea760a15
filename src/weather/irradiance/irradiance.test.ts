import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { absoluteAirmass, relativeAirmass } from '../solar/airmass.ts'
import { dayOfYear, extraterrestrialWm2 } from '../solar/extraterrestrial.ts'
import { ineichenClearSky } from './clearsky.ts'
import { erbsDecomposition } from './decomposition.ts'
import {
  groundReflectedWm2,
  hayDavies,
  isotropicWm2,
  klucherWm2,
  perez,
  planeOfArray,
  type Sky,
} from './transposition.ts'

const plane = { tiltDeg: 40, azimuthDeg: 180 }

// Tucson, 24 June 2014 00:00, 06:00, 12:00, 18:00 −07:00: fixtures of pvlib-python `tests/test_irradiance.py`.
const tucson: readonly Sky[] = [
  [0, 0, 0, 124.0390863, 352.69550699, Number.NaN],
  [79.73860422, 316.1949056, 40.46149818, 82.85457044, 66.71410338, 7.58831596],
  [1042.48031487, 939.95469881, 118.45831879, 10.56413562, 144.76567754, 1.01688136],
  [257.20751138, 646.22886049, 62.03376265, 72.41687122, 287.04104128, 3.27930443],
].map(([ghiWm2, dniWm2, dhiWm2, apparentZenithDeg, azimuthDeg, airmass]) => ({
  ghiWm2: ghiWm2 as number,
  dniWm2: dniWm2 as number,
  dhiWm2: dhiWm2 as number,
  apparentZenithDeg: apparentZenithDeg as number,
  azimuthDeg: azimuthDeg as number,
  airmass: airmass as number,
  extraterrestrialWm2: 1321.1655834833093,
}))

const expectAll = (values: readonly number[], expected: readonly number[], tolerance: number): void => {
  for (const [k, value] of values.entries()) expect(Math.abs(value - (expected[k] as number))).toBeLessThan(tolerance)
  expect(values.length).toBe(expected.length)
}

describe('transposition, Tucson 2014-06-24 (pvlib test_irradiance)', () => {
  it('isotropic within 1e-4', () => {
    expectAll(
      tucson.map((sky) => isotropicWm2(plane, sky.dhiWm2)),
      [0, 35.728402, 104.601328, 54.777191],
      1e-4,
    )
  })
  it('Klucher within 1e-4', () => {
    expectAll(
      tucson.map((sky) => klucherWm2(plane, sky)),
      [0, 36.789794, 109.209347, 56.965916],
      1e-4,
    )
  })
  it('Hay-Davies within 1e-4', () => {
    expectAll(
      tucson.map((sky) => hayDavies(plane, sky).totalWm2),
      [0, 27.1775, 102.9949, 33.1909],
      1e-4,
    )
    expectAll(
      tucson.map((sky) => hayDavies(plane, sky).circumsolarWm2),
      [0, 0, 72.813, 5.2071],
      1e-4,
    )
  })
  it('Perez and its three regions within 5e-3, NaN beam gives NaN', () => {
    const [night, morning, , evening] = tucson.map((sky) => perez(plane, sky))
    expect(night?.totalWm2).toBe(0)
    expectAll(
      [morning?.totalWm2, morning?.isotropicWm2, morning?.circumsolarWm2, morning?.horizonWm2].map(Number),
      [31.46046871, 26.84138589, 0, 4.62212181],
      4e-3,
    )
    expect(morning?.totalWm2).toBeCloseTo(26.84138589 + 4.62212181, 2)
    expectAll(
      [evening?.totalWm2, evening?.isotropicWm2, evening?.circumsolarWm2, evening?.horizonWm2].map(Number),
      [45.45539877, 31.72696071, 4.47966439, 9.25316454],
      5e-3,
    )
    expect(perez(plane, { ...(tucson[2] as Sky), dniWm2: Number.NaN }).totalWm2).toBeNaN()
  })
  it('Perez lets the horizon darken at Goodwin Creek, 1 January 2019, within 0.01', () => {
    const sky = { ghiWm2: 0, dniWm2: 19, dhiWm2: 165, apparentZenithDeg: 57.564205, azimuthDeg: 187.346924 }
    const parts = perez({ tiltDeg: 34, azimuthDeg: 180 }, { ...sky, extraterrestrialWm2: 1414, airmass: 1.859981 })
    expectAll(
      [parts.totalWm2, parts.isotropicWm2, parts.circumsolarWm2, parts.horizonWm2],
      [152.20879, 142.24475, 16.09757, -6.13353],
      0.01,
    )
  })
  it('ground reflection of 900 W/m2 at albedo 0.25 is 26.32 within 1e-4', () => {
    expect(groundReflectedWm2(plane, 900, 0.25)).toBeCloseTo(26.32000014911496, 4)
  })
})

describe('clear sky (Ineichen, pvlib test_clearsky)', () => {
  const clear = (apparentZenithDeg: number, airmassAbsolute: number) =>
    ineichenClearSky({ apparentZenithDeg, airmassAbsolute, linkeTurbidity: 3, altitudeM: 0, extraterrestrialWm2: 1364 })
  it.each([
    [10.56413562, 0.93527685, 1044.1230677, 953.24925854, 107.03109696],
    [82.85457044, 6.97935524, 65.49426624, 321.16092181, 25.54562017],
    [46.0467599, 1.32355476, 704.6968125, 888.90147035, 87.73601277],
    [34.86074109, 1.12008114, 853.02065704, 922.06124712, 96.42909484],
  ])('at apparent zenith %f within 1e-3 W/m2', (zenith, airmass, ghi, dni, dhi) => {
    const sky = clear(zenith, airmass)
    expectAll([sky.ghiWm2, sky.dniWm2, sky.dhiWm2], [ghi, dni, dhi], 1e-3)
  })
  it('is dark with the Sun down', () => {
    expect(clear(105, Number.NaN)).toEqual({ ghiWm2: 0, dniWm2: 0, dhiWm2: 0 })
  })
})

describe('decomposition (Erbs)', () => {
  it('gives the split of pvlib 0.16.1 for 1000 W/m2 at zenith 10, day 1, within 1e-3', () => {
    const parts = erbsDecomposition(1000, 10, extraterrestrialWm2(1))
    expectAll([parts.dniWm2, parts.dhiWm2], [794.20565114, 217.86011728], 1e-3)
  })
  it('always closes: GHI = DHI + DNI cos(zenith)', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1400, noNaN: true }),
        fc.double({ min: 0, max: 120, noNaN: true }),
        (ghi, zenith) => {
          const parts = erbsDecomposition(ghi, zenith, 1361)
          expect(parts.dhiWm2 + parts.dniWm2 * Math.cos((zenith * Math.PI) / 180)).toBeCloseTo(ghi, 8)
          expect(parts.dniWm2).toBeGreaterThanOrEqual(0)
        },
      ),
    )
  })
})

describe('above the air', () => {
  it('Spencer gives 1383.636203 W/m2 on 2016-10-26 (pvlib) within 1e-3', () => {
    expect(dayOfYear(Date.UTC(2016, 9, 26))).toBe(300)
    expect(extraterrestrialWm2(300)).toBeCloseTo(1383.636203, 3)
  })
  it('Kasten-Young gives the air mass of the Tucson fixture within 1e-6 and NaN at night', () => {
    expect(relativeAirmass(10.56413562)).toBeCloseTo(1.01688136, 6)
    expect(relativeAirmass(82.85457044)).toBeCloseTo(7.58831596, 5)
    expect(relativeAirmass(100)).toBeNaN()
    expect(absoluteAirmass(2, 50662.5)).toBe(1)
  })
})

describe('plane of array', () => {
  it('of a horizontal plane is the horizontal irradiance, whatever the model', () => {
    const [, morning, noon, evening] = tucson
    for (const model of ['isotropic', 'hay-davies', 'perez'] as const) {
      for (const sky of [morning, noon, evening] as Sky[]) {
        const one = (value: number) => Float64Array.of(value)
        const poa = planeOfArray(
          {
            ghiWm2: one(sky.ghiWm2),
            dniWm2: one(sky.dniWm2),
            dhiWm2: one(sky.dhiWm2),
            extraterrestrialWm2: one(sky.extraterrestrialWm2),
            apparentZenithDeg: one(sky.apparentZenithDeg),
            azimuthDeg: one(sky.azimuthDeg),
          },
          { tiltDeg: 0, azimuthDeg: 0 },
          { model, albedo: 0.2 },
        )
        const horizontal = sky.dhiWm2 + sky.dniWm2 * Math.cos((sky.apparentZenithDeg * Math.PI) / 180)
        expect(poa.globalWm2[0]).toBeCloseTo(horizontal, model === 'perez' && sky === morning ? 0 : 6)
      }
    }
  })
})
