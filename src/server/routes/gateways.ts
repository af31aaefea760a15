import Type from 'typebox'
import { linkStates, twinFaults } from '../../gateway/index.ts'
import { serverErrors } from '../errors.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'
import { siteParams } from './sites.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

const GatewaySchema = Type.Object({
  id: Type.String(),
  title: Type.String(),
  protocol: Type.String({ description: '`modbus`, `ocpp` …' }),
  writes: Type.Boolean({ description: 'Whether setpoints can be sent through it' }),
  state: Type.Enum([...linkStates], { description: '`waiting`: until the next try' }),
  sinceMs: Type.Number({ description: 'Since when it is in this state' }),
  lastHeardMs: nullable(Type.Number({ description: 'When something came from the device last' })),
  lastProblem: nullable(Type.String({ description: 'The last failure since the start' })),
  connects: Type.Integer(),
  failures: Type.Integer(),
  readings: Type.Integer({ description: 'Values that came, since the start' }),
  malformed: Type.Integer({ description: 'Answers and frames that could not be understood' }),
})

const FaultsSchema = Type.Object({
  faults: Type.Array(Type.Enum([...twinFaults]), {
    maxItems: twinFaults.length,
    description: '`silent`: a cable that is pulled; empty: the device is sound',
  }),
})

export const gatewayRoutes = ({ field, sites, twins }: ServerParts): readonly Route[] => [
  defineRoute({
    method: 'GET',
    url: '/api/v1/sites/:id/gateways',
    operationId: 'listGateways',
    access: 'read',
    site: 'path.id',
    tag: 'Gateways',
    summary: 'The links to the devices of a site, and how they are',
    params: siteParams,
    responses: {
      200: {
        description: 'In the order of the site file',
        schema: Type.Object({ gateways: Type.Array(GatewaySchema) }),
      },
    },
    problems: [404],
    handle: async ({ params: { id: site } }) => {
      sites.get(site)
      return {
        gateways: field
          .links()
          .filter((link) => link.site === site)
          .map(({ id, title, protocol, client }) => {
            const { state, sinceMs, lastHeardMs = null, lastProblem = null, ...counted } = client.figures()
            const { connects, failures, readings, malformed } = counted
            return {
              ...{ id, title, protocol, writes: client.write !== undefined },
              ...{ state, sinceMs, lastHeardMs, lastProblem, connects, failures, readings, malformed },
            }
          }),
      }
    },
  }),
  defineRoute({
    method: 'PUT',
    url: '/api/v1/sites/:id/gateways/:gateway/faults',
    operationId: 'setGatewayFaults',
    access: 'operate',
    site: 'path.id',
    tag: 'Gateways',
    summary: 'What the simulated device of a gateway does wrong from now on',
    description: 'Only of a site that is simulated: a real device has its own faults.',
    params: Type.Object({ id: Type.String(), gateway: Type.String() }),
    body: FaultsSchema,
    responses: { 200: { description: 'The faults that are on now', schema: FaultsSchema } },
    problems: [404, 422],
    handle: async ({ params: { id, gateway }, body: { faults } }) => {
      sites.get(id)
      const simulated = twins.get(id)
      if (!simulated?.gateways.includes(gateway)) {
        throw serverErrors.unknownGateway({
          detail: 'The site has no simulated device at a gateway of that id',
          found: gateway,
          expected: simulated?.gateways.join(', ') || 'the site is not simulated',
        })
      }
      simulated.fault(gateway, faults)
      return { faults }
    },
  }),
]
