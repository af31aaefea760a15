import { Decimal, inputDigits } from '../quantity/index.ts'
import type { Findings } from './finding.ts'

const exact = /^[+-]?\d+(\.\d+)?$/
/** No number of a footprint is so long; longer text is not looked at. */
const mostCharacters = 80

/**
 * Reads a decimal of somebody else's payload, and tells what is wrong with how it is written: a number instead of text, a comma, an
 * exponent. What can be read is read all the same; `null` where nothing can.
 *
 * @param value `undefined` is no finding: the field is not there
 */
export function readDecimal(value: unknown, path: string, findings: Findings): Decimal | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'number' && Number.isFinite(value)) {
    findings.add('breach', 'number-for-decimal', path, 'A decimal is text, so that no digit is lost', {
      found: value,
      expected: `"${new Decimal(value).toFixed()}"`,
    })
    return new Decimal(value)
  }
  if (typeof value === 'string' && value.length > mostCharacters) {
    findings.add('breach', 'no-decimal', path, 'This is too long for a decimal number', { found: value })
    return null
  }
  if (typeof value === 'string' && exact.test(value)) {
    const digits = value.replace(/[^0-9]/g, '').replace(/^0+/, '').length
    if (digits <= inputDigits) return new Decimal(value)
    findings.add('doubt', 'too-many-digits', path, 'More digits than anybody measures', { found: value })
    return null
  }
  if (typeof value === 'string' && /^[+-]?\d+,\d+$/.test(value)) {
    const meant = value.replace(',', '.')
    findings.add('breach', 'decimal-comma', path, 'A comma stands in the number; decimals have a point', {
      found: value,
      expected: meant,
    })
    return new Decimal(meant)
  }
  if (typeof value === 'string' && /^[+-]?\d*\.?\d+([eE][+-]?\d{1,2})?$/.test(value)) {
    const meant = new Decimal(value)
    findings.add('breach', 'decimal-form', path, 'A decimal has digits on both sides of its point, and no exponent', {
      found: value,
      expected: meant.toFixed(),
    })
    return meant
  }
  findings.add('breach', 'no-decimal', path, 'This is no decimal number', {
    found: value,
    expected: 'text such as "0.356"',
  })
  return null
}

export type Fields = Readonly<Record<string, unknown>>

/** An object of a payload; `null` of anything else. */
export const fieldsOf = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null

/** Tells mandatory fields that are not there. */
export function requireFields(fields: Fields, names: readonly string[], path: string, findings: Findings): void {
  for (const name of names) {
    const value = fields[name]
    if (value !== undefined && value !== null && value !== '') continue
    findings.add(
      'breach',
      'missing-field',
      `${path}${path === '' ? '' : '.'}${name}`,
      `${name} is mandatory and not there`,
    )
  }
}

/** Tells fields of earlier versions. */
export function tellRemoved(
  fields: Fields,
  removed: Readonly<Record<string, string>>,
  path: string,
  findings: Findings,
): void {
  for (const name of Object.keys(fields)) {
    if (!Object.hasOwn(removed, name)) continue
    findings.add(
      'breach',
      'removed-field',
      `${path}${path === '' ? '' : '.'}${name}`,
      `${name} is of an earlier version`,
      {
        found: name,
        expected: removed[name],
      },
    )
  }
}
