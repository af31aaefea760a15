import { createHash } from 'node:crypto'
import { canonicalJson } from './canonical-json.ts'

/** SHA-256 of the UTF-8 bytes of a text, 64 hex digits. */
export const sha256Hex = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')

/** SHA-256 of the canonical JSON of a value. @throws `kernel.not-json` */
export const hashOf = (value: unknown): string => sha256Hex(canonicalJson(value))
