import type { AccountParts } from './account-parts.ts'
import { readCookie, sessionCookieName } from './cookies.ts'
import { accountErrors } from './errors.ts'
import { accessOf, narrow, type Principal } from './principal.ts'
import { readCredential } from './secrets.ts'
import type { User } from './users.ts'

/** What a request brings to say who asks. */
export interface Credentials {
  readonly authorization?: string | undefined
  readonly cookie?: string | undefined
}

export interface Identification {
  /**
   * Who asks; undefined without a credential, or with a session that has ended.
   *
   * @throws `accounts.credential-refused` for a bearer that is malformed, unknown, expired or forged: no word tells which
   */
  identify(credentials: Credentials): Promise<Principal | undefined>
}

type Parts = Pick<AccountParts, 'users' | 'sessions' | 'tokens' | 'devices' | 'secure'>

export function createIdentification({ users, sessions, tokens, devices, secure }: Parts): Identification {
  const bearer = async (authorization: string): Promise<Principal | undefined> => {
    const credential = readCredential(/^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '')
    if (!credential) return undefined
    if (credential.kind === 'device') {
      const device = await devices.find(credential.id, credential.secret)
      if (!device) return undefined
      const { id, organisation, site, points } = device
      const access = { organisation, sites: [site], permissions: ['ingest'] as const, ...(points ? { points } : {}) }
      return { kind: 'device', id, access: [access] }
    }
    const token = await tokens.find(credential.id, credential.secret)
    const user = token && (await users.find(token.user))
    if (!user || !isActive(user, token.epoch)) return undefined
    return { kind: 'token', id: token.id, user: user.name, access: narrow(accessOf(user.grants), token.scope) }
  }
  return {
    async identify({ authorization, cookie }) {
      if (authorization !== undefined) {
        const found = await bearer(authorization)
        if (found) return found
        throw accountErrors.credentialRefused({
          detail: 'The credential is malformed, unknown or expired',
          expected: 'Authorization: Bearer mgv_…',
        })
      }
      const secret = readCookie(cookie, sessionCookieName(secure))
      const session = secret === undefined ? undefined : await sessions.find(secret)
      const user = session && (await users.find(session.user))
      if (!user || !isActive(user, session.epoch)) return undefined
      const mustChangePassword = user.initialUntilMs !== undefined && session.by.startsWith('password')
      return {
        ...{ kind: 'user', id: user.name, user: user.name, session: session.id },
        ...(mustChangePassword ? { mustChangePassword } : {}),
        access: mustChangePassword ? [] : accessOf(user.grants),
      }
    },
  }
}

const isActive = (user: User, epoch: string): boolean => !user.disabled && user.epoch === epoch
