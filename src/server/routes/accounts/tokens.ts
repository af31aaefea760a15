import Type from 'typebox'
import type { Accounts } from '../../accounts/accounts.ts'
import { accountErrors } from '../../accounts/errors.ts'
import { narrow } from '../../accounts/principal.ts'
import type { Token } from '../../accounts/tokens.ts'
import { defineRoute, type Route } from '../../route.ts'
import { PermissionsSchema, RemovedSchema, SitesSchema, Title } from './account-schemas.ts'

const TokenSchema = Type.Object({
  id: Type.String(),
  title: Type.String(),
  permissions: Type.Array(Type.String()),
  organisation: Type.String(),
  sites: SitesSchema,
  createdMs: Type.Number(),
  expiresMs: Type.Number(),
})

const shown = ({ id, title, scope, createdMs, expiresMs }: Token) => ({ id, title, ...scope, createdMs, expiresMs })

export function tokenRoutes({ tokens, users, clock }: Accounts): readonly Route[] {
  const tag = 'Tokens'
  return [
    defineRoute({
      method: 'GET',
      url: '/api/v1/tokens',
      operationId: 'listTokens',
      access: 'signed-in',
      tag,
      summary: 'API tokens of one’s own',
      responses: { 200: { description: 'Tokens', schema: Type.Object({ tokens: Type.Array(TokenSchema) }) } },
      problems: [401, 403],
      handle: async ({ caller: { principal } }) => ({ tokens: (await tokens.of(principal.user ?? '')).map(shown) }),
    }),
    defineRoute({
      method: 'POST',
      url: '/api/v1/tokens',
      operationId: 'createToken',
      access: 'signed-in',
      tag,
      summary: 'Makes an API token that may do part of what one may oneself, for a time',
      body: Type.Object(
        {
          title: Title,
          permissions: PermissionsSchema,
          organisation: Type.String({ default: '*', maxLength: 64, description: '`*` = wherever one may oneself' }),
          sites: Type.Optional(SitesSchema),
          days: Type.Integer({ minimum: 1, maximum: 366, default: 90, description: 'Expires after' }),
        },
        { additionalProperties: false },
      ),
      responses: {
        200: {
          description: 'The token',
          schema: Type.Object({ token: TokenSchema, text: Type.String({ description: 'Shown once: `mgv_t_…`' }) }),
        },
      },
      problems: [401, 403, 422],
      async handle({ body, caller }) {
        const { principal } = caller
        const scope = {
          permissions: [...new Set(body.permissions)],
          organisation: body.organisation,
          sites: body.sites ?? ('*' as const),
        }
        const given = new Set(narrow(principal.access, scope).flatMap(({ permissions }) => permissions))
        const beyond = scope.permissions.filter((permission) => !given.has(permission))
        if (beyond.length > 0) {
          throw accountErrors.badScope({
            detail: 'A token cannot do more than its user',
            place: { path: 'body.permissions' },
            found: beyond.join(', '),
            expected: [...given].join(', ') || 'an organisation and sites where you may do something',
          })
        }
        const user = await users.get(principal.user ?? '')
        const expiresMs = clock.now() + body.days * 86_400_000
        const { token, text } = await tokens.create(user, { title: body.title, scope, expiresMs })
        caller.about(`token ${token.id}`)
        return { token: shown(token), text }
      },
    }),
    defineRoute({
      method: 'DELETE',
      url: '/api/v1/tokens/:token',
      operationId: 'removeToken',
      access: 'signed-in',
      tag,
      summary: 'Revokes a token of one’s own, at once',
      params: Type.Object({ token: Type.String() }),
      responses: { 200: { description: 'It is revoked', schema: RemovedSchema } },
      problems: [401, 403, 404],
      async handle({ params: { token }, caller }) {
        caller.about(`token ${token}`)
        await tokens.remove(caller.principal.user ?? '', token)
        return { removed: true }
      },
    }),
  ]
}
