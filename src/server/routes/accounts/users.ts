import Type from 'typebox'
import type { Accounts } from '../../accounts/accounts.ts'
import { accountErrors } from '../../accounts/errors.ts'
import type { Grant } from '../../accounts/roles.ts'
import { createUserBook } from '../../accounts/user-book.ts'
import type { User } from '../../accounts/users.ts'
import { type Caller, forbidden } from '../../caller.ts'
import { defineRoute, type Route } from '../../route.ts'
import { GrantsSchema, RemovedSchema, UserName, UserSchema } from './account-schemas.ts'

const params = Type.Object({ user: Type.String() })
const NewPasswordSchema = Type.Object({
  user: UserSchema,
  password: Type.String({ description: 'Shown once; opens the door to a password of one’s own, for three days' }),
})

/** A user as the caller may know it: grants in organisations that the caller administers. */
const shown = (user: User, caller: Caller) => ({
  name: user.name,
  grants: user.grants.filter(({ organisation }) => caller.administers(organisation)),
  disabled: user.disabled,
  createdMs: user.createdMs,
  secondFactor: user.totp?.confirmed ?? false,
  initialPassword: user.initialUntilMs !== undefined,
  provider: user.subject !== undefined,
})

/** Only what the caller administers may be granted. */
function checkGrants(grants: readonly Grant[], caller: Caller): void {
  if (grants.some(({ organisation }) => !caller.administers(organisation))) throw forbidden('administer')
}

export function userRoutes(accounts: Accounts): readonly Route[] {
  const { users } = accounts
  const book = createUserBook(accounts)
  const tag = 'Users'
  /** A user whom the caller administers at least in part. @throws `accounts.unknown-user` */
  const known = async (name: string, caller: Caller): Promise<User> => {
    const user = await users.find(name)
    const all = caller.administers('*')
    if (user && (all || user.grants.some(({ organisation }) => caller.administers(organisation)))) {
      const [first] = user.grants
      caller.about(`user ${name}`, all ? undefined : first?.organisation)
      return user
    }
    caller.about(`user ${name}`)
    throw accountErrors.unknownUser({ detail: 'There is no user of that name', found: name })
  }
  /** A user who belongs to nobody else, so that no organisation closes the door of another. */
  const whole = async (name: string, caller: Caller): Promise<User> => {
    const user = await known(name, caller)
    if (caller.administers('*') || user.grants.every(({ organisation }) => caller.administers(organisation)))
      return user
    throw accountErrors.forbidden({ detail: 'The user also belongs to organisations that you do not administer' })
  }
  return [
    defineRoute({
      method: 'GET',
      url: '/api/v1/users',
      operationId: 'listUsers',
      access: 'administer',
      site: 'handler',
      tag,
      summary: 'Users of the organisations that the caller administers',
      responses: { 200: { description: 'Users', schema: Type.Object({ users: Type.Array(UserSchema) }) } },
      problems: [401, 403],
      async handle({ caller }) {
        const all = (await users.all()).map((user) => shown(user, caller))
        return { users: caller.administers('*') ? all : all.filter(({ grants }) => grants.length > 0) }
      },
    }),
    defineRoute({
      method: 'POST',
      url: '/api/v1/users',
      operationId: 'createUser',
      access: 'administer',
      site: 'handler',
      tag,
      summary: 'Makes a user with a password that has to be changed at the first sign-in',
      body: Type.Object({ name: UserName, grants: GrantsSchema }, { additionalProperties: false }),
      responses: { 200: { description: 'The user and the password', schema: NewPasswordSchema } },
      problems: [401, 403, 409, 422],
      async handle({ body: { name, grants }, caller }) {
        caller.about(`user ${name}`, grants[0]?.organisation)
        if (grants.length === 0 && !caller.administers('*')) throw forbidden('administer')
        checkGrants(grants, caller)
        const { user, password } = await book.add(name, grants)
        return { user: shown(user, caller), password }
      },
    }),
    defineRoute({
      method: 'POST',
      url: '/api/v1/users/:user/grants',
      operationId: 'setGrants',
      access: 'administer',
      site: 'handler',
      tag,
      summary: 'Replaces the grants of a user in the organisations that the caller administers',
      params,
      body: Type.Object({ grants: GrantsSchema }, { additionalProperties: false }),
      responses: { 200: { description: 'The user', schema: UserSchema } },
      problems: [401, 403, 404, 409, 422],
      async handle({ params: { user: name }, body: { grants }, caller }) {
        await known(name, caller)
        checkGrants(grants, caller)
        const kept = (user: User) => user.grants.filter(({ organisation }) => !caller.administers(organisation))
        return shown(await book.setGrants(name, (user) => [...kept(user), ...grants]), caller)
      },
    }),
    ...(['disable', 'enable'] as const).map((word) =>
      defineRoute({
        method: 'POST',
        url: `/api/v1/users/:user/${word}`,
        operationId: `${word}User`,
        access: 'administer',
        site: 'handler',
        tag,
        summary:
          word === 'disable' ? 'Closes an account; its sessions and tokens end' : 'Opens an account that was closed',
        params,
        responses: { 200: { description: 'The user', schema: UserSchema } },
        problems: [401, 403, 404, 409],
        async handle({ params: { user: name }, caller }) {
          await whole(name, caller)
          return shown(await (word === 'disable' ? book.disable(name) : book.enable(name)), caller)
        },
      }),
    ),
    defineRoute({
      method: 'POST',
      url: '/api/v1/users/:user/reset',
      operationId: 'resetUser',
      access: 'administer',
      site: 'handler',
      tag,
      summary: 'Gives a user a new password of the server’s, to be changed at once; sessions and tokens end',
      params,
      body: Type.Object(
        {
          secondFactor: Type.Boolean({
            default: false,
            description: 'Also removes the authenticator, when it is lost',
          }),
        },
        { additionalProperties: false },
      ),
      responses: { 200: { description: 'The user and the password', schema: NewPasswordSchema } },
      problems: [401, 403, 404],
      async handle({ params: { user: name }, body: { secondFactor }, caller }) {
        await whole(name, caller)
        const { user, password } = await book.reset(name, secondFactor)
        return { user: shown(user, caller), password }
      },
    }),
    defineRoute({
      method: 'DELETE',
      url: '/api/v1/users/:user',
      operationId: 'removeUser',
      access: 'administer',
      site: 'handler',
      tag,
      summary: 'Removes a user with all sessions and tokens',
      params,
      responses: { 200: { description: 'It is removed', schema: RemovedSchema } },
      problems: [401, 403, 404, 409],
      async handle({ params: { user: name }, caller }) {
        await whole(name, caller)
        await book.remove(name)
        return { removed: true }
      },
    }),
  ]
}
