import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import { MangroveError } from '../../../kernel/index.ts'
import type { Accounts } from '../../accounts/accounts.ts'
import { readCookie } from '../../accounts/cookies.ts'
import { accountErrors } from '../../accounts/errors.ts'
import { callbackPath, type Provider } from '../../accounts/provider.ts'
import { tooMany } from '../../accounts/too-many.ts'
import { defineRoute, type Route } from '../../route.ts'
import { setCookie } from './session-cookie.ts'

/** Ties the way back to the browser that went. Lax: the way back begins at a page of the provider. */
const bindingCookie = (secure: boolean): string => (secure ? '__Host-mangrove-flow' : 'mangrove-flow')

export function providerRoutes(accounts: Accounts): readonly Route[] {
  const tag = 'Session'
  const bind = (reply: FastifyReply, value: string, seconds: number): void => {
    const { secure } = accounts
    const attributes = `Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
    reply.header('set-cookie', `${bindingCookie(secure)}=${value}; ${attributes}`)
  }
  const provider = (): Provider => {
    if (accounts.provider) return accounts.provider
    throw accountErrors.providerRefused({ detail: 'No identity provider is set up on this server' })
  }
  return [
    defineRoute({
      method: 'GET',
      url: '/api/v1/session/provider',
      operationId: 'startProviderSignIn',
      access: 'public',
      tag,
      summary: 'Sends the browser to the identity provider (OpenID Connect, authorisation code with PKCE)',
      responses: { 302: { description: 'To the provider' } },
      problems: [401, 429, 503],
      async handle({ reply, caller }) {
        const waitMs = accounts.limits.signIns.take(caller.from)
        if (waitMs > 0) throw tooMany('Too many sign-ins from this address', waitMs)
        const { url, binding } = await provider().start()
        bind(reply, binding, 600)
        return reply.header('cache-control', 'no-store').redirect(url)
      },
    }),
    defineRoute({
      method: 'GET',
      url: callbackPath,
      operationId: 'finishProviderSignIn',
      access: 'public',
      tag,
      summary: 'Where the identity provider sends the browser back to',
      query: Type.Object({
        code: Type.Optional(Type.String({ maxLength: 4096 })),
        state: Type.Optional(Type.String({ maxLength: 200 })),
        iss: Type.Optional(Type.String({ maxLength: 500 })),
        error: Type.Optional(Type.String({ maxLength: 200 })),
        error_description: Type.Optional(Type.String({ maxLength: 1000 })),
        session_state: Type.Optional(Type.String({ maxLength: 500 })),
        scope: Type.Optional(Type.String({ maxLength: 1000 })),
      }),
      responses: { 302: { description: 'To the console; to its sign-in page where the sign-in was refused' } },
      problems: [429],
      async handle({ request, reply, query, caller }) {
        reply.header('cache-control', 'no-store')
        try {
          const binding = readCookie(request.headers.cookie, bindingCookie(accounts.secure))
          const given = Object.entries(query).filter(([, value]) => typeof value === 'string')
          const user = await provider().finish(new URLSearchParams(given as [string, string][]), binding)
          const { secret } = await accounts.begin(user, 'provider', caller.from)
          bind(reply, '', 0)
          setCookie(reply, accounts, secret)
          return reply.redirect('/')
        } catch (error) {
          if (!(error instanceof MangroveError)) throw error
          await accounts.audit.note({
            ...{ who: { kind: 'nobody', id: '' }, what: 'sign-in by provider', from: caller.from },
            ...{ outcome: 'refused', why: error.code },
          })
          return reply.redirect(`/sign-in#problem=${error.code}`)
        }
      },
    }),
  ]
}
