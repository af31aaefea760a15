import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { Caller } from '../caller.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'
import type { RequestContext } from './context.ts'
import { createDatastream } from './create-datastream.ts'
import { type Entity, idOf } from './entities.ts'
import { sensorThingsErrors } from './errors.ts'
import { examples } from './examples.ts'
import { baseOf, selfLink, serviceRoot } from './links.ts'
import { badOption, readFields, readOptions } from './query-options.ts'
import { resolve } from './resolve.ts'
import { readPath } from './resource-path.ts'
import { rootDocument } from './service-root.ts'
import { tellCollection, tellEntity, tellLinks } from './tell.ts'
import { createView } from './view.ts'
import { createObservation, createObservations, demandDatastream } from './write-observations.ts'

export { serviceRoot } from './links.ts'

const tag = 'SensorThings'

const entity = Type.String({ description: "An entity set, `Things`; or an entity, `Things('<id>')`" })
const entityParams = Type.Object({ entity })
/** What else stands in a query is refused where the options are read. */
const query = Type.Object(
  {
    $filter: Type.Optional(
      Type.String({
        description: "`result gt 5 and phenomenonTime ge 2026-07-06T00:00:00Z`, `Thing/properties/kind eq 'pv'`",
      }),
    ),
    $select: Type.Optional(Type.String({ description: '`id,name`' })),
    $expand: Type.Optional(
      Type.String({ description: '`Datastreams($top=5;$expand=ObservedProperty)`, up to three levels' }),
    ),
    $orderby: Type.Optional(Type.String({ description: '`phenomenonTime desc`' })),
    $top: Type.Optional(Type.String({ description: 'Default 100, at most 1000' })),
    $skip: Type.Optional(Type.String()),
    $count: Type.Optional(Type.String({ description: '`true`: `@iot.count` tells how many there are' })),
    $skiptoken: Type.Optional(Type.String({ description: 'Of `@iot.nextLink`' })),
    $resultFormat: Type.Optional(Type.String({ description: '`dataArray`, of Observations' })),
  },
  { additionalProperties: Type.Unknown() },
)

const AnythingSchema = Type.Record(Type.String(), Type.Unknown())
const answers = {
  200: { description: 'Entities, an entity, a property or links', schema: AnythingSchema },
  204: { description: 'The property has no value' },
} as const
const created = { 201: { description: 'It is there; `Location` says where', schema: AnythingSchema } } as const

const ObservationBody = Type.Object({
  phenomenonTime: Type.Optional(Type.String({ description: 'ISO 8601 with offset; default: now' })),
  result: Type.Union([Type.Number(), Type.Boolean(), Type.Null()], {
    description: 'In the unit of the Datastream; null = missing',
  }),
  resultQuality: Type.Optional(Type.String({ description: '`good`, `estimated`, `synthetic`, `suspect`, `missing`' })),
  Datastream: Type.Optional(Type.Object({ '@iot.id': Type.String() })),
})
const DatastreamBody = Type.Object({
  name: Type.String({ description: 'Title of the point' }),
  unitOfMeasurement: Type.Object({ symbol: Type.String({ description: '`kWh`, or in UCUM `kW.h`' }) }),
  properties: Type.Optional(
    Type.Object({ point: Type.String({ description: '`useKwh`; at the Thing of a site `<group>.<point>`' }) }),
  ),
  Thing: Type.Optional(Type.Object({ '@iot.id': Type.String() })),
})

type Described = Pick<Route, 'summary' | 'description' | 'example'>
interface Made extends Pick<Route, 'responses' | 'documentedBody'> {
  make(context: RequestContext, body: unknown, path: string): Promise<Entity | readonly string[]>
}

/** OGC SensorThings API 1.1 (OGC 18-088) over sites, assets, points and observations. */
export const sensorThingsRoutes = (parts: ServerParts): readonly Route[] => {
  const contextOf = (
    request: FastifyRequest,
    caller: Caller,
    may = (site: string) => caller.may('read', site),
  ): RequestContext => ({
    parts,
    caller,
    view: createView(parts, may),
    base: baseOf(request),
    nowMs: parts.clock.now(),
    spent: { entities: 0, observationReads: 0 },
  })
  const get = (url: string, operationId: string, what: Described): Route =>
    defineRoute({
      method: 'GET',
      url: `${serviceRoot}${url}`,
      operationId,
      access: 'read',
      site: 'any',
      tag,
      ...(url.includes(':entity') ? { params: entityParams } : {}),
      query,
      responses: answers,
      problems: [400, 404, 422],
      ...what,
      handle: ({ request, reply, caller }) => read(contextOf(request, caller), request, reply),
    })
  /** Writers need not be readers: devices may only write. */
  const writing = (request: FastifyRequest, caller: Caller): RequestContext =>
    contextOf(request, caller, (site) => caller.sees(site))
  const post = (
    url: string,
    operationId: string,
    access: 'ingest' | 'configure',
    { make, ...what }: Described & Made,
  ): Route =>
    defineRoute({
      method: 'POST',
      url: `${serviceRoot}${url}`,
      operationId,
      access,
      site: url.includes(':entity') ? 'handler' : 'any',
      tag,
      ...(url.includes(':entity') ? { params: entityParams } : {}),
      ...what,
      problems: [400, 404, 405, 409, 422, 429, 507],
      handle: async ({ request, reply, body, caller }) => {
        const context = writing(request, caller)
        const found = await make(context, body, pathOf(request))
        reply.code(201)
        if (!('type' in found)) return found
        reply.header('location', selfLink(context.base, found))
        return tellEntity(context, found, { expand: [] })
      },
    })
  const observation = { summary: 'Store an observation', responses: created, documentedBody: ObservationBody }
  const datastream = {
    summary: 'Declare a point as a Datastream',
    description:
      'A point that is declared at run time, as by `POST /api/v1/sites/{id}/points`. Its Sensor and ObservedProperty follow from it.',
    responses: created,
    documentedBody: DatastreamBody,
  }

  return [
    defineRoute({
      method: 'GET',
      url: serviceRoot,
      operationId: 'getSensorThings',
      access: 'read',
      site: 'any',
      tag,
      summary: 'Entity sets of OGC SensorThings 1.1, and which requirements are met',
      responses: { 200: { description: 'The service', schema: AnythingSchema } },
      handle: ({ request }) => rootDocument(baseOf(request)),
    }),
    get('/Things', 'readSensorThings', { summary: 'Sites and assets as Things', example: examples.things }),
    post('/Things', 'createSensorThing', 'configure', {
      summary: 'Refused by name: a Thing comes from the site file',
      responses: created,
      make: async () => {
        throw sensorThingsErrors.notCreated({
          detail: 'A Thing is an asset of a site; it comes from the site file, and is changed there',
          found: 'POST Things',
          expected: 'POST Observations, CreateObservations or Datastreams',
        })
      },
    }),
    get('/Datastreams', 'readSensorDatastreams', {
      summary: 'Points of all sites as Datastreams',
      example: examples.datastreams,
    }),
    post('/Datastreams', 'createSensorDatastream', 'configure', {
      ...datastream,
      example: examples.newDatastream,
      make: (context, body) => createDatastream(context, body, undefined),
    }),
    get('/Observations', 'readSensorObservations', {
      summary: 'Observations of all points',
      example: examples.observations,
    }),
    post('/Observations', 'createSensorObservation', 'ingest', {
      ...observation,
      example: examples.newObservation,
      make: (context, body) => createObservation(context, body, undefined),
    }),
    post('/CreateObservations', 'createSensorObservations', 'ingest', {
      summary: 'Store observations of many Datastreams',
      description: 'The data array extension: the answer holds the address of each observation, or `error` and why.',
      responses: { 201: { description: 'An address or an error for each row', schema: Type.Array(Type.String()) } },
      documentedBody: Type.Array(AnythingSchema),
      example: examples.dataArray,
      make: createObservations,
    }),
    get('/:entity', 'readSensorEntity', {
      summary: 'Entities of a set, or one entity',
      example: examples.entity,
    }),
    defineRoute({
      method: 'DELETE',
      url: `${serviceRoot}/:entity`,
      operationId: 'removeSensorEntity',
      access: 'configure',
      site: 'handler',
      tag,
      summary: 'Remove a Datastream that was declared by the API',
      description: 'What was stored of it stays, and is there again when it is declared again, in the same unit.',
      params: entityParams,
      responses: { 204: { description: 'It is not declared any more' } },
      problems: [400, 404, 405, 409, 412],
      example: examples.removed,
      handle: async ({ request, reply, caller }) => {
        const found = await resolve(writing(request, caller), readPath(pathOf(request)))
        const own = found.kind === 'entity' ? found.entity : undefined
        if (own?.type !== 'Datastream') {
          throw sensorThingsErrors.notRemoved({
            detail: 'Observations are kept, and all else comes from the site file',
            found: own?.type ?? found.kind,
            expected: 'a Datastream that was declared by the API',
          })
        }
        caller.demand('configure', own.site)
        caller.about(`point ${own.point.ref}`)
        await parts.declared.remove(own.site, own.point.ref, undefined)
        return reply.code(204).send()
      },
    }),
    get('/:entity/Observations', 'readObservationsOfEntity', {
      summary: 'Observations of a Datastream or a FeatureOfInterest',
      example: examples.observationsOf,
    }),
    post('/:entity/Observations', 'createObservationOfEntity', 'ingest', {
      ...observation,
      example: examples.newObservationOf,
      make: async (context, body, path) => {
        const id = await idOfOwner(context, path, 'Datastream')
        return createObservation(context, body, demandDatastream(context, id, 'path.entity'))
      },
    }),
    get('/:entity/Datastreams', 'readDatastreamsOfEntity', {
      summary: 'Datastreams of a Thing, Sensor or ObservedProperty',
      example: examples.datastreamsOf,
    }),
    post('/:entity/Datastreams', 'createDatastreamOfEntity', 'configure', {
      ...datastream,
      example: examples.newDatastreamOf,
      make: async (context, body, path) => createDatastream(context, body, await idOfOwner(context, path, 'Thing')),
    }),
    get('/*', 'readSensorAddress', {
      summary: 'Whatever an address leads to',
      description:
        "From entity to relation and property, up to twelve steps: `Things('x')/Locations`, `Datastreams('x')/name/$value`, `Things('x')/Datastreams/$ref`, `Things('x')/Datastreams('y')/Observations`.",
    }),
  ]
}

/** The part of the address below the service root, still encoded. */
const pathOf = ({ url }: FastifyRequest): string => (url.split('?', 1)[0] ?? '').slice(serviceRoot.length)

/** Id of the entity that an address begins with, which has to be there. @throws where it is of another type */
async function idOfOwner(context: RequestContext, path: string, type: 'Thing' | 'Datastream'): Promise<string> {
  const { steps } = readPath(path)
  const found = await resolve(context, { steps: steps.slice(0, 1) })
  if (found.kind === 'entity' && found.entity.type === type) return idOf(found.entity)
  throw sensorThingsErrors.notCreated({
    detail: `It is made at a ${type}`,
    found: steps[0]?.name ?? '',
    expected: `POST ${type === 'Thing' ? "Things('<id>')/Datastreams" : "Datastreams('<id>')/Observations"}`,
  })
}

async function read(context: RequestContext, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const path = readPath(pathOf(request))
  const target = await resolve(context, path)
  const fields = readFields(request.url.split('?').slice(1).join('?'))
  const address = `${context.base}${pathOf(request)}`
  switch (target.kind) {
    case 'collection': {
      const options = readOptions(fields, target.type)
      if (path.ending === '$value') throw badOption('$value', 'Only a property has a bare value')
      return path.ending === '$ref'
        ? tellLinks(context, target.collection, options, address)
        : tellCollection(context, target.collection, options, address)
    }
    case 'entity': {
      const options = readOptions(fields, target.entity.type)
      if (path.ending === '$value') throw badOption('$value', 'Only a property has a bare value')
      return path.ending === '$ref'
        ? { '@iot.selfLink': selfLink(context.base, target.entity) }
        : tellEntity(context, target.entity, options)
    }
    case 'property': {
      const { name, value } = target
      if (path.ending === '$ref') throw badOption('$ref', 'A property has no address of its own')
      if (value === null) return reply.code(204).send()
      if (path.ending === undefined) return { [name]: value }
      const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
      return reply.type('text/plain; charset=utf-8').send(text)
    }
  }
}
