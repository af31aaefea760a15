import { Temporal } from 'temporal-polyfill'
import { kernelErrors } from '../kernel-errors.ts'
import type { TimeGrid } from './grid.ts'

/** Calendar fields of a moment in a zone. */
export interface LocalParts {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  /** ISO: 1 = Monday … 7 = Sunday. */
  readonly weekday: number
}

/** Offsets of one zone, known by span between changes, so that a year of steps asks the zone data a handful of times. */
interface ZoneOffsets {
  fromMs: number
  toMs: number
  offsetMs: number
}

const zones = new Map<string, ZoneOffsets>()

/** Offset of a zone from UTC at a moment, ms, east positive. */
export function offsetMsAt(timestampMs: number, zone: string): number {
  const known = zones.get(zone)
  if (known && timestampMs >= known.fromMs && timestampMs < known.toMs) return known.offsetMs
  const moment = Temporal.Instant.fromEpochMilliseconds(Math.floor(timestampMs)).toZonedDateTimeISO(checkZone(zone))
  const next = moment.getTimeZoneTransition('next')
  const previous = moment.getTimeZoneTransition('previous')
  // A transition at exactly this moment is the previous one of what follows.
  const atOwn = moment.subtract({ nanoseconds: 1 }).offsetNanoseconds !== moment.offsetNanoseconds
  const span = {
    fromMs: atOwn ? moment.epochMilliseconds : (previous?.epochMilliseconds ?? Number.NEGATIVE_INFINITY),
    toMs: next?.epochMilliseconds ?? Number.POSITIVE_INFINITY,
    offsetMs: moment.offsetNanoseconds / 1_000_000,
  }
  zones.set(zone, span)
  return span.offsetMs
}

/** The zone itself, when it is one. @throws `kernel.bad-zone` */
export function checkZone(zone: string): string {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone)
    return zone
  } catch (cause) {
    throw kernelErrors.badZone(
      { detail: 'This is no time zone', found: zone, expected: 'an IANA zone such as Asia/Shanghai' },
      { cause },
    )
  }
}

/** Calendar fields of a moment in a zone. */
export function localParts(timestampMs: number, zone: string): LocalParts {
  const date = new Date(timestampMs + offsetMsAt(timestampMs, zone))
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    weekday: ((date.getUTCDay() + 6) % 7) + 1,
  }
}

/** ISO 8601 with the zone's offset: `2026-07-06T00:00:00+08:00`. */
export function formatIso(timestampMs: number, zone: string): string {
  const offsetMs = offsetMsAt(timestampMs, zone)
  const local = new Date(timestampMs + offsetMs).toISOString().slice(0, 19)
  const minutes = Math.round(Math.abs(offsetMs) / 60_000)
  return `${local}${offsetMs < 0 ? '-' : '+'}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`
}

const twoDigits = (value: number): string => String(value).padStart(2, '0')

/**
 * Moment of local calendar fields. Clock time that a spring change skips is refused; of clock time that an autumn
 * change repeats, `earlier` is taken unless `later` is asked for.
 * @throws `kernel.bad-time`
 */
export function localToMs(
  fields: Omit<LocalParts, 'weekday'>,
  zone: string,
  repeated: 'earlier' | 'later' = 'earlier',
): number {
  try {
    const plain = Temporal.PlainDateTime.from({ ...fields, second: 0 }, { overflow: 'reject' })
    const first = plain.toZonedDateTime(zone, { disambiguation: repeated })
    if (!first.toPlainDateTime().equals(plain)) throw new RangeError('skipped by the change of the clock')
    return first.epochMilliseconds
  } catch (cause) {
    const { year, month, day, hour, minute } = fields
    throw kernelErrors.badTime(
      {
        detail: zone === 'UTC' ? 'There is no such time' : `There is no such local time in ${zone}`,
        found: `${year}-${twoDigits(month)}-${twoDigits(day)} ${twoDigits(hour)}:${twoDigits(minute)}`,
        expected: 'a time of that day that the clock shows',
      },
      { cause },
    )
  }
}

/**
 * Moment of clock time that something repeats daily. Clock time that a spring change skips is taken as much later as
 * the clock jumps (02:30 becomes 03:30), of clock time that an autumn change repeats the earlier.
 * @throws `kernel.bad-time` for what no calendar knows
 */
export function clockToMs(fields: Omit<LocalParts, 'weekday'>, zone: string): number {
  try {
    return localToMs(fields, zone)
  } catch (error) {
    const { year, month, day } = fields
    const date = new Date(Date.UTC(year, month - 1, day, fields.hour, fields.minute))
    const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && fields.hour < 24 && fields.minute < 60
    if (!real) throw error
    return Temporal.PlainDateTime.from({ ...fields, second: 0 }).toZonedDateTime(zone, { disambiguation: 'compatible' })
      .epochMilliseconds
  }
}

/** Offsets run from −12:00 to +14:00. */
const isoPattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?)?\s*(Z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)?$/

/**
 * Reads ISO 8601; without offset it is local to the zone. A date alone is the first moment of that day, which is 01:00
 * where the clock skips midnight.
 * @throws `kernel.bad-time`
 */
export function parseInstant(text: string, zone: string): number {
  const match = isoPattern.exec(text.trim())
  if (!match)
    throw kernelErrors.badTime({
      detail: 'This is no time',
      found: text,
      expected: 'ISO 8601, such as 2026-07-06T00:00',
    })
  const [, year, month, day, hour, minute = '0', second = '0', offset] = match
  const fields = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour ?? 0),
    minute: Number(minute),
  }
  if (offset === undefined && hour === undefined) return clockToMs(fields, zone)
  if (offset === undefined) return localToMs(fields, zone) + Number(second) * 1000
  return localToMs(fields, 'UTC') + Number(second) * 1000 - offsetOf(offset)
}

function offsetOf(text: string): number {
  if (text === 'Z') return 0
  const sign = text.startsWith('-') ? -1 : 1
  const digits = text.replace(/\D/g, '')
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || '0')) * 60_000
}

const patternParts: Readonly<Record<string, string>> = {
  YYYY: '(?<YYYY>\\d{4})',
  MM: '(?<MM>\\d{1,2})',
  DD: '(?<DD>\\d{1,2})',
  HH: '(?<HH>\\d{1,2})',
  mm: '(?<mm>\\d{2})',
  ss: '(?<ss>\\d{2})',
}

/**
 * A reader for stamps of a pattern of YYYY MM DD HH mm ss (`DD/MM/YYYY HH:mm`), or `ISO`.
 * The reader returns the calendar fields and, where the stamp carries one, the offset; undefined when it does not fit.
 * @throws `kernel.bad-stamp` when the pattern names no day, or a part twice
 */
export function stampReader(
  pattern: string,
): (text: string) => { fields: Omit<LocalParts, 'weekday'>; second: number; offsetMs?: number } | undefined {
  const parts: readonly string[] = pattern.match(/YYYY|MM|DD|HH|mm|ss/g) ?? []
  const whole = ['YYYY', 'MM', 'DD'].every((part) => parts.includes(part)) && new Set(parts).size === parts.length
  if (pattern !== 'ISO' && !whole) {
    throw kernelErrors.badStamp({
      detail: 'This is no pattern of time stamps',
      found: pattern,
      expected: 'ISO, or YYYY, MM and DD (and HH, mm, ss) once each, such as DD/MM/YYYY HH:mm',
    })
  }
  const source =
    pattern === 'ISO'
      ? isoPattern.source
      : `^${pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/YYYY|MM|DD|HH|mm|ss/g, (part) => patternParts[part] ?? part)}$`
  const regex = new RegExp(source)
  return (text) => {
    const match = regex.exec(text.trim())
    if (!match) return undefined
    const named = match.groups
    const at = (name: string, index: number): number => Number((pattern === 'ISO' ? match[index] : named?.[name]) ?? 0)
    const fields = { year: at('YYYY', 1), month: at('MM', 2), day: at('DD', 3), hour: at('HH', 4), minute: at('mm', 5) }
    const offset = pattern === 'ISO' ? match[7] : undefined
    return { fields, second: at('ss', 6), ...(offset === undefined ? {} : { offsetMs: offsetOf(offset) }) }
  }
}

/** The steps of one local day: 23 or 25 hours long when the clock changes. */
export function localDayGrid(year: number, month: number, day: number, zone: string, stepMs: number): TimeGrid {
  const date = Temporal.PlainDate.from({ year, month, day })
  const startMs = date.toZonedDateTime(checkZone(zone)).epochMilliseconds
  const endMs = date.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds
  return { startMs, stepMs, count: Math.round((endMs - startMs) / stepMs) }
}
