import Type from 'typebox'
import {
  carbonErrors,
  createLedger,
  type EntryDraft,
  findLogSigner,
  type Ledger,
  ledgerOrigin,
  openLogSigner,
} from '../../carbon/index.ts'
import { MangroveError, type Problem } from '../../kernel/index.ts'
import { cursorQuery, linkNext, nextSchema, readCursor, writeCursor } from '../query/pages.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'
import { siteParams } from './sites.ts'

const tag = 'Carbon'
const hex = (description: string) => Type.String({ pattern: '^[0-9a-f]{64}$', description })
const maxPage = 500
const maxWritten = 500

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
export const ledgerRoutes = ({ sites, store, clock }: ServerParts): readonly Route[] => {
  const open = new Map<string, Ledger>()
  /** Undefined where the site has none yet. */
  const ledgerOf = async (site: string, find = findLogSigner): Promise<Ledger | undefined> => {
    sites.get(site)
    const known = open.get(site)
    if (known) return known
    const signer = await find(store.records, site)
    if (!signer) return undefined
    const ledger = open.get(site) ?? createLedger({ journal: store.journal, clock, signer, site })
    open.set(site, ledger)
    return ledger
  }
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
      summary: 'Entries of the ledger, the first first',
      params: siteParams,
      query: Type.Object({
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: maxPage, description: 'Default 100' })),
        cursor: cursorQuery,
      }),
      responses: {
        200: {
          description: 'Entries',
          schema: Type.Object({ first: Type.Integer(), entries: Type.Array(Type.Unknown()), next: nextSchema }),
        },
      },
      problems: [404, 422, 500],
      example: { ...quarry, answer: { first: 0, entries: [] } },
      handle: async ({ params: { id }, query: { limit = 100, cursor }, request, reply }) => {
        const first = cursor === undefined ? 0 : Math.max(0, Math.trunc(Number(readCursor(cursor, ['number'])[0])))
        const ledger = await ledgerOf(id)
        const entries: unknown[] = []
        for await (const entry of ledger?.entries(first, first + limit) ?? []) entries.push(entry)
        const more = ledger !== undefined && first + entries.length < (await ledger.size())
        const next = more && entries.length > 0 ? writeCursor([first + entries.length]) : undefined
        linkNext(request, reply, next)
        return { first, entries, ...(next === undefined ? {} : { next }) }
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
