import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { type QualityName, quality } from '../../kernel/index.ts'
import { maxRangeValues } from '../../store/index.ts'
import { serverErrors } from '../errors.ts'
import { type Aggregate, type AnswerPoints, aggregates, withoutWorse } from '../query/answer-columns.ts'
import { bucketEdges, bucketPattern, readWidth } from '../query/bucket-edges.ts'
import { isKnown, tagOf } from '../query/entity-tags.ts'
import { answerMediaTypes, chooseMediaType } from '../query/media-choice.ts'
import { cursorQuery, linkNext, nextSchema, readCursor, writeCursor } from '../query/pages.ts'
import { namesIn, readPointList } from '../query/point-list.ts'
import { readBuckets } from '../query/read-buckets.ts'
import { readSpan, spanQuery } from '../query/read-moment.ts'
import { readValues } from '../query/read-values.ts'
import { sendChunks } from '../query/send-chunks.ts'
import { jsonChunks } from '../query/write-json.ts'
import { tableChunks } from '../query/write-tables.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'

/** As many names as the head of a request holds (16 KiB); of 200,000 values, 2000 each: more than a chart shows. */
const maxPoints = 100

const query = Type.Object({
  site: Type.String(),
  points: Type.String({ description: `\`<asset>.<point>\`, up to ${maxPoints} parted by commas` }),
  ...spanQuery,
  bucket: Type.Optional(
    Type.String({
      pattern: bucketPattern,
      description:
        'Width of buckets: `30s`, `15m`, `1h` (aligned to 1970 UTC), `1d` (a day of the site’s zone, with 23 or 25 hours when the clock changes), `1mo`. Default: values as they were observed',
    }),
  ),
  aggregates: Type.Optional(
    Type.String({
      description: `Of each bucket, parted by commas: ${aggregates.map((name) => `\`${name}\``).join(', ')}. Default: \`mean\` of buckets that hold an observation; with it every bucket stands, null where there was none. \`rise\` is of counters; \`sum\` adds values, in their unit`,
    }),
  ),
  minQuality: Type.Optional(
    Type.Enum(['good', 'estimated', 'synthetic', 'suspect'], {
      description: 'Leaves out values of a worse quality; a bucket that holds one is null and `missing`',
    }),
  ),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: maxRangeValues,
      description: `Most values of one point in a page, without a bucket; times the points at most ${maxRangeValues}. A page ends at the same moment for all points`,
    }),
  ),
  cursor: cursorQuery,
})

const numbers = (description?: string) =>
  Type.Array(Type.Union([Type.Number(), Type.Null()]), description === undefined ? {} : { description })

const RangeSchema = Type.Object({
  points: Type.Record(
    Type.String(),
    Type.Object({
      unit: Type.String(),
      timestampsMs: Type.Array(Type.Number(), { description: 'Start of the bucket, or event time' }),
      values: numbers('As observed; the mean, or the first of the aggregates'),
      quality: Type.Array(Type.String(), { description: 'Of the value; the worst of the bucket' }),
      riseQuality: Type.Optional(Type.Array(Type.String(), { description: 'Of `rise`, beside other aggregates' })),
      aggregates: Type.Optional(
        Type.Partial(Type.Object(Object.fromEntries(aggregates.map((name) => [name, numbers()])))),
      ),
    }),
  ),
  next: nextSchema,
})

export const observationRoutes = ({ sites, store, clock }: ServerParts): readonly Route[] => [
  defineRoute({
    method: 'GET',
    url: '/api/v1/observations',
    operationId: 'readObservations',
    access: 'read',
    site: 'query.site',
    tag: 'Observations',
    summary: 'Values of points over time',
    description: [
      'Values as they were observed, or over buckets. A computed point is answered beside measured ones: without a bucket it has a value wherever one of its inputs has, each input holding a quarter of an hour; in a bucket it is its expression over the means, and the rise of counters.',
      `Forms, by \`Accept\`: ${answerMediaTypes.map((mediaType) => `\`${mediaType}\``).join(', ')}. What is missing is null (in CSV empty) with quality \`missing\`.`,
      `An answer holds up to ${maxRangeValues} values. With \`limit\` there are pages: \`next\`, and \`Link\` with rel="next" (RFC 8288).`,
    ].join('\n\n'),
    query,
    headers: {
      accept: `One of ${answerMediaTypes.join(', ')}`,
      'if-none-match': 'ETag of an answer; 304 where it is still the same',
    },
    responses: {
      200: { description: 'Values by point', schema: RangeSchema },
      304: { description: 'The same as before' },
    },
    problems: [404, 406, 422],
    example: {
      query: {
        site: 'quarry-microgrid',
        points: 'pv.powerKw',
        from: '2026-07-06T03:00:00Z',
        to: '2026-07-06T04:00:00Z',
        bucket: '30m',
        aggregates: 'mean,max',
      },
      answer: {
        points: {
          'pv.powerKw': {
            unit: 'kW',
            timestampsMs: [1783306800000, 1783308600000],
            values: [null, 275],
            quality: ['missing', 'good'],
            aggregates: { mean: [null, 275], max: [null, 500] },
          },
        },
      },
    },
    handle: async ({ query: asked, request, reply }) => {
      const mediaType = chooseMediaType(request.headers.accept)
      const { site } = sites.get(asked.site)
      const known = sites.points(site)
      const points = readPointList(asked.points, known, maxPoints)
      const wanted = readAggregates(asked.aggregates)
      checkTogether(asked)
      const span = readSpan(asked, clock.now())
      const worst = asked.minQuality === undefined ? undefined : quality[asked.minQuality as QualityName]
      const computed = sites.computed(site)
      const width = asked.bucket === undefined ? undefined : readWidth(asked.bucket)
      const common = { site: asked.site, points, known }
      if (width) {
        const most = maxRangeValues / (points.length * Math.max(1, wanted?.length ?? 1))
        const edgesMs = bucketEdges(width, span, site.zone, most)
        const found = await readBuckets(store, computed, {
          ...common,
          edgesMs,
          ...(wanted ? { aggregates: wanted } : {}),
          ...(worst === undefined ? {} : { worst }),
        })
        return send(reply, request, mediaType, complete(points, known, found))
      }
      const from = asked.cursor === undefined ? span.fromMs : Number(readCursor(asked.cursor, ['number'])[0])
      const limit = asked.limit ?? (asked.cursor === undefined ? undefined : defaultLimit(points.length))
      const read = await readValues(store, computed, {
        ...common,
        fromMs: from,
        toMs: span.toMs,
        ...(limit === undefined ? {} : { limit }),
      })
      const kept =
        worst === undefined
          ? read.points
          : new Map([...read.points].map(([ref, point]) => [ref, withoutWorse(point, worst)]))
      const next = read.nextMs === undefined ? undefined : writeCursor([read.nextMs])
      linkNext(request, reply, next)
      return send(reply, request, mediaType, complete(points, known, kept), next)
    },
  }),
]

const defaultLimit = (points: number): number => Math.floor(maxRangeValues / 4 / points)

/** Points of which nothing is stored stand there, too, empty and in the unit of the site. */
function complete(
  wanted: readonly string[],
  known: ReadonlyMap<string, { readonly unit: string }>,
  found: AnswerPoints,
): AnswerPoints {
  return new Map(
    wanted.map((ref) => [
      ref,
      found.get(ref) ?? { unit: known.get(ref)?.unit ?? '1', timestampsMs: [], values: [], quality: [] },
    ]),
  )
}

function send(
  reply: FastifyReply,
  request: FastifyRequest,
  mediaType: (typeof answerMediaTypes)[number],
  points: AnswerPoints,
  next?: string,
): FastifyReply {
  reply.header('vary', 'accept')
  if (isKnown(request, reply, tagOf(mediaType, next ?? '', ...bytesOf(points)))) return reply.send()
  return mediaType === 'application/json'
    ? sendChunks(reply, 'application/json; charset=utf-8', jsonChunks(points, { next }))
    : sendChunks(
        reply,
        mediaType === 'text/csv' ? 'text/csv; charset=utf-8' : mediaType,
        tableChunks(mediaType, points),
      )
}

/** All that an answer says. */
function bytesOf(points: AnswerPoints): readonly (string | Uint8Array)[] {
  const bytes = (values: ArrayLike<number>): Uint8Array => new Uint8Array(Float64Array.from(values).buffer)
  return [...points].flatMap(
    ([ref, { unit, timestampsMs, values, quality: codes, aggregates: asked, riseQuality }]) => [
      `${ref} ${unit}`,
      bytes(timestampsMs),
      bytes(values),
      Uint8Array.from(codes),
      ...[...(asked ?? [])].flatMap(([name, own]) => [name, bytes(own)]),
      ...(riseQuality ? [Uint8Array.from(riseQuality)] : []),
    ],
  )
}

function readAggregates(text: string | undefined): readonly Aggregate[] | undefined {
  if (text === undefined) return undefined
  const names = namesIn(text)
  const unknown = names.find((name) => !(aggregates as readonly string[]).includes(name))
  if (names.length > 0 && unknown === undefined) return names as readonly Aggregate[]
  throw serverErrors.badInput({
    detail: names.length === 0 ? 'No aggregate is named' : 'The aggregate is not known',
    place: { path: 'query.aggregates' },
    found: unknown ?? text,
    expected: aggregates.join(', '),
  })
}

/** What only makes sense with a bucket, or only without one. */
function checkTogether(asked: { bucket?: string; aggregates?: string; limit?: number; cursor?: string }): void {
  const wrong =
    asked.bucket === undefined
      ? asked.aggregates !== undefined && 'aggregates'
      : asked.limit !== undefined
        ? 'limit'
        : asked.cursor !== undefined && 'cursor'
  if (wrong === false) return
  throw serverErrors.badInput({
    detail: wrong === 'aggregates' ? 'Aggregates are of buckets' : 'Buckets are not paged',
    place: { path: `query.${wrong}` },
    expected: wrong === 'aggregates' ? 'bucket as well' : 'a coarser bucket, or a shorter range',
  })
}
