import { Readable } from 'node:stream'
import Type from 'typebox'
import { carbonErrors, type Ledger } from '../../carbon/index.ts'
import { defineRoute, type Route } from '../route.ts'
import type { LedgerOf } from './open-ledgers.ts'
import { siteParams } from './sites.ts'

const tag = 'Carbon'
const hex = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256' })
const count = (description: string) => Type.String({ description: `${description}; a whole number of any length` })

const RunSchema = Type.Object({
  start: count('First serial'),
  end: count('Last serial'),
  quantity: count('Tonnes'),
  holder: Type.String(),
  status: Type.Enum(['active', 'offered', 'retired', 'cancelled']),
  party: Type.String({ description: 'Country in whose registry it is held' }),
  adjustment: Type.Enum(['none', 'due', 'made'], { description: 'Corresponding adjustment of the host party' }),
  by: Type.Optional(Type.String({ description: 'Entry that offered, retired or cancelled it' })),
})

const ProjectSchema = Type.Object({
  id: Type.String(),
  title: Type.String(),
  country: Type.String(),
  programme: Type.String(),
  methodology: Type.String(),
  validated: Type.Boolean(),
  authorisedUses: Type.Array(Type.String()),
  vintages: Type.Array(
    Type.Object({
      vintage: Type.Integer(),
      verified: count('Tonnes that were verified'),
      issued: count('Credits that were issued'),
      active: count('… that are held'),
      offered: count('… that are for sale'),
      retired: count('… that were used'),
      cancelled: count('… that were cancelled'),
      runs: Type.Array(RunSchema, { description: 'Serials side by side, from 1 on' }),
    }),
  ),
})

/** What a ledger can be held to: proofs that it goes on, the whole of it, and what became of its credits. */
export const ledgerEvidenceRoutes = (ledgerOf: LedgerOf): readonly Route[] => {
  const needed = async (id: string): Promise<Ledger> => {
    const ledger = await ledgerOf(id)
    if (ledger) return ledger
    throw carbonErrors.unknownEntry({ detail: 'The site has no ledger yet', found: id })
  }
  const quarry = { params: { id: 'quarry-microgrid' } }
  return [
    defineRoute({
      method: 'GET',
      url: '/api/v1/sites/:id/ledger/consistency',
      operationId: 'getLedgerConsistency',
      access: 'read',
      site: 'path.id',
      tag,
      summary: 'Prove that the ledger goes on from where it had fewer entries',
      description:
        'For whoever kept a checkpoint of then: nothing that it was signed for was changed or left out since (RFC 9162, section 2.1.4).',
      params: siteParams,
      query: Type.Object({
        first: Type.Integer({ minimum: 0, maximum: 2 ** 40, description: 'How many entries it had then' }),
      }),
      responses: {
        200: {
          description: 'Hashes that lead from the root of then to the signed one of now',
          schema: Type.Object({
            verifierKey: Type.String(),
            first: Type.Integer(),
            firstRoot: hex,
            second: Type.Integer(),
            path: Type.Array(hex),
            checkpoint: Type.String(),
          }),
        },
      },
      problems: [404, 422, 500],
      example: { ...quarry, query: { first: '1' } },
      handle: async ({ params: { id }, query: { first } }) => {
        const ledger = await needed(id)
        return { verifierKey: ledger.verifierKey, ...(await ledger.proveConsistency(first)) }
      },
    }),
    defineRoute({
      method: 'GET',
      url: '/api/v1/sites/:id/ledger/export',
      operationId: 'readLedgerExport',
      access: 'read',
      site: 'path.id',
      tag,
      summary: 'The whole ledger as a file that `docs/verify-ledger.mjs` verifies without this server',
      params: siteParams,
      responses: {
        200: {
          description: 'A header, each entry as it was hashed, and the signed checkpoint, a line each',
          mediaType: 'application/x-ndjson',
        },
      },
      problems: [404, 500],
      handle: async ({ params: { id }, reply }) => {
        const ledger = await needed(id)
        return reply
          .type('application/x-ndjson')
          .header('content-disposition', `attachment; filename="ledger-${id}.ndjson"`)
          .send(Readable.from(withLineFeeds(ledger.export())))
      },
    }),
    defineRoute({
      method: 'GET',
      url: '/api/v1/sites/:id/ledger/credits',
      operationId: 'listLedgerCredits',
      access: 'read',
      site: 'path.id',
      tag,
      summary: 'Credits of a ledger: projects, and who holds which serials',
      params: siteParams,
      responses: { 200: { description: 'Projects', schema: Type.Object({ projects: Type.Array(ProjectSchema) }) } },
      problems: [404, 500],
      example: { ...quarry, answer: { projects: [] } },
      handle: async ({ params: { id } }) => {
        const ledger = await ledgerOf(id)
        return { projects: ledger ? await creditsOf(ledger) : [] }
      },
    }),
  ]
}

async function* withLineFeeds(lines: AsyncIterable<string>): AsyncIterable<string> {
  for await (const line of lines) yield `${line}\n`
}

const creditsOf = (ledger: Ledger) =>
  ledger.read(({ credits }) =>
    credits.projects().map(({ authorised, ...project }) => ({
      ...project,
      authorisedUses: authorised.map(({ use }) => use),
      vintages: credits.vintages(project.id).map((vintage) => {
        const { verified, issued, active, offered, retired, cancelled } = credits.totals(project.id, vintage)
        return {
          ...{ vintage, verified: String(verified), issued: String(issued), active: String(active) },
          ...{ offered: String(offered), retired: String(retired), cancelled: String(cancelled) },
          runs: credits.runs(project.id, vintage).map(({ start, end, ...run }) => ({
            ...{ start: String(start), end: String(end), quantity: String(end - start + 1n), ...run },
          })),
        }
      }),
    })),
  )
