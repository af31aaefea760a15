import Type from 'typebox'
import { ProblemSchema } from '../problem.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

export const JobSchema = Type.Object(
  {
    id: Type.String(),
    engine: Type.String(),
    state: Type.Enum(['queued', 'running', 'done', 'failed', 'cancelled']),
    progress: Type.Object({ fraction: Type.Number({ minimum: 0, maximum: 1 }), message: Type.String() }),
    createdMs: Type.Number(),
    startedMs: nullable(Type.Number()),
    finishedMs: nullable(Type.Number()),
    result: Type.Unknown({ description: 'What the engine’s endpoint would have answered; null until done' }),
    problem: nullable(ProblemSchema),
  },
  { title: 'Job' },
)

const params = Type.Object({ id: Type.String() })

export const jobRoutes = ({ jobs }: ServerParts): readonly Route[] => [
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
    handle: ({ params: { id }, caller }) => jobs.get(id, caller).view(),
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
    handle: ({ params: { id }, caller }) => {
      const job = jobs.get(id, caller)
      if (job.owner.site !== undefined) caller.demand('plan', job.owner.site)
      job.cancel()
      return job.view()
    },
  }),
]
