import { gatewayErrors } from '../errors.ts'
import { type BodyMemory, createBodyMemory } from './body-memory.ts'
import { parseCsv } from './csv.ts'
import { parseJson } from './json.ts'
import { parseLineProtocol } from './line-protocol.ts'
import { parseNdjson } from './ndjson.ts'
import type { ObservationFormat, ObservationParser, ParseContext, ParsedObservations } from './observation-format.ts'
import { parseRemoteWrite, parseRemoteWrite2 } from './remote-write.ts'

const parsers: Readonly<Record<ObservationFormat, ObservationParser>> = {
  json: parseJson,
  ndjson: parseNdjson,
  csv: parseCsv,
  'line-protocol': parseLineProtocol,
  'remote-write': parseRemoteWrite,
  'remote-write-2': parseRemoteWrite2,
}

/**
 * Reads observations from a body that is not compressed. One bad observation never loses the good ones: it is refused
 * by name and place, and the caller decides whether the rest is kept.
 *
 * @param memory of the bodies before it, where there are such
 * @throws `gateway.too-large`; `gateway.bad-body` for a body that is none of its format
 */
export function parseObservations(
  format: ObservationFormat,
  bytes: Uint8Array,
  context: ParseContext,
  memory: BodyMemory = createBodyMemory(),
): ParsedObservations {
  const { maxBytes } = context.limits
  if (bytes.length > maxBytes) {
    throw gatewayErrors.tooLarge({
      detail: 'The body is too large',
      found: bytes.length,
      expected: `at most ${maxBytes} bytes`,
    })
  }
  // One kind of array, so that hot loops are compiled for one.
  return parsers[format](Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), context, memory)
}
