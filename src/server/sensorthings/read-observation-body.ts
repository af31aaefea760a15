import { qualityNames } from '../../kernel/index.ts'
import { sensorThingsErrors } from './errors.ts'

/** An observation as a client writes it. */
export interface WrittenObservation {
  readonly timeMs: number
  /** NaN = missing. */
  readonly value: number
  readonly quality: number
}

export type Body = Readonly<Record<string, unknown>>

/** @throws `sensorthings.bad-entity` */
export function asBody(value: unknown, path: string): Body {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Body
  throw bad(path, 'This is no entity', kindOf(value), 'a JSON object')
}

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/
const missing = qualityNames.indexOf('missing')

/** What is told of an observation that has no place here: it would be lost without a word. */
const unkept = ['validTime', 'parameters']

/**
 * Reads an observation. Its time is that of the server where it tells none (OGC 18-088, section 8.2.7). A `resultTime` is read and
 * not kept: there is one time of a value, the one at which it was true.
 *
 * @throws `sensorthings.bad-entity`, `sensorthings.not-kept`
 */
export function readObservationBody(body: Body, path: string, nowMs: number): WrittenObservation {
  for (const name of unkept) {
    if (body[name] === undefined || body[name] === null) continue
    throw sensorThingsErrors.notKept({
      detail: `There is no place for ${name} of an observation`,
      place: { path: `${path}.${name}` },
      expected: `an observation without ${name}`,
    })
  }
  if (body.resultTime !== undefined && body.resultTime !== null) readInstant(body.resultTime, `${path}.resultTime`)
  const timeMs =
    body.phenomenonTime === undefined || body.phenomenonTime === null
      ? nowMs
      : readInstant(body.phenomenonTime, `${path}.phenomenonTime`)
  const value = readResult(body.result, `${path}.result`)
  return { timeMs, value, quality: readQuality(body.resultQuality, value, `${path}.resultQuality`) }
}

function readInstant(value: unknown, path: string): number {
  const ms = typeof value === 'string' && instant.test(value) ? Date.parse(value) : Number.NaN
  if (!Number.isNaN(ms)) return Math.floor(ms)
  throw bad(path, 'This is no instant', shown(value), 'ISO 8601 with offset: 2026-07-06T00:00:00Z')
}

function readResult(value: unknown, path: string): number {
  if (value === null) return Number.NaN
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw bad(path, 'The result is no number', shown(value), 'a number, true or false, or null for a missing value')
}

function readQuality(value: unknown, result: number, path: string): number {
  if (value === undefined || value === null) return Number.isNaN(result) ? missing : 0
  const code = typeof value === 'string' ? (qualityNames as readonly string[]).indexOf(value) : -1
  if (code === -1) throw bad(path, 'The quality is not known', shown(value), qualityNames.join(', '))
  if (Number.isNaN(result) !== (code === missing)) {
    throw bad(
      path,
      'Result and quality contradict each other',
      shown(value),
      'missing exactly where the result is null',
    )
  }
  return code
}

/** Id of an entity that a body links to: `{ "@iot.id": "x" }`. Undefined where there is no such link. */
export function linkedId(body: Body, name: string, path: string): string | undefined {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  const { '@iot.id': id } = asBody(value, `${path}.${name}`)
  if (typeof id === 'string' || typeof id === 'number') return String(id)
  throw sensorThingsErrors.notKept({
    detail: `${name} is not made together with this; link to one that is there`,
    place: { path: `${path}.${name}` },
    expected: '{ "@iot.id": "…" }',
  })
}

const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value)
const shown = (value: unknown): unknown =>
  typeof value === 'string' ? value.slice(0, 100) : typeof value === 'object' && value !== null ? kindOf(value) : value

export const bad = (path: string, detail: string, found: unknown, expected: string) =>
  sensorThingsErrors.badEntity({ detail, place: { path }, expected, ...(found === undefined ? {} : { found }) })
