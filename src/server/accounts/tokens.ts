import type { Clock } from '../../kernel/index.ts'
import type { Records } from '../../store/index.ts'
import { everyRecord } from './cached-records.ts'
import { accountErrors } from './errors.ts'
import type { Grant, Permission } from './roles.ts'
import { credentialText, hashSecret, newCredentialId, newSecret, sameText } from './secrets.ts'
import type { User } from './users.ts'

/** What a token may do at most; never more than its user may. */
export interface TokenScope {
  readonly permissions: readonly Permission[]
  /** `*` = wherever the user may. */
  readonly organisation: string
  readonly sites: Grant['sites']
}

/** A token at rest. */
export interface Token {
  readonly id: string
  readonly title: string
  readonly user: string
  readonly epoch: string
  readonly scope: TokenScope
  readonly createdMs: number
  readonly expiresMs: number
  /** SHA-256 of its secret. */
  readonly hash: string
}

export interface Tokens {
  /** @returns the token and its text, which is shown once and kept nowhere */
  create(user: User, request: Pick<Token, 'title' | 'scope' | 'expiresMs'>): Promise<{ token: Token; text: string }>
  /** The token of an id and secret, unless it has expired. */
  find(id: string, secret: string): Promise<Token | undefined>
  /** Those of a user, expired ones too. */
  of(user: string): Promise<readonly Token[]>
  /** @throws `accounts.unknown-token` */
  remove(user: string, id: string): Promise<void>
  removeAll(user: string): Promise<void>
}

const kind = 'token'
export const longestTokenMs = 366 * 86_400_000

export function createTokens(records: Records, clock: Clock): Tokens {
  const of = async (user: string): Promise<readonly Token[]> =>
    (await everyRecord<Token>(records, kind)).map(({ content }) => content).filter((token) => token.user === user)
  return {
    of,
    async create(user, { title, scope, expiresMs }) {
      const now = clock.now()
      if (!(expiresMs > now && expiresMs <= now + longestTokenMs)) {
        throw accountErrors.badScope({
          detail: 'The token has to expire, within a year',
          place: { path: 'expiresMs' },
          found: expiresMs,
          expected: `between ${now} and ${now + longestTokenMs}`,
        })
      }
      const id = newCredentialId()
      const secret = newSecret()
      const token: Token = {
        ...{ id, title, scope, expiresMs, user: user.name, epoch: user.epoch, createdMs: now },
        hash: hashSecret(secret),
      }
      await records.put(kind, id, token, 0)
      return { token, text: credentialText('token', id, secret) }
    },
    async find(id, secret) {
      const found = (await records.get<Token>(kind, id))?.content
      if (!found || !sameText(found.hash, hashSecret(secret)) || clock.now() >= found.expiresMs) return undefined
      return found
    },
    async remove(user, id) {
      const found = /^[0-9a-f]{18}$/.test(id) ? await records.get<Token>(kind, id) : undefined
      if (found?.content.user !== user) {
        throw accountErrors.unknownToken({ detail: 'You have no token of that id', found: id })
      }
      await records.remove(kind, id)
    },
    async removeAll(user) {
      for (const { id } of await of(user)) await records.remove(kind, id)
    },
  }
}
