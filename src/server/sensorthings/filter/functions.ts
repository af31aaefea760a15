import { duration, type Geography, moment, type Position, type Value } from './values.ts'

/** A function of the language: how many parts it takes, and its value; null where a part is of another kind. */
export interface FunctionEntry {
  readonly least: number
  readonly most: number
  of(parts: readonly Value[]): Value
}

const onText = (of: (text: string) => Value): FunctionEntry => ({
  least: 1,
  most: 1,
  of: ([text = null]) => (typeof text === 'string' ? of(text) : null),
})
const onTexts = (of: (a: string, b: string) => Value): FunctionEntry => ({
  least: 2,
  most: 2,
  of: ([a = null, b = null]) => (typeof a === 'string' && typeof b === 'string' ? of(a, b) : null),
})
const onNumber = (of: (value: number) => number): FunctionEntry => ({
  least: 1,
  most: 1,
  of: ([value = null]) => (typeof value === 'number' ? of(value) : null),
})
const onMoment = (of: (time: Date) => Value): FunctionEntry => ({
  least: 1,
  most: 1,
  of: ([value = null]) => {
    if (typeof value !== 'object' || value?.kind !== 'moment') return null
    return of(new Date(value.ms))
  },
})
const onPlaces = (of: (a: Geography, b: Geography) => Value | undefined): FunctionEntry => ({
  least: 2,
  most: 2,
  of: ([a = null, b = null]) => (isPlace(a) && isPlace(b) ? (of(a, b) ?? null) : null),
})
const constant = (value: Value): FunctionEntry => ({ least: 0, most: 0, of: () => value })
const isPlace = (value: Value): value is Geography =>
  typeof value === 'object' && value !== null && value.kind === 'geography'

const whole = (value: Value | undefined): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined

const substring: FunctionEntry = {
  least: 2,
  most: 3,
  of([text = null, start, length]) {
    const from = whole(start)
    if (typeof text !== 'string' || from === undefined) return null
    if (length === undefined) return text.slice(from)
    const count = whole(length)
    return count === undefined ? null : text.slice(from, from + count)
  },
}

/** Half away from zero, as OData says. */
const round = (value: number): number => Math.sign(value) * Math.round(Math.abs(value))

/**
 * The functions of OGC 18-088, table 25, as far as they make sense for sites and their values. Times are read in UTC. Places are
 * points and polygons; distances are in degrees, as the coordinates are.
 */
export const functions: Readonly<Record<string, FunctionEntry>> = {
  substringof: onTexts((part, text) => text.includes(part)),
  endswith: onTexts((text, part) => text.endsWith(part)),
  startswith: onTexts((text, part) => text.startsWith(part)),
  length: onText((text) => text.length),
  indexof: onTexts((text, part) => text.indexOf(part)),
  substring,
  tolower: onText((text) => text.toLowerCase()),
  toupper: onText((text) => text.toUpperCase()),
  trim: onText((text) => text.trim()),
  // What is joined again and again stays short.
  concat: onTexts((a, b) => (a.length + b.length > 10_000 ? null : a + b)),
  year: onMoment((time) => time.getUTCFullYear()),
  month: onMoment((time) => time.getUTCMonth() + 1),
  day: onMoment((time) => time.getUTCDate()),
  hour: onMoment((time) => time.getUTCHours()),
  minute: onMoment((time) => time.getUTCMinutes()),
  second: onMoment((time) => time.getUTCSeconds()),
  fractionalseconds: onMoment((time) => time.getUTCMilliseconds() / 1000),
  date: onMoment((time) => isoText(time)?.slice(0, 10) ?? null),
  time: onMoment((time) => isoText(time)?.slice(11, 23) ?? null),
  totaloffsetminutes: onMoment(() => 0),
  mindatetime: constant(moment(-62_135_596_800_000)),
  maxdatetime: constant(moment(253_402_300_799_999)),
  round: onNumber(round),
  floor: onNumber(Math.floor),
  ceiling: onNumber(Math.ceil),
  'geo.distance': onPlaces((a, b) => (a.closed || b.closed ? undefined : distance(a.points[0]!, b.points[0]!))),
  'geo.intersects': onPlaces(meets),
  st_intersects: onPlaces(meets),
  st_disjoint: onPlaces((a, b) => opposite(meets(a, b))),
  st_within: onPlaces((a, b) => (a.closed ? undefined : meets(a, b))),
  st_contains: onPlaces((a, b) => (b.closed ? undefined : meets(a, b))),
  st_equals: onPlaces((a, b) => (a.closed || b.closed ? undefined : meets(a, b))),
}

/** What 18-088 has besides: known, and refused by name. */
export const otherFunctions: ReadonlySet<string> = new Set([
  'geo.length',
  'st_touches',
  'st_overlaps',
  'st_crosses',
  'st_relate',
])

function isoText(time: Date): string | undefined {
  const year = time.getUTCFullYear()
  return year >= 0 && year <= 9999 ? time.toISOString() : undefined
}

const opposite = (value: boolean | undefined): boolean | undefined => (value === undefined ? undefined : !value)
const distance = ([x, y]: Position, [u, v]: Position): number => Math.hypot(x - u, y - v)

/** Whether two places have a point in common; undefined for two polygons. */
function meets(a: Geography, b: Geography): boolean | undefined {
  if (a.closed && b.closed) return undefined
  if (a.closed) return inside(b.points[0]!, a.points)
  if (b.closed) return inside(a.points[0]!, b.points)
  return distance(a.points[0]!, b.points[0]!) === 0
}

/** Even-odd rule; the border counts as inside on the lower and left side. */
function inside([x, y]: Position, ring: readonly Position[]): boolean {
  let within = false
  for (let at = 0, before = ring.length - 1; at < ring.length; before = at, at += 1) {
    const [x1, y1] = ring[at]!
    const [x2, y2] = ring[before]!
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) within = !within
  }
  return within
}

/** Sum and difference of times, which are no numbers. */
export function addTimes(left: Value, right: Value, sign: 1 | -1): Value {
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return null
  if (left.kind === 'moment' && right.kind === 'duration') return moment(left.ms + sign * right.ms)
  if (left.kind === 'duration' && right.kind === 'duration') return duration(left.ms + sign * right.ms)
  if (left.kind === 'duration' && right.kind === 'moment' && sign === 1) return moment(left.ms + right.ms)
  if (left.kind === 'moment' && right.kind === 'moment' && sign === -1) return duration(left.ms - right.ms)
  return null
}
