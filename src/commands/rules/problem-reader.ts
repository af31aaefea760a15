import {
  MangroveError,
  type Place,
  type Problem,
  parseDuration,
  parseQuantity,
  type SectionPoints,
} from '../../kernel/index.ts'
import { commandErrors } from '../errors.ts'

/** Reads fields that stand as text, and notes what is wrong with them, each at its place. */
export interface ProblemReader {
  add(problem: Problem): void
  placeOf(field: string): Place
  refuse(field: string, detail: string, more?: { readonly found?: unknown; readonly expected?: string }): void
  /** What `read` returns; its problems, with the place, where it throws them. */
  attempt<T>(field: string, read: () => T): T | undefined
  duration(field: string, text: string | undefined): number | undefined
  amount(field: string, value: number | string, unit: string): number | undefined
  /** Unit of a point that has to be there. */
  knownUnit(field: string, ref: string, points: SectionPoints): string | undefined
  isSound(): boolean
}

/** @param path of what is read, relative to the section; empty: the section itself */
export function createProblemReader(path: string, problems: Problem[]): ProblemReader {
  let sound = true
  const placeOf = (field: string): Place => ({ path: path === '' ? field : `${path}.${field}` })
  const reader: ProblemReader = {
    placeOf,
    add(problem) {
      sound = false
      problems.push(problem)
    },
    refuse: (field, detail, more = {}) =>
      reader.add(commandErrors.badSetpoint.problem({ detail, place: placeOf(field), ...more })),
    attempt(field, read) {
      try {
        return read()
      } catch (error) {
        if (!(error instanceof MangroveError)) throw error
        for (const problem of error.problems) reader.add({ ...problem, place: placeOf(field) })
        return undefined
      }
    },
    duration: (field, text) => (text === undefined ? undefined : reader.attempt(field, () => parseDuration(text))),
    amount(field, value, unit) {
      const read = typeof value === 'number' ? value : reader.attempt(field, () => parseQuantity(value, unit))
      if (read === undefined || (Number.isFinite(read) && Math.abs(read) <= 1e12)) return read
      reader.refuse(field, 'The value is out of range', { found: String(value), expected: 'a number of at most 1e12' })
      return undefined
    },
    knownUnit(field, ref, points) {
      const unit = points.unitOf(ref)
      if (unit === undefined) {
        reader.refuse(field, 'The site has no such point', { found: ref, expected: '<asset>.<point>' })
      }
      return unit
    },
    isSound: () => sound,
  }
  return reader
}
