import { kernelErrors } from '../kernel-errors.ts'

/**
 * Canonical JSON after RFC 8785 (JCS): members sorted by UTF-16 code units, ECMAScript numbers, no white space.
 * Members that are undefined are left out, as JSON does.
 *
 * @throws `kernel.not-json` for NaN, infinities, lone surrogates, and what JSON cannot say
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw notJson(value)
    return JSON.stringify(value)
  }
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw notJson(value)
    return JSON.stringify(value)
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && isPlain(value)) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined)
    members.sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${members.map(([name, member]) => `${canonicalJson(name)}:${canonicalJson(member)}`).join(',')}}`
  }
  throw notJson(value)
}

const isPlain = (value: object): value is Record<string, unknown> => {
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

const notJson = (value: unknown) =>
  kernelErrors.notJson({
    detail: 'This value cannot stand in canonical JSON',
    found: typeof value === 'object' ? Object.prototype.toString.call(value) : String(value),
    expected: 'null, true, false, a finite number, well-formed text, a list or a plain object',
  })
