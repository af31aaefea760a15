import { type ContentEncoding, contentEncodings } from '../decompress.ts'
import { gatewayErrors } from '../errors.ts'
import { shown } from './check-name.ts'
import type { ObservationFormat } from './observation-format.ts'

/** One row: a media type, without parameters, and the format that it means. */
export interface ObservationMediaType {
  readonly mediaType: string
  readonly format: ObservationFormat
}

/** The media types of bodies; the first of a format is the one that documents name. */
export const observationMediaTypes: readonly ObservationMediaType[] = [
  { mediaType: 'application/json', format: 'json' },
  { mediaType: 'application/x-ndjson', format: 'ndjson' },
  { mediaType: 'application/ndjson', format: 'ndjson' },
  { mediaType: 'application/jsonl', format: 'ndjson' },
  { mediaType: 'application/x-jsonlines', format: 'ndjson' },
  { mediaType: 'text/csv', format: 'csv' },
  { mediaType: 'application/vnd.influxdb.line-protocol', format: 'line-protocol' },
  // What writers of line protocol send in fact.
  { mediaType: 'text/plain', format: 'line-protocol' },
  { mediaType: 'application/x-protobuf', format: 'remote-write' },
]

const protoParameter = /;\s*proto\s*=\s*"?([\w.]+)"?/i

/**
 * Format of a body by its `Content-Type`.
 *
 * @throws `gateway.media-type` (415)
 */
export function formatOf(contentType: string | undefined): ObservationFormat {
  const mediaType = (contentType ?? '').split(';')[0]!.trim().toLowerCase()
  const format = observationMediaTypes.find((row) => row.mediaType === mediaType)?.format
  if (!format) {
    throw gatewayErrors.mediaType({
      detail: contentType ? 'Observations are not read from this media type' : 'The body has no media type',
      ...(contentType ? { found: shown(contentType) } : {}),
      expected: observationMediaTypes.map((row) => row.mediaType).join(', '),
    })
  }
  if (format !== 'remote-write') return format
  const message = protoParameter.exec(contentType ?? '')?.[1] ?? 'prometheus.WriteRequest'
  if (message === 'prometheus.WriteRequest') return 'remote-write'
  if (message === 'io.prometheus.write.v2.Request') return 'remote-write-2'
  throw gatewayErrors.mediaType({
    detail: 'The protobuf message is not known',
    found: shown(message),
    expected: 'proto=prometheus.WriteRequest or proto=io.prometheus.write.v2.Request',
  })
}

/**
 * Compression of a body by its `Content-Encoding`. Remote write is always a snappy block, whether it says so or not.
 *
 * @throws `gateway.content-encoding` (415)
 */
export function encodingOf(contentEncoding: string | undefined, format: ObservationFormat): ContentEncoding {
  const told = (contentEncoding ?? '').trim().toLowerCase().replace(/^x-/, '')
  if (told === '') return format === 'remote-write' || format === 'remote-write-2' ? 'snappy' : 'identity'
  const found = contentEncodings.find((name) => name === told)
  if (found) return found
  throw gatewayErrors.contentEncoding({
    detail: 'The compression of the body is not known',
    found: shown(contentEncoding),
    expected: contentEncodings.join(', '),
  })
}
