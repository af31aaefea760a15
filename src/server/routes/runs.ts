import Type from 'typebox'
import { recall } from '../../kernel/index.ts'
import type { RunPlace } from '../../store/index.ts'
import { serverErrors } from '../errors.ts'
import { ownerOf } from '../jobs.ts'
import { ownRun, siteOfRun, sitesOfRuns } from '../own-run.ts'
import { isKnown, tagOf } from '../query/entity-tags.ts'
import { cursorQuery, linkNext, nextSchema, readCursor, writeCursor } from '../query/pages.ts'
import { readMoment } from '../query/read-moment.ts'
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

const ListedRunSchema = Type.Object({
  id: Type.String({ description: '`GET /api/v1/runs/{id}` gives the evidence' }),
  engine: Type.String(),
  site: Type.Union([Type.String(), Type.Null()], { description: 'Of its input; null where that names none' }),
  clockMs: Type.Number({ description: 'The moment that the run took for now' }),
})

const maxPage = 500
const defaultPage = 100

/** Where a page begins. @throws `server.bad-input` */
function placeOf(cursor: string): RunPlace {
  const [clockMs, id] = readCursor(cursor, ['number', 'string'])
  if (Number.isSafeInteger(clockMs) && /^[0-9a-f]{64}$/.test(String(id)))
    return { clockMs: Number(clockMs), id: String(id) }
  throw serverErrors.badInput({
    detail: 'The cursor names no run',
    place: { path: 'query.cursor' },
    found: cursor.slice(0, 100),
    expected: '`next` of the page before, as it was',
  })
}

export const runRoutes = ({ evidence, jobs, store, sites }: ServerParts): readonly Route[] => [
  defineRoute({
    method: 'GET',
    url: '/api/v1/runs',
    operationId: 'listRuns',
    access: 'read',
    site: 'any',
    tag: 'Runs',
    summary: 'Runs of the caller’s sites, newest first',
    description:
      'Runs without a site, and those of the command line, which name their site by its file, are told to who administers the platform.',
    query: Type.Object({
      site: Type.Optional(Type.String({ maxLength: 200, description: 'Runs of this site alone' })),
      engine: Type.Optional(Type.String({ maxLength: 200, description: '`energy.plan` …' })),
      from: Type.Optional(Type.String({ description: 'ISO 8601 with offset, or milliseconds since 1970; inclusive' })),
      to: Type.Optional(Type.String({ description: 'Exclusive' })),
      limit: Type.Integer({ minimum: 1, maximum: maxPage, default: defaultPage }),
      cursor: cursorQuery,
    }),
    headers: { 'if-none-match': 'ETag of an answer; 304 where it is still the same' },
    responses: {
      200: {
        description: 'A page',
        schema: Type.Object({ runs: Type.Array(ListedRunSchema), next: nextSchema }),
      },
      304: { description: 'The same as before' },
    },
    problems: [404, 422],
    example: {
      query: { site: 'quarry-microgrid', engine: 'energy.plan', from: '2026-07-06T00:00:00Z', limit: '1' },
      answer: {
        runs: [
          {
            id: '5d1fe757dc224106fa457bd66b127fb5bf03333a7dc36fdf9474a5cb0abc5c08',
            engine: 'energy.plan',
            site: 'quarry-microgrid',
            clockMs: 1783310400000,
          },
        ],
      },
    },
    handle: async ({ query: { site, engine, from, to, limit, cursor }, request, reply, caller }) => {
      const visible = sitesOfRuns(caller, sites, site)
      const found = await store.runs.list({
        ...(visible === undefined ? {} : { sites: visible }),
        ...(engine === undefined ? {} : { engine }),
        ...(from === undefined ? {} : { fromMs: readMoment(from, 'query.from') }),
        ...(to === undefined ? {} : { toMs: readMoment(to, 'query.to') }),
        ...(cursor === undefined ? {} : { after: placeOf(cursor) }),
        limit: limit + 1,
      })
      const page = found.slice(0, limit)
      const last = page.at(-1)
      const next = found.length > limit && last ? writeCursor([last.clockMs, last.id]) : undefined
      linkNext(request, reply, next)
      const runs = page.map(({ id, engine: ran, site: of, clockMs }) => ({
        id,
        engine: ran,
        site: of ?? null,
        clockMs,
      }))
      const answer = { runs, ...(next === undefined ? {} : { next }) }
      return isKnown(request, reply, tagOf(JSON.stringify(answer))) ? reply.send() : answer
    },
  }),
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
