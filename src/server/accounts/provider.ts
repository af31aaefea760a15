import * as oidc from 'openid-client'
import type { AccountParts } from './account-parts.ts'
import { accountErrors } from './errors.ts'
import type { ClaimGrant, ProviderSettings } from './provider-settings.ts'
import type { Grant } from './roles.ts'
import { hashSecret, newSecret } from './secrets.ts'
import { type User, userNamePattern } from './users.ts'

/** Where the provider sends browsers back to. */
export const callbackPath = '/api/v1/session/provider/callback'

export interface Provider {
  readonly title: string
  /** Where to send the browser, and what it has to bring back in a cookie. */
  start(): Promise<{ readonly url: string; readonly binding: string }>
  /**
   * The user whom the provider vouches for; made at the first time, grants as the claims say every time.
   *
   * @throws `accounts.provider-refused`
   */
  finish(search: URLSearchParams, binding: string | undefined): Promise<User>
}

/** A sign-in under way, under the hash of its state. */
interface Flow {
  readonly verifier: string
  readonly nonce: string
  /** Hash of what the cookie of the same browser holds. */
  readonly binding: string
  readonly untilMs: number
}

const kind = 'sign-in-flow'
const validMs = 600_000

const refused = (detail: string, cause?: unknown) =>
  accountErrors.providerRefused({ detail }, cause === undefined ? {} : { cause })

/** Authorisation code flow with PKCE, state and nonce (OpenID Connect Core 1.0, 3.1; RFC 7636; RFC 9700). */
export function createProvider(
  settings: ProviderSettings,
  { records, users, clock, publicUrl }: AccountParts,
): Provider {
  let known: Promise<oidc.Configuration> | undefined
  const redirectUri = new URL(callbackPath, settings.callbackUrl ?? publicUrl ?? 'http://127.0.0.1:7420').href
  const configuration = (): Promise<oidc.Configuration> => {
    known ??= discover(settings).catch((error: unknown) => {
      known = undefined
      throw accountErrors.providerDown({ detail: 'The identity provider cannot be reached' }, { cause: error })
    })
    return known
  }
  const forgetOld = async (): Promise<void> => {
    for (const { key, content } of await records.list<Flow>(kind)) {
      if (content.untilMs <= clock.now()) await records.remove(kind, key)
    }
  }
  return {
    title: settings.title,
    async start() {
      const server = await configuration()
      await forgetOld()
      const [state, binding, verifier, nonce] = [
        newSecret(),
        newSecret(),
        oidc.randomPKCECodeVerifier(),
        oidc.randomNonce(),
      ]
      const flow: Flow = { verifier, nonce, binding: hashSecret(binding), untilMs: clock.now() + validMs }
      await records.put(kind, hashSecret(state), flow, 0)
      const url = oidc.buildAuthorizationUrl(server, {
        redirect_uri: redirectUri,
        scope: settings.scope ?? 'openid profile email',
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...{ state, nonce },
      })
      return { url: url.href, binding }
    },
    async finish(search, binding) {
      const state = search.get('state') ?? ''
      const key = hashSecret(state)
      const flow = (await records.get<Flow>(kind, key))?.content
      // Once only: of two that come back with the same state, one finds it.
      const first = flow !== undefined && (await records.remove(kind, key))
      if (!flow || !first || flow.untilMs <= clock.now() || flow.binding !== hashSecret(binding ?? '')) {
        throw refused('The sign-in was not begun in this browser, or took longer than ten minutes')
      }
      const claims = await redeem(await configuration(), new URL(`${redirectUri}?${search}`), flow, state)
      const grants = grantsOf(claims, settings.grants)
      if (grants.length === 0) throw refused('The identity provider knows you, but nothing here was granted to you')
      return admit(`${claims.iss} ${claims.sub}`, nameOf(claims, settings.nameClaim), grants)
    },
  }

  /** People are known by issuer and subject, never by a name that somebody may choose. */
  async function admit(subject: string, wanted: string, grants: readonly Grant[]): Promise<User> {
    const own = (await users.all()).find((user) => user.subject === subject)
    if (own?.disabled) throw refused('The account is closed')
    if (own) return users.change(own.name, (user) => ({ ...user, grants }))
    const taken = await users.find(wanted)
    const name = taken ? `${wanted.slice(0, 50)}.${hashSecret(subject).slice(0, 8)}` : wanted
    return users.createOf(subject, name, grants)
  }
}

async function discover(settings: ProviderSettings): Promise<oidc.Configuration> {
  const issuer = new URL(settings.issuer)
  const loopback = issuer.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(issuer.hostname)
  return oidc.discovery(issuer, settings.clientId, settings.clientSecret, undefined, {
    timeout: 10,
    ...(loopback ? { execute: [oidc.allowInsecureRequests] } : {}),
  })
}

async function redeem(
  server: oidc.Configuration,
  url: URL,
  { verifier, nonce }: Flow,
  state: string,
): Promise<oidc.IDToken> {
  try {
    const tokens = await oidc.authorizationCodeGrant(server, url, {
      pkceCodeVerifier: verifier,
      expectedNonce: nonce,
      expectedState: state,
      idTokenExpected: true,
    })
    const claims = tokens.claims()
    // Providers tell some claims at their userinfo endpoint only; `sub` has to be that of the ID token.
    const more =
      claims && server.serverMetadata().userinfo_endpoint !== undefined
        ? await oidc.fetchUserInfo(server, tokens.access_token, claims.sub)
        : {}
    if (claims) return { ...more, ...claims }
  } catch (error) {
    throw refused('The answer of the identity provider does not hold', error)
  }
  throw refused('The identity provider gave no ID token')
}

/** Grants whose claims are there. */
export const grantsOf = (claims: Readonly<Record<string, unknown>>, rules: readonly ClaimGrant[]): readonly Grant[] =>
  rules.filter(({ claim, value }) => [claims[claim]].flat().includes(value)).map(({ grant }) => grant)

/** A user name of what the provider calls somebody. */
export function nameOf(claims: Readonly<Record<string, unknown>>, nameClaim?: string): string {
  const wanted = [nameClaim, 'preferred_username', 'email', 'sub'].map((claim) => claim && claims[claim])
  const text = wanted.find((value) => typeof value === 'string' && value.trim() !== '')
  const name = String(text ?? '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._@+-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64)
  return new RegExp(userNamePattern).test(name) ? name : `user-${hashSecret(JSON.stringify(claims)).slice(0, 12)}`
}
