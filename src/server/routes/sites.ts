import Type from 'typebox'
import { readNow } from '../now.ts'
import { isKnown, tagOf } from '../query/entity-tags.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'
import type { ServedSite } from '../site-book.ts'

const summary = {
  id: Type.String(),
  name: Type.String(),
  location: Type.Object({ latitude: Type.Number(), longitude: Type.Number(), altitudeM: Type.Number() }),
  zone: Type.String({ description: 'IANA time zone' }),
  currency: Type.String({ description: 'ISO 4217' }),
  simulated: Type.Boolean({ description: 'True: values come from a simulation, not from meters' }),
}

const SiteSchema = Type.Object({
  ...summary,
  assets: Type.Array(
    Type.Object({
      id: Type.String(),
      kind: Type.String(),
      title: Type.String(),
      fields: Type.Record(Type.String(), Type.Unknown(), {
        description: 'What the site file says of the asset, defaults filled in, in the unit of the name',
      }),
      points: Type.Array(
        Type.Object({
          id: Type.String(),
          ref: Type.String({ description: '`<asset>.<point>`' }),
          title: Type.String(),
          unit: Type.String(),
          role: Type.Enum(['measured', 'computed', 'setpoint']),
        }),
      ),
    }),
  ),
  sections: Type.Record(Type.String(), Type.Unknown(), { description: 'Tariff, limits, wishes, weather as read' }),
})

export const NowSchema = Type.Object({
  timestampMs: Type.Number({ description: 'Newest event time; 0 when nothing is known' }),
  points: Type.Record(
    Type.String(),
    Type.Object({
      value: Type.Union([Type.Number(), Type.Null()]),
      unit: Type.String(),
      quality: Type.String(),
      timestampMs: Type.Number(),
    }),
    { description: 'By `<asset>.<point>`' },
  ),
})

export const siteParams = Type.Object({ id: Type.String() })

const summarise = ({ site, simulated }: ServedSite) => ({
  id: site.id,
  name: site.name,
  location: site.location,
  zone: site.zone,
  currency: site.currency,
  simulated,
})

export const siteRoutes = (parts: ServerParts): readonly Route[] => [
  defineRoute({
    method: 'GET',
    url: '/api/v1/sites',
    operationId: 'listSites',
    access: 'read',
    site: 'any',
    tag: 'Sites',
    summary: 'Sites of this server that the caller may read',
    responses: { 200: { description: 'Sites', schema: Type.Object({ sites: Type.Array(Type.Object(summary)) }) } },
    handle: ({ caller }) => ({
      sites: parts.sites
        .all()
        .filter(({ site }) => caller.may('read', site.id))
        .map(summarise),
    }),
  }),
  defineRoute({
    method: 'GET',
    url: '/api/v1/sites/:id',
    operationId: 'getSite',
    access: 'read',
    site: 'path.id',
    tag: 'Sites',
    summary: 'A site with its assets and their points',
    params: siteParams,
    headers: { 'if-none-match': 'ETag of an answer; 304 where it is still the same' },
    responses: {
      200: { description: 'The site', schema: SiteSchema },
      304: { description: 'The same as before' },
    },
    problems: [404],
    handle: ({ params: { id }, request, reply }) => {
      const served = parts.sites.get(id)
      const answer = {
        ...summarise(served),
        sections: served.site.sections,
        assets: served.site.assets.map(({ id: assetId, kind, title, ...fields }) => ({
          id: assetId,
          kind,
          title,
          fields,
          points: parts.sites
            .pointsOf(served.site, assetId)
            .map(({ id: pointId, ref, title, unit, role }) => ({ id: pointId, ref, title, unit, role })),
        })),
      }
      return isKnown(request, reply, tagOf(JSON.stringify(answer))) ? reply.send() : answer
    },
  }),
  defineRoute({
    method: 'GET',
    url: '/api/v1/sites/:id/now',
    operationId: 'getNow',
    access: 'read',
    site: 'path.id',
    tag: 'Sites',
    summary: 'Newest value of every point',
    params: siteParams,
    responses: { 200: { description: 'Newest values, by event time', schema: NowSchema } },
    problems: [404],
    handle: ({ params: { id }, reply }) => {
      parts.sites.get(id)
      reply.header('cache-control', 'no-store')
      return readNow(parts, id)
    },
  }),
]
