import Type from 'typebox'
import type { Engine } from '../../kernel/index.ts'
import type { Job } from '../jobs.ts'
import { defineRoute, type Route, type RouteCall } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'
import { JobSchema } from './jobs.ts'

const EngineSchema = Type.Object({
  id: Type.String(),
  title: Type.String(),
  description: Type.String(),
  version: Type.String(),
  long: Type.Boolean({ description: 'Answers 202 with a job unless `Prefer: wait` is sent' }),
  input: Type.Unknown({ description: 'JSON Schema' }),
  output: Type.Unknown({ description: 'JSON Schema' }),
})

export const engineRoutes = (parts: ServerParts): readonly Route[] => [
  defineRoute({
    method: 'GET',
    url: '/api/v1/engines',
    operationId: 'listEngines',
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
    tag: 'Engines',
    summary: engine.title,
    description: engine.description,
    // Checked by the kernel when the engine is run, so that the server and the command line say the same.
    documentedBody: engine.input,
    headers: { prefer: '`wait` or `wait=<seconds>`: answer with the result instead of a job (RFC 7240)' },
    responses: {
      200: { description: 'The result', schema: Type.Intersect([engine.output, Evidence]) },
      ...(engine.long ? { 202: { description: 'A job; see its Location', schema: JobSchema } } : {}),
    },
    problems: [404, 422, 503],
    handle: (call) => runEngineRoute(engine, call, parts),
  }
}

async function runEngineRoute(
  engine: Engine,
  { body, request, reply }: RouteCall<undefined, undefined, unknown>,
  parts: ServerParts,
): Promise<unknown> {
  const input = body ?? {}
  // What is wrong with the input is said at once, not by a job that fails.
  parts.executor.check(engine, input)
  const job = parts.jobs.submit(engine.id, (tools) => parts.executor.run(engine, input, tools))
  const waitMs = waitOf(request.headers.prefer)
  if (engine.long && waitMs === undefined) return accepted(job, reply)
  // A caller that goes away does not want the result any more.
  const gone = (): void => {
    if (!reply.raw.writableFinished) job.cancel()
  }
  reply.raw.once('close', gone)
  if (waitMs !== undefined && waitMs !== Number.POSITIVE_INFINITY) {
    const timeout = Promise.withResolvers<'timeout'>()
    const timer = setTimeout(() => timeout.resolve('timeout'), waitMs)
    const first = await Promise.race([job.finished, timeout.promise]).finally(() => clearTimeout(timer))
    if (first === 'timeout') {
      reply.raw.off('close', gone)
      return accepted(job, reply)
    }
  }
  return job.finished
}

function accepted(job: Job, reply: RouteCall<undefined, undefined, unknown>['reply']): unknown {
  reply.code(202).header('location', `/api/v1/jobs/${job.id}`)
  return job.view()
}

/** Milliseconds a caller is ready to wait: undefined = not at all, infinite for `wait` without a number. */
function waitOf(prefer: string | string[] | undefined): number | undefined {
  const text = Array.isArray(prefer) ? prefer.join(',') : (prefer ?? '')
  const match = /(?:^|[,;\s])wait(?:\s*=\s*(\d{1,6}))?(?=$|[,;\s])/i.exec(text)
  if (!match) return undefined
  return match[1] === undefined ? Number.POSITIVE_INFINITY : Number(match[1]) * 1000
}
