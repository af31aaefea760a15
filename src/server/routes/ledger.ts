import Type from 'typebox'
import { carbonErrors, type EntryDraft, ledgerOrigin, openLogSigner } from '../../carbon/index.ts'
import { MangroveError, type Problem } from '../../kernel/index.ts'
import { findEntries } from '../query/ledger-entries.ts'
import { cursorQuery, linkNext, nextSchema, readCursor, writeCursor } from '../query/pages.ts'
import { readMoment } from '../query/read-moment.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'
import { ledgerEvidenceRoutes } from './ledger-evidence.ts'
import { openLedgers } from './open-ledgers.ts'
import { siteParams } from './sites.ts'

const tag = 'Carbon'
const hex = (description: string) => Type.String({ pattern: '^[0-9a-f]{64}$', description })
const maxPage = 500
const maxWritten = 500
const kinds = ['emission', 'claim', 'reversal', 'close', 'credit'] as const

const DraftSchema = Type.Object(
  {
    id: Type.String({ description: 'Id of the operation: sent again, with the same content, it is written once' }),
    kind: Type.String({ description: 'emission, claim, reversal, close or credit' }),
    body: Type.Unknown({ description: 'By its kind: docs/guides/carbon.md' }),
  },
  { additionalProperties: false },
)
const WrittenSchema = Type.Object({
  number: Type.Integer({ description: 'Place in the log, from 0 on' }),
  id: Type.String(),
  leaf: hex('Hash of the leaf'),
  fresh: Type.Boolean({ description: 'False where the operation was written before' }),
})

const TotalSchema = Type.Object({
  book: Type.String(),
  scope: Type.Optional(Type.Integer()),
  category: Type.Optional(Type.String()),
  method: Type.Optional(Type.String()),
  gas: Type.String(),
  gwpSet: Type.Optional(Type.String()),
  boundary: Type.String(),
  amountKg: Type.String({ description: 'Exact decimal text' }),
  entries: Type.Integer(),
  toVerify: Type.Integer({ description: 'Entries on a factor that is to be verified' }),
})

/** The ledgers of sites: how long, what they come to, entries in and out, proofs. */
export const ledgerRoutes = (parts: ServerParts): readonly Route[] => {
  const ledgerOf = openLedgers(parts)
  const quarry = { params: { id: 'quarry-microgrid' } }
  return [
    defineRoute({
      method: 'GET',
      url: '/api/v1/sites/:id/ledger',
      operationId: 'getLedger',
      access: 'read',
      site: 'path.id',
      tag,
      summary: 'How long the ledger of a site is, its signed checkpoint, and what its entries come to',
      params: siteParams,
      responses: {
        200: {
          description: 'The ledger',
          schema: Type.Object({
            origin: Type.String(),
            size: Type.Integer(),
            verifierKey: Type.Union([Type.String(), Type.Null()]),
            checkpoint: Type.Union([Type.String({ description: 'C2SP tlog-checkpoint' }), Type.Null()]),
            totals: Type.Array(TotalSchema),
          }),
        },
      },
      problems: [404, 500],
      example: {
        ...quarry,
        answer: { origin: 'mangrove/quarry-microgrid', size: 0, verifierKey: null, checkpoint: null, totals: [] },
      },
      handle: async ({ params: { id } }) => {
        const ledger = await ledgerOf(id)
        if (!ledger) return { origin: ledgerOrigin(id), size: 0, verifierKey: null, checkpoint: null, totals: [] }
        const checkpoint = await ledger.checkpoint()
        const totals = await ledger.read((state) => state.totals())
        return {
          origin: ledger.origin,
          size: Number(checkpoint.split('\n')[1]),
          verifierKey: ledger.verifierKey,
          checkpoint,
          totals,
        }
      },
    }),
    defineRoute({
      method: 'GET',
      url: '/api/v1/sites/:id/ledger/entries',
      operationId: 'listLedgerEntries',
      access: 'read',
      site: 'path.id',
      tag,
      summary: 'Entries of the ledger, the first first or the newest first',
      description:
        'A request looks at 5,000 entries at most: with a filter a page may have fewer than `limit`, or none, and still a `next`.',
      params: siteParams,
      query: Type.Object({
        order: Type.Optional(Type.Enum(['first', 'newest'], { description: 'Default: first' })),
        kind: Type.Optional(Type.Enum([...kinds])),
        scope: Type.Optional(Type.Integer({ minimum: 1, maximum: 3 })),
        asset: Type.Optional(Type.String({ minLength: 1, maxLength: 300, description: 'What emitted' })),
        from: Type.Optional(
          Type.String({ description: 'Of the time that it is about, else of when it was written; inclusive' }),
        ),
        to: Type.Optional(Type.String({ description: 'Exclusive' })),
        text: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Somewhere in the entry' })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: maxPage, description: 'Default 100' })),
        cursor: cursorQuery,
      }),
      responses: {
        200: {
          description: 'Entries',
          schema: Type.Object({
            first: Type.Integer({ description: 'Number of the first entry of the page' }),
            numbers: Type.Array(Type.Integer(), { description: 'Places in the log, in the order of the entries' }),
            entries: Type.Array(Type.Unknown()),
            reversedBy: Type.Record(Type.String(), Type.String(), {
              description: 'Entries of the page that were taken back, and the entry that did it',
            }),
            next: nextSchema,
          }),
        },
      },
      problems: [404, 422, 500],
      example: { ...quarry, answer: { first: 0, numbers: [], entries: [], reversedBy: {} } },
      handle: async ({ params: { id }, query, request, reply }) => {
        const { limit = 100, cursor, order = 'first', from, to, ...filter } = query
        const origin = order === 'first' ? 0 : Number.MAX_SAFE_INTEGER
        const start = cursor === undefined ? origin : Math.max(0, Math.trunc(Number(readCursor(cursor, ['number'])[0])))
        const asked = {
          ...filter,
          ...(from === undefined ? {} : { fromMs: readMoment(from, 'query.from') }),
          ...(to === undefined ? {} : { toMs: readMoment(to, 'query.to') }),
        }
        const ledger = await ledgerOf(id)
        const { found, next: place } = ledger
          ? await findEntries(ledger, asked, { start, order, limit })
          : { found: [], next: undefined }
        const reversals = await ledger?.read((state) =>
          found.flatMap(({ entry }) => {
            const by = state.reversedBy(entry.id)
            return by === undefined ? [] : [[entry.id, by] as const]
          }),
        )
        const next = place === undefined ? undefined : writeCursor([place])
        linkNext(request, reply, next)
        return {
          first: found[0]?.number ?? (cursor === undefined ? 0 : start),
          numbers: found.map(({ number }) => number),
          entries: found.map(({ entry }) => entry),
          reversedBy: Object.fromEntries(reversals ?? []),
          ...(next === undefined ? {} : { next }),
        }
      },
    }),
    defineRoute({
      method: 'POST',
      url: '/api/v1/sites/:id/ledger/entries',
      operationId: 'writeLedgerEntries',
      access: 'configure',
      site: 'path.id',
      tag,
      summary: 'Write entries into the ledger of a site; they are on the disk when this answers',
      description:
        'Who wrote them is who asks. Where entries are refused the answer is a problem that names each; the others of the request are written, and may be sent again.',
      params: siteParams,
      body: Type.Object(
        { entries: Type.Array(DraftSchema, { minItems: 1, maxItems: maxWritten }) },
        { additionalProperties: false },
      ),
      responses: {
        200: {
          description: 'Where they are in the log, in the order of the request',
          schema: Type.Object({ size: Type.Integer(), written: Type.Array(WrittenSchema) }),
        },
      },
      problems: [404, 409, 422, 500],
      handle: async ({ params: { id }, body: { entries }, caller }) => {
        caller.about(`ledger of ${id}`)
        const { user, id: own, kind } = caller.principal
        const by = user ?? own ?? kind
        const ledger = await ledgerOf(id, openLogSigner)
        const results = await Promise.allSettled(entries.map((entry) => ledger!.append({ ...entry, by } as EntryDraft)))
        const problems = results.flatMap((result, place) => (result.status === 'fulfilled' ? [] : told(result, place)))
        if (problems.length > 0) throw new MangroveError(problems)
        const written = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
        return { size: await ledger!.size(), written }
      },
    }),
    defineRoute({
      method: 'GET',
      url: '/api/v1/sites/:id/ledger/proof',
      operationId: 'getLedgerProof',
      access: 'read',
      site: 'path.id',
      tag,
      summary: 'Prove that an entry is in the ledger, for whoever has its verifier key',
      params: siteParams,
      query: Type.Object({
        entry: Type.String({ minLength: 1, maxLength: 120, description: 'Id of the entry, or its number' }),
      }),
      responses: {
        200: {
          description: 'Bytes of the entry, hashes to the root, and the signed checkpoint',
          schema: Type.Object({
            verifierKey: Type.String(),
            number: Type.Integer(),
            size: Type.Integer(),
            entry: Type.String({ description: 'The bytes that were hashed' }),
            path: Type.Array(hex('SHA-256')),
            checkpoint: Type.String(),
          }),
        },
      },
      problems: [404, 422, 500],
      example: { ...quarry, query: { entry: 'grid-2023-01' } },
      handle: async ({ params: { id }, query: { entry } }) => {
        const ledger = await ledgerOf(id)
        if (!ledger) throw carbonErrors.unknownEntry({ detail: 'The site has no ledger yet', found: entry })
        const proof = await ledger.prove(/^\d{1,15}$/.test(entry) ? Number(entry) : entry)
        return { verifierKey: ledger.verifierKey, ...proof }
      },
    }),
    ...ledgerEvidenceRoutes(ledgerOf),
  ]
}

/** Problems of one entry, each with its place in the request. @throws what is no problem of an entry */
function told({ reason }: PromiseRejectedResult, place: number): readonly Problem[] {
  if (!(reason instanceof MangroveError)) throw reason
  return reason.problems.map((problem) => ({
    ...problem,
    place: { ...problem.place, path: [`entries.${place}`, problem.place?.path].filter(Boolean).join('.') },
  }))
}
