import Type from 'typebox'
import type { Accounts } from '../../accounts/accounts.ts'
import { defineRoute, type Route } from '../../route.ts'

const LineSchema = Type.Object({
  number: Type.Integer(),
  timestampMs: Type.Number(),
  who: Type.Object({ kind: Type.String(), id: Type.String(), user: Type.Optional(Type.String()) }),
  what: Type.String(),
  on: Type.Optional(Type.String()),
  site: Type.Optional(Type.String()),
  organisation: Type.Optional(Type.String()),
  from: Type.String({ description: 'Address of the client' }),
  outcome: Type.Enum(['done', 'refused', 'failed']),
  why: Type.Optional(Type.String({ description: 'Code of the problem' })),
})

export const auditRoutes = ({ audit }: Accounts): readonly Route[] => [
  defineRoute({
    method: 'GET',
    url: '/api/v1/audit',
    operationId: 'readAudit',
    access: 'administer',
    site: 'handler',
    tag: 'Audit',
    summary: 'Who did what: newest first, of the organisations that the caller administers',
    query: Type.Object({
      before: Type.Optional(Type.Integer({ minimum: 1, description: '`nextBefore` of the page before' })),
      limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }),
    }),
    responses: {
      200: {
        description: 'A page',
        schema: Type.Object({
          entries: Type.Array(LineSchema),
          nextBefore: Type.Union([Type.Integer(), Type.Null()], { description: 'null at the end' }),
        }),
      },
    },
    problems: [401, 403, 422],
    async handle({ query: { before, limit }, caller }) {
      const page = await audit.page({
        ...(before === undefined ? {} : { before }),
        limit,
        shows: ({ organisation }) => caller.administers(organisation ?? '*'),
      })
      return {
        entries: page.entries.map(({ number, writtenMs, content }) => ({ number, timestampMs: writtenMs, ...content })),
        nextBefore: page.nextBefore ?? null,
      }
    },
  }),
]
