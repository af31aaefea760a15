import type { Clock } from '../../kernel/index.ts'
import type { Records } from '../../store/index.ts'
import { everyRecord } from './cached-records.ts'
import { hashSecret, newSecret } from './secrets.ts'
import type { User } from './users.ts'

/** A session at rest, under the hash of its secret. */
export interface Session {
  readonly user: string
  /** That of the user when it began; another one ends it. */
  readonly epoch: string
  readonly createdMs: number
  readonly seenMs: number
  /** Address it began from. */
  readonly from: string
  /** How its user was known. */
  readonly by: 'password' | 'password and code' | 'link' | 'provider'
}

/** A session with the hash that names it. */
export interface NamedSession extends Session {
  readonly id: string
}

export interface SessionLimits {
  /** Ends after this long without a request. */
  readonly idleMs: number
  /** Ends after this long, whatever happens. */
  readonly absoluteMs: number
  /** The oldest ends when a user begins one more. */
  readonly perUser: number
}

/** A shift without a request, and a week. */
export const defaultSessionLimits: SessionLimits = { idleMs: 12 * 3_600_000, absoluteMs: 7 * 86_400_000, perUser: 20 }

export interface Sessions {
  /** @returns the secret of the cookie, which is kept nowhere */
  begin(user: User, by: Session['by'], from: string): Promise<string>
  /** The session of a secret, unless it has ended. */
  find(secret: string): Promise<NamedSession | undefined>
  /** Those of a user that have not ended; newest first. */
  of(user: User): Promise<readonly NamedSession[]>
  end(id: string): Promise<boolean>
  /** @returns how many ended */
  endAll(user: string, except?: string): Promise<number>
}

const kind = 'session'
/** A session is written again for its last request at most once in this time. */
const seenStepMs = 60_000

export function createSessions(records: Records, clock: Clock, limits: SessionLimits = defaultSessionLimits): Sessions {
  const lives = (session: Session): boolean => {
    const now = clock.now()
    return now < session.createdMs + limits.absoluteMs && now < session.seenMs + limits.idleMs
  }
  const all = async (): Promise<readonly NamedSession[]> =>
    (await everyRecord<Session>(records, kind)).map(({ key, content }) => ({ ...content, id: key }))
  const end = (id: string): Promise<boolean> => records.remove(kind, id)
  return {
    end,
    async begin(user, by, from) {
      const secret = newSecret()
      const now = clock.now()
      const known = await all()
      const ended = known.filter((session) => !lives(session))
      const own = known.filter((session) => session.user === user.name && lives(session))
      const tooMany = own.toSorted((a, b) => b.seenMs - a.seenMs).slice(limits.perUser - 1)
      for (const { id } of [...ended, ...tooMany]) await end(id)
      const session: Session = { user: user.name, epoch: user.epoch, createdMs: now, seenMs: now, from, by }
      await records.put(kind, hashSecret(secret), session, 0)
      return secret
    },
    async find(secret) {
      const id = hashSecret(secret)
      const found = await records.get<Session>(kind, id)
      if (!found) return undefined
      if (!lives(found.content)) {
        await end(id)
        return undefined
      }
      const now = clock.now()
      if (now - found.content.seenMs >= seenStepMs) {
        // Two requests at once: one of them writes. A session that ended meanwhile stays ended.
        await records.put(kind, id, { ...found.content, seenMs: now }, found.version).catch(() => undefined)
      }
      return { ...found.content, id }
    },
    async of({ name, epoch }) {
      const own = (await all()).filter((session) => session.user === name && session.epoch === epoch && lives(session))
      return own.toSorted((a, b) => b.seenMs - a.seenMs)
    },
    async endAll(user, except) {
      const own = (await all()).filter((session) => session.user === user && session.id !== except)
      for (const { id } of own) await end(id)
      return own.length
    },
  }
}
