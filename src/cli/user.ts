import type { CommandBody } from './command.ts'
import { errors } from './errors.ts'
import { exitCode } from './exit-code.ts'
import type { FlagSpec } from './flags.ts'
import { padEnd } from './layout.ts'
import { sitesOf, withAccounts } from './open-accounts.ts'

const name: FlagSpec = {
  flag: '--name',
  field: 'name',
  type: 'string',
  description: 'Name of the user',
  required: true,
}

/** `mangrove user …`: the users of a data folder, while no server runs on it. */
export const userCommands = {
  add: {
    flags: [
      name,
      {
        flag: '--role',
        field: 'role',
        type: 'string',
        description: 'viewer, operator, planner, verifier or admin',
        required: true,
      },
      {
        flag: '--organisation',
        field: 'organisation',
        type: 'string',
        description: 'Id of the organisation; * = the platform',
        default: 'main',
        required: false,
      },
      {
        flag: '--sites',
        field: 'sites',
        type: 'string',
        description: 'Sites, parted by commas; * = all of the organisation',
        default: '*',
        required: false,
      },
    ],
    run: (values, json, context) =>
      withAccounts(context, async (accounts, note) => {
        const { createUserBook, roles } = await import('../server/accounts/index.ts')
        const role = roles.find((known) => known === values.role)
        if (!role) {
          throw errors.flagValue({ detail: '--role is no role', found: values.role, expected: roles.join(', ') })
        }
        const grant = { organisation: String(values.organisation ?? 'main'), role, sites: sitesOf(values.sites ?? '*') }
        const { user, password } = await createUserBook(accounts).add(String(values.name), [grant])
        await note('add user', `user ${user.name}`)
        tellPassword(user.name, password, json, context.terminal.out)
        return exitCode.ok
      }),
  },
  list: {
    flags: [],
    run: (_values, json, context) =>
      withAccounts(context, async ({ users }) => {
        const rows = (await users.all()).map((user) => ({
          name: user.name,
          state: user.disabled ? 'closed' : user.initialUntilMs === undefined ? 'open' : 'new password',
          secondFactor: user.totp?.confirmed ?? false,
          grants: user.grants,
        }))
        if (json) context.terminal.out(JSON.stringify({ users: rows }))
        else for (const row of rows) context.terminal.out(lineOf(row))
        return exitCode.ok
      }),
  },
  reset: {
    flags: [
      name,
      {
        flag: '--second-factor',
        field: 'secondFactor',
        type: 'boolean',
        description: 'Also remove the authenticator, when it is lost',
        default: false,
        required: false,
      },
    ],
    run: (values, json, context) =>
      withAccounts(context, async (accounts, note) => {
        const { createUserBook } = await import('../server/accounts/index.ts')
        const made = await createUserBook(accounts).reset(String(values.name), values.secondFactor === true)
        await note('reset user', `user ${made.user.name}`)
        tellPassword(made.user.name, made.password, json, context.terminal.out)
        return exitCode.ok
      }),
  },
} satisfies Readonly<Record<string, CommandBody>>

function tellPassword(user: string, password: string, json: boolean, out: (text: string) => void): void {
  if (json) {
    out(JSON.stringify({ user, password }))
    return
  }
  out(`User: ${user}   Password, told only now: ${password}`)
  out('  It opens the door to a password of their own, for three days.')
}

interface Row {
  readonly name: string
  readonly state: string
  readonly grants: readonly {
    readonly organisation: string
    readonly role: string
    readonly sites: '*' | readonly string[]
  }[]
}

const lineOf = ({ name: user, state, grants }: Row): string =>
  [
    padEnd(user, 20),
    padEnd(state, 13),
    grants
      .map(
        ({ organisation, role, sites }) =>
          `${role} of ${organisation}${sites === '*' ? '' : ` at ${sites.join(', ')}`}`,
      )
      .join('; '),
  ].join(' ')
