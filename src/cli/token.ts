import type { CommandBody } from './command.ts'
import { errors } from './errors.ts'
import { exitCode } from './exit-code.ts'
import type { FlagSpec } from './flags.ts'
import { padEnd } from './layout.ts'
import { listOf, sitesOf, withAccounts } from './open-accounts.ts'

const user: FlagSpec = { flag: '--user', field: 'user', type: 'string', description: 'Whose token', required: true }
const dayMs = 86_400_000

/** `mangrove token …`: API tokens of the users of a data folder, while no server runs on it. */
export const tokenCommands = {
  create: {
    flags: [
      user,
      { flag: '--title', field: 'title', type: 'string', description: 'What it is for', required: true },
      {
        flag: '--permissions',
        field: 'permissions',
        type: 'string',
        description: 'Parted by commas: read, plan, replay, operate, ingest, configure, verify, monitor, administer',
        default: 'read',
        required: false,
      },
      {
        flag: '--sites',
        field: 'sites',
        type: 'string',
        description: 'Sites, parted by commas; * = wherever the user may',
        default: '*',
        required: false,
      },
      {
        flag: '--days',
        field: 'days',
        type: 'integer',
        range: [1, 366],
        description: 'Expires after',
        default: 90,
        required: false,
      },
    ],
    run: (values, json, context) =>
      withAccounts(context, async ({ users, tokens, clock }, note) => {
        const { permissions } = await import('../server/accounts/index.ts')
        const wanted = listOf(values.permissions ?? 'read')
        const scoped = permissions.filter((permission) => wanted.includes(permission))
        if (scoped.length !== wanted.length || wanted.length === 0) {
          throw errors.flagValue({
            detail: '--permissions has one that is none',
            found: values.permissions,
            expected: permissions.join(', '),
          })
        }
        const { token, text } = await tokens.create(await users.get(String(values.user)), {
          title: String(values.title),
          scope: { permissions: scoped, organisation: '*', sites: sitesOf(values.sites ?? '*') },
          expiresMs: clock.now() + Number(values.days ?? 90) * dayMs,
        })
        await note('create token', `token ${token.id}`)
        const expires = new Date(token.expiresMs).toISOString()
        if (json) context.terminal.out(JSON.stringify({ id: token.id, token: text, expires }))
        else context.terminal.out(`Token, told only now: ${text}\n  Expires ${expires.slice(0, 10)}.`)
        return exitCode.ok
      }),
  },
  list: {
    flags: [user],
    run: (values, json, context) =>
      withAccounts(context, async ({ tokens, users }) => {
        const { name } = await users.get(String(values.user))
        const rows = (await tokens.of(name)).map(({ id, title, scope, expiresMs }) => ({
          ...{ id, title, ...scope },
          expires: new Date(expiresMs).toISOString(),
        }))
        if (json) context.terminal.out(JSON.stringify({ tokens: rows }))
        else {
          for (const { id, title, permissions, expires } of rows) {
            context.terminal.out(`${id}  ${padEnd(title, 24)} ${permissions.join(', ')}  until ${expires.slice(0, 10)}`)
          }
        }
        return exitCode.ok
      }),
  },
  revoke: {
    flags: [user, { flag: '--id', field: 'id', type: 'string', description: 'Id of the token', required: true }],
    run: (values, json, context) =>
      withAccounts(context, async ({ tokens }, note) => {
        await tokens.remove(String(values.user), String(values.id))
        await note('revoke token', `token ${String(values.id)}`)
        context.terminal.out(json ? JSON.stringify({ revoked: values.id }) : `Revoked ${String(values.id)}`)
        return exitCode.ok
      }),
  },
} satisfies Readonly<Record<string, CommandBody>>
