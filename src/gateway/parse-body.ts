import { decompress } from './decompress.ts'
import { type ParsedObservations, parseObservations } from './formats/index.ts'
import type { ParseRequest } from './parse-messages.ts'

/** Decompresses a body and reads it, in this thread. */
export function parseBody({ format, encoding, bytes, context }: ParseRequest): ParsedObservations {
  return parseObservations(format, decompress(encoding, bytes, context.limits.maxBytes), context)
}
