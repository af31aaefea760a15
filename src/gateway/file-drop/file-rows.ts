import type { Problem, ProblemDetails } from '../../kernel/index.ts'
import { earliestMs, latestMs, type Quality } from '../../kernel/index.ts'
import { gatewayErrors } from '../errors.ts'
import type { FieldReading } from '../field-protocol.ts'
import { isMapped, type MappedPoint, mapPoint, type PointUse } from '../link/point-map.ts'

/** What a file holds, row by row: readings, and what could not be read. */
export type FileRow = FieldReading | Problem

export const isProblem = (row: FileRow): row is Problem => 'code' in row

/** What a reader of a format needs to know of the gateway. */
export interface FileContext {
  /** Site of the gateway: rows of another one are refused. */
  readonly site: string
  readonly points: Readonly<Record<string, PointUse>>
  readonly unitOf: (ref: string) => string | undefined
  /** Of times without offset. */
  readonly zone: string
}

export const badRow = (details: ProblemDetails): Problem => gatewayErrors.badRow.problem(details)

/** Finds points by the names of a file; a name that settings do not map is the point itself. */
export function createPointFinder({ points, unitOf }: FileContext) {
  const known = new Map<string, MappedPoint | ProblemDetails>()
  return (name: string, unit?: string): MappedPoint | ProblemDetails => {
    const key = `${name}\n${unit ?? ''}`
    const found = known.get(key)
    if (found) return found
    const use = Object.hasOwn(points, name) ? points[name]! : name
    const mapped = mapPoint(use, unitOf, unit)
    // A file may name as many as it has rows.
    if (known.size < 10_000) known.set(key, mapped)
    return mapped
  }
}

/** The reading of a value in the unit that it came in; a problem where time or value are none. */
export function readingOf(
  point: MappedPoint | ProblemDetails,
  timestampMs: number,
  value: number,
  quality: Quality,
  line?: number,
): FileRow {
  const place = line === undefined ? {} : { line }
  if (!isMapped(point)) return badRow({ ...point, place })
  if (!(timestampMs >= earliestMs && timestampMs < latestMs)) {
    return gatewayErrors.implausibleTime.problem({
      detail: 'The time is not plausible',
      place,
      found: timestampMs,
      expected: 'a time from 1980 to 2199',
    })
  }
  const { ref, unit, scale, offset } = point
  const converted = value * scale + offset
  if (Number.isFinite(value) && !Number.isFinite(converted)) {
    return badRow({ detail: 'The value is not finite in the unit of the point', place, found: value })
  }
  return { ref, timestampMs, value: converted, quality, unit }
}
