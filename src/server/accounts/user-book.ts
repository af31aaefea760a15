import type { AccountParts } from './account-parts.ts'
import { accountErrors } from './errors.ts'
import type { Grant } from './roles.ts'
import type { NewPassword, User } from './users.ts'

/** What administrators do with users, so that nothing of a user stays behind and somebody can always administer. */
export interface UserBook {
  /** @throws `accounts.name-taken`, `accounts.bad-grant` */
  add(name: string, grants: readonly Grant[]): Promise<NewPassword>
  /** @throws `accounts.bad-grant`, `accounts.last-admin` */
  setGrants(name: string, grants: (user: User) => readonly Grant[]): Promise<User>
  /** Sessions and tokens end. @throws `accounts.last-admin` */
  disable(name: string): Promise<User>
  enable(name: string): Promise<User>
  /** A new password of the server's; sessions and tokens end. */
  reset(name: string, secondFactor: boolean): Promise<NewPassword>
  /** @throws `accounts.last-admin` */
  remove(name: string): Promise<void>
}

type Parts = Pick<AccountParts, 'users' | 'organisations' | 'sessions' | 'tokens'>

export function createUserBook({ users, organisations, sessions, tokens }: Parts): UserBook {
  const checkGrants = async (grants: readonly Grant[]): Promise<void> => {
    const known = await organisations.all()
    for (const { organisation: id, sites } of grants) {
      if (id === '*') {
        if (sites === '*') continue
        throw accountErrors.badGrant({
          detail: 'A grant for the platform is for all of its sites',
          place: { path: 'grants.sites' },
          expected: '*',
        })
      }
      const organisation = known.find((candidate) => candidate.id === id)
      const foreign = sites === '*' ? undefined : sites.find((site) => !organisation?.sites.includes(site))
      if (organisation && foreign === undefined) continue
      throw accountErrors.badGrant({
        detail: organisation ? 'The organisation owns no such site' : 'There is no organisation of that id',
        place: { path: organisation ? 'grants.sites' : 'grants.organisation' },
        found: organisation ? foreign : id,
        expected: (organisation?.sites ?? known.map((one) => one.id)).join(', ') || 'none is there yet',
      })
    }
  }
  /** Somebody else who is not shut out must be able to administer the platform. */
  const keepAdmin = async (name: string): Promise<void> => {
    const others = (await users.all()).filter((user) => user.name !== name && !user.disabled && administersAll(user))
    const user = await users.get(name)
    if (others.length > 0 || !administersAll(user) || user.disabled) return
    throw accountErrors.lastAdmin({ detail: 'Nobody else administers the platform', found: name })
  }
  const endAll = async (name: string): Promise<void> => {
    await sessions.endAll(name)
    await tokens.removeAll(name)
  }
  return {
    async add(name, grants) {
      await checkGrants(grants)
      return users.create(name, grants)
    },
    async setGrants(name, grants) {
      const next = grants(await users.get(name))
      await checkGrants(next)
      if (!administersAll({ grants: next })) await keepAdmin(name)
      return users.change(name, (user) => ({ ...user, grants: grants(user) }))
    },
    async disable(name) {
      await keepAdmin(name)
      const user = await users.change(name, (now) => ({ ...now, disabled: true }))
      await endAll(name)
      return user
    },
    enable: (name) => users.change(name, (user) => ({ ...user, disabled: false })),
    async reset(name, secondFactor) {
      const made = await users.reset(name)
      await endAll(name)
      if (!secondFactor) return made
      return { ...made, user: await users.change(name, ({ totp: _, ...user }) => user) }
    },
    async remove(name) {
      await keepAdmin(name)
      await users.remove(name)
      await endAll(name)
    },
  }
}

/** Whether a user administers the whole platform. */
export const administersAll = ({ grants }: Pick<User, 'grants'>): boolean =>
  grants.some(({ organisation, role, sites }) => organisation === '*' && role === 'admin' && sites === '*')
