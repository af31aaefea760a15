import { describe, expect, it } from 'vitest'
import { testAccounts } from './accounts.fixture.ts'
import { readCookie, sessionCookie, sessionCookieName } from './cookies.ts'
import { hashSecret, newSecret, readCredential, sameText } from './secrets.ts'
import { defaultSessionLimits } from './sessions.ts'
import { longestTokenMs } from './tokens.ts'

const hourMs = 3_600_000

describe('a session', () => {
  it('has a secret of 256 bits that is kept nowhere', async () => {
    const { accounts, records } = testAccounts()
    const { user } = (await accounts.firstStart())!
    const secret = await accounts.sessions.begin(user, 'password', '127.0.0.1')
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
    const kept = JSON.stringify([await records.list('session'), await records.list('user')])
    expect(kept).not.toContain(secret)
    expect(kept).toContain(hashSecret(secret))
    expect(await accounts.sessions.begin(user, 'password', '127.0.0.1')).not.toBe(secret)
  })

  it('ends when nobody asks for long, and at last in any case', async () => {
    const { accounts, clock } = testAccounts()
    const { user } = (await accounts.firstStart())!
    const { idleMs, absoluteMs } = defaultSessionLimits
    const idle = await accounts.sessions.begin(user, 'link', '::1')
    clock.nowMs += idleMs - 1
    expect(await accounts.sessions.find(idle)).toBeDefined()
    clock.nowMs += idleMs
    expect(await accounts.sessions.find(idle)).toBeUndefined()

    const busy = await accounts.sessions.begin(user, 'link', '::1')
    const beganMs = clock.nowMs
    while (clock.nowMs + hourMs < beganMs + absoluteMs) {
      clock.nowMs += hourMs
      expect(await accounts.sessions.find(busy)).toBeDefined()
    }
    clock.nowMs = beganMs + absoluteMs
    expect(await accounts.sessions.find(busy)).toBeUndefined()
  })

  it('ends here, elsewhere, and for good', async () => {
    const { accounts } = testAccounts()
    const { user } = (await accounts.firstStart())!
    const secrets = await Promise.all(['a', 'b', 'c'].map((from) => accounts.sessions.begin(user, 'password', from)))
    const [first = '', second = '', third = ''] = secrets
    const { id } = (await accounts.sessions.find(first))!
    expect(await accounts.sessions.end(id)).toBe(true)
    expect(await accounts.sessions.find(first)).toBeUndefined()
    expect(await accounts.sessions.endAll(user.name, hashSecret(third))).toBe(1)
    expect(await accounts.sessions.find(second)).toBeUndefined()
    expect(await accounts.sessions.of(user)).toMatchObject([{ id: hashSecret(third), from: 'c' }])
  })

  it('is one of twenty at most', async () => {
    const { accounts, clock } = testAccounts()
    const { user } = (await accounts.firstStart())!
    const secrets: string[] = []
    for (let k = 0; k < 25; k += 1) {
      clock.nowMs += 1000
      secrets.push(await accounts.sessions.begin(user, 'password', '::1'))
    }
    expect(await accounts.sessions.of(user)).toHaveLength(20)
    expect(await accounts.sessions.find(secrets[4]!)).toBeUndefined()
    expect(await accounts.sessions.find(secrets[24]!)).toBeDefined()
  })

  it('ends with its user: closed, or with another epoch', async () => {
    const { accounts } = testAccounts()
    const { user } = (await accounts.firstStart())!
    const cookie = `${sessionCookieName(false)}=${await accounts.sessions.begin(user, 'link', '::1')}`
    expect(await accounts.identify({ cookie })).toMatchObject({ kind: 'user', id: 'owner' })
    await accounts.users.change('owner', (now) => ({ ...now, disabled: true }))
    expect(await accounts.identify({ cookie })).toBeUndefined()
    await accounts.users.change('owner', (now) => ({ ...now, disabled: false }))
    expect(await accounts.identify({ cookie })).toBeDefined()
    await accounts.users.reset('owner')
    expect(await accounts.identify({ cookie })).toBeUndefined()
  })
})

describe('the cookie of a session', () => {
  it('is HttpOnly and SameSite=Strict, and over TLS Secure with the prefix __Host-', () => {
    expect(sessionCookie('x', { secure: true, maxAgeSeconds: 60 })).toBe(
      '__Host-mangrove=x; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure',
    )
    expect(sessionCookie('x', { secure: false, maxAgeSeconds: 0 })).toBe(
      'mangrove=x; Path=/; Max-Age=0; HttpOnly; SameSite=Strict',
    )
  })

  it('is read by its whole name, and not believed when it comes twice', () => {
    expect(readCookie('a=1; mangrove=x; b=2', 'mangrove')).toBe('x')
    expect(readCookie('xmangrove=1', 'mangrove')).toBeUndefined()
    expect(readCookie('mangrove=x; mangrove=y', 'mangrove')).toBeUndefined()
    expect(readCookie('mangrove=x=y', 'mangrove')).toBe('x=y')
    expect(readCookie(undefined, 'mangrove')).toBeUndefined()
  })
})

describe('a token', () => {
  const scope = { permissions: ['read'] as const, organisation: '*', sites: '*' as const }

  it('is found by its id and proven by a secret that is kept nowhere', async () => {
    const { accounts, clock, records } = testAccounts()
    const { user } = (await accounts.firstStart())!
    const asked = { title: 'export', scope, expiresMs: clock.nowMs + hourMs }
    const { token, text } = await accounts.tokens.create(user, asked)
    expect(text).toMatch(/^mgv_t_[0-9a-f]{18}_[\w-]{43}$/)
    const { id, secret } = readCredential(text)!
    expect(JSON.stringify(await records.list('token'))).not.toContain(secret)
    expect(await accounts.tokens.find(id, secret)).toMatchObject({ id: token.id })
    expect(await accounts.tokens.find(id, newSecret())).toBeUndefined()
    expect(await accounts.tokens.find('0'.repeat(18), secret)).toBeUndefined()
  })

  it('expires, within a year', async () => {
    const { accounts, clock } = testAccounts()
    const { user } = (await accounts.firstStart())!
    const { text } = await accounts.tokens.create(user, { title: 'x', scope, expiresMs: clock.nowMs + hourMs })
    const authorization = `Bearer ${text}`
    clock.nowMs += hourMs - 1
    expect(await accounts.identify({ authorization })).toMatchObject({ kind: 'token', user: 'owner' })
    clock.nowMs += 1
    await expect(accounts.identify({ authorization })).rejects.toMatchObject({ status: 401 })
    for (const expiresMs of [clock.nowMs, clock.nowMs + longestTokenMs + 1, Number.NaN]) {
      await expect(accounts.tokens.create(user, { title: 'x', scope, expiresMs })).rejects.toMatchObject({
        code: 'accounts.bad-scope',
      })
    }
  })

  it('does no more than its user does now', async () => {
    const { accounts, clock } = testAccounts()
    const { user } = (await accounts.firstStart())!
    const asked = {
      title: 'x',
      scope: { ...scope, permissions: ['read', 'administer'] as const },
      expiresMs: clock.nowMs + hourMs,
    }
    const authorization = `Bearer ${(await accounts.tokens.create(user, asked)).text}`
    expect((await accounts.identify({ authorization }))?.access).toEqual([
      { organisation: '*', sites: '*', permissions: ['read', 'administer'] },
    ])
    await accounts.users.change('owner', (now) => ({
      ...now,
      grants: [{ organisation: 'main', role: 'viewer', sites: ['a'] }],
    }))
    expect((await accounts.identify({ authorization }))?.access).toEqual([
      { organisation: 'main', sites: ['a'], permissions: ['read'] },
    ])
    await accounts.users.reset('owner')
    await expect(accounts.identify({ authorization })).rejects.toMatchObject({ status: 401 })
  })

  it.each([
    '',
    'Bearer',
    'Bearer x',
    'Basic b3duZXI6eA==',
    `Bearer mgv_t_${'0'.repeat(18)}_${'A'.repeat(43)}`,
    `Bearer mgv_d_${'0'.repeat(18)}_${'A'.repeat(43)}`,
    'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJvd25lciJ9.',
    `Bearer mgv_t___proto___${'A'.repeat(43)}`,
  ])('is not “%s”', async (authorization) => {
    const { accounts } = testAccounts()
    await accounts.firstStart()
    await expect(accounts.identify({ authorization })).rejects.toMatchObject({ code: 'accounts.credential-refused' })
  })
})

describe('secrets', () => {
  it('are compared without telling where they differ', () => {
    expect(sameText('a', 'a')).toBe(true)
    expect(sameText('a', 'b')).toBe(false)
    expect(sameText('a', 'aa')).toBe(false)
  })
})

describe('records that are remembered', () => {
  it('show at once what this process writes, and what others write after two seconds', async () => {
    const { accounts, clock, records } = testAccounts()
    await accounts.firstStart()
    expect((await accounts.organisations.get('main')).name).toBe('Main')
    await accounts.organisations.change('main', { name: 'Ours' })
    expect((await accounts.organisations.get('main')).name).toBe('Ours')
    await records.put('organisation', 'main', { id: 'main', name: 'Theirs', sites: [] })
    expect((await accounts.organisations.get('main')).name).toBe('Ours')
    clock.nowMs += 2000
    expect((await accounts.organisations.get('main')).name).toBe('Theirs')
    await records.put('organisation', 'main', { id: 'main', name: 'Again', sites: [] })
    clock.nowMs -= 86_400_000
    expect((await accounts.organisations.get('main')).name).toBe('Again')
  })
})
