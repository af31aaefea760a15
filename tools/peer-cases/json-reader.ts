import type { Problem } from '../../src/kernel/index.ts'
import { peerErrors } from './errors.ts'

/** What a value must satisfy beyond being a number. */
export interface Range {
  readonly minimum?: number
  readonly maximum?: number
}

/**
 * Reads parts of an unknown JSON value by path and collects what is wrong, so that a file's faults are told at once.
 * A part that is wrong reads as its fallback; the caller throws the problems before it uses any.
 */
export interface JsonReader {
  readonly problems: Problem[]
  object(value: unknown, path: string): Readonly<Record<string, unknown>>
  list(value: unknown, path: string): readonly unknown[]
  number(value: unknown, path: string, range?: Range): number
  optionalNumber(value: unknown, path: string, range?: Range): number | undefined
  boolean(value: unknown, path: string): boolean
  /** A list of finite numbers; of `length` when given. */
  numbers(value: unknown, path: string, options?: Range & { readonly length?: number }): number[]
}

/** Beyond this no number of a case is meant, and no solver can work with it. */
const largest = 1e12

const kindOf = (value: unknown): unknown => {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return `a list of ${value.length}`
  return typeof value === 'object' && value !== null ? 'an object' : value
}

export function createJsonReader(file: string): JsonReader {
  const problems: Problem[] = []
  const wrong = (path: string, value: unknown, expected: string): void => {
    const build = value === undefined ? peerErrors.missing : peerErrors.badValue
    const detail = value === undefined ? `${path} is missing` : `${path} cannot be used`
    problems.push(build.problem({ detail, place: { file, path }, found: kindOf(value), expected }))
  }
  const inRange = (value: unknown, { minimum, maximum }: Range): value is number =>
    typeof value === 'number' && value >= (minimum ?? -largest) && value <= (maximum ?? largest)
  const words = ({ minimum, maximum }: Range): string => {
    return `a number from ${minimum ?? -largest} to ${maximum ?? largest}`
  }
  const reader: JsonReader = {
    problems,
    object(value, path) {
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
      wrong(path, value, 'an object')
      return {}
    },
    list(value, path) {
      if (Array.isArray(value)) return value
      wrong(path, value, 'a list')
      return []
    },
    number(value, path, range = {}) {
      if (inRange(value, range)) return value
      wrong(path, value, words(range))
      return Number.NaN
    },
    optionalNumber: (value, path, range = {}) =>
      value === undefined || value === null ? undefined : reader.number(value, path, range),
    boolean(value, path) {
      if (value === undefined || value === null) return false
      if (typeof value !== 'boolean') wrong(path, value, 'true or false')
      return value === true
    },
    numbers(value, path, options = {}) {
      const found = reader.list(value, path)
      if (Array.isArray(value) && options.length !== undefined && found.length !== options.length)
        wrong(path, value, `a list of ${options.length} numbers, one a step`)
      const bad = found.findIndex((entry) => !inRange(entry, options))
      if (bad >= 0) wrong(`${path}[${bad}]`, found[bad] ?? null, words(options))
      return found as number[]
    },
  }
  return reader
}

/** Parses JSON; what is no JSON is told with its line. @throws {MangroveError} `peer-case.malformed` */
export function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const position = /at position (\d+)/.exec(message)?.[1]
    const line = position === undefined ? text.split('\n').length : text.slice(0, Number(position)).split('\n').length
    throw peerErrors.malformed({
      detail: `The file is no JSON: ${message.slice(0, 160)}`,
      place: { file, line },
      expected: 'a JSON object with request and expected_response',
    })
  }
}
