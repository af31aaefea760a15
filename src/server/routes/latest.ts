import Type from 'typebox'
import { measuredInputs, quality, qualityNames } from '../../kernel/index.ts'
import { maxWatchedPoints } from '../live-socket/messages.ts'
import { orNull } from '../now.ts'
import { computeNewest } from '../query/latest-values.ts'
import { readPointList } from '../query/point-list.ts'
import { sendChunks } from '../query/send-chunks.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

const LatestSchema = Type.Object({
  timestampMs: Type.Number({ description: 'The clock of the server, by which `ageMs` is told' }),
  points: Type.Record(
    Type.String(),
    Type.Object({
      value: nullable(Type.Number()),
      unit: Type.String(),
      quality: Type.String(),
      timestampMs: nullable(Type.Number({ description: 'Event time; null where nothing is known' })),
      ageMs: nullable(Type.Number({ description: 'Below zero for what says that it is of the future' })),
      receivedMs: nullable(Type.Number({ description: 'When the server stored it; null for a computed point' })),
      source: nullable(Type.String({ description: 'Who said so; `computed` for a computed point' })),
    }),
    { description: 'By `<asset>.<point>`' },
  ),
})

export const latestRoutes = ({ sites, store, clock }: ServerParts): readonly Route[] => [
  defineRoute({
    method: 'GET',
    url: '/api/v1/observations/latest',
    operationId: 'readLatest',
    access: 'read',
    site: 'query.site',
    tag: 'Observations',
    summary: 'The newest stored value of points, by event time',
    description:
      'Never the value that arrived last: a late one does not take the place of a newer one. A computed point is as old as the newest of its inputs; one that is a quarter of an hour older than that counts as missing.',
    query: Type.Object({
      site: Type.String(),
      points: Type.Optional(
        Type.String({ description: '`<asset>.<point>`, several parted by commas; default: all of the site' }),
      ),
    }),
    responses: { 200: { description: 'Newest values', schema: LatestSchema } },
    problems: [404, 422],
    example: {
      query: { site: 'quarry-microgrid', points: 'pv.powerKw,battery.soc' },
      answer: {
        timestampMs: 1783310400000,
        points: {
          'pv.powerKw': {
            value: 500,
            unit: 'kW',
            quality: 'good',
            timestampMs: 1783310280000,
            ageMs: 120000,
            receivedMs: 1783310400000,
            source: 'meter',
          },
          'battery.soc': {
            value: null,
            unit: '1',
            quality: 'missing',
            timestampMs: null,
            ageMs: null,
            receivedMs: null,
            source: null,
          },
        },
      },
    },
    handle: async ({ query: { site: id, points }, reply }) => {
      const { site } = sites.get(id)
      const known = sites.points(site)
      const computed = sites.computed(site)
      const wanted = points === undefined ? [...known.keys()] : readPointList(points, known, maxWatchedPoints)
      const latest = await store.observations.latest(
        id,
        points === undefined ? undefined : measuredInputs(computed, wanted),
      )
      const found = new Map(latest.map((value) => [value.point, value]))
      const own = computeNewest(computed, (ref) => found.get(ref))
      const nowMs = clock.now()
      const show = (ref: string) => {
        const stored = computed.byRef.has(ref) ? undefined : found.get(ref)
        const value = stored ?? own.get(ref)
        const timestampMs: number | null = value?.timestampMs ?? null
        return {
          value: value ? orNull(value.value) : null,
          unit: stored?.unit ?? known.get(ref)?.unit ?? '1',
          quality: qualityNames[value?.quality ?? quality.missing] ?? 'suspect',
          timestampMs,
          ageMs: timestampMs === null ? null : nowMs - timestampMs,
          receivedMs: stored?.receivedMs ?? null,
          source: stored?.source ?? (value ? 'computed' : null),
        }
      }
      return sendChunks(reply, 'application/json; charset=utf-8', pointChunks(nowMs, wanted, show))
    },
  }),
]

/** Points that are written in one turn: a millisecond or two of work. */
const pointsAChunk = 500

function* pointChunks(
  timestampMs: number,
  wanted: readonly string[],
  show: (ref: string) => object,
): Generator<Uint8Array> {
  const encoder = new TextEncoder()
  let text = `{"timestampMs":${timestampMs},"points":{`
  for (const [place, ref] of wanted.entries()) {
    text += `${place === 0 ? '' : ','}${JSON.stringify(ref)}:${JSON.stringify(show(ref))}`
    if ((place + 1) % pointsAChunk > 0) continue
    yield encoder.encode(text)
    text = ''
  }
  yield encoder.encode(`${text}}}`)
}
