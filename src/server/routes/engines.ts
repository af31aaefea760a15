import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import type { Engine } from '../../kernel/index.ts'
import { serverErrors } from '../errors.ts'
import { ownerOf } from '../jobs.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'
import { answerJob, idempotencyKeyOf, jobHeaders } from './answer-job.ts'
import { JobSchema } from './jobs.ts'

const EngineSchema = Type.Object({
  id: Type.String(),
  title: Type.String(),
  description: Type.String(),
  version: Type.String(),
  long: Type.Boolean({ description: 'Answers 202 with a job unless `Prefer: wait` is sent' }),
  report: Type.Boolean({ description: 'Its runs have a report: `GET /api/v1/runs/{id}/report`' }),
  input: Type.Unknown({ description: 'JSON Schema' }),
  output: Type.Unknown({ description: 'JSON Schema' }),
})

export const engineRoutes = (parts: ServerParts): readonly Route[] => [
  defineRoute({
    method: 'GET',
    url: '/api/v1/engines',
    operationId: 'listEngines',
    access: 'public',
    tag: 'Engines',
    summary: 'Every engine of this server',
    responses: { 200: { description: 'Engines', schema: Type.Object({ engines: Type.Array(EngineSchema) }) } },
    handle: () => ({
      engines: [...parts.engines.values()].map(({ id, title, description, version, long, input, output }) => ({
        id,
        title,
        description,
        version,
        long: long ?? false,
        report: parts.packs.some(({ reports }) => reports?.some(({ engine }) => engine === id)),
        input,
        output,
      })),
    }),
  }),
  ...[...parts.engines.values()].map((engine) => engineRoute(engine, parts)),
]

function engineRoute(engine: Engine, parts: ServerParts): Route {
  const Evidence = Type.Object({ evidence: Type.String({ description: 'Id of the run: `GET /api/v1/runs/{id}`' }) })
  return {
    method: 'POST',
    url: `/api/v1/engines/${engine.id}`,
    operationId: `run_${engine.id.replaceAll(/[^a-zA-Z0-9]/g, '_')}`,
    access: 'plan',
    site: 'body.site',
    tag: 'Engines',
    summary: engine.title,
    description: engine.description,
    // Checked by the kernel when the engine is run, so that the server and the command line say the same.
    documentedBody: engine.input,
    headers: jobHeaders,
    responses: {
      200: { description: 'The result', schema: Type.Intersect([engine.output, Evidence]) },
      202: { description: 'A job; see its Location', schema: JobSchema },
    },
    problems: [404, 422, 503],
    handle: async ({ body, request, reply, caller }) => {
      const input = body ?? {}
      // What is wrong with the input is said at once, not by a job that fails.
      parts.executor.check(engine, input)
      const job = await parts.jobs.submit({
        task: { kind: 'run', engine: engine.id, input },
        owner: ownerOf(caller, siteIn(input)),
        ...idempotencyKeyOf(request),
      })
      return answerJob(job, { request, reply, long: engine.long ?? false })
    },
  }
}

const siteIn = (input: unknown): string | undefined => {
  const { site } = input as { readonly site?: unknown }
  return typeof site === 'string' ? site : undefined
}

/** Tells who asks for an engine that is not there which ones are. */
export function refuseUnknownEngines(app: FastifyInstance, { engines }: ServerParts): void {
  app.all<{ Params: { id: string } }>('/api/v1/engines/:id', ({ params }) => {
    throw serverErrors.unknownEngine({
      detail: 'This server has no engine of that id',
      found: params.id,
      expected: [...engines.keys()].join(', '),
    })
  })
}
