import Type, { type Static } from 'typebox'
import { linkStates, twinFaults } from '../../gateway/index.ts'
import { serverErrors } from '../errors.ts'
import type { SiteForward } from '../forward/forward-site.ts'
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
  points: Type.Array(Type.String(), { description: 'Points that it has told since the start, by name' }),
})

const ForwardSchema = Type.Object(
  {
    holds: Type.Boolean({ description: 'Whether this node forwards the site; of several one does' }),
    connected: Type.Boolean(),
    lastProblem: nullable(Type.String()),
    positionMs: nullable(Type.Number({ description: 'What was received before this, the centre has' })),
    lagMs: nullable(Type.Number({ description: 'How long ago that is' })),
    waitingRows: Type.Integer({ description: 'Observations received since, those of sealed months left out' }),
    liveWaitingRows: Type.Integer({ description: 'Of these, on their way as they arrived' }),
    liveDelayMs: nullable(
      Type.Number({
        description: 'From arrival to the acknowledgement of the centre, 99 of 100 of the newest messages',
      }),
    ),
    liveRows: Type.Integer({ description: 'Sent as they arrived, since the start' }),
    catchUpRows: Type.Integer({ description: 'Sent from the store, since the start' }),
    bytes: Type.Integer(),
    failures: Type.Integer(),
  },
  { description: 'The way to a centre' },
)

const FaultsSchema = Type.Object({
  faults: Type.Array(Type.Enum([...twinFaults]), {
    maxItems: twinFaults.length,
    description: '`silent`: a cable that is pulled; empty: the device is sound',
  }),
})

export const gatewayRoutes = ({ field, forward, sites, twins }: ServerParts): readonly Route[] => [
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
        schema: Type.Object({ gateways: Type.Array(GatewaySchema), forward: nullable(ForwardSchema) }),
      },
    },
    problems: [404],
    handle: async ({ params: { id: site } }) => {
      sites.get(site)
      return {
        gateways: field
          .links()
          .filter((link) => link.site === site)
          .map(({ id, title, protocol, client, told = [] }) => {
            const { state, sinceMs, lastHeardMs = null, lastProblem = null, ...counted } = client.figures()
            const { connects, failures, readings, malformed } = counted
            return {
              ...{ id, title, protocol, writes: client.write !== undefined },
              ...{ state, sinceMs, lastHeardMs, lastProblem, connects, failures, readings, malformed },
              points: [...told].sort(),
            }
          }),
        forward: await forwardOfSite(forward.of(site)),
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

async function forwardOfSite(forward: SiteForward | undefined): Promise<Static<typeof ForwardSchema> | null> {
  if (!forward) return null
  const waitingRows = await forward.waitingRows()
  const { holds, line, live, catchUp } = forward.figures()
  return {
    ...{ holds, connected: line.connected, lastProblem: line.lastProblem ?? null },
    ...{ positionMs: catchUp.positionMs ?? null, lagMs: catchUp.lagMs ?? null, waitingRows },
    ...{ liveWaitingRows: live.waitingRows, liveDelayMs: live.delayP99Ms ?? null },
    ...{ liveRows: live.rows, catchUpRows: catchUp.rows, bytes: line.bytes, failures: line.failures },
  }
}
