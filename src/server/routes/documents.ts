import Type from 'typebox'
import { MangroveError } from '../../kernel/index.ts'
import { serverErrors } from '../errors.ts'
import { expectedVersion, isKnown, preconditionFailed, versionTag } from '../query/entity-tags.ts'
import { cursorQuery, linkNext, nextSchema, readCursor, writeCursor } from '../query/pages.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'
import { siteParams } from './sites.ts'

const namePattern = '^[a-z0-9][a-z0-9-]{0,62}$'
const kind = Type.String({ pattern: namePattern, description: 'What it is: `plan`, `note`, `contract` …' })
const name = Type.String({ pattern: namePattern, description: '`site` for what is of the whole site' })
const params = Type.Object({ ...siteParams.properties, kind, name })

/** Kinds that the server writes itself. */
const reserved: readonly string[] = ['plan']
const maxPage = 1000

const entry = {
  kind: Type.String(),
  name: Type.String(),
  version: Type.Integer({ minimum: 1, description: '1, 2, 3 …' }),
  createdMs: Type.Number(),
}
const DocumentSchema = Type.Object({ ...entry, content: Type.Unknown() })

/** A document of the site itself has its name in the store; others stand below it. */
const storedName = (site: string, own: string): string => (own === 'site' ? site : `${site}/${own}`)
const shownName = (site: string, stored: string): string => (stored === site ? 'site' : stored.slice(site.length + 1))

export const documentRoutes = ({ sites, store: { documents } }: ServerParts): readonly Route[] => [
  defineRoute({
    method: 'GET',
    url: '/api/v1/sites/:id/documents',
    operationId: 'listDocuments',
    access: 'read',
    site: 'path.id',
    tag: 'Documents',
    summary: 'Documents of a site: published plans, and what was put here',
    params: siteParams,
    query: Type.Object({
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: maxPage, description: `Default ${maxPage}` })),
      cursor: cursorQuery,
    }),
    responses: {
      200: {
        description: 'Documents by kind and name',
        schema: Type.Object({
          documents: Type.Array(
            Type.Object({ ...entry, versions: Type.Integer({ description: 'How many versions are kept' }) }),
          ),
          next: nextSchema,
        }),
      },
    },
    problems: [404, 422],
    example: {
      params: { id: 'quarry-microgrid' },
      answer: {
        documents: [
          { kind: 'note', name: 'commissioning', version: 1, createdMs: 1783310400000, versions: 1 },
          { kind: 'plan', name: 'site', version: 1, createdMs: 1783310400000, versions: 1 },
        ],
      },
    },
    handle: async ({ params: { id }, query: { limit = maxPage, cursor }, request, reply }) => {
      sites.get(id)
      const [afterKind, afterName] = cursor === undefined ? [] : readCursor(cursor, ['string', 'string'])
      const found = await documents.list({
        under: id,
        limit: limit + 1,
        ...(afterKind === undefined ? {} : { after: { kind: String(afterKind), name: String(afterName) } }),
      })
      const page = found.slice(0, limit)
      const last = page.at(-1)
      const next = found.length > limit && last ? writeCursor([last.kind, last.name]) : undefined
      linkNext(request, reply, next)
      return {
        documents: page.map((one) => ({ ...one, name: shownName(id, one.name) })),
        ...(next === undefined ? {} : { next }),
      }
    },
  }),
  defineRoute({
    method: 'GET',
    url: '/api/v1/sites/:id/documents/:kind/:name',
    operationId: 'getDocument',
    access: 'read',
    site: 'path.id',
    tag: 'Documents',
    summary: 'A document: the newest version, or another',
    params,
    query: Type.Object({
      version: Type.Optional(Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1, description: 'Default: the newest' })),
    }),
    headers: { 'if-none-match': 'ETag of an answer; 304 where it is still the same' },
    responses: {
      200: { description: 'The document', schema: DocumentSchema },
      304: { description: 'The same as before' },
    },
    problems: [404, 422],
    example: {
      params: { id: 'quarry-microgrid', kind: 'note', name: 'commissioning' },
      answer: {
        kind: 'note',
        name: 'commissioning',
        version: 1,
        createdMs: 1783310400000,
        content: { by: 'M. Rivera', text: 'Meter of the crusher changed' },
      },
    },
    handle: async ({ params: own, query: { version }, request, reply }) => {
      sites.get(own.id)
      const stored = storedName(own.id, own.name)
      const found = await (version === undefined
        ? documents.latest(own.kind, stored)
        : documents.version(own.kind, stored, version))
      if (!found) throw noDocument(own, version)
      return isKnown(request, reply, versionTag(found.version)) ? reply.send() : { ...found, name: own.name }
    },
  }),
  defineRoute({
    method: 'GET',
    url: '/api/v1/sites/:id/documents/:kind/:name/versions',
    operationId: 'listDocumentVersions',
    access: 'read',
    site: 'path.id',
    tag: 'Documents',
    summary: 'Kept versions of a document, the newest first',
    params,
    query: Type.Object({
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: maxPage, description: `Default ${maxPage}` })),
      cursor: cursorQuery,
    }),
    responses: {
      200: {
        description: 'Versions',
        schema: Type.Object({
          versions: Type.Array(Type.Object({ version: entry.version, createdMs: entry.createdMs })),
          next: nextSchema,
        }),
      },
    },
    problems: [404, 422],
    example: {
      params: { id: 'quarry-microgrid', kind: 'note', name: 'commissioning' },
      answer: { versions: [{ version: 1, createdMs: 1783310400000 }] },
    },
    handle: async ({ params: own, query: { limit = maxPage, cursor }, request, reply }) => {
      sites.get(own.id)
      const before = cursor === undefined ? undefined : Math.trunc(Number(readCursor(cursor, ['number'])[0]))
      const found = await documents.versions(own.kind, storedName(own.id, own.name), {
        limit: limit + 1,
        ...(before === undefined ? {} : { before: Math.max(0, Math.min(before, 2 ** 31 - 1)) }),
      })
      if (found.length === 0 && before === undefined) throw noDocument(own)
      const versions = found.slice(0, limit)
      const next = found.length > limit ? writeCursor([versions.at(-1)!.version]) : undefined
      linkNext(request, reply, next)
      return { versions, ...(next === undefined ? {} : { next }) }
    },
  }),
  defineRoute({
    method: 'PUT',
    url: '/api/v1/sites/:id/documents/:kind/:name',
    operationId: 'putDocument',
    access: 'configure',
    site: 'path.id',
    tag: 'Documents',
    summary: 'Put the next version of a document',
    description: 'Any JSON up to 1 MiB. Versions are kept; nothing is written over.',
    params,
    headers: { 'if-match': 'ETag of the newest version; without it there may be none yet' },
    documentedBody: Type.Unknown(),
    responses: {
      201: { description: 'The first version', schema: DocumentSchema },
      200: { description: 'The version that was put', schema: DocumentSchema },
    },
    problems: [403, 404, 412, 413, 422],
    example: {
      params: { id: 'quarry-microgrid', kind: 'note', name: 'commissioning' },
      body: { by: 'M. Rivera', text: 'Meter of the crusher changed' },
      status: 201,
      answer: {
        kind: 'note',
        name: 'commissioning',
        version: 1,
        createdMs: 1783310400000,
        content: { by: 'M. Rivera', text: 'Meter of the crusher changed' },
      },
    },
    handle: async ({ params: own, body, request, reply, caller }) => {
      sites.get(own.id)
      caller.about(`document ${own.kind} ${own.name}`)
      if (reserved.includes(own.kind)) {
        throw serverErrors.documentReserved({
          detail: 'Documents of this kind are written by the server alone',
          place: { path: 'path.kind' },
          found: own.kind,
          expected: `any kind but ${reserved.join(', ')}`,
        })
      }
      const expected = expectedVersion(request)
      const stored = storedName(own.id, own.name)
      const made = await documents.put(own.kind, stored, body ?? null, expected).catch(async (error: unknown) => {
        if (!(error instanceof MangroveError) || error.code !== 'store.conflict') throw error
        throw preconditionFailed((await documents.latest(own.kind, stored))?.version ?? 0, expected)
      })
      reply.header('etag', versionTag(made.version))
      if (made.version === 1) reply.code(201)
      return { ...made, name: own.name }
    },
  }),
]

const noDocument = ({ kind: found, name: own }: { readonly kind: string; readonly name: string }, version?: number) =>
  serverErrors.unknownDocument({
    detail:
      version === undefined ? 'There is no such document' : 'There is no such version, or it is not kept any more',
    place: { path: 'path.name' },
    found: version === undefined ? `${found}/${own}` : `${found}/${own} version ${version}`,
  })
