import Papa from 'papaparse'
import type { Location, Problem } from '../../../src/kernel/index.ts'
import { daysOfMonth, hoursPerYear } from '../../../src/weather/index.ts'
import { peerErrors, throwProblems } from '../errors.ts'
import { arrayTypeOf, defaultAlbedo, defaultGroundCoverage, moduleTypeOf, type PvwattsSystem } from './system.ts'

/** An hourly PVWatts export: the system, the weather it was computed with, and the AC power it gave. */
export interface PvwattsExport {
  readonly system: PvwattsSystem
  readonly location: Location
  /** Direct normal and diffuse horizontal irradiance, 8,760 hours. */
  readonly beamWm2: Float64Array
  readonly diffuseWm2: Float64Array
  readonly temperatureC: Float64Array
  readonly windSpeedMPerS: Float64Array
  /** Reflectance of the ground in each hour. */
  readonly albedo: Float64Array
  readonly acW: Float64Array
}

const columns = {
  month: /^month/,
  day: /^day/,
  hour: /^hour/,
  beam: /^beam irradiance/,
  diffuse: /^diffuse irradiance/,
  temperature: /^ambient temperature/,
  wind: /^wind speed/,
  ac: /^ac (system|inverter) (output|power)/,
} as const
type Column = keyof typeof columns

const ranges: Readonly<Record<'beam' | 'diffuse' | 'temperature' | 'wind', readonly [number, number]>> = {
  beam: [0, 1500],
  diffuse: [0, 1500],
  temperature: [-90, 70],
  wind: [0, 120],
}

/**
 * Reads the CSV that PVWatts gives as «hourly»: a block of label and value lines, a line of column names, 8,760 hours
 * from 1 January, and a line of totals. Labels are matched loosely, because they changed over the versions.
 *
 * @throws {MangroveError} `peer-case.malformed`, `peer-case.missing`, `peer-case.bad-value`, `peer-case.unsupported`
 */
export function readPvwattsExport(file: string, text: string): PvwattsExport {
  const lines = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), { skipEmptyLines: false }).data.map((cells) =>
    cells.map((cell) => cell.trim()),
  )
  const namesAt = lines.findIndex((cells) => cells[0]?.toLowerCase() === 'month' && cells.length > 4)
  if (namesAt < 0) {
    throw peerErrors.malformed({
      detail: 'This is no hourly PVWatts export',
      place: { file, line: 1 },
      found: (lines[0] ?? []).join(',').slice(0, 60),
      expected: 'label and value lines, then a line of column names that begins with Month,Day,Hour',
    })
  }
  const header = readHeader(file, lines.slice(0, namesAt))
  const names = (lines[namesAt] as string[]).map((name) => name.toLowerCase())
  const at = Object.fromEntries(
    Object.entries(columns).map(([column, pattern]) => [column, names.findIndex((name) => pattern.test(name))]),
  ) as Record<Column, number>
  const absent = Object.entries(at).filter(([, index]) => index < 0)
  throwProblems(
    absent.map(([column]) =>
      peerErrors.missing.problem({
        detail: `The export has no column of ${column}`,
        place: { file, line: namesAt + 1 },
        found: names.join(', ').slice(0, 200),
        expected: `a column like ${columns[column as Column].source.slice(1)}`,
      }),
    ),
  )
  const albedoAt = names.findIndex((name) => /^albedo/.test(name))
  const rows = lines.slice(namesAt + 1).filter((cells) => /^\d+$/.test(cells[0] ?? ''))
  return { ...header, ...readHours({ file, firstLine: namesAt + 2, rows, at, albedoAt }) }
}

interface Hours {
  readonly file: string
  readonly firstLine: number
  readonly rows: readonly (readonly string[])[]
  readonly at: Readonly<Record<Column, number>>
  readonly albedoAt: number
}

function readHours({ file, firstLine, rows, at, albedoAt }: Hours): Omit<PvwattsExport, 'system' | 'location'> {
  if (rows.length !== hoursPerYear) {
    throw peerErrors.malformed({
      detail: 'The export does not hold a year of hours',
      place: { file, line: firstLine + Math.min(rows.length, hoursPerYear) },
      found: `${rows.length} rows`,
      expected: `${hoursPerYear} rows`,
    })
  }
  const problems: Problem[] = []
  const column = (name: keyof typeof ranges | 'ac'): Float64Array =>
    Float64Array.from(rows, (cells, k) => {
      const found = cells[at[name]] ?? ''
      const value = found === '' ? Number.NaN : Number(found)
      const [minimum, maximum] = name === 'ac' ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] : ranges[name]
      if (!(Number.isFinite(value) && value >= minimum && value <= maximum)) {
        problems.push(
          peerErrors.badValue.problem({
            detail: `The hour has no usable ${name}`,
            place: { file, line: firstLine + k, path: name },
            found,
            expected: name === 'ac' ? 'a number' : `a number from ${minimum} to ${maximum}`,
          }),
        )
      }
      return value
    })
  const values = {
    beamWm2: column('beam'),
    diffuseWm2: column('diffuse'),
    temperatureC: column('temperature'),
    windSpeedMPerS: column('wind'),
    acW: column('ac'),
    albedo: Float64Array.from(rows, (cells) => {
      const value = albedoAt < 0 ? Number.NaN : Number(cells[albedoAt] || Number.NaN)
      return value >= 0 && value < 1 ? value : defaultAlbedo
    }),
  }
  let k = 0
  for (let month = 1; month <= 12; month += 1)
    for (let day = 1; day <= (daysOfMonth[month - 1] as number); day += 1)
      for (let hour = 0; hour < 24; hour += 1) {
        const cells = rows[k] as readonly string[]
        if (Number(cells[at.month]) !== month || Number(cells[at.day]) !== day || Number(cells[at.hour]) !== hour) {
          problems.push(
            peerErrors.malformed.problem({
              detail: 'The hours are not in the order of a year of 365 days',
              place: { file, line: firstLine + k },
              found: [cells[at.month], cells[at.day], cells[at.hour]].join(','),
              expected: `${month},${day},${hour}`,
            }),
          )
          throwProblems(problems)
        }
        k += 1
      }
  throwProblems(problems)
  return values
}

/** Labels of the header block, without their units; the value is the second cell. */
const labels = {
  latitude: /^lat(itude)?\b/,
  longitude: /^lon(g(itude)?)?\b/,
  elevation: /^elev(ation)?\b/,
  capacity: /^dc system size/,
  module: /^module type/,
  array: /^array type/,
  tilt: /^array tilt/,
  azimuth: /^array azimuth/,
  losses: /^system losses/,
  inverter: /^inver\w* eff/,
  ratio: /^dc to ac/,
} as const

function readHeader(
  file: string,
  lines: readonly (readonly string[])[],
): { readonly system: PvwattsSystem; readonly location: Location } {
  const problems: Problem[] = []
  const find = (
    pattern: RegExp,
  ): { readonly line: number; readonly label: string; readonly value: string } | undefined => {
    const index = lines.findIndex((cells) => pattern.test((cells[0] ?? '').toLowerCase()))
    const cells = lines[index]
    return cells ? { line: index + 1, label: cells[0] ?? '', value: (cells[1] ?? '').trim() } : undefined
  }
  const text = (name: keyof typeof labels): string => {
    const found = find(labels[name])
    if (!found || found.value === '') {
      problems.push(
        peerErrors.missing.problem({ detail: `The header does not tell the ${name}`, place: { file, path: name } }),
      )
    }
    return found?.value ?? ''
  }
  const number = (name: keyof typeof labels, minimum: number, maximum: number): number => {
    const found = text(name)
    const value = found === '' ? Number.NaN : Number(found.replace(/[%,]/g, ''))
    if (found !== '' && !(value >= minimum && value <= maximum)) {
      problems.push(
        peerErrors.badValue.problem({
          detail: `The header’s ${name} cannot be used`,
          place: { file, line: find(labels[name])?.line ?? 1, path: name },
          found,
          expected: `a number from ${minimum} to ${maximum}`,
        }),
      )
    }
    return value
  }
  const known = <T>(name: 'module' | 'array', typeOf: (words: string) => T | undefined, fallback: T): T => {
    const words = text(name)
    const type = typeOf(words)
    if (words !== '' && type === undefined) {
      problems.push(
        peerErrors.unsupported.problem({
          detail: `This ${name} type is not known here`,
          place: { file, line: find(labels[name])?.line ?? 1, path: name },
          found: words,
        }),
      )
    }
    return type ?? fallback
  }
  const latitude = number('latitude', -90, 90)
  const west = number('longitude', -180, 180)
  const system: PvwattsSystem = {
    capacityKw: number('capacity', 0, 1e9),
    module: known('module', moduleTypeOf, 'standard'),
    array: known('array', arrayTypeOf, 'open-rack'),
    tiltDeg: number('tilt', 0, 90),
    azimuthDeg: number('azimuth', 0, 360),
    losses: number('losses', -99, 99) / 100,
    inverterEfficiency: number('inverter', 1, 100) / 100,
    dcAcRatio: number('ratio', 0.01, 100),
    groundCoverage: coverage(find(/^ground coverage|^gcr/)?.value),
  }
  const altitudeM = find(labels.elevation) ? number('elevation', -500, 9000) : 0
  throwProblems(problems)
  const longitude = longitudeOf(find(labels.longitude)?.label ?? '', west, find(/^location/)?.value ?? '')
  return { system, location: { latitude, longitude, altitudeM } }
}

function coverage(text: string | undefined): number {
  const value = Number(text || Number.NaN)
  return value > 0 && value < 1 ? value : defaultGroundCoverage
}

/** Degrees east. The header counts west as positive; the «Location» line has the usual sign and settles it. */
function longitudeOf(label: string, found: number, location: string): number {
  const pair = /(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)/.exec(location)
  const stated = pair ? Number(pair[2]) : Number.NaN
  if (Math.abs(Math.abs(stated) - Math.abs(found)) < 0.5) return Math.sign(stated) * Math.abs(found)
  return /deg\s*w/i.test(label) ? -found : found
}
