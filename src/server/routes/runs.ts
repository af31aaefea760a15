import Type from 'typebox'
import { recall } from '../../kernel/index.ts'
import { ownerOf } from '../jobs.ts'
import { ownRun, siteOfRun } from '../own-run.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'
import { answerJob, idempotencyKeyOf, jobHeaders } from './answer-job.ts'
import { JobSchema } from './jobs.ts'

const params = Type.Object({ id: Type.String({ description: '`evidence` of a result' }) })

const sha256 = Type.String({ description: 'SHA-256 of the canonical JSON (RFC 8785)' })

const RunSchema = Type.Object({
  id: Type.String({ description: 'SHA-256 of the canonical JSON of the record without `id`, `input` and `output`' }),
  engine: Type.String(),
  engineVersion: Type.String(),
  clockMs: Type.Number({ description: 'The moment that the run took for now' }),
  seed: Type.Integer(),
  inputSha256: sha256,
  outputSha256: sha256,
  readings: Type.Array(
    Type.Object({ kind: Type.Enum(['site', 'series', 'text', 'start', 'stop']), request: Type.Unknown(), sha256 }),
    { description: 'Everything that the run read, and where its solves began and were stopped' },
  ),
  input: Type.Unknown(),
  output: Type.Unknown(),
})

const ReplaySchema = Type.Object({
  id: Type.String(),
  engine: Type.String(),
  engineVersion: Type.String(),
  identical: Type.Boolean({ description: 'The run gave the same bytes again' }),
  outputSha256: sha256,
  replayedSha256: sha256,
  differences: Type.Array(Type.Object({ path: Type.String(), was: Type.Unknown(), is: Type.Unknown() })),
})

export const runRoutes = ({ evidence, jobs }: ServerParts): readonly Route[] => [
  defineRoute({
    method: 'GET',
    url: '/api/v1/runs/:id',
    operationId: 'getRun',
    access: 'read',
    site: 'handler',
    tag: 'Runs',
    summary: 'The evidence of a run: what it was given, what it read, what it gave',
    params,
    responses: { 200: { description: 'The run', schema: RunSchema } },
    problems: [404, 409],
    handle: async ({ params: { id }, reply, caller }) => {
      const record = await ownRun(evidence, id, caller)
      const [input, output] = await Promise.all([
        recall(evidence, record.inputSha256),
        recall(evidence, record.outputSha256),
      ])
      // A run is named by its content: it never changes.
      reply.header('cache-control', 'private, max-age=31536000, immutable')
      return { ...record, input, output }
    },
  }),
  defineRoute({
    method: 'POST',
    url: '/api/v1/runs/:id/replay',
    operationId: 'replayRun',
    access: 'replay',
    site: 'handler',
    tag: 'Runs',
    summary: 'Runs a run again from its evidence alone and compares the bytes',
    params,
    headers: jobHeaders,
    responses: {
      200: { description: 'How the replay compares', schema: ReplaySchema },
      202: { description: 'A job; see its Location', schema: JobSchema },
    },
    problems: [404, 409, 503],
    handle: async (call) => {
      const { id } = call.params
      const site = await siteOfRun(await ownRun(evidence, id, call.caller), evidence)
      if (site !== undefined) call.caller.demand('replay', site)
      const job = await jobs.submit({
        task: { kind: 'replay', id },
        owner: ownerOf(call.caller, site),
        ...idempotencyKeyOf(call.request),
      })
      return answerJob(job, { ...call, long: false })
    },
  }),
]
