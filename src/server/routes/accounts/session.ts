import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { Accounts } from '../../accounts/accounts.ts'
import { accountErrors } from '../../accounts/errors.ts'
import type { SignedIn } from '../../accounts/sign-in.ts'
import { isLoopback } from '../../loopback.ts'
import { defineRoute, type Route } from '../../route.ts'
import { GivenPassword, RemovedSchema } from './account-schemas.ts'
import { clearCookie, setCookie } from './session-cookie.ts'

const cookieHeader = 'The answer sets a cookie: HttpOnly, SameSite=Strict, and Secure where browsers come over TLS.'

const SignedInSchema = Type.Object({
  user: Type.String(),
  mustChangePassword: Type.Boolean({
    description: 'Nothing else is allowed until `POST /api/v1/me/password` has given a password of one’s own',
  }),
})

export function sessionRoutes(accounts: Accounts): readonly Route[] {
  const tag = 'Session'
  /** Whoever signs in leaves the session of before: its id is worth nothing afterwards. */
  const leaveOld = async ({ headers: { cookie } }: FastifyRequest): Promise<void> => {
    const old = await accounts.identify({ cookie })
    if (old?.session !== undefined) await accounts.sessions.end(old.session)
  }
  const answer = ({ user }: SignedIn, byPassword: boolean) => ({
    user: user.name,
    mustChangePassword: byPassword && user.initialUntilMs !== undefined,
  })
  return [
    defineRoute({
      method: 'GET',
      url: '/api/v1/session/ways',
      operationId: 'listSignInWays',
      access: 'public',
      tag,
      summary: 'Ways to sign in here',
      responses: {
        200: {
          description: 'Ways',
          schema: Type.Object({
            password: Type.Boolean(),
            provider: Type.Union([Type.String({ description: 'What the button says' }), Type.Null()]),
          }),
        },
      },
      handle: () => ({ password: true, provider: accounts.provider?.title ?? null }),
    }),
    defineRoute({
      method: 'POST',
      url: '/api/v1/session',
      operationId: 'signIn',
      access: 'public',
      tag,
      summary: 'Signs in by name and password, and a code where a second factor is set up',
      description: cookieHeader,
      body: Type.Object(
        {
          name: Type.String({ minLength: 1, maxLength: 64 }),
          password: GivenPassword,
          code: Type.Optional(
            Type.String({ minLength: 6, maxLength: 64, description: 'Of the authenticator, or a recovery code' }),
          ),
        },
        { additionalProperties: false },
      ),
      responses: { 200: { description: 'A session has begun', schema: SignedInSchema } },
      problems: [401, 422, 429],
      async handle({ body: { name, password, code }, request, reply, caller }) {
        const signedIn = await accounts.signIn({ name: name.toLowerCase(), password, code }, caller.from)
        await leaveOld(request)
        setCookie(reply, accounts, signedIn.secret)
        return answer(signedIn, true)
      },
    }),
    defineRoute({
      method: 'POST',
      url: '/api/v1/session/link',
      operationId: 'signInByLink',
      access: 'public',
      tag,
      summary: 'Signs in by the key that the server printed when it started; once, from the same machine',
      description: cookieHeader,
      body: Type.Object({ key: Type.String({ minLength: 1, maxLength: 100 }) }, { additionalProperties: false }),
      responses: { 200: { description: 'A session has begun', schema: SignedInSchema } },
      problems: [401, 422, 429],
      async handle({ body: { key }, request, reply, caller }) {
        if (!isLoopback(caller.from)) {
          throw accountErrors.linkRefused({
            detail: 'The link opens on the machine of the server only',
            found: caller.from,
          })
        }
        const signedIn = await accounts.signInByLink(key, caller.from)
        await leaveOld(request)
        setCookie(reply, accounts, signedIn.secret)
        return answer(signedIn, false)
      },
    }),
    defineRoute({
      method: 'DELETE',
      url: '/api/v1/session',
      operationId: 'signOut',
      access: 'signed-in',
      initial: true,
      tag,
      summary: 'Ends this session',
      responses: { 200: { description: 'It has ended', schema: RemovedSchema } },
      problems: [401],
      async handle({ caller: { principal }, reply }) {
        const removed = principal.session !== undefined && (await accounts.sessions.end(principal.session))
        clearCookie(reply, accounts)
        return { removed }
      },
    }),
  ]
}
