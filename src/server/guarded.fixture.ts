import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { memoryRecords } from '../store/memory-records.fixture.ts'
import type { MovableClock } from '../store/store.fixture.ts'
import { cheap, testClock } from './accounts/accounts.fixture.ts'
import { type Accounts, type AccountsOptions, createAccounts } from './accounts/accounts.ts'
import { type Grant, permissions, type Role, roles } from './accounts/roles.ts'
import { newSecret } from './accounts/secrets.ts'
import type { ServerOptions } from './create-server.ts'
import { openTestServer, type TestServer } from './server.fixture.ts'

/** Two organisations with a site each. */
export const tenants = { north: 'quarry-microgrid', south: 'liyang-park' } as const
export type Tenant = keyof typeof tenants

export interface GuardedServer extends TestServer {
  readonly accounts: Accounts
  readonly accountsClock: MovableClock
  /** Name of the user with a role in an organisation: `north-viewer`. */
  nameOf(tenant: Tenant | '*', role: Role): string
  /** A request with a new session of a user. */
  as(user: string, request: InjectOptions): Promise<LightMyRequestResponse>
  /** A request with a bearer. */
  bearing(text: string, request: InjectOptions): Promise<LightMyRequestResponse>
  /** A token of a user that may do all that the user may. */
  tokenOf(user: string, expiresMs?: number): Promise<string>
}

/** A server with accounts: a user for each role in each organisation, one for the platform, and rates that no test meets. */
export async function openGuardedServer(
  options: Partial<AccountsOptions> = {},
  server: Partial<ServerOptions> = {},
): Promise<GuardedServer> {
  const clock = testClock()
  const { records, journal } = memoryRecords(clock)
  const rates = { requestsAtOnce: 1e6, signInsAtOnce: 1e6 }
  const accounts = createAccounts({ records, journal, passwordCost: cheap, rates, ...options, clock })
  const { users, organisations, sessions, tokens } = accounts
  for (const [id, site] of Object.entries(tenants)) await organisations.create({ id, name: id, sites: [site] })
  const nameOf = (tenant: Tenant | '*', role: Role): string => `${tenant === '*' ? 'platform' : tenant}-${role}`
  const add = (tenant: Tenant | '*', role: Role) => {
    const grants: readonly Grant[] = [{ organisation: tenant, role, sites: '*' }]
    return users.createOf(`test ${tenant} ${role}`, nameOf(tenant, role), grants)
  }
  await add('*', 'admin')
  for (const tenant of ['north', 'south'] as const) for (const role of roles) await add(tenant, role)
  const test = await openTestServer({ accounts, clock, ...server })
  const withHeader = (request: InjectOptions, name: string, value: string) =>
    test.inject({ ...request, headers: { 'x-request-id': 'of-the-test', ...request.headers, [name]: value } })
  return {
    ...test,
    accounts,
    accountsClock: clock,
    nameOf,
    async as(user, request) {
      const secret = await sessions.begin(await users.get(user), 'provider', '127.0.0.1')
      return withHeader(request, 'cookie', `mangrove=${secret}`)
    },
    bearing: (text, request) => withHeader(request, 'authorization', `Bearer ${text}`),
    async tokenOf(user, expiresMs = clock.nowMs + 3_600_000) {
      const scope = { permissions, organisation: '*', sites: '*' as const }
      return (await tokens.create(await users.get(user), { title: newSecret(), scope, expiresMs })).text
    },
  }
}
