import type { Problem } from '../../kernel/index.ts'
import { earliestMs, latestMs } from '../../kernel/index.ts'
import { gatewayErrors } from '../errors.ts'
import { byte } from './byte-text.ts'
import { shown } from './check-name.ts'

export const isPlausible = (ms: number): boolean => ms >= earliestMs && ms < latestMs && Number.isInteger(ms)

const dayMs = 86_400_000
/** Days from 1 January to the first of each month, of a common year. */
const daysBefore = Uint16Array.of(0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
const daysIn = Uint8Array.of(0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

/** Two decimal digits, or a large number. */
function two(bytes: Buffer, at: number): number {
  const tens = bytes[at]! - byte.zero
  const ones = bytes[at + 1]! - byte.zero
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : 1000
}

const isDigit = (code: number | undefined): boolean => code !== undefined && code >= byte.zero && code <= byte.nine

/**
 * Moment of a stamp in whole UTC milliseconds; NaN for what is no plausible one ({@link timeProblem} says why).
 *
 * Read are whole milliseconds since 1970 and ISO 8601 as RFC 3339 narrows it: `2026-07-06T08:15:00.250+08:00`, seconds
 * and fraction optional, `T`, `t` or a space between, offset `Z`, `±hh:mm`, `±hhmm` or `±hh`. What is finer than a
 * millisecond is cut off. A leap second is none of the clock that the store counts by.
 */
export function readTime(bytes: Buffer, start: number, end: number): number {
  const ms = bytes[start + 4] === byte.minus ? readIso(bytes, start, end) : readMillis(bytes, start, end)
  return ms >= earliestMs && ms < latestMs ? ms : Number.NaN
}

function readMillis(bytes: Buffer, start: number, end: number): number {
  if (start === end || end - start > 15) return Number.NaN
  let ms = 0
  for (let at = start; at < end; at += 1) {
    const digit = bytes[at]! - byte.zero
    if (digit < 0 || digit > 9) return Number.NaN
    ms = ms * 10 + digit
  }
  return ms
}

function readIso(bytes: Buffer, start: number, end: number): number {
  if (end - start < 17) return Number.NaN
  const year = 100 * two(bytes, start) + two(bytes, start + 2)
  const month = two(bytes, start + 5)
  const day = two(bytes, start + 8)
  const hour = two(bytes, start + 11)
  const minute = two(bytes, start + 14)
  const between = bytes[start + 10]
  if (year > 9999 || month < 1 || month > 12 || hour > 23 || minute > 59) return Number.NaN
  if (bytes[start + 7] !== byte.minus || bytes[start + 13] !== byte.colon) return Number.NaN
  if (between !== 0x54 && between !== 0x74 && between !== byte.space) return Number.NaN
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  if (day < 1 || day > daysIn[month]! + (leap && month === 2 ? 1 : 0)) return Number.NaN
  let ms = hour * 3_600_000 + minute * 60_000
  let at = start + 16
  if (bytes[at] === byte.colon) {
    const second = two(bytes, at + 1)
    if (second > 59) return Number.NaN
    ms += second * 1000
    at += 3
    if (bytes[at] === byte.point || bytes[at] === byte.comma) {
      at += 1
      const first = at
      let worthMs = 100
      while (at < end && isDigit(bytes[at])) {
        if (at - first < 3) ms += worthMs * (bytes[at]! - byte.zero)
        worthMs /= 10
        at += 1
      }
      if (at === first) return Number.NaN
    }
  }
  const offsetMinutes = readOffset(bytes, at, end)
  const before = year - 1
  const days =
    365 * year +
    Math.floor(before / 4) -
    Math.floor(before / 100) +
    Math.floor(before / 400) +
    daysBefore[month]! +
    (leap && month > 2 ? 1 : 0) +
    day
  return (days - daysToEpoch) * dayMs + ms - offsetMinutes * 60_000
}

/** The count of days above, of 1970-01-01. */
const daysToEpoch = 365 * 1970 + 492 - 19 + 4 + 1

/** Minutes east of UTC; NaN where the rest of the stamp is no offset. */
function readOffset(bytes: Buffer, at: number, end: number): number {
  const sign = bytes[at]
  if (sign === 0x5a || sign === 0x7a) return end === at + 1 ? 0 : Number.NaN
  if ((sign !== byte.plus && sign !== byte.minus) || at >= end) return Number.NaN
  const hours = two(bytes, at + 1)
  const rest = end - at
  const minutes =
    rest === 3
      ? 0
      : rest === 5
        ? two(bytes, at + 3)
        : rest === 6 && bytes[at + 3] === byte.colon
          ? two(bytes, at + 4)
          : 1000
  if (hours > 23 || minutes > 59) return Number.NaN
  return (sign === byte.minus ? -1 : 1) * (60 * hours + minutes)
}

/** Longest stamp that is looked at. */
const longestStamp = 48
const scratch = Buffer.alloc(longestStamp + 8)

/** The same as {@link readTime} of a text, or of a number of milliseconds. */
export function timeOf(value: unknown): number {
  if (typeof value === 'number') return isPlausible(value) ? value : Number.NaN
  if (typeof value !== 'string' || value.length > longestStamp) return Number.NaN
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index)
    scratch[index] = code < 0x80 ? code : 0
  }
  scratch.fill(0, value.length)
  return readTime(scratch, 0, value.length)
}

const isoLike = /^\d{4}-\d\d-\d\d/
const withoutOffset = /^\d{4}-\d\d-\d\d([T t]\d\d:\d\d(:\d\d([.,]\d+)?)?)?$/
const withOffset = /([Zz]|[+-]\d\d(:?\d\d)?)$/

/** Why a stamp is not read. */
export function timeProblem(found: unknown): Problem {
  const text = String(found)
  const told = shown(found)
  if (withoutOffset.test(text)) {
    return gatewayErrors.noOffset.problem({
      detail: 'The time has no offset from UTC, so it could be any of a day’s hours',
      found: told,
      expected: 'ISO 8601 with offset, as 2026-07-06T08:15:00+08:00 or 2026-07-06T00:15:00Z',
    })
  }
  // A day that no month has is not a time; Date.parse makes one of the next month of it.
  const dated = isoLike.test(text) && withOffset.test(text) ? Date.parse(text) : Number.NaN
  if (dated < earliestMs || dated >= latestMs || /^-?\d+$/.test(text)) {
    return gatewayErrors.implausibleTime.problem({
      detail: 'The event time is not plausible',
      found: told,
      expected: 'a time from 1980 to 2199, as ISO 8601 with offset or whole milliseconds since 1970',
    })
  }
  return gatewayErrors.badTime.problem({
    detail: 'The time cannot be read',
    found: told,
    expected: 'ISO 8601 with offset, as 2026-07-06T08:15:00+08:00, or whole milliseconds since 1970',
  })
}
