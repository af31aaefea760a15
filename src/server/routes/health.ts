import Type from 'typebox'
import { defineRoute, type Route } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'

const HealthSchema = Type.Object({
  status: Type.Union([Type.Literal('ok'), Type.Literal('filling')], {
    description: '`filling` while simulated parks catch up with the last day; everything answers meanwhile',
  }),
  filling: Type.Record(Type.String(), Type.Object({ fraction: Type.Number(), done: Type.Boolean() }), {
    description: 'By site; empty on a server with accounts, which tells strangers no names',
  }),
  jobs: Type.Object({ running: Type.Integer(), queued: Type.Integer() }),
})

/** @param open whether strangers may learn the names of sites */
export const healthRoutes = ({ filling, jobs }: ServerParts, open: boolean): readonly Route[] => [
  defineRoute({
    method: 'GET',
    url: '/health',
    operationId: 'getHealth',
    access: 'public',
    tag: 'Server',
    summary: 'Whether the server is up',
    responses: { 200: { description: 'It is up', schema: HealthSchema } },
    handle: () => ({
      status: [...filling.values()].every((progress) => progress.done) ? 'ok' : 'filling',
      filling: open ? Object.fromEntries(filling) : {},
      jobs: jobs.counts(),
    }),
  }),
]
