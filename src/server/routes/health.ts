import Type from 'typebox'
import { defineRoute, type Route } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'

const HealthSchema = Type.Object({
  status: Type.Union([Type.Literal('ok'), Type.Literal('filling')], {
    description: '`filling` while simulated parks catch up with the last day; everything answers meanwhile',
  }),
  filling: Type.Record(Type.String(), Type.Object({ fraction: Type.Number(), done: Type.Boolean() })),
  jobs: Type.Object({ running: Type.Integer(), queued: Type.Integer() }),
})

export const healthRoutes = ({ filling, jobs }: ServerParts): readonly Route[] => [
  defineRoute({
    method: 'GET',
    url: '/health',
    operationId: 'getHealth',
    tag: 'Server',
    summary: 'Whether the server is up',
    responses: { 200: { description: 'It is up', schema: HealthSchema } },
    handle: () => ({
      status: [...filling.values()].every((progress) => progress.done) ? 'ok' : 'filling',
      filling: Object.fromEntries(filling),
      jobs: jobs.counts(),
    }),
  }),
]
