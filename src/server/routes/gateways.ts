import Type from 'typebox'
import { linkStates } from '../../gateway/index.ts'
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

export const gatewayRoutes = ({ field, sites }: ServerParts): readonly Route[] => [
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
            const { lastHeardMs = null, lastProblem = null, ...figures } = client.figures()
            return { id, title, protocol, writes: client.write !== undefined, lastHeardMs, lastProblem, ...figures }
          }),
      }
    },
  }),
]
