import Type from 'typebox'
import type { Accounts } from '../../accounts/accounts.ts'
import { accountErrors } from '../../accounts/errors.ts'
import type { Caller } from '../../caller.ts'
import { defineRoute, type Route } from '../../route.ts'
import { GivenPassword, MeSchema, RemovedSchema } from './account-schemas.ts'
import { clearCookie, setCookie } from './session-cookie.ts'

const SessionSchema = Type.Object({
  id: Type.String(),
  by: Type.String({ description: 'password, password and code, link, provider' }),
  from: Type.String({ description: 'Address it began from' }),
  createdMs: Type.Number(),
  seenMs: Type.Number(),
  current: Type.Boolean(),
})

/** The user of a request that only people may make. */
const nameOf = ({ principal }: Caller): string => principal.user ?? ''

export function meRoutes(accounts: Accounts): readonly Route[] {
  const { users, sessions } = accounts
  const tag = 'Session'
  return [
    defineRoute({
      method: 'GET',
      url: '/api/v1/me',
      operationId: 'getMe',
      access: 'identified',
      tag,
      summary: 'Who asks, and what they may do',
      responses: { 200: { description: 'Who asks', schema: MeSchema } },
      problems: [401],
      async handle({ caller: { principal } }) {
        const user = principal.user === undefined ? undefined : await users.find(principal.user)
        return {
          kind: principal.kind,
          id: principal.id,
          user: principal.user ?? null,
          mustChangePassword: principal.mustChangePassword ?? false,
          secondFactor: user?.totp?.confirmed ?? false,
          access: principal.access.map(({ organisation, sites, permissions }) => ({
            organisation,
            sites,
            permissions,
          })),
        }
      },
    }),
    defineRoute({
      method: 'GET',
      url: '/api/v1/me/sessions',
      operationId: 'listMySessions',
      access: 'signed-in',
      tag,
      summary: 'Sessions of one’s own that have not ended',
      responses: { 200: { description: 'Sessions', schema: Type.Object({ sessions: Type.Array(SessionSchema) }) } },
      problems: [401, 403],
      async handle({ caller }) {
        const own = await sessions.of(await users.get(nameOf(caller)))
        return {
          sessions: own.map(({ id, by, from, createdMs, seenMs }) => ({
            ...{ id, by, from, createdMs, seenMs },
            current: id === caller.principal.session,
          })),
        }
      },
    }),
    defineRoute({
      method: 'DELETE',
      url: '/api/v1/me/sessions',
      operationId: 'signOutEverywhere',
      access: 'signed-in',
      initial: true,
      tag,
      summary: 'Ends every session of one’s own, this one too',
      responses: { 200: { description: 'How many ended', schema: Type.Object({ ended: Type.Integer() }) } },
      problems: [401, 403],
      async handle({ caller, reply }) {
        const ended = await sessions.endAll(nameOf(caller))
        clearCookie(reply, accounts)
        return { ended }
      },
    }),
    defineRoute({
      method: 'DELETE',
      url: '/api/v1/me/sessions/:session',
      operationId: 'endMySession',
      access: 'signed-in',
      tag,
      summary: 'Ends one session of one’s own',
      params: Type.Object({ session: Type.String() }),
      responses: { 200: { description: 'It has ended', schema: RemovedSchema } },
      problems: [401, 403, 404],
      async handle({ params: { session }, caller }) {
        const own = await sessions.of(await users.get(nameOf(caller)))
        if (!own.some(({ id }) => id === session)) {
          throw accountErrors.unknownSession({ detail: 'You have no session of that id' })
        }
        return { removed: await sessions.end(session) }
      },
    }),
    defineRoute({
      method: 'POST',
      url: '/api/v1/me/password',
      operationId: 'changePassword',
      access: 'signed-in',
      initial: true,
      tag,
      summary: 'Changes the password; every other session ends, and this one begins anew',
      body: Type.Object({ current: GivenPassword, next: GivenPassword }, { additionalProperties: false }),
      responses: { 200: { description: 'It is changed', schema: Type.Object({ user: Type.String() }) } },
      problems: [401, 403, 422, 429],
      async handle({ body: { current, next }, caller, reply }) {
        const user = await accounts.confirm(nameOf(caller), current, caller.from)
        if (next === current) throw accountErrors.badPassword({ detail: 'The new password is the old one' })
        const { secret } = await accounts.changePassword(user, next, caller.from)
        setCookie(reply, accounts, secret)
        return { user: user.name }
      },
    }),
    ...totpRoutes(accounts, tag),
  ]
}

const totpRoutes = (accounts: Accounts, tag: string): readonly Route[] => [
  defineRoute({
    method: 'POST',
    url: '/api/v1/me/totp',
    operationId: 'enrolTotp',
    access: 'signed-in',
    tag,
    summary: 'Begins to set up codes of an authenticator (RFC 6238); they count once one is confirmed',
    body: Type.Object({ password: GivenPassword }, { additionalProperties: false }),
    responses: {
      200: {
        description: 'What the authenticator has to know; shown once',
        schema: Type.Object({ secret: Type.String(), uri: Type.String({ description: 'otpauth://… for a QR code' }) }),
      },
    },
    problems: [401, 403, 422, 429],
    async handle({ body: { password }, caller }) {
      await accounts.confirm(nameOf(caller), password, caller.from)
      return accounts.enrolTotp(nameOf(caller))
    },
  }),
  defineRoute({
    method: 'POST',
    url: '/api/v1/me/totp/confirm',
    operationId: 'confirmTotp',
    access: 'signed-in',
    tag,
    summary: 'Confirms the authenticator by its first code; other sessions end',
    body: Type.Object({ code: Type.String({ minLength: 6, maxLength: 10 }) }, { additionalProperties: false }),
    responses: {
      200: {
        description: 'Codes for the day when the authenticator is lost, each good once; shown once',
        schema: Type.Object({ recoveryCodes: Type.Array(Type.String()) }),
      },
    },
    problems: [401, 403, 422],
    async handle({ body: { code }, caller }) {
      const recoveryCodes = await accounts.confirmTotp(nameOf(caller), code)
      await accounts.sessions.endAll(nameOf(caller), caller.principal.session)
      return { recoveryCodes }
    },
  }),
  defineRoute({
    method: 'POST',
    url: '/api/v1/me/totp/remove',
    operationId: 'removeTotp',
    access: 'signed-in',
    tag,
    summary: 'Asks for no codes any more; other sessions end',
    body: Type.Object({ password: GivenPassword }, { additionalProperties: false }),
    responses: { 200: { description: 'It is removed', schema: RemovedSchema } },
    problems: [401, 403, 422, 429],
    async handle({ body: { password }, caller }) {
      await accounts.confirm(nameOf(caller), password, caller.from)
      await accounts.removeTotp(nameOf(caller))
      await accounts.sessions.endAll(nameOf(caller), caller.principal.session)
      return { removed: true }
    },
  }),
]
