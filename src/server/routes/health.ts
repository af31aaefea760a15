import Type from 'typebox'
import { forbidden } from '../caller.ts'
import type { Health } from '../health.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'
import { monitorsAll } from './metrics.ts'

const status = Type.Enum(['ok', 'filling', 'degraded'], {
  description:
    '`filling` while simulated parks catch up with the last day; `degraded`: it answers, and somebody should look. A server that stops answers 503',
})
const reasons = Type.Array(
  Type.Object({
    code: Type.Enum(['disk-nearly-full', 'store-failing', 'upkeep-behind']),
    detail: Type.String(),
  }),
)

const HealthSchema = Type.Object({
  status,
  filling: Type.Record(Type.String(), Type.Object({ fraction: Type.Number(), done: Type.Boolean() }), {
    description: 'By site; empty on a server with accounts, which tells strangers no names',
  }),
  jobs: Type.Object({ running: Type.Integer(), queued: Type.Integer() }),
})

/** @param open whether strangers may learn the names of sites */
export const healthRoutes = (
  { filling, jobs }: ServerParts,
  health: Pick<Health, 'reasons'>,
  open: boolean,
): readonly Route[] => {
  const statusOf = (degraded: boolean): string =>
    degraded ? 'degraded' : [...filling.values()].every((progress) => progress.done) ? 'ok' : 'filling'
  return [
    defineRoute({
      method: 'GET',
      url: '/health',
      operationId: 'getHealth',
      access: 'public',
      tag: 'Server',
      summary: 'Whether the server is up',
      responses: { 200: { description: 'It is up', schema: HealthSchema } },
      handle: async () => ({
        status: statusOf((await health.reasons()).length > 0),
        filling: open ? Object.fromEntries(filling) : {},
        jobs: jobs.counts(),
      }),
    }),
    defineRoute({
      method: 'GET',
      url: '/api/v1/health',
      operationId: 'getHealthReasons',
      access: 'monitor',
      site: 'handler',
      tag: 'Server',
      summary: 'Whether the server is up, and why it is degraded',
      responses: { 200: { description: 'It is up', schema: Type.Object({ status, reasons }) } },
      problems: [401, 403],
      handle: async ({ caller }) => {
        if (!monitorsAll(caller.principal)) throw forbidden('monitor')
        const found = await health.reasons()
        return { status: statusOf(found.length > 0), reasons: found }
      },
    }),
  ]
}
