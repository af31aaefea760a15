import type { Clock } from '../../kernel/index.ts'
import type { Records, StoredRecord } from '../../store/index.ts'
import { everyRecord } from './cached-records.ts'
import { accountErrors } from './errors.ts'
import { checkPassword } from './password-rules.ts'
import type { HashedPassword, Passwords } from './passwords.ts'
import type { Grant } from './roles.ts'
import { newSecret } from './secrets.ts'
import type { Totp } from './totp.ts'

/** Who signs in. The name is the id: lower case, never given to somebody else's sessions, which carry `epoch`. */
export interface User {
  readonly name: string
  readonly grants: readonly Grant[]
  readonly disabled: boolean
  readonly createdMs: number
  /** Changes when sessions and tokens of before must end. */
  readonly epoch: string
  /** Absent for who signs in through an identity provider only. */
  readonly password?: HashedPassword
  /** Set while the password is one that the server made: until when it opens the door to a password of one's own. */
  readonly initialUntilMs?: number
  readonly totp?: Totp
  /** `<issuer> <subject>` of the identity provider. */
  readonly subject?: string
}

/** Users may be called so. */
export const userNamePattern = '^[a-z0-9][a-z0-9._@+-]{0,63}$'

/** A password that the server made opens the door this long. */
export const initialPasswordMs = 72 * 3_600_000

export interface NewPassword {
  readonly user: User
  /** Shown once, kept nowhere. */
  readonly password: string
}

export interface Users {
  all(): Promise<readonly User[]>
  find(name: string): Promise<User | undefined>
  /** @throws `accounts.unknown-user` */
  get(name: string): Promise<User>
  /** With a password that the server makes. @throws `accounts.name-taken` */
  create(name: string, grants: readonly Grant[]): Promise<NewPassword>
  /** Somebody whom an identity provider knows. @throws `accounts.name-taken` */
  createOf(subject: string, name: string, grants: readonly Grant[]): Promise<User>
  /** Changes the user as it is now; tried again when somebody else was faster. Undefined from `change` leaves it. */
  change(name: string, change: (user: User) => User | undefined): Promise<User>
  /** A new password that the server makes; sessions and tokens of before end. */
  reset(name: string): Promise<NewPassword>
  /** A password of one's own. @throws `accounts.bad-password` */
  setPassword(name: string, password: string): Promise<User>
  remove(name: string): Promise<void>
}

const kind = 'user'

export function createUsers(records: Records, passwords: Passwords, clock: Clock): Users {
  const find = async (name: string): Promise<StoredRecord<User> | undefined> =>
    new RegExp(userNamePattern).test(name) ? records.get<User>(kind, name) : undefined
  const get = async (name: string): Promise<StoredRecord<User>> => {
    const found = await find(name)
    if (!found) throw accountErrors.unknownUser({ detail: 'There is no user of that name', found: name })
    return found
  }
  const initial = async () => {
    const password = newSecret()
    const fields = {
      password: await passwords.hash(password),
      initialUntilMs: clock.now() + initialPasswordMs,
      epoch: newSecret(),
    }
    return { password, fields }
  }
  const create = async (user: User): Promise<User> => {
    if (!new RegExp(userNamePattern).test(user.name)) {
      throw accountErrors.badGrant({
        detail: 'This is no name for a user',
        found: user.name,
        expected: 'small letters, figures and . _ @ + -, at most 64',
      })
    }
    if (await find(user.name)) {
      throw accountErrors.nameTaken({ detail: 'There is a user of this name', found: user.name })
    }
    return (await records.put(kind, user.name, user, 0)).content
  }
  const users: Users = {
    all: async () => (await everyRecord<User>(records, kind)).map(({ content }) => content),
    find: async (name) => (await find(name))?.content,
    get: async (name) => (await get(name)).content,
    async create(name, grants) {
      const { password, fields } = await initial()
      return { user: await create({ name, grants, disabled: false, createdMs: clock.now(), ...fields }), password }
    },
    createOf: (subject, name, grants) =>
      create({ name, grants, disabled: false, createdMs: clock.now(), epoch: newSecret(), subject }),
    async change(name, change) {
      for (let tries = 0; ; tries += 1) {
        const { content, version } = await get(name)
        const next = change(content)
        if (!next) return content
        try {
          return (await records.put(kind, name, next, version)).content
        } catch (error) {
          if ((error as { code?: unknown }).code !== 'store.conflict' || tries >= 4) throw error
        }
      }
    },
    async reset(name) {
      const { password, fields } = await initial()
      return { user: await users.change(name, (user) => ({ ...user, ...fields })), password }
    },
    async setPassword(name, password) {
      checkPassword(password, [name, 'mangrove'])
      const hashed = await passwords.hash(password)
      return users.change(name, ({ initialUntilMs: _, ...user }) => ({
        ...user,
        password: hashed,
      }))
    },
    async remove(name) {
      await get(name)
      await records.remove(kind, name)
    },
  }
  return users
}
