import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MangroveError } from '../../kernel/index.ts'
import { parseWeather, standardOffsetHours } from '../read-weather.ts'
import { readWeatherCsv } from './csv.ts'
import { readEpw } from './epw.ts'
import { csvFields } from './text.ts'
import { readTmy3 } from './tmy3.ts'

const place = { name: 'Test', location: { latitude: 31, longitude: 121, altitudeM: 5 }, zone: 'Asia/Shanghai' }
const hours = Array.from({ length: 8760 }, (_, hour) => new Date(Date.UTC(2023, 0, 1, hour)))

const epwHead = ['LOCATION,Testville,-,CHN,none,1,31.0,121.0,8.0,5.0', 'a', 'b', 'c', 'd', 'e', 'f', 'DATA PERIODS,1,1']
const epwRow = (date: Date, ghi: string | number = 100): string =>
  `2023,${date.getUTCMonth() + 1},${date.getUTCDate()},${date.getUTCHours() + 1},60,?,20.5,10,50,101300,0,0,300,${ghi},50,60,0,0,0,0,180,3.5,0`
const epw = [...epwHead, ...hours.map((date) => epwRow(date))].join('\r\n')

const tmyHead = [
  '1,"TESTVILLE",CO,-7.0,39.8,-104.6,1650',
  'Date (MM/DD/YYYY),Time (HH:MM),GHI (W/m^2),DNI (W/m^2),DHI (W/m^2),Dry-bulb (C),Pressure (mbar),Wspd (m/s)',
]
const two = (value: number): string => String(value).padStart(2, '0')
const tmy = [
  ...tmyHead,
  ...hours.map(
    (d) => `${two(d.getUTCMonth() + 1)}/${two(d.getUTCDate())}/1999,${two(d.getUTCHours() + 1)}:00,10,20,5,-9900,835,2`,
  ),
].join('\n')

const csv = [
  'time,ghiWm2,temperatureC',
  ...hours.map((d) => `${d.toISOString().slice(0, 16)},${d.getUTCHours() === 12 ? 600 : 0},21`),
].join('\n')

const problemOf = (run: () => unknown): MangroveError => {
  try {
    run()
  } catch (error) {
    if (error instanceof MangroveError) return error
    throw error
  }
  throw new Error('expected an error')
}

describe('EPW', () => {
  it('gives location, zone and columns', () => {
    const year = readEpw('a.epw', epw)
    expect(year.location).toEqual({ latitude: 31, longitude: 121, altitudeM: 5 })
    expect(year.zoneOffsetHours).toBe(8)
    expect(year.kind).toBe('typical')
    expect([year.ghiWm2[8759], year.dniWm2[0], year.dhiWm2[0], year.temperatureC[5]]).toEqual([100, 50, 60, 20.5])
    expect([year.windSpeedMPerS[9], year.pressurePa[9]]).toEqual([3.5, 101300])
  })
  it('takes 9999 W/m2 for missing', () => {
    const text = epw.replace(epwRow(hours[12] as Date), epwRow(hours[12] as Date, 9999))
    expect(readEpw('a.epw', text).ghiWm2[12]).toBeNaN()
  })
  it('names file, line, column, value and range of a wrong number', () => {
    const text = epw.replace(epwRow(hours[12] as Date), epwRow(hours[12] as Date, 'x12'))
    const { problems } = problemOf(() => readEpw('a.epw', text))
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({
      code: 'weather.value-invalid',
      place: { file: 'a.epw', line: 21, path: 'global horizontal radiation' },
      found: 'x12',
      expected: 'a number of W/m2 from -5 to 2000, or empty',
    })
  })
  it('refuses a year with a missing hour and an hour given twice', () => {
    const lines = epw.split('\r\n')
    expect(problemOf(() => readEpw('a.epw', lines.toSpliced(500, 1).join('\n'))).code).toBe('weather.year-incomplete')
    const twice = problemOf(() => readEpw('a.epw', lines.with(500, lines[499] as string).join('\n')))
    expect(twice.problems[0]?.detail).toContain('line 500')
  })
})

describe('TMY3', () => {
  it('reads hours stamped at their end, pressure in mbar and −9900 as missing', () => {
    const year = readTmy3('t.csv', tmy)
    expect(year.title).toBe('TESTVILLE')
    expect(year.zoneOffsetHours).toBe(-7)
    expect(year.pressurePa[0]).toBe(83500)
    expect(year.ghiWm2[8759]).toBe(10)
    expect(year.temperatureC[0]).toBeNaN()
  })
  it('names a missing column', () => {
    const error = problemOf(() => readTmy3('t.csv', tmy.replace('DNI (W/m^2)', 'Beam')))
    expect(error.code).toBe('weather.column-missing')
    expect(error.problems[0]?.expected).toContain('DNI (W/m^2)')
  })
})

describe('plain CSV', () => {
  it('splits global irradiance and leaves unnamed quantities missing', () => {
    const year = parseWeather('w.csv', csv, place)
    expect(year.kind).toBe('measured')
    expect(year.zoneOffsetHours).toBe(8)
    expect(year.ghiWm2[12]).toBe(600)
    expect(year.dhiWm2[12]).toBeGreaterThan(50)
    expect(year.dniWm2[12]).toBeGreaterThan(50)
    expect(year.windSpeedMPerS[0]).toBeNaN()
  })
  it('averages finer rows and understands offsets and end labels', () => {
    const half = Array.from({ length: 17520 }, (_, k) => {
      const end = new Date(Date.UTC(2022, 11, 31, 16) + (k + 1) * 1_800_000)
      return `${end.toISOString()},${k % 2 === 0 ? 100 : 300}`
    })
    const year = readWeatherCsv('w.csv', ['t,g', ...half].join('\n'), {
      ...{ kind: 'measured', title: 'x', location: place.location, zoneOffsetHours: 8 },
      ...{ timeColumn: 't', label: 'end', columns: { ghiWm2: 'g' } },
    })
    expect(year.ghiWm2.every((value) => value === 200)).toBe(true)
  })
  it('says which stamp it could not read', () => {
    const error = problemOf(() => parseWeather('w.csv', csv.replace('2023-01-01T02:00', '1 Jan 2023'), place))
    expect(error.problems[0]).toMatchObject({ place: { file: 'w.csv', line: 4, path: 'time' }, found: '1 Jan 2023' })
  })
  it('refuses a time that stands twice, rather than taking the mean of two truths', () => {
    const error = problemOf(() => parseWeather('w.csv', `${csv}\n${csv.split('\n')[13]}`, place))
    expect(error.problems).toMatchObject([{ code: 'weather.file-malformed', place: { file: 'w.csv', line: 8762 } }])
  })

  it('refuses rows of two years for one hour', () => {
    const error = problemOf(() => parseWeather('w.csv', `${csv}\n2024-01-01T00:00,0,21`, place))
    expect(error.problems[0]?.detail).toBe('The same hour of the year comes from two years')
  })
  it('keeps commas and quotes in quoted fields', () => {
    expect(csvFields('a,"b, ""c""",d')).toEqual(['a', 'b, "c"', 'd'])
  })
})

describe('hostile input', () => {
  const short = {
    epw: epw.slice(0, 1200),
    tmy: tmy.slice(0, 900),
    csv: csv.slice(0, 400),
  }
  it('gives a MangroveError or a year, never another error', () => {
    const mutated = fc
      .tuple(
        fc.constantFrom(short.epw, short.tmy, short.csv),
        fc.nat(1200),
        fc.nat(60),
        fc.string({ unit: 'binary', maxLength: 40 }),
      )
      .map(([text, at, remove, insert]) => text.slice(0, at) + insert + text.slice(at + remove))
    fc.assert(
      fc.property(fc.oneof(mutated, fc.string({ unit: 'binary', maxLength: 400 })), (text) => {
        for (const read of [
          () => readEpw('f', text),
          () => readTmy3('f', text),
          () => parseWeather('f', text, place),
        ]) {
          try {
            read()
          } catch (error) {
            if (!(error instanceof MangroveError)) throw error
            for (const problem of error.problems) expect(problem.place?.file).toBe('f')
          }
        }
      }),
      { numRuns: 300 },
    )
  })
  it('gives at most 20 problems for a file full of them', () => {
    expect(problemOf(() => readEpw('f', epw.replaceAll(',100,', ',bright,'))).problems).toHaveLength(20)
  })
})

describe('zones', () => {
  it('are read without daylight saving, by longitude when unknown', () => {
    expect(standardOffsetHours('Asia/Kolkata', 0)).toBe(5.5)
    expect(standardOffsetHours('Australia/Sydney', 0)).toBe(10)
    expect(standardOffsetHours('America/Denver', 0)).toBe(-7)
    expect(standardOffsetHours('Nowhere/Else', 121)).toBe(8)
  })
})

const shared = new URL('../../../../shared/data/', import.meta.url)
describe.skipIf(!existsSync(shared))('published EPW files (need ../shared/data)', () => {
  it.each([
    ['energy/weather/PVGIS_TMY_45N_8E.epw', 45, 1435.861],
    ['weather/Shanghai-Hongqiao_1956_2023_TMYx.epw', 31.2, 1470.754],
    ['weather/USA_CO_Denver.Intl.AP.725650_TMY3.epw', 39.8, 1670.22],
  ])('%s reads whole; its irradiation is the sum of its column within 0.01 kWh/m2', (name, latitude, kwhPerM2) => {
    const year = readEpw(name, readFileSync(new URL(name, shared), 'utf8'))
    expect(Math.abs(year.location.latitude - latitude)).toBeLessThan(0.1)
    expect(year.ghiWm2.reduce((sum, value) => sum + value) / 1000).toBeCloseTo(kwhPerM2, 2)
    expect(year.temperatureC.some(Number.isNaN)).toBe(false)
  })
})
