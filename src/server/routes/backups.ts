import Type from 'typebox'
import { backupNamePattern, listBackups, nameOfMoment } from '../../store/index.ts'
import { backupsFolderOf, backupView } from '../backups.ts'
import { forbidden } from '../caller.ts'
import { serverErrors } from '../errors.ts'
import { ownerOf } from '../jobs.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'
import { answerJob, idempotencyKeyOf, jobHeaders } from './answer-job.ts'
import { JobSchema } from './jobs.ts'

const BackupSchema = Type.Object(
  {
    name: Type.String(),
    created: Type.String({ description: 'The moment that it holds, ISO 8601' }),
    bytes: Type.Integer(),
    files: Type.Integer(),
    counts: Type.Record(Type.String(), Type.Integer(), { description: 'Rows by table' }),
    contentSha256: Type.Union([Type.String(), Type.Null()]),
  },
  { title: 'Backup' },
)

const harvest = {
  name: 'before-the-harvest',
  created: '2026-07-06T04:00:00.000Z',
  bytes: 48_211_043,
  files: 19,
  counts: {
    ...{ points: 62, sources: 2, documents: 672, records: 41, journal: 318, sealed: 8 },
    ...{ rows: 5_356_800, newest: 62, quarters: 178_560, stale: 4, runs: 672, blobs: 3018 },
  },
  contentSha256: null,
}

/** Backups of all that this server keeps, of every organisation: for who administers the platform. */
export const backupRoutes = ({ store, jobs, clock }: ServerParts): readonly Route[] => [
  defineRoute({
    method: 'GET',
    url: '/api/v1/backups',
    operationId: 'listBackups',
    access: 'administer',
    site: 'handler',
    tag: 'Backups',
    summary: 'Backups that lie in the folder of this server, newest first',
    responses: { 200: { description: 'Backups', schema: Type.Object({ backups: Type.Array(BackupSchema) }) } },
    problems: [403],
    example: { answer: { backups: [harvest] } },
    async handle({ caller }) {
      if (!caller.administers('*')) throw forbidden('administer')
      const found = await listBackups(backupsFolderOf(store))
      return { backups: found.map(({ name, manifest }) => backupView(name, manifest)) }
    },
  }),
  defineRoute({
    method: 'POST',
    url: '/api/v1/backups',
    operationId: 'createBackup',
    access: 'administer',
    site: 'handler',
    tag: 'Backups',
    summary: 'Backs up everything while the server goes on, below its folder of backups',
    body: Type.Object(
      { name: Type.Optional(Type.String({ pattern: backupNamePattern, description: 'Default: the time' })) },
      { additionalProperties: false },
    ),
    headers: jobHeaders,
    responses: {
      200: { description: 'The backup', schema: BackupSchema },
      202: { description: 'A job; see its Location', schema: JobSchema },
    },
    problems: [403, 409, 422, 503],
    example: { headers: { prefer: 'wait' }, body: { name: 'before-the-harvest' }, answer: harvest },
    async handle({ body, request, reply, caller }) {
      const name = body.name ?? nameOfMoment(clock.now())
      caller.about(`backup ${name}`)
      if (!caller.administers('*')) throw forbidden('administer')
      const there = await listBackups(backupsFolderOf(store))
      if (there.some((found) => found.name === name)) {
        throw serverErrors.backupThere({
          detail: 'There is a backup of that name',
          found: name,
          expected: 'another name',
        })
      }
      const job = await jobs.submit({
        task: { kind: 'backup', name },
        owner: ownerOf(caller, undefined),
        ...idempotencyKeyOf(request),
      })
      return answerJob(job, { request, reply, long: true })
    },
  }),
]
