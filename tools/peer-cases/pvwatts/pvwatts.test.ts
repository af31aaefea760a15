import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MangroveError } from '../../../src/kernel/index.ts'
import { cosIncidence } from '../../../src/weather/index.ts'
import { runPvwatts } from './chain.ts'
import { coatedIncidenceModifier } from './coating.ts'
import { pvwatts } from './index.ts'
import { readPvwattsExport } from './read-export.ts'
import { groundShare, skyShare } from './row-shading.ts'
import { zoneOffsetHours } from './sun-hours.ts'
import { arrayTypeOf, moduleTypeOf } from './system.ts'
import { backtrackedRotationDeg, planeAtRotation, shadedShare, trueRotationDeg } from './tracking.ts'

const file = new URL('../../../../shared/data/energy/pv/PVWatts_Denver_4kW_rackmount_8760.csv', import.meta.url)
const text = existsSync(file) ? readFileSync(file, 'latin1') : ''
const kwh = (powerW: Float64Array) => powerW.reduce((sum, power) => sum + power, 0) / 1000

describe.skipIf(text === '')(
  'PVWatts export of Denver, 4 kW open rack (pvlib tests/data; needs ../shared/data)',
  () => {
    it('AC: year within 0.1 %, each month within 0.3 %', async () => {
      const result = (await pvwatts.run(file.pathname, undefined as never)) as {
        acKwh: number
        expectedAcKwh: number
        monthlyRelativeError: number[]
      }
      expect(result.expectedAcKwh).toBeCloseTo(6023.671, 3)
      expect(Math.abs(result.acKwh / result.expectedAcKwh - 1)).toBeLessThan(0.001)
      expect(result.monthlyRelativeError).toHaveLength(12)
      for (const error of result.monthlyRelativeError) expect(Math.abs(error)).toBeLessThan(0.003)
    })

    // Yearly AC of the same weather in PVWatts v5 of NREL-PySAM 7.1.1, kWh.
    it.each([
      { array: 'Fixed (roof mount)', module: 'Standard', tilt: 20, azimuth: 180, expected: 5937.124, within: 0.001 },
      { array: 'Fixed (open rack)', module: 'Premium', tilt: 20, azimuth: 180, expected: 6099.221, within: 0.001 },
      { array: 'Fixed (open rack)', module: 'Thin film', tilt: 35, azimuth: 150, expected: 6360.729, within: 0.001 },
      { array: '1-Axis Backtracking', module: 'Standard', tilt: 0, azimuth: 180, expected: 6870.025, within: 0.001 },
      { array: '1-Axis Backtracking', module: 'Premium', tilt: 20, azimuth: 180, expected: 7681.752, within: 0.001 },
      { array: '2-Axis', module: 'Standard', tilt: 0, azimuth: 180, expected: 8549.859, within: 0.001 },
      // Its rows shade each other; the mean over the row of the shade is as good as its model of it.
      { array: '1-Axis Tracking', module: 'Standard', tilt: 0, azimuth: 180, expected: 6819.476, within: 0.0025 },
    ])('$array, $module, $tilt°: $expected kWh within $within (NREL-PySAM 7.1.1)', (variant) => {
      const varied = text
        .replace('Fixed (open rack)', variant.array)
        .replace('Module Type:,Standard', `Module Type:,${variant.module}`)
        .replace('Array Tilt (deg):,20', `Array Tilt (deg):,${variant.tilt}`)
        .replace('Array Azimuth (deg):,180', `Array Azimuth (deg):,${variant.azimuth}`)
      const year = kwh(runPvwatts(readPvwattsExport('variant.csv', varied)).acW)
      expect(Math.abs(year / variant.expected - 1)).toBeLessThan(variant.within)
    })

    it('finds the clock of the file in its daylight: UTC − 7 h', () => {
      expect(zoneOffsetHours(readPvwattsExport('denver.csv', text))).toBe(-7)
    })

    it('reads the labels and columns of later versions: units in brackets, albedo, ground coverage', () => {
      const later = text
        .replace('Lat (deg N):', 'Latitude (deg N):')
        .replace('Long (deg W):', 'Longitude (deg W):')
        .replace('System Losses:', 'System Losses (%):')
        .replace('Invert Efficiency:,96', 'Inverter Efficiency (%):,96\nGround Coverage Ratio:,0.35')
        .replaceAll('(W/m^2)', '(W/m2)')
      const { system, location } = readPvwattsExport('later.csv', later)
      expect(system).toMatchObject({ groundCoverage: 0.35, inverterEfficiency: 0.96, losses: 0.1408 })
      expect(location).toMatchObject({ latitude: 39.73, longitude: -105.18 })
    })

    it('tells of a file that ends early, lacks a column or a label, or holds a wrong number', () => {
      const problemOf = (content: string) => {
        try {
          readPvwattsExport('broken.csv', content)
        } catch (error) {
          if (error instanceof MangroveError) return error.problems[0]
          throw error
        }
        return undefined
      }
      expect(problemOf(text.slice(0, 200_000))).toMatchObject({ code: 'peer-case.malformed' })
      expect(problemOf(text.replace('Wind Speed (m/s)', 'Humidity'))).toMatchObject({ code: 'peer-case.missing' })
      expect(problemOf(text.replace('Array Tilt (deg):,20', 'Array Tilt (deg):,'))).toMatchObject({
        code: 'peer-case.missing',
        place: { path: 'tilt' },
      })
      expect(problemOf(text.replace('\n1,1,12,', '\n1,1,12,x'))).toMatchObject({
        code: 'peer-case.bad-value',
        place: { line: 31, path: 'beam' },
      })
      expect(problemOf(text.replace('Fixed (open rack)', 'Floating'))).toMatchObject({ code: 'peer-case.unsupported' })
      expect(problemOf('')).toMatchObject({ code: 'peer-case.malformed' })
      fc.assert(
        fc.property(fc.nat(3000), fc.string({ maxLength: 6 }), (at, junk) => {
          problemOf(text.slice(0, at) + junk)
        }),
        { numRuns: 60 },
      )
    })
  },
)

describe('PVWatts words', () => {
  it.each([
    ['Fixed (open rack)', 'open-rack'],
    ['Fixed (roof mount)', 'roof-mount'],
    ['1-Axis Tracking', 'one-axis'],
    ['1-Axis Backtracking', 'one-axis-backtracking'],
    ['2-Axis', 'two-axis'],
    ['Floating', undefined],
  ])('%s is %s', (words, type) => void expect(arrayTypeOf(words)).toBe(type))
  it('knows the module types', () => {
    expect(['Standard', 'Premium', 'Thin film', 'Thin Film', '?'].map(moduleTypeOf)).toEqual([
      'standard',
      'premium',
      'thin-film',
      'thin-film',
      undefined,
    ])
  })
})

describe('one-axis tracking (SAM ssc tests, SingleAxisTrackingTest, ground coverage 0.4)', () => {
  it.each([
    { zenith: 0, azimuth: 180, tilt: 0, axis: 10, ideal: 0, turned: 0, shaded: 0 },
    { zenith: 10, azimuth: 100, tilt: 0, axis: 150, ideal: -7.69263, turned: -7.69263, shaded: 0 },
    { zenith: 80, azimuth: 250, tilt: 10, axis: 240, ideal: 26.74021, turned: 26.74021, shaded: 0 },
    { zenith: 85, azimuth: 87.163, tilt: 10, axis: 180, ideal: -85.55932, turned: -6.72036, shaded: 0.80643 },
    { zenith: 90, azimuth: 300, tilt: 10, axis: 0, ideal: -84.27489, turned: -8.71628, shaded: 0.75061 },
  ])('sun $zenith/$azimuth, axis $tilt/$axis: $ideal°, backtracked $turned°, shaded $shaded', (row) => {
    const ideal = trueRotationDeg({ tiltDeg: row.tilt, azimuthDeg: row.axis }, row.zenith, row.azimuth)
    expect(ideal).toBeCloseTo(row.ideal, 4)
    const turned = backtrackedRotationDeg(ideal, 0.4)
    expect(turned).toBeCloseTo(row.turned, 4)
    expect(shadedShare(ideal, ideal, 0.4)).toBeCloseTo(row.shaded, 4)
    expect(shadedShare(turned, ideal, 0.4)).toBeCloseTo(0, 9)
  })

  it('low sun of pvlib test_tracking: 60°, aoi 80.420987, plane 64.341094/253.897886', () => {
    const axis = { tiltDeg: 30, azimuthDeg: 180 }
    const ideal = trueRotationDeg(axis, 80, 338)
    const turned = Math.min(60, Math.max(-60, backtrackedRotationDeg(ideal, 0.35)))
    expect(turned).toBeCloseTo(60, 6)
    const plane = planeAtRotation(axis, turned)
    expect(plane.tiltDeg).toBeCloseTo(64.341094, 5)
    expect(plane.azimuthDeg).toBeCloseTo(253.897886, 5)
    expect((Math.acos(cosIncidence(plane, 80, 338)) * 180) / Math.PI).toBeCloseTo(80.420987, 5)
  })
})

describe('rows and covers', () => {
  it('rows far apart see all of the sky and the ground; nearer ones less', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 60, noNaN: true }),
        fc.double({ min: 0.05, max: 0.8, noNaN: true }),
        (tiltDeg, gcr) => {
          const light = { beamWm2: 400, diffuseWm2: 100, zenithDeg: 50 }
          const near = { tiltDeg, groundCoverage: gcr }
          const far = { tiltDeg, groundCoverage: 1e-6 }
          expect(skyShare(near)).toBeLessThanOrEqual(1)
          expect(skyShare(far)).toBeCloseTo(1, 4)
          expect(groundShare(near, light)).toBeLessThanOrEqual(1 + 1e-9)
          expect(groundShare(far, light)).toBeCloseTo(1, 3)
        },
      ),
    )
  })
  it('a coated glass passes more of slanting light than bare glass: 0.935 at 64° (NREL-PySAM 7.1.1)', () => {
    expect(coatedIncidenceModifier(1)).toBe(1)
    expect(coatedIncidenceModifier(0)).toBe(0)
    expect(coatedIncidenceModifier(Math.cos((64 * Math.PI) / 180))).toBeCloseTo(0.935, 2)
  })
})
