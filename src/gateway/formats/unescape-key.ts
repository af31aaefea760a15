import type { Problem } from '../../kernel/index.ts'
import { gatewayErrors } from '../errors.ts'
import { excerpt, utf8 } from './byte-text.ts'

/** A measurement, tag or field name of line protocol: a backslash before comma, equals sign or space is left out. */
export function unescapeKey(bytes: Buffer, start: number, end: number): string | Problem {
  const text = utf8(bytes, start, end)
  if (text !== undefined) return text.includes('\\') ? text.replaceAll(/\\([,= ])/g, '$1') : text
  return gatewayErrors.badName.problem({
    detail: 'The name is not text',
    found: excerpt(bytes, start, end),
    expected: 'UTF-8',
  })
}
