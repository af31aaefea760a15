import { decompress } from './decompress.ts'
import { type BodyMemory, type ParsedObservations, parseObservations } from './formats/index.ts'
import type { ParseRequest } from './parse-messages.ts'

/** Decompresses a body and reads it, in this thread. `memory`: of the bodies before it. */
export function parseBody({ format, encoding, bytes, context }: ParseRequest, memory?: BodyMemory): ParsedObservations {
  return parseObservations(format, decompress(encoding, bytes, context.limits.maxBytes), context, memory)
}
