import Type from 'typebox'
import { createEventStream, openEventStream } from '../event-stream.ts'
import { jobStates } from '../jobs.ts'
import { ProblemSchema } from '../problem.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

const stateSchema = Type.Enum([...jobStates], {
  description: '`interrupted`: the server stopped in the middle; it goes on with the next start',
})

export const JobSchema = Type.Object(
  {
    id: Type.String(),
    engine: Type.String(),
    site: nullable(Type.String()),
    state: stateSchema,
    progress: Type.Object({ fraction: Type.Number({ minimum: 0, maximum: 1 }), message: Type.String() }),
    createdMs: Type.Number(),
    startedMs: nullable(Type.Number()),
    finishedMs: nullable(Type.Number()),
    attempts: Type.Integer({ minimum: 0, description: 'How often it was begun; more than once after a stop' }),
    evidence: nullable(Type.String({ description: 'Id of the run, when done: `GET /api/v1/runs/{id}`' })),
    result: Type.Unknown({
      description: 'What the engine’s endpoint would have answered; null until done, and in lists',
    }),
    problem: nullable(ProblemSchema),
  },
  { title: 'Job' },
)

const params = Type.Object({ id: Type.String() })
/** Proxies cut connections that are silent for a minute. */
const heartbeatMs = 15_000
/** A reader is told of progress at most this often. */
const tellMs = 100

export const jobRoutes = ({ jobs, stopping, liveCounts }: ServerParts): readonly Route[] => [
  defineRoute({
    method: 'GET',
    url: '/api/v1/jobs',
    operationId: 'listJobs',
    access: 'read',
    site: 'any',
    tag: 'Jobs',
    summary: 'Jobs of the caller’s sites, newest first; those that ended are kept for a while',
    query: Type.Object({
      state: Type.Optional(stateSchema),
      engine: Type.Optional(Type.String({ maxLength: 200 })),
      site: Type.Optional(Type.String({ maxLength: 200 })),
      limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
      after: Type.Optional(Type.String({ maxLength: 36, description: '`next` of the page before' })),
    }),
    responses: {
      200: {
        description: 'A page',
        schema: Type.Object({
          jobs: Type.Array(JobSchema),
          next: nullable(Type.String({ description: 'null at the end' })),
        }),
      },
    },
    problems: [422],
    handle: async ({ query, caller }) => {
      const { jobs: found, next } = await jobs.list({ ...query, caller })
      return { jobs: found, next: next ?? null }
    },
  }),
  defineRoute({
    method: 'GET',
    url: '/api/v1/jobs/:id',
    operationId: 'getJob',
    access: 'read',
    site: 'handler',
    tag: 'Jobs',
    summary: 'State, progress and result of a job',
    params,
    responses: { 200: { description: 'The job', schema: JobSchema } },
    problems: [404],
    handle: async ({ params: { id }, caller }) => (await jobs.get(id, caller)).view(),
  }),
  defineRoute({
    method: 'GET',
    url: '/api/v1/jobs/:id/live',
    operationId: 'watchJob',
    access: 'read',
    site: 'handler',
    tag: 'Jobs',
    summary: 'A job as it goes on',
    description:
      'Server-sent events named `job`, each with the body of `GET /api/v1/jobs/{id}` but for the result. The stream ends with an event `end`: `finished`, or `stopping` when the server stops.',
    params,
    responses: { 200: { description: 'A stream until the job ends', mediaType: 'text/event-stream' } },
    problems: [404],
    handle: async ({ params: { id }, reply, caller }) => {
      const job = await jobs.get(id, caller)
      const raw = openEventStream(reply)
      const stream = createEventStream(raw, liveCounts.leftOut)
      let timer: NodeJS.Timeout | undefined
      const tell = (): void => {
        timer = undefined
        const view = { ...job.view(), result: null }
        stream.send('job', view)
        if (view.finishedMs !== null || view.state === 'interrupted') end('finished')
      }
      const unwatch = job.watch(() => {
        timer ??= setTimeout(tell, tellMs)
      })
      const heartbeat = setInterval(() => {
        stream.comment('still here')
        caller.again().catch(() => end('signed out'))
      }, heartbeatMs)
      const stop = (): void => end('stopping')
      const end = (why: string): void => {
        clearInterval(heartbeat)
        clearTimeout(timer)
        unwatch()
        stopping.removeEventListener('abort', stop)
        if (!raw.writableEnded) raw.end(`event: end\ndata: ${JSON.stringify({ reason: why })}\n\n`)
      }
      raw.once('close', () => end('gone'))
      stopping.addEventListener('abort', stop)
      if (stopping.aborted) stop()
      else tell()
    },
  }),
  defineRoute({
    method: 'DELETE',
    url: '/api/v1/jobs/:id',
    operationId: 'cancelJob',
    access: 'plan',
    site: 'handler',
    tag: 'Jobs',
    summary: 'Cancels a job that is not finished',
    params,
    responses: { 200: { description: 'The job as it is now', schema: JobSchema } },
    problems: [404],
    handle: async ({ params: { id }, caller }) => {
      const job = await jobs.get(id, caller)
      if (job.owner.site !== undefined) caller.demand('plan', job.owner.site)
      await job.cancel()
      return job.view()
    },
  }),
]
