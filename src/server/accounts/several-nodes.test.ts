import { describe, expect, it } from 'vitest'
import { cheap, testAccounts, testClock } from './accounts.fixture.ts'
import { createAccounts } from './accounts.ts'

const day = 86_400_000

/** Two nodes on one database, each with what it remembers. */
function twoNodes() {
  const clock = testClock()
  const { accounts, records, journal } = testAccounts({ clock })
  return { clock, nodes: [accounts, createAccounts({ records, journal, clock, passwordCost: cheap })] as const }
}

describe('accounts on several nodes', () => {
  it('that start at once on an empty database make one first user, whose password one of them tells', async () => {
    const { nodes, clock } = twoNodes()
    const made = await Promise.all(nodes.map((node) => node.firstStart()))
    expect(made.filter(Boolean)).toHaveLength(1)
    clock.nowMs += 2000
    for (const node of nodes) expect(await node.users.all()).toHaveLength(1)
  })

  it('refuse a token within two seconds of its removal at another node', async () => {
    const { clock, nodes } = twoNodes()
    const [one, other] = nodes
    const { user } = (await one.firstStart())!
    const scope = { permissions: ['read'] as const, organisation: '*', sites: '*' as const }
    const { token, text } = await one.tokens.create(user, { title: 't', scope, expiresMs: clock.nowMs + day })
    const credentials = { authorization: `Bearer ${text}` }
    expect((await other.identify(credentials))?.id).toBe(token.id)
    await one.tokens.remove(user.name, token.id)
    await expect(one.identify(credentials)).rejects.toMatchObject({ code: 'accounts.credential-refused' })
    clock.nowMs += 2000
    await expect(other.identify(credentials)).rejects.toMatchObject({ code: 'accounts.credential-refused' })
  })

  it('end a session at all of them within two seconds', async () => {
    const { clock, nodes } = twoNodes()
    const [one, other] = nodes
    const { user } = (await one.firstStart())!
    const secret = await one.sessions.begin(user, 'password', '127.0.0.1')
    expect((await other.sessions.find(secret))?.user).toBe(user.name)
    await one.sessions.endAll(user.name)
    clock.nowMs += 2000
    expect(await other.sessions.find(secret)).toBeUndefined()
  })
})
