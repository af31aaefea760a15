import fc from 'fast-check'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { generateSync } from 'otplib'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type GuardedServer, openGuardedServer, tenants } from '../../guarded.fixture.ts'
import type { OpenApiDocument } from '../../openapi/document.ts'
import { type DeclaredSchemas, declaredSchemas, misfits } from '../../server.fixture.ts'

let test: GuardedServer
let schemas: DeclaredSchemas
let document: OpenApiDocument
beforeAll(async () => {
  test = await openGuardedServer()
  schemas = await declaredSchemas(test)
  document = (await test.inject('/api/openapi.json')).json()
})
afterAll(() => test.close())

const own = 'three herons by the weir'
const cookieOf = (answer: LightMyRequestResponse): string => String(answer.headers['set-cookie']).split(';')[0] ?? ''
const post = (url: string, payload: object = {}): InjectOptions => ({ method: 'POST', url, payload })
const signIn = (name: string, password: string, more: object = {}) =>
  test.inject(post('/api/v1/session', { name, password, ...more }))
const withCookie = (cookie: string, request: InjectOptions) =>
  test.inject({ ...request, headers: { ...request.headers, cookie } })

/** A user of north with a password of their own. */
let made = 0
async function newUser(role: 'viewer' | 'admin' = 'viewer'): Promise<string> {
  made += 1
  const name = `person${made}`
  await test.accounts.users.create(name, [{ organisation: 'north', role, sites: '*' }])
  await test.accounts.users.setPassword(name, own)
  return name
}

describe('a sign-in', () => {
  it('gives a cookie that scripts cannot read and other sites do not send, and nothing in the body or address', async () => {
    const name = await newUser()
    const answer = await signIn(name.toUpperCase(), own)
    expect(answer.statusCode, answer.body).toBe(200)
    expect(answer.headers['set-cookie']).toMatch(
      /^mangrove=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict$/,
    )
    expect(answer.json()).toEqual({ user: name, mustChangePassword: false })
    const me = await withCookie(cookieOf(answer), { url: '/api/v1/me' })
    expect(me.json()).toMatchObject({
      kind: 'user',
      id: name,
      access: [{ organisation: 'north', sites: '*', permissions: ['read'] }],
    })
    expect(me.headers['cache-control']).toBe('no-store')
  })

  it('over TLS has a cookie that is Secure, with its prefix, and Strict-Transport-Security on every answer', async () => {
    const secure = await openGuardedServer({ publicUrl: 'https://park.example' }, { allowedHosts: ['park.example'] })
    await secure.accounts.users.create('person', [])
    await secure.accounts.users.setPassword('person', own)
    const answer = await secure.inject(post('/api/v1/session', { name: 'person', password: own }))
    expect(answer.headers['set-cookie']).toMatch(/^__Host-mangrove=.+; Path=\/; .*HttpOnly; SameSite=Strict; Secure$/)
    for (const url of ['/', '/health', '/api/v1/me', '/nothing']) {
      expect((await secure.inject(url)).headers['strict-transport-security']).toBe(
        'max-age=31536000; includeSubDomains',
      )
    }
    expect((await test.inject('/health')).headers['strict-transport-security']).toBeUndefined()
    await secure.close()
  })

  it('begins a new session and ends the one of before', async () => {
    const name = await newUser()
    const first = cookieOf(await signIn(name, own))
    const again = await withCookie(first, post('/api/v1/session', { name, password: own }))
    const second = cookieOf(again)
    expect(second).not.toBe(first)
    expect((await withCookie(first, { url: '/api/v1/me' })).statusCode).toBe(401)
    expect((await withCookie(second, { url: '/api/v1/me' })).statusCode).toBe(200)
    // An id that somebody else chose is not taken over.
    const planted = `mangrove=${'A'.repeat(43)}`
    const answer = await withCookie(planted, post('/api/v1/session', { name, password: own }))
    expect(cookieOf(answer)).not.toBe(planted)
  })

  it('ends with a sign-out, here and everywhere', async () => {
    const name = await newUser()
    const [here, there, third] = [await signIn(name, own), await signIn(name, own), await signIn(name, own)].map(
      cookieOf,
    )
    const out = await withCookie(here!, { method: 'DELETE', url: '/api/v1/session' })
    expect(out.json()).toEqual({ removed: true })
    expect(out.headers['set-cookie']).toMatch(/^mangrove=; .*Max-Age=0/)
    expect(out.headers['clear-site-data']).toBe('"cache"')
    expect((await withCookie(here!, { url: '/api/v1/me' })).statusCode).toBe(401)
    const { sessions } = (await withCookie(there!, { url: '/api/v1/me/sessions' })).json()
    expect(sessions).toHaveLength(2)
    const other = sessions.find(({ current }: { current: boolean }) => !current)
    await withCookie(there!, { method: 'DELETE', url: `/api/v1/me/sessions/${other.id}` })
    expect((await withCookie(third!, { url: '/api/v1/me' })).statusCode).toBe(401)
    const last = cookieOf(await signIn(name, own))
    expect((await withCookie(there!, { method: 'DELETE', url: '/api/v1/me/sessions' })).json()).toEqual({ ended: 2 })
    expect((await withCookie(last, { url: '/api/v1/me' })).statusCode).toBe(401)
  })

  it('by the link of the server works from its own machine only', async () => {
    const answer = await test.inject({
      ...post('/api/v1/session/link', { key: test.accounts.links.make('platform-admin') }),
      remoteAddress: '192.0.2.1',
    })
    expect(answer.json().code).toBe('accounts.link-refused')
    const near = await test.inject(post('/api/v1/session/link', { key: test.accounts.links.make('platform-admin') }))
    expect(near.json()).toEqual({ user: 'platform-admin', mustChangePassword: false })
    expect((await withCookie(cookieOf(near), { url: '/api/v1/users' })).statusCode).toBe(200)
  })

  it('that comes too often is told when to come again', async () => {
    const slow = await openGuardedServer({ rates: { signInsAtOnce: 3, signInsPerMinute: 6 } })
    const ask = () => slow.inject(post('/api/v1/session', { name: 'x', password: 'y' }))
    expect([await ask(), await ask(), await ask()].map(({ statusCode }) => statusCode)).toEqual([401, 401, 401])
    const refused = await ask()
    expect(refused.statusCode).toBe(429)
    expect(Number(refused.headers['retry-after'])).toBe(10)
    slow.accountsClock.nowMs += 10_000
    expect((await ask()).statusCode).toBe(401)
    await slow.close()
  })
})

describe('requests of one credential', () => {
  it('are limited, those of others not', async () => {
    const slow = await openGuardedServer({ rates: { requestsAtOnce: 5, requestsPerSecond: 1 } })
    const [one, two] = [await slow.tokenOf('north-viewer'), await slow.tokenOf('south-viewer')]
    const codes = []
    for (let k = 0; k < 7; k += 1) codes.push((await slow.bearing(one, { url: '/api/v1/me' })).statusCode)
    expect(codes).toEqual([200, 200, 200, 200, 200, 429, 429])
    expect((await slow.bearing(two, { url: '/api/v1/me' })).statusCode).toBe(200)
    slow.accountsClock.nowMs += 1000
    expect((await slow.bearing(one, { url: '/api/v1/me' })).statusCode).toBe(200)
    await slow.close()
  })
})

describe('a page of another site', () => {
  const change = { method: 'POST', url: '/api/v1/tokens', payload: { title: 'x', permissions: ['read'] } } as const

  it.each([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example' },
    { origin: 'http://localhost:3000' },
    { origin: 'null' },
    { origin: 'http://localhost:80@evil.example' },
  ])('changes nothing with the cookie of a user: %o', async (headers) => {
    const cookie = cookieOf(await signIn(await newUser(), own))
    const answer = await withCookie(cookie, { ...change, headers })
    expect(answer.statusCode).toBe(403)
    expect(answer.json().code).toBe('server.origin-refused')
    for (const url of ['/api/v1/session', '/api/v1/session/link']) {
      const login = await test.inject({ ...post(url, { name: 'x', password: 'y', key: 'z' }), headers })
      if ('sec-fetch-site' in headers || headers.origin?.includes('evil')) expect(login.statusCode).toBe(403)
    }
  })

  it.each([{ 'sec-fetch-site': 'same-site' }, { origin: 'http://localhost:3000' }])(
    'opens no WebSocket with it either: %o',
    async (headers) => {
      const cookie = cookieOf(await signIn(await newUser(), own))
      const upgrade = { connection: 'upgrade', upgrade: 'websocket' }
      const answer = await withCookie(cookie, { url: '/api/v1/me', headers: { ...upgrade, ...headers } })
      expect(answer.json().code).toBe('server.origin-refused')
    },
  )

  it.each([{ 'sec-fetch-site': 'same-origin', origin: 'http://localhost:80' }, { 'sec-fetch-site': 'none' }, {}])(
    'is not the console or another program: %o',
    async (headers) => {
      const cookie = cookieOf(await signIn(await newUser(), own))
      const answer = await withCookie(cookie, { ...change, headers })
      expect(answer.statusCode, answer.body).toBe(200)
    },
  )

  it('cannot make a GET change anything: each operation that changes is POST or DELETE', () => {
    const reading = Object.values(document.paths).flatMap((methods) => (methods.get ? [methods.get.operationId] : []))
    // The way to and from the provider changes no more than a session of the same browser; a replay only decides again.
    const changing = reading.filter((id) => !/^(get|list|read|watch|open)/.test(id))
    expect(changing.sort()).toEqual(['finishProviderSignIn', 'replayCommands', 'startProviderSignIn'])
  })
})

describe('a password', () => {
  it('is changed with the old one; other sessions end and this one begins anew', async () => {
    const name = await newUser()
    const [here, there] = [await signIn(name, own), await signIn(name, own)].map(cookieOf)
    const next = 'nine lanterns under rain'
    const change = (current: string, to: string) =>
      withCookie(here!, post('/api/v1/me/password', { current, next: to }))
    expect((await change('wrong', next)).json().code).toBe('accounts.sign-in-refused')
    expect((await change(own, own)).json().code).toBe('accounts.bad-password')
    expect((await change(own, 'password1234')).json().code).toBe('accounts.bad-password')
    expect((await change(own, 'short')).json().problems[0]).toMatchObject({ found: '5 characters' })
    expect((await withCookie(here!, post('/api/v1/me/password', { next }))).statusCode).toBe(422)
    const answer = await change(own, next)
    expect(answer.statusCode, answer.body).toBe(200)
    for (const old of [here, there]) expect((await withCookie(old!, { url: '/api/v1/me' })).statusCode).toBe(401)
    expect((await withCookie(cookieOf(answer), { url: '/api/v1/me' })).statusCode).toBe(200)
    expect((await signIn(name, own)).statusCode).toBe(401)
    expect((await signIn(name, next)).statusCode).toBe(200)
  })

  it('of the server is made by administrators, who never learn the one that follows', async () => {
    const admin = await newUser('admin')
    const cookie = cookieOf(await signIn(admin, own))
    const grants = [{ organisation: 'north', role: 'operator', sites: [tenants.north] }]
    const created = await withCookie(cookie, post('/api/v1/users', { name: 'shift.lead', grants }))
    expect(created.statusCode, created.body).toBe(200)
    const { password } = created.json()
    expect(password).toMatch(/^[\w-]{43}$/)
    const first = await signIn('shift.lead', password)
    expect(first.json().mustChangePassword).toBe(true)
    expect((await withCookie(cookieOf(first), { url: '/api/v1/sites' })).json().code).toBe(
      'accounts.password-change-needed',
    )
    const changed = await withCookie(
      cookieOf(first),
      post('/api/v1/me/password', { current: password, next: 'nine lanterns under rain' }),
    )
    expect((await withCookie(cookieOf(changed), { url: '/api/v1/sites' })).json().sites).toHaveLength(1)
    const reset = await withCookie(cookie, post('/api/v1/users/shift.lead/reset'))
    expect(reset.json().user).toMatchObject({ name: 'shift.lead', initialPassword: true })
    expect((await withCookie(cookieOf(changed), { url: '/api/v1/me' })).statusCode).toBe(401)
    expect((await signIn('shift.lead', 'nine lanterns under rain')).statusCode).toBe(401)
  })
})

describe('a second factor', () => {
  it('is set up, asked for, and removed with the password', async () => {
    const name = await newUser()
    const cookie = cookieOf(await signIn(name, own))
    const send = (path: string, payload: object) => withCookie(cookie, post(`/api/v1/me/totp${path}`, payload))
    expect((await send('', { password: 'wrong' })).statusCode).toBe(401)
    const { secret, uri } = (await send('', { password: own })).json()
    expect(uri).toContain(secret)
    const codeNow = () => generateSync({ secret, epoch: Math.floor(test.accountsClock.nowMs / 1000) })
    expect((await send('/confirm', { code: '000000' })).json().code).toBe('accounts.bad-code')
    const { recoveryCodes } = (await send('/confirm', { code: codeNow() })).json()
    expect(recoveryCodes).toHaveLength(10)
    expect((await signIn(name, own)).json().code).toBe('accounts.code-needed')
    expect((await signIn(name, own, { code: codeNow() })).statusCode).toBe(401)
    test.accountsClock.nowMs += 30_000
    expect((await signIn(name, own, { code: codeNow() })).statusCode).toBe(200)
    expect((await signIn(name, own, { code: recoveryCodes[3] })).statusCode).toBe(200)
    expect((await withCookie(cookie, { url: '/api/v1/me' })).json().secondFactor).toBe(true)
    expect((await send('/remove', { password: own })).json()).toEqual({ removed: true })
    expect((await signIn(name, own)).statusCode).toBe(200)
  })
})

describe('a token', () => {
  it('is made for part of what its user may, shown once, listed without its secret, and revoked at once', async () => {
    const cookie = cookieOf(await signIn(await newUser('admin'), own))
    const asked = { title: 'export', permissions: ['read'], sites: [tenants.north], days: 1 }
    const { token, text } = (await withCookie(cookie, post('/api/v1/tokens', asked))).json()
    expect(token).toMatchObject({ title: 'export', permissions: ['read'], organisation: '*' })
    expect((await withCookie(cookie, { url: '/api/v1/tokens' })).body).not.toContain(text.split('_').slice(3).join('_'))
    expect((await test.bearing(text, { url: `/api/v1/sites/${tenants.north}` })).statusCode).toBe(200)
    expect((await test.bearing(text, { url: '/api/v1/users' })).statusCode).toBe(403)
    // A token makes no tokens.
    expect((await test.bearing(text, post('/api/v1/tokens', asked))).json().code).toBe('accounts.forbidden')
    await withCookie(cookie, { method: 'DELETE', url: `/api/v1/tokens/${token.id}` })
    expect((await test.bearing(text, { url: `/api/v1/sites/${tenants.north}` })).statusCode).toBe(401)
  })

  it('cannot do more than its user', async () => {
    const cookie = cookieOf(await signIn(await newUser(), own))
    for (const scope of [
      { permissions: ['read', 'administer'] },
      { permissions: ['read'], organisation: 'south' },
      { permissions: ['read'], sites: [] },
    ]) {
      const answer = await withCookie(cookie, post('/api/v1/tokens', { title: 'x', ...scope }))
      expect(answer.statusCode).toBe(422)
      expect(answer.json().code).toBe('accounts.bad-scope')
    }
  })
})

describe('an administrator of an organisation', () => {
  it('grants nothing beyond it, and closes no door of others', async () => {
    const cookie = cookieOf(await signIn(await newUser('admin'), own))
    for (const grants of [
      [{ organisation: '*', role: 'admin', sites: '*' }],
      [{ organisation: 'south', role: 'viewer', sites: '*' }],
      [],
    ]) {
      expect((await withCookie(cookie, post('/api/v1/users', { name: 'greedy', grants }))).statusCode).toBe(403)
    }
    const both = [
      { organisation: 'north', role: 'viewer', sites: '*' },
      { organisation: 'south', role: 'operator', sites: '*' },
    ] as const
    await test.accounts.users.create('of.both', both)
    for (const action of ['reset', 'disable', 'enable']) {
      expect((await withCookie(cookie, post(`/api/v1/users/of.both/${action}`))).statusCode, action).toBe(403)
    }
    expect((await withCookie(cookie, { method: 'DELETE', url: '/api/v1/users/of.both' })).statusCode).toBe(403)
    const { users } = (await withCookie(cookie, { url: '/api/v1/users' })).json()
    const seen = users.find(({ name }: { name: string }) => name === 'of.both')
    expect(seen.grants).toEqual([both[0]])
    await withCookie(cookie, post('/api/v1/users/of.both/grants', { grants: [] }))
    expect((await test.accounts.users.get('of.both')).grants).toEqual([both[1]])
    expect((await withCookie(cookie, post('/api/v1/users/of.both/grants', { grants: [] }))).statusCode).toBe(404)
  })

  it('finds who did what in the log of the organisation, and no secret', async () => {
    const admin = await newUser('admin')
    const signedIn = await signIn(admin, own)
    const cookie = cookieOf(signedIn)
    const created = await withCookie(
      cookie,
      post(`/api/v1/sites/${tenants.north}/devices`, { title: 'meter', points: ['pv.powerKw'] }),
    )
    const { device, text } = created.json()
    expect(device.points).toEqual(['pv.powerKw'])
    await withCookie(cookie, { method: 'DELETE', url: `/api/v1/sites/${tenants.north}/devices/${device.id}` })
    expect((await test.bearing(text, { url: '/api/v1/me' })).statusCode).toBe(401)
    const { entries, nextBefore } = (await withCookie(cookie, { url: '/api/v1/audit?limit=3' })).json()
    expect(entries).toMatchObject([
      { who: { id: admin }, what: 'removeDevice', on: `device ${device.id}`, site: tenants.north, outcome: 'done' },
      { who: { id: admin }, what: 'createDevice', on: `device ${device.id}`, organisation: 'north', outcome: 'done' },
      { who: { id: admin }, what: 'sign-in by password', from: '127.0.0.1', outcome: 'done' },
    ])
    const next = (await withCookie(cookie, { url: `/api/v1/audit?limit=500&before=${nextBefore}` })).json()
    expect(next.entries[0].number).toBeLessThan(entries[2].number)
    const everything = JSON.stringify([entries, next.entries])
    const secret = cookie.split('=')[1] ?? ''
    for (const hidden of [secret, own, text.split('_').slice(3).join('_')]) expect(everything).not.toContain(hidden)
  })
})

describe('every operation of accounts', () => {
  it('answers with the body it declares', async () => {
    const admin = await newUser('admin')
    const cookie = cookieOf(await signIn(admin, own))
    const other = await newUser()
    const platform = (request: InjectOptions) => test.as('platform-admin', request)
    const token = (await withCookie(cookie, post('/api/v1/tokens', { title: 'x', permissions: ['read'] }))).json().token
    const device = (await withCookie(cookie, post(`/api/v1/sites/${tenants.north}/devices`, { title: 'x' }))).json()
    const site = `/api/v1/sites/${tenants.north}/devices`
    const mine = (request: InjectOptions) => () => withCookie(cookie, request)
    const answers: readonly [path: string, ask: () => Promise<LightMyRequestResponse>][] = [
      ['/api/v1/session/ways get', () => test.inject('/api/v1/session/ways')],
      ['/api/v1/me get', mine({ url: '/api/v1/me' })],
      ['/api/v1/me/sessions get', mine({ url: '/api/v1/me/sessions' })],
      ['/api/v1/tokens get', mine({ url: '/api/v1/tokens' })],
      ['/api/v1/tokens/{token} delete', mine({ method: 'DELETE', url: `/api/v1/tokens/${token.id}` })],
      ['/api/v1/organisations get', mine({ url: '/api/v1/organisations' })],
      ['/api/v1/organisations post', () => platform(post('/api/v1/organisations', { id: 'east', name: 'East' }))],
      ['/api/v1/organisations/{organisation} post', () => platform(post('/api/v1/organisations/east', { sites: [] }))],
      ['/api/v1/users get', mine({ url: '/api/v1/users' })],
      [
        '/api/v1/users/{user}/grants post',
        mine(
          post(`/api/v1/users/${other}/grants`, { grants: [{ organisation: 'north', role: 'planner', sites: '*' }] }),
        ),
      ],
      ['/api/v1/users/{user}/disable post', mine(post(`/api/v1/users/${other}/disable`))],
      ['/api/v1/users/{user}/enable post', mine(post(`/api/v1/users/${other}/enable`))],
      ['/api/v1/users/{user}/reset post', mine(post(`/api/v1/users/${other}/reset`, { secondFactor: true }))],
      ['/api/v1/users/{user} delete', mine({ method: 'DELETE', url: `/api/v1/users/${other}` })],
      ['/api/v1/sites/{id}/devices get', mine({ url: site })],
      ['/api/v1/sites/{id}/devices/{device} delete', mine({ method: 'DELETE', url: `${site}/${device.device.id}` })],
      ['/api/v1/audit get', mine({ url: '/api/v1/audit' })],
      ['/api/v1/session delete', mine({ method: 'DELETE', url: '/api/v1/session' })],
    ]
    for (const [name, ask] of answers) {
      const [path = '', method = ''] = name.split(' ')
      const answer = await ask()
      expect(answer.statusCode, `${name} ${answer.body}`).toBe(200)
      expect(misfits(schemas.answer(path, method, 200), answer.json()), name).toEqual([])
      // No hash, no secret of the store leaves.
      expect(answer.body, name).not.toMatch(/"(hash|salt|key|epoch|recovery|totp)"/)
    }
  })

  it('survives any body, and never answers with a defect', async () => {
    const changing = Object.entries(document.paths).flatMap(([path, { post: operation }]) =>
      operation && /\/(session|me|tokens|organisations|users|devices)\b/.test(path) ? [path] : [],
    )
    const isProblem = schemas.answer('/health', 'get', 500)
    const word = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', '../x', '*', '', 'north', 'owner'))
    const body = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.record(
        {
          name: word,
          password: word,
          grants: fc.array(fc.record({ organisation: word, role: word, sites: fc.oneof(word, fc.array(word)) })),
          title: word,
          permissions: fc.array(fc.oneof(word, fc.constant('read'))),
          id: word,
          key: word,
          code: word,
          current: word,
          next: word,
          points: fc.array(word),
        },
        { requiredKeys: [] },
      ),
    )
    expect(changing.length).toBeGreaterThan(12)
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...changing), word, body, async (path, part, payload) => {
        const url = path.replaceAll(/\{\w+\}/g, encodeURIComponent(part.toWellFormed()) || 'x')
        const answer = await test.as('platform-admin', {
          ...{ method: 'POST', url, payload: JSON.stringify(payload) },
          headers: { 'content-type': 'application/json' },
        })
        const told = `${url} ${JSON.stringify(payload)} → ${answer.statusCode} ${answer.body}`
        expect(answer.statusCode, told).toBeLessThan(500)
        if (answer.statusCode >= 400) expect(misfits(isProblem, answer.json()), told).toEqual([])
      }),
      { numRuns: 150 },
    )
  })
})

afterEach(() => {
  test.accountsClock.nowMs += 1000
})
