import { type Quality, quality } from '../../kernel/index.ts'
import type { Quantity } from './quantities.ts'
import type { Sentence } from './read-sentence.ts'

/** What a sentence says. NaN: it says that it does not know. */
export interface Facts {
  readonly values: Readonly<Partial<Record<Quantity, number>>>
  readonly quality: Quality
  /** ms after midnight UTC; undefined: it tells none. */
  readonly timeOfDayMs: number | undefined
  /** Midnight UTC of the day that it tells, years as two digits: see `dateNear`. */
  readonly date: { readonly day: number; readonly month: number; readonly year: number } | undefined
}

/** A sentence of a kind that is read, whose fields make no sense. */
export const brokenFields = 'broken' as const

const feetM = 0.3048
const fathomM = 1.8288
const knotKmH = 1.852

/** Kinds that are read. */
export const readKinds = ['RMC', 'GGA', 'VTG', 'HDT', 'MWV', 'DBT', 'DPT', 'GSA'] as const

/**
 * Reads a sentence (IEC 61162-1; NMEA 0183 4.11).
 *
 * @returns undefined for a kind that is not read; `broken` where its fields make no sense
 */
export function readFacts({ kind, fields }: Sentence): Facts | typeof brokenFields | undefined {
  const facts = read(kind, fields)
  if (facts === undefined || facts === brokenFields) return facts
  // What is beyond its range was lost on the way, and its checksum with it.
  return Object.entries(facts.values).every(([name, value]) => isPossible(name as Quantity, value))
    ? facts
    : brokenFields
}

function read(kind: string, fields: readonly string[]): Facts | typeof brokenFields | undefined {
  switch (kind) {
    case 'RMC':
      return readRmc(fields)
    case 'GGA':
      return readGga(fields)
    case 'VTG': {
      const [course = '', , , , knots = '', , kmH = '', , mode = 'A'] = fields
      const speed = kmH === '' ? number(knots, knotKmH) : number(kmH)
      return fixed({ courseDeg: number(course), speedKmH: speed }, mode, {})
    }
    case 'HDT':
      return plain({ headingDeg: number(fields[0]) })
    case 'MWV':
      return readMwv(fields)
    case 'DBT': {
      const [feet = '', , metres = '', , fathoms = ''] = fields
      const depthM = metres !== '' ? number(metres) : feet !== '' ? number(feet, feetM) : number(fathoms, fathomM)
      return plain({ depthM })
    }
    case 'DPT':
      return plain({ depthM: number(fields[0]) })
    case 'GSA': {
      const [, fix = '', ...rest] = fields
      // Without a fix its figure says nothing.
      return plain({ hdop: fix === '1' ? Number.NaN : number(rest[13]) })
    }
    default:
      return undefined
  }
}

function readRmc(fields: readonly string[]): Facts | typeof brokenFields {
  const [
    time = '',
    status = '',
    lat = '',
    ns = '',
    lon = '',
    ew = '',
    knots = '',
    course = '',
    date = '',
    ,
    ,
    mode = 'A',
  ] = fields
  const when = { timeOfDayMs: timeOfDay(time), date: dateOf(date) }
  if ((time !== '' && when.timeOfDayMs === undefined) || (date !== '' && !when.date)) return brokenFields
  if (!/^[AV]$/.test(status)) return brokenFields
  const values = { ...position(lat, ns, lon, ew), speedKmH: number(knots, knotKmH), courseDeg: number(course) }
  return fixed(values, status === 'V' ? 'N' : mode, when)
}

/** Mode of RMC by the figure of GGA. */
const modeOfFix: Readonly<Record<string, string>> = { 0: 'N', 6: 'E', 7: 'M', 8: 'S' }

function readGga(fields: readonly string[]): Facts | typeof brokenFields {
  const [time = '', lat = '', ns = '', lon = '', ew = '', fix = '', satellites = '', hdop = '', altitude = ''] = fields
  const timeOfDayMs = timeOfDay(time)
  if (!/^[0-9]$/.test(fix) || (time !== '' && timeOfDayMs === undefined)) return brokenFields
  const facts = fixed(
    { ...position(lat, ns, lon, ew), altitudeM: number(altitude), hdop: number(hdop) },
    modeOfFix[fix] ?? 'A',
    { timeOfDayMs },
  )
  const used = number(satellites)
  if (facts === brokenFields || used === undefined) return brokenFields
  // How many satellites are used is known without a fix too.
  return { ...facts, values: { ...facts.values, satellites: used } }
}

const metresPerSecond: Readonly<Record<string, number>> = { K: 1 / 3.6, M: 1, N: 1852 / 3600, S: 0.447_04 }

function readMwv(fields: readonly string[]): Facts | typeof brokenFields {
  const [angle = '', reference = '', speed = '', unit = '', status = ''] = fields
  const factor = metresPerSecond[unit]
  if (!/^[RT]$/.test(reference) || factor === undefined || !/^[AV]$/.test(status)) return brokenFields
  const known = status === 'A'
  const [angleDeg, speedMPerS] = known ? [number(angle), number(speed, factor)] : [Number.NaN, Number.NaN]
  return plain(
    reference === 'R'
      ? { windAngleDeg: angleDeg, windSpeedMPerS: speedMPerS }
      : { trueWindAngleDeg: angleDeg, trueWindSpeedMPerS: speedMPerS },
  )
}

type Values = Partial<Record<Quantity, number | undefined>>

/** Facts, unless a field was no number (undefined). */
function plain(values: Values, own: Partial<Facts> = {}): Facts | typeof brokenFields {
  if (Object.values(values).some((value) => value === undefined)) return brokenFields
  return { quality: quality.good, timeOfDayMs: undefined, date: undefined, ...own, values: values as Facts['values'] }
}

/**
 * Facts of a fix. Without one nothing is known; one that was reckoned is estimated; one by hand or of a simulator is suspect.
 */
function fixed(values: Values, mode: string, when: Partial<Facts>): Facts | typeof brokenFields {
  const facts = plain(values, when)
  if (facts === brokenFields) return facts
  if (mode === 'N' || mode === '') {
    return { ...facts, values: Object.fromEntries(Object.keys(values).map((name) => [name, Number.NaN])) }
  }
  const how = mode === 'E' ? quality.estimated : mode === 'M' || mode === 'S' ? quality.suspect : quality.good
  return { ...facts, quality: how }
}

/** A number; NaN where the field is empty; undefined where it is none. */
function number(text: string | undefined, factor = 1): number | undefined {
  if (text === undefined || text === '') return Number.NaN
  return /^[+-]?\d{1,9}(\.\d{0,12})?$|^[+-]?\.\d{1,12}$/.test(text) ? Number(text) * factor : undefined
}

function position(lat: string, ns: string, lon: string, ew: string): Values {
  return { latitudeDeg: angle(lat, ns, 'N', 'S', 90), longitudeDeg: angle(lon, ew, 'E', 'W', 180) }
}

/** `4807.038`, `N`: degrees and minutes. */
function angle(text: string, side: string, positive: string, negative: string, most: number): number | undefined {
  if (text === '' && side === '') return Number.NaN
  const [, degrees, minutes] = /^(\d{1,3})(\d\d(?:\.\d{0,12})?)$/.exec(text) ?? []
  if (minutes === undefined || Number(minutes) >= 60 || (side !== positive && side !== negative)) return undefined
  const value = Number(degrees) + Number(minutes) / 60
  return value > most ? undefined : side === negative ? -value : value
}

function timeOfDay(text: string): number | undefined {
  const [, h, m, s] = /^(\d\d)(\d\d)(\d\d(?:\.\d{0,9})?)$/.exec(text) ?? []
  // 60: a leap second.
  if (s === undefined || Number(h) > 23 || Number(m) > 59 || Number(s) >= 61) return undefined
  return (Number(h) * 3600 + Number(m) * 60) * 1000 + Math.floor(Number(s) * 1000)
}

function dateOf(text: string): Facts['date'] {
  const [, day, month, year] = /^(\d\d)(\d\d)(\d\d)$/.exec(text)?.map(Number) ?? []
  if (day === undefined || month === undefined || year === undefined) return undefined
  return day >= 1 && day <= 31 && month >= 1 && month <= 12 ? { day, month, year } : undefined
}

const ranges: Readonly<Partial<Record<Quantity, readonly [number, number]>>> = {
  ...{ courseDeg: [0, 360], headingDeg: [0, 360], windAngleDeg: [-360, 360], trueWindAngleDeg: [-360, 360] },
  ...{ speedKmH: [0, 2000], windSpeedMPerS: [0, 150], trueWindSpeedMPerS: [0, 150], depthM: [0, 12_000] },
  ...{ altitudeM: [-1000, 100_000], satellites: [0, 200], hdop: [0, 1000] },
}

function isPossible(name: Quantity, value: number): boolean {
  const range = ranges[name]
  return Number.isNaN(value) || !range || (value >= range[0] && value <= range[1])
}
