import { earliestMs, latestMs, type Problem, type Quality, quality } from '../../kernel/index.ts'
import { gatewayErrors } from '../errors.ts'
import type { FieldReading } from '../field-protocol.ts'
import { defaultLimits, type ObservationFormat, parseObservations } from '../formats/index.ts'
import { readTime } from '../formats/read-time.ts'
import { isMapped, mapPoint, type PointUse } from '../link/point-map.ts'
import { readJsonPath } from './json-path.ts'
import type { HttpPullSettings } from './settings.ts'

export interface AnswerContext {
  readonly site: string
  readonly source: string
  readonly receivedMs: number
  readonly unitOf: (ref: string) => string | undefined
}

/** What an answer said: readings, what could not be read, and the points that were asked for and are not in it. */
export interface AnswerContent {
  readonly readings: readonly FieldReading[]
  readonly problems: readonly Problem[]
  readonly silent: readonly string[]
}

/** @throws `gateway.bad-frame`, `gateway.bad-body` for an answer that is none of its format */
export function readAnswer(bytes: Uint8Array, settings: HttpPullSettings, context: AnswerContext): AnswerContent {
  const { format = 'paths' } = settings
  return format === 'paths' ? readPaths(bytes, settings, context) : readFormat(bytes, format, settings, context)
}

const useOf = (points: HttpPullSettings['points'], name: string): PointUse =>
  points && Object.hasOwn(points, name) ? points[name]! : name

function readPaths(bytes: Uint8Array, settings: HttpPullSettings, context: AnswerContext): AnswerContent {
  let document: unknown
  try {
    document = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw gatewayErrors.badFrame({ detail: 'The answer is no JSON', expected: 'a document of JSON' }, { cause })
  }
  const timestampMs = settings.time === undefined ? context.receivedMs : timeOf(readJsonPath(settings.time)?.(document))
  if (timestampMs === undefined) {
    throw gatewayErrors.badFrame({
      ...{ detail: 'The answer has no time where one is told', place: { path: settings.time! } },
      expected: 'ISO 8601 with an offset, or seconds or milliseconds since 1970',
    })
  }
  const readings: FieldReading[] = []
  const problems: Problem[] = []
  const silent: string[] = []
  for (const [name, path] of Object.entries(settings.values ?? {})) {
    const point = mapPoint(useOf(settings.points, name), context.unitOf)
    if (!isMapped(point)) {
      problems.push(gatewayErrors.badRow.problem(point))
      continue
    }
    const told = readJsonPath(path)?.(document)
    const value = numberOf(told)
    if (value === undefined) {
      silent.push(point.ref)
      // `null` is how a device says that it has no value.
      if (told !== undefined && told !== null) {
        problems.push(
          gatewayErrors.notANumber.problem({
            detail: 'The value is no number',
            place: { path },
            found: String(told).slice(0, 60),
          }),
        )
      }
      continue
    }
    readings.push({
      ...{ ref: point.ref, unit: point.unit, timestampMs, quality: quality.good },
      value: value * point.scale + point.offset,
    })
  }
  return { readings, problems, silent }
}

function readFormat(
  bytes: Uint8Array,
  format: ObservationFormat,
  settings: HttpPullSettings,
  { unitOf, ...context }: AnswerContext,
): AnswerContent {
  const limits = { ...defaultLimits, maxRows: 100_000, maxSeries: 10_000 }
  const { batch, refused } = parseObservations(format, bytes, { ...context, limits })
  const problems: Problem[] = [...refused]
  const points = batch.series.map(({ site, point, unit }) => {
    const mapped =
      site === context.site
        ? mapPoint(useOf(settings.points, point), unitOf, unit)
        : { detail: 'The observation is of another site', found: site, expected: context.site }
    if (!isMapped(mapped)) problems.push(gatewayErrors.badRow.problem(mapped))
    return mapped
  })
  const readings: FieldReading[] = []
  for (let row = 0; row < batch.count; row += 1) {
    const point = points[batch.seriesOf[row]!]!
    if (!isMapped(point)) continue
    readings.push({
      ...{ ref: point.ref, unit: point.unit, timestampMs: batch.timestampsMs[row]! },
      value: batch.values[row]! * point.scale + point.offset,
      quality: batch.quality[row] as Quality,
    })
  }
  return { readings, problems, silent: [] }
}

/** Numbers, booleans, and texts that are numbers, as many devices write them. */
function numberOf(told: unknown): number | undefined {
  if (typeof told === 'boolean') return told ? 1 : 0
  const value =
    typeof told === 'string' && /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?\s*$/.test(told.slice(0, 60))
      ? Number(told)
      : told
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** Seconds are told from milliseconds by their size: from 1980 to 2199 no number is both. */
function timeOf(told: unknown): number | undefined {
  if (typeof told === 'string') {
    const text = Buffer.from(told.slice(0, 60))
    const ms = readTime(text, 0, text.length)
    return Number.isNaN(ms) ? undefined : ms
  }
  if (typeof told !== 'number') return undefined
  return [told, told * 1000].map(Math.floor).find((ms) => ms >= earliestMs && ms < latestMs)
}
