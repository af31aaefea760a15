import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { encodingOf, formatOf, maxToldProblems, observationMediaTypes, type ParseThreads } from '../../gateway/index.ts'
import { MangroveError, type Problem } from '../../kernel/index.ts'
import { serverErrors } from '../errors.ts'
import { acceptBatch } from '../ingest/accept-batch.ts'
import { acceptRules } from '../ingest/accept-rules.ts'
import type { IngestGate } from '../ingest/ingest-gate.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'

/** Bytes of one body as it comes, and of one after decompression. */
export const ingestLimits = { bodyBytes: 16 * 1024 * 1024, parsedBytes: 64 * 1024 * 1024 } as const

const query = Type.Object({
  site: Type.String({ description: 'Site of observations that name none' }),
  source: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'Who says so, where an observation does not. Default `api`',
    }),
  ),
  atomic: Type.Optional(
    Type.Union([Type.Literal('true'), Type.Literal('false')], {
      description: '`true`: one refused observation refuses all. Default `false`',
    }),
  ),
  precision: Type.Optional(
    Type.Union([Type.Literal('ns'), Type.Literal('us'), Type.Literal('ms'), Type.Literal('s')], {
      description: 'Of the time stamps of line protocol. Default `ns`',
    }),
  ),
})

const StoredSchema = Type.Object({ stored: Type.Integer({ description: 'Observations that are on the disk now' }) })

const jsonBody = Type.Object({
  observations: Type.Array(
    Type.Object({
      point: Type.String({ description: '`<asset>.<point>`' }),
      time: Type.Optional(Type.String({ description: 'ISO 8601 with offset; or `timestampMs`' })),
      timestampMs: Type.Optional(Type.Integer()),
      value: Type.Union([Type.Number(), Type.Boolean(), Type.Null()], { description: 'null = missing' }),
      unit: Type.Optional(Type.String({ description: 'Converted into the unit of the point' })),
      quality: Type.Optional(Type.String()),
      source: Type.Optional(Type.String()),
    }),
  ),
})

export interface IngestParts {
  readonly threads: ParseThreads
  readonly gate: IngestGate
}

export const ingestRoutes = (parts: ServerParts, { threads }: IngestParts): readonly Route[] => [
  defineRoute({
    method: 'POST',
    url: '/api/v1/observations',
    operationId: 'writeObservations',
    access: 'ingest',
    site: 'query.site',
    tag: 'Observations',
    summary: 'Store observations',
    description: [
      'The answer comes when they are on the disk. Sending the same again stores it once; another value for the same point, time and source corrects it.',
      `Bodies: ${[...new Set(observationMediaTypes.map(({ mediaType }) => `\`${mediaType}\``))].join(', ')} (JSON, NDJSON, CSV, InfluxDB line protocol, Prometheus remote write), as they are or with Content-Encoding gzip, zstd or snappy.`,
      'What is refused is told with its place (422), and everything valid beside it is stored; with `atomic=true` nothing is.',
    ].join('\n\n'),
    query,
    documentedBody: jsonBody,
    rawBody: ingestLimits.bodyBytes,
    responses: { 200: { description: 'All observations are stored', schema: StoredSchema } },
    problems: [404, 413, 415, 422, 429, 503, 507],
    handle: async ({ query: { site, source, atomic, precision }, request, caller }) => {
      const { headers } = request
      const format = formatOf(headers['content-type'])
      // Bytes are given away to a thread that reads them.
      const bytes = bytesOf(request).byteLength
      const parsed = await threads.parse({
        format,
        encoding: encodingOf(headers['content-encoding'], format),
        bytes: bytesOf(request),
        context: {
          site,
          source: source ?? 'api',
          receivedMs: parts.clock.now(),
          limits: { maxBytes: ingestLimits.parsedBytes, maxRows: 2_000_000, maxSeries: 100_000 },
          ...(precision === undefined ? {} : { precision }),
        },
      })
      const accepted = acceptBatch(parsed.batch, acceptRules(parts.sites, caller))
      const refusedCount = parsed.refusedCount + accepted.refusedCount
      const keep = atomic !== 'true' || refusedCount === 0
      if (keep) await parts.arrivals.keep(accepted.batch)
      const stored = keep ? accepted.batch.count : 0
      parts.metrics.ingested({
        ...{ stored, bytes, refusedCount: keep ? refusedCount : parsed.batch.count + parsed.refusedCount },
        refused: [...parsed.refused, ...accepted.refused].map(({ code }) => code),
      })
      if (refusedCount === 0) return { stored }
      throw refusal([...parsed.refused, ...accepted.refused], refusedCount, stored)
    },
  }),
]

/** The first problem counts them all; the others follow with their places. */
function refusal(problems: readonly Problem[], refusedCount: number, stored: number): MangroveError {
  const count = refusedCount === 1 ? 'One observation was refused' : `${refusedCount} observations were refused`
  const head = serverErrors.refusedObservations.problem({
    detail: `${count}, ${stored === 0 ? 'nothing' : stored} stored`,
    found: { refused: refusedCount, stored },
    expected: 'observations of known points in a unit that fits',
  })
  return new MangroveError([head, ...problems.slice(0, maxToldProblems)])
}

function bytesOf({ body }: FastifyRequest): Uint8Array {
  return body instanceof Uint8Array ? body : new Uint8Array(0)
}
