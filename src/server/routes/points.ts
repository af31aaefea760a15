import Type from 'typebox'
import { expectedVersion, isKnown, tagOf, versionTag } from '../query/entity-tags.ts'
import { cursorQuery, linkNext, nextSchema, readCursor, writeCursor } from '../query/pages.ts'
import { noPoint } from '../query/point-list.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'
import type { SitePoint } from '../site-book.ts'
import { siteParams } from './sites.ts'

const CounterSchema = Type.Object({
  rollover: Type.Optional(
    Type.Number({ exclusiveMinimum: 0, description: 'Value at which it starts at 0 again, in the unit of the point' }),
  ),
  maxPerHour: Type.Optional(
    Type.Number({ exclusiveMinimum: 0, description: 'More than this in an hour is no counting but a fault' }),
  ),
})

const counter = Type.Optional(CounterSchema)
const retentionDays = Type.Optional(
  Type.Number({ minimum: 1, maximum: 100_000, description: 'Observations older than this are dropped' }),
)
const accuracyClass = Type.Optional(
  Type.Number({ exclusiveMinimum: 0, maximum: 20, description: 'Limits of error, ± percent of the reading' }),
)
const title = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' })

const PointSchema = Type.Object({
  ref: Type.String({ description: '`<owner>.<id>`' }),
  owner: Type.String({ description: 'An asset, or a group that stands for none' }),
  id: Type.String(),
  title: Type.String(),
  unit: Type.String(),
  role: Type.Enum(['measured', 'computed', 'setpoint']),
  origin: Type.Enum(['kind', 'file', 'api'], {
    description: 'Who says what it is: the kind of its asset, the site file, or a call of the API',
  }),
  expression: Type.Optional(Type.String({ description: 'Of a computed point' })),
  inputs: Type.Optional(Type.Array(Type.String(), { description: 'Points that the expression names' })),
  counter,
  retentionDays: Type.Optional(Type.Number()),
  accuracyClass: Type.Optional(Type.Number()),
  version: Type.Optional(Type.Integer({ description: 'How many times it was declared; of points of the API' })),
})

const WrittenSchema = Type.Object({
  ref: Type.String({ maxLength: 127, description: '`<asset>.<point>` or `<group>.<point>`' }),
  title: Type.Optional(title),
  unit: Type.String({ minLength: 1, maxLength: 100, description: '`kW`, `m3`, `degC`, `1` … It stays as it is' }),
  expression: Type.Optional(
    Type.String({
      maxLength: 2000,
      pattern: '\\S',
      description: 'Makes it a computed point: `grid.powerKw + pv.powerKw`',
    }),
  ),
  counter,
  retentionDays,
  accuracyClass,
})

const params = Type.Object({ ...siteParams.properties, point: Type.String({ description: '`<asset>.<point>`' }) })
const maxPage = 1000

const query = Type.Object({
  owner: Type.Optional(Type.String({ description: 'Points of one asset or group' })),
  unit: Type.Optional(Type.String({ description: 'Points of exactly this unit' })),
  role: Type.Optional(Type.Enum(['measured', 'computed', 'setpoint'])),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: maxPage, description: `Points of a page. Default ${maxPage}` }),
  ),
  cursor: cursorQuery,
})

const changeHeaders = {
  'if-match': 'ETag of the point that is changed; without it there may be none yet',
}

export const pointRoutes = ({ sites, declared }: ServerParts): readonly Route[] => {
  const show = (site: string, point: SitePoint) => {
    const { ref, owner, id, title: own, unit, role, origin, expression, rules, accuracyClass: accuracy } = point
    const inputs = sites.computed(sites.get(site).site).byRef.get(ref)?.expression.refs
    const version = origin === 'api' ? declared.find(site, ref)?.version : undefined
    return {
      ref,
      owner,
      id,
      title: own,
      unit,
      role,
      origin,
      ...(expression === undefined ? {} : { expression, inputs: inputs ?? [] }),
      ...(rules.counter === undefined ? {} : { counter: rules.counter }),
      ...(rules.retentionDays === undefined ? {} : { retentionDays: rules.retentionDays }),
      ...(accuracy === undefined ? {} : { accuracyClass: accuracy }),
      ...(version === undefined ? {} : { version }),
    }
  }
  const tagOfPoint = (shown: ReturnType<typeof show>): string =>
    shown.version === undefined ? tagOf(JSON.stringify(shown)) : versionTag(shown.version)
  const find = (site: string, ref: string): SitePoint => {
    const point = sites.points(sites.get(site).site).get(ref)
    if (!point) throw noPoint(ref, 'path.point')
    return point
  }
  return [
    defineRoute({
      method: 'GET',
      url: '/api/v1/sites/:id/points',
      operationId: 'listPoints',
      access: 'read',
      site: 'path.id',
      tag: 'Points',
      summary: 'Points of a site, page by page',
      params: siteParams,
      query,
      headers: { 'if-none-match': 'ETag of an answer; 304 where it is still the same' },
      responses: {
        200: {
          description: 'Points in the order of their names',
          schema: Type.Object({ points: Type.Array(PointSchema), next: nextSchema }),
        },
        304: { description: 'The same as before' },
      },
      problems: [404, 422],
      example: {
        params: { id: 'quarry-microgrid' },
        query: { owner: 'quarry', role: 'computed', limit: '1' },
        answer: {
          points: [
            {
              ref: 'quarry.dieselLPerH',
              owner: 'quarry',
              id: 'dieselLPerH',
              title: 'Diesel an hour, by the curves of the gensets',
              unit: 'L/h',
              role: 'computed',
              origin: 'file',
              expression:
                'genset-a.powerKw * 0.232 L/kWh + genset-a.on * 9 L/h + genset-b.powerKw * 0.240 L/kWh + genset-b.on * 5 L/h',
              inputs: ['genset-a.powerKw', 'genset-a.on', 'genset-b.powerKw', 'genset-b.on'],
            },
          ],
          next: writeCursor(['quarry.dieselLPerH']),
        },
      },
      handle: ({ params: { id }, query: { owner, unit, role, limit = maxPage, cursor }, request, reply }) => {
        const after = cursor === undefined ? '' : String(readCursor(cursor, ['string'])[0])
        const found = [...sites.points(sites.get(id).site).values()]
          .filter(
            (point) =>
              point.ref > after &&
              (owner === undefined || point.owner === owner) &&
              (unit === undefined || point.unit === unit) &&
              (role === undefined || point.role === role),
          )
          .sort((a, b) => (a.ref < b.ref ? -1 : 1))
        const points = found.slice(0, limit).map((point) => show(id, point))
        const next = found.length > limit ? writeCursor([points.at(-1)!.ref]) : undefined
        linkNext(request, reply, next)
        const answer = { points, ...(next === undefined ? {} : { next }) }
        return isKnown(request, reply, tagOf(JSON.stringify(answer))) ? reply.send() : answer
      },
    }),
    defineRoute({
      method: 'POST',
      url: '/api/v1/sites/:id/points',
      operationId: 'declarePoint',
      access: 'configure',
      site: 'path.id',
      tag: 'Points',
      summary: 'Declare a point, or change one that was declared here',
      description:
        'A measured point, a counter, or with `expression` a computed one, whose units are checked. What was declared can be written and read at once. A point keeps its unit; what the kind of an asset or the site file declares is changed there.',
      params: siteParams,
      headers: changeHeaders,
      body: WrittenSchema,
      responses: {
        201: { description: 'The point is there', schema: PointSchema },
        200: { description: 'The point is changed', schema: PointSchema },
      },
      problems: [404, 409, 412, 422],
      example: {
        params: { id: 'quarry-microgrid' },
        body: { ref: 'office.useKwh', title: 'Meter of the office', unit: 'kWh', counter: { rollover: 1_000_000 } },
        status: 201,
        answer: {
          ref: 'office.useKwh',
          owner: 'office',
          id: 'useKwh',
          title: 'Meter of the office',
          unit: 'kWh',
          role: 'measured',
          origin: 'api',
          counter: { rollover: 1_000_000 },
          version: 1,
        },
      },
      handle: async ({ params: { id }, body, request, reply, caller }) => {
        caller.about(`point ${body.ref.slice(0, 127)}`)
        const { version } = await declared.declare(id, body, expectedVersion(request))
        reply.header('etag', versionTag(version))
        if (version === 1) {
          reply.code(201).header('location', `/api/v1/sites/${encodeURIComponent(id)}/points/${body.ref}`)
        }
        return show(id, find(id, body.ref))
      },
    }),
    defineRoute({
      method: 'GET',
      url: '/api/v1/sites/:id/points/:point',
      operationId: 'getPoint',
      access: 'read',
      site: 'path.id',
      tag: 'Points',
      summary: 'What a point is',
      params,
      headers: { 'if-none-match': 'ETag of an answer; 304 where it is still the same' },
      responses: {
        200: { description: 'The point', schema: PointSchema },
        304: { description: 'The same as before' },
      },
      problems: [404],
      example: {
        params: { id: 'quarry-microgrid', point: 'quarry.useKw' },
        answer: {
          ref: 'quarry.useKw',
          owner: 'quarry',
          id: 'useKw',
          title: 'All use',
          unit: 'kW',
          role: 'computed',
          origin: 'file',
          expression: 'crusher.powerKw + camp.powerKw',
          inputs: ['crusher.powerKw', 'camp.powerKw'],
        },
      },
      handle: ({ params: { id, point }, request, reply }) => {
        const shown = show(id, find(id, point))
        return isKnown(request, reply, tagOfPoint(shown)) ? reply.send() : shown
      },
    }),
    defineRoute({
      method: 'DELETE',
      url: '/api/v1/sites/:id/points/:point',
      operationId: 'removePoint',
      access: 'configure',
      site: 'path.id',
      tag: 'Points',
      summary: 'Remove a point that was declared by the API',
      description: 'What was stored of it stays, and is there again when it is declared again, in the same unit.',
      params,
      headers: { 'if-match': 'ETag of the point; without it, whichever version is there' },
      responses: { 204: { description: 'It is not declared any more' } },
      problems: [404, 409, 412],
      example: { params: { id: 'quarry-microgrid', point: 'office.useKwh' }, status: 204 },
      handle: async ({ params: { id, point }, request, reply, caller }) => {
        caller.about(`point ${point}`)
        const expected = request.headers['if-match'] === undefined ? undefined : expectedVersion(request)
        await declared.remove(id, point, expected)
        return reply.code(204).send()
      },
    }),
  ]
}
