import Type from 'typebox'
import { qualityNames } from '../../kernel/index.ts'
import { serverErrors } from '../errors.ts'
import { orNull } from '../now.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'

const query = Type.Object({
  site: Type.String(),
  points: Type.String({ description: '`<asset>.<point>`, several parted by commas' }),
  from: Type.Optional(
    Type.String({ description: 'ISO 8601 with offset, or milliseconds since 1970; default: a day before `to`' }),
  ),
  to: Type.Optional(Type.String({ description: 'Exclusive; default: now' })),
  bucket: Type.Optional(
    Type.String({ pattern: '^[1-9]\\d{0,4}(s|m|h|d)$', description: 'Mean over `30s`, `5m`, `1h`, `1d`' }),
  ),
})

const RangeSchema = Type.Object({
  points: Type.Record(
    Type.String(),
    Type.Object({
      unit: Type.String(),
      timestampsMs: Type.Array(Type.Number(), { description: 'Start of the bucket, or event time' }),
      values: Type.Array(Type.Union([Type.Number(), Type.Null()])),
      quality: Type.Array(Type.String(), { description: 'Worst of the bucket' }),
    }),
  ),
})

const maxPoints = 100

export const observationRoutes = ({ sites, store, clock }: ServerParts): readonly Route[] => [
  defineRoute({
    method: 'GET',
    url: '/api/v1/observations',
    operationId: 'readObservations',
    access: 'read',
    site: 'query.site',
    tag: 'Observations',
    summary: 'Values of points over time',
    query,
    responses: { 200: { description: 'Values by point', schema: RangeSchema } },
    problems: [404, 422],
    handle: async ({ query: { site: siteId, points, from, to, bucket } }) => {
      const { site } = sites.get(siteId)
      const known = sites.points(site)
      const wanted = [
        ...new Set(
          points
            .split(',')
            .map((name) => name.trim())
            .filter(Boolean),
        ),
      ]
      checkPoints(wanted, known)
      const toMs = to === undefined ? clock.now() : readTime(to, 'query.to')
      const fromMs = from === undefined ? toMs - 86_400_000 : readTime(from, 'query.from')
      const range = await store.observations.range({
        site: siteId,
        points: wanted,
        fromMs,
        toMs,
        ...(bucket === undefined ? {} : { bucketMs: readBucket(bucket) }),
      })
      return {
        points: Object.fromEntries(
          wanted.map((name) => {
            const found = range[name]
            return [
              name,
              {
                unit: found?.unit ?? known.get(name)?.unit ?? '1',
                timestampsMs: found?.timestampsMs ?? [],
                values: found?.values.map(orNull) ?? [],
                quality: found?.quality.map((code) => qualityNames[code] ?? 'suspect') ?? [],
              },
            ]
          }),
        ),
      }
    },
  }),
]

function checkPoints(wanted: readonly string[], known: ReadonlyMap<string, unknown>): void {
  if (wanted.length === 0 || wanted.length > maxPoints) {
    throw serverErrors.badInput({
      detail: 'The number of points is out of range',
      place: { path: 'query.points' },
      found: wanted.length,
      expected: `1 to ${maxPoints} points`,
    })
  }
  const unknown = wanted.find((name) => !known.has(name))
  if (unknown !== undefined) {
    throw serverErrors.unknownPoint({
      detail: 'The site has no such point',
      place: { path: 'query.points' },
      found: unknown,
      expected: '`<asset>.<point>` of the site',
    })
  }
}

const isoWithOffset = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/

function readTime(text: string, path: string): number {
  const timestampMs = /^\d{1,15}$/.test(text) ? Number(text) : isoWithOffset.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(timestampMs)) {
    throw serverErrors.badInput({
      detail: 'The time cannot be read',
      place: { path },
      found: text,
      expected: 'ISO 8601 with offset (2026-07-06T00:00:00Z), or milliseconds since 1970',
    })
  }
  return timestampMs
}

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

const readBucket = (text: string): number => Number(text.slice(0, -1)) * (unitMs[text.slice(-1)] ?? Number.NaN)
