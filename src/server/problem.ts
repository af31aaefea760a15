import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import { MangroveError, type Problem } from '../kernel/index.ts'
import { serverErrors } from './errors.ts'
import { requestIdHeader } from './request-id.ts'

/** Problem details of RFC 9457, with every problem found and where. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: 'urn:mangrove:problem:<code>' }),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String(),
    instance: Type.String({ description: 'Address of the request' }),
    requestId: Type.Optional(Type.String({ description: 'Names the request in the log; as the header x-request-id' })),
    code: Type.String({ description: 'Stable code of the first problem, `<room>.<name>`' }),
    problems: Type.Array(
      Type.Object({
        code: Type.String(),
        title: Type.String(),
        detail: Type.String(),
        place: Type.Optional(
          Type.Object({
            file: Type.Optional(Type.String()),
            line: Type.Optional(Type.Integer()),
            path: Type.Optional(Type.String()),
          }),
        ),
        found: Type.Optional(Type.Unknown()),
        expected: Type.Optional(Type.String()),
      }),
    ),
  },
  { title: 'Problem', description: 'RFC 9457 problem details' },
)
export type ProblemJson = Static<typeof ProblemSchema>

/** The problem JSON of an error; what was not expected tells nothing of the inside. */
export function problemOf(error: unknown, instance: string): ProblemJson {
  const known = error instanceof MangroveError ? error : translate(error)
  const problems = known.problems.map(({ status: _, ...problem }: Problem) => problem)
  return {
    type: `urn:mangrove:problem:${known.code}`,
    title: known.problems[0]?.title ?? 'Problem',
    status: known.status,
    detail: summary(known.problems.map((problem) => problem.detail)),
    instance,
    code: known.code,
    problems: problems as ProblemJson['problems'],
  }
}

/** Details that stand in one sentence; each stands in `problems` in full. */
function summary(details: readonly string[]): string {
  const different = [...new Set(details)]
  const more = different.length > toldDetails ? `; and ${different.length - toldDetails} more` : ''
  return `${different.slice(0, toldDetails).join('; ')}${more}`
}

const toldDetails = 10

/** Errors of the HTTP framework become ours; any other is a bug, which is logged and not shown. */
function translate(error: unknown): MangroveError {
  const { statusCode, message, code } = (error ?? {}) as Partial<FastifyError>
  const options = { cause: error }
  if (statusCode === 413) {
    return serverErrors.tooLarge(
      { detail: 'The body is larger than this address reads', expected: '1 MiB or less; observations 16 MiB' },
      options,
    )
  }
  if (statusCode === 415) {
    return serverErrors.mediaType(
      { detail: 'The body has to be JSON', expected: 'Content-Type: application/json' },
      options,
    )
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    const detail =
      code?.startsWith('FST_') || error instanceof SyntaxError
        ? (message ?? 'The request cannot be read')
        : 'The request cannot be read'
    return serverErrors.badRequest({ detail }, options)
  }
  return serverErrors.unexpected({ detail: 'This is a defect of the server; its log says more' }, options)
}

export const problemMediaType = 'application/problem+json; charset=utf-8'

export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error, request.url)
  const waitMs =
    problem.status === 503 || problem.code === 'server.overloaded'
      ? 5000
      : ((error ?? {}) as { readonly retryAfterMs?: number }).retryAfterMs
  if (waitMs !== undefined) reply.header('retry-after', String(Math.ceil(waitMs / 1000)))
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="mangrove"')
  return reply
    .code(problem.status)
    .headers({ 'cache-control': 'no-store', [requestIdHeader]: request.id })
    .type(problemMediaType)
    .send({ ...problem, requestId: request.id })
}
