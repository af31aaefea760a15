import type { Problem } from '../../kernel/index.ts'
import { gatewayErrors } from '../errors.ts'

/** Longest name of a point, a site or a source, in UTF-16 units. */
export const maxNameLength = 200

const unusable = /[\p{Cc}\u2028\u2029]/u

/** Whether a name is of printable ASCII and not too long, as most are. */
function isPlain(name: string): boolean {
  if (name.length === 0 || name.length > maxNameLength) return false
  for (let at = 0; at < name.length; at += 1) {
    const code = name.charCodeAt(at)
    if (code < 0x20 || code > 0x7e) return false
  }
  return true
}

/** Why a name cannot be used, or nothing. `what` is `point`, `site`, `source` or `unit`. */
export function nameProblem(what: string, name: string): Problem | undefined {
  if (isPlain(name)) return undefined
  const refuse = (detail: string, expected: string): Problem =>
    gatewayErrors.badName.problem({ detail, found: shown(name), expected })
  if (name === '') return refuse(`The name of the ${what} is empty`, 'a name')
  if (name.length > maxNameLength) {
    return refuse(`The name of the ${what} has ${name.length} characters`, `at most ${maxNameLength} characters`)
  }
  if (unusable.test(name)) {
    return refuse(`The name of the ${what} has control characters`, 'characters that can be printed')
  }
  if (!name.isWellFormed()) return refuse(`The name of the ${what} is not text`, 'whole Unicode characters')
  return undefined
}

const longestShown = 80

/** A found value as a problem may carry it: a short text, a number, a truth value or null. */
export function shown(value: unknown): string | number | boolean | null {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'string') return value.length > longestShown ? `${value.slice(0, longestShown)}…` : value
  if (value === undefined) return 'nothing'
  return Array.isArray(value) ? 'a list' : 'an object'
}
