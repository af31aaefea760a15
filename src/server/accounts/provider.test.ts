import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type GuardedServer, openGuardedServer } from '../guarded.fixture.ts'
import { grantsOf, nameOf } from './provider.ts'
import { type ProviderSettings, readProvider } from './provider-settings.ts'

const callbackUrl = 'http://127.0.0.1:7420'
const groups: Readonly<Record<string, readonly string[]>> = {
  alice: ['park-planners', 'everybody'],
  bob: ['everybody'],
  owner: ['park-planners'],
}

let http: Server
let issuer: string
let test: GuardedServer

const settingsOf = (over: Partial<ProviderSettings> = {}): ProviderSettings => ({
  issuer,
  clientId: 'mangrove',
  clientSecret: 'a-secret-of-the-client-of-32-letters',
  title: 'Park identity',
  callbackUrl,
  scope: 'openid profile',
  grants: [
    { claim: 'groups', value: 'park-planners', grant: { organisation: 'north', role: 'planner', sites: '*' } },
    { claim: 'groups', value: 'south-viewers', grant: { organisation: 'south', role: 'viewer', sites: '*' } },
  ],
  ...over,
})

beforeAll(async () => {
  // What a development server of this library warns about is right here.
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  vi.spyOn(console, 'info').mockImplementation(() => undefined)
  http = createServer()
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'mangrove',
        client_secret: 'a-secret-of-the-client-of-32-letters',
        redirect_uris: [`${callbackUrl}/api/v1/session/provider/callback`],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups'] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, preferred_username: id, groups: groups[id] ?? [] }),
    }),
  })
  http.on('request', provider.callback())
  test = await openGuardedServer({ provider: settingsOf() })
})
afterAll(async () => {
  await test.close()
  http.closeAllConnections()
  await new Promise((resolve) => http.close(resolve))
  vi.restoreAllMocks()
})

/** Cookies of one browser, by name; they do not depend on the host here, as the names never meet. */
type Jar = Map<string, string>
const cookieOf = (jar: Jar): string => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
const keep = (jar: Jar, lines: readonly string[]): void => {
  for (const line of lines) {
    const [pair = ''] = line.split(';')
    const at = pair.indexOf('=')
    jar.set(pair.slice(0, at), pair.slice(at + 1))
  }
}

async function start(jar: Jar): Promise<string> {
  const answer = await test.inject('/api/v1/session/provider')
  expect(answer.statusCode, answer.body).toBe(302)
  keep(jar, [answer.headers['set-cookie'] ?? []].flat())
  return String(answer.headers.location)
}

/** Signs somebody in at the pages of the provider. @returns where the provider sends the browser back to */
async function throughProvider(url: string, login: string): Promise<URL> {
  const jar: Jar = new Map()
  const ask = async (address: string, body?: URLSearchParams): Promise<Response> => {
    const options = body ? { method: 'POST', body } : {}
    const answer = await fetch(address, { ...options, redirect: 'manual', headers: { cookie: cookieOf(jar) } })
    keep(jar, answer.headers.getSetCookie())
    return answer
  }
  let next = url
  let body: URLSearchParams | undefined
  for (let steps = 0; steps < 20; steps += 1) {
    const answer = await ask(next, body)
    body = undefined
    const location = answer.headers.get('location')
    if (location !== null) {
      next = new URL(location, next).href
      if (next.startsWith(callbackUrl)) return new URL(next)
      continue
    }
    const page = await answer.text()
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1]
    if (prompt === undefined) throw new Error(`The provider says ${answer.status}: ${page.slice(0, 500)}`)
    body = new URLSearchParams(prompt === 'login' ? { prompt, login, password: 'x' } : { prompt })
    next = new URL(/action="([^"]+)"/.exec(page)?.[1] ?? next, next).href
  }
  throw new Error('The provider never sent the browser back')
}

const finish = (back: URL, jar: Jar) =>
  test.inject({ url: `${back.pathname}${back.search}`, headers: { cookie: cookieOf(jar) } })

async function signIn(login: string) {
  const jar: Jar = new Map()
  const answer = await finish(await throughProvider(await start(jar), login), jar)
  keep(jar, [answer.headers['set-cookie'] ?? []].flat())
  return { answer, jar }
}

describe('a sign-in through an OpenID Connect provider', () => {
  it('asks with PKCE, state and nonce that nobody can guess', async () => {
    const [one, two] = [new URL(await start(new Map())), new URL(await start(new Map()))]
    expect(one.origin).toBe(issuer)
    expect(Object.fromEntries(one.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: `${callbackUrl}/api/v1/session/provider/callback`,
      scope: 'openid profile',
    })
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(Buffer.from(one.searchParams.get(name) ?? '', 'base64url').length, name).toBeGreaterThanOrEqual(32)
      expect(one.searchParams.get(name)).not.toBe(two.searchParams.get(name))
    }
  })

  it('ends in a session with the grants that the claims are worth', async () => {
    const { answer, jar } = await signIn('alice')
    expect(answer.statusCode, answer.body).toBe(302)
    expect(answer.headers.location).toBe('/')
    expect(jar.get('mangrove-flow')).toBe('')
    const me = await test.inject({ url: '/api/v1/me', headers: { cookie: cookieOf(jar) } })
    expect(me.json()).toMatchObject({ kind: 'user', id: 'alice', access: [{ organisation: 'north', sites: '*' }] })
    const sites = await test.inject({ url: '/api/v1/sites', headers: { cookie: cookieOf(jar) } })
    expect(sites.json().sites.map(({ id }: { id: string }) => id)).toEqual(['quarry-microgrid'])
    expect((await test.accounts.users.get('alice')).subject).toBe(`${issuer} alice`)
    // Nothing of the provider reaches the browser.
    expect(JSON.stringify(answer.headers)).not.toMatch(/access_token|id_token|eyJ/)
  })

  it('follows the claims: who leaves the group is out', async () => {
    await signIn('alice')
    const kept = groups.alice
    Object.assign(groups, { alice: ['everybody'] })
    const { answer } = await signIn('alice')
    expect(answer.headers.location).toBe('/sign-in#problem=accounts.provider-refused')
    Object.assign(groups, { alice: kept })
  })

  it('lets nobody in to whom nothing was granted', async () => {
    const { answer, jar } = await signIn('bob')
    expect(answer.headers.location).toBe('/sign-in#problem=accounts.provider-refused')
    expect(jar.has('mangrove')).toBe(false)
    expect(await test.accounts.users.find('bob')).toBeUndefined()
  })

  it('takes over no account of the same name', async () => {
    await test.accounts.users.create('owner', [{ organisation: '*', role: 'admin', sites: '*' }])
    const { jar } = await signIn('owner')
    const me = (await test.inject({ url: '/api/v1/me', headers: { cookie: cookieOf(jar) } })).json()
    expect(me.id).toMatch(/^owner\.[0-9a-f]{8}$/)
    expect(me.access.map(({ organisation }: { organisation: string }) => organisation)).toEqual(['north'])
    const again = await signIn('owner')
    const same = await test.inject({ url: '/api/v1/me', headers: { cookie: cookieOf(again.jar) } })
    expect(same.json().id).toBe(me.id)
  })

  it('is refused for another browser, another state, a second time, and after ten minutes', async () => {
    const refused = async (back: URL, jar: Jar): Promise<void> => {
      const answer = await finish(back, jar)
      expect(answer.headers.location).toBe('/sign-in#problem=accounts.provider-refused')
      expect(String(answer.headers['set-cookie'] ?? '')).not.toMatch(/^mangrove=/)
    }
    const jar: Jar = new Map()
    const back = await throughProvider(await start(jar), 'alice')
    await refused(back, new Map([['mangrove-flow', 'x'.repeat(43)]]))
    // Whoever tried has used it up.
    await refused(back, jar)

    const other: Jar = new Map()
    const mixed = await throughProvider(await start(other), 'alice')
    const wrong = new URL(mixed)
    wrong.searchParams.set('state', 'x'.repeat(43))
    await refused(wrong, other)
    expect((await finish(mixed, other)).headers.location).toBe('/')
    await refused(mixed, other)

    const slow: Jar = new Map()
    const late = await throughProvider(await start(slow), 'alice')
    test.accountsClock.nowMs += 600_000
    await refused(late, slow)

    const forged: Jar = new Map()
    const given = new URL(await start(forged))
    const search = new URLSearchParams({ code: 'forged', state: given.searchParams.get('state') ?? '', iss: issuer })
    await refused(new URL(`${callbackUrl}/api/v1/session/provider/callback?${search}`), forged)
    await refused(new URL(`${callbackUrl}/api/v1/session/provider/callback?error=access_denied`), forged)
  })

  it('is told in the audit log', async () => {
    const { entries } = (await test.as('platform-admin', { url: '/api/v1/audit?limit=500' })).json()
    const lines = entries.filter(({ what }: { what: string }) => what === 'sign-in by provider')
    expect(lines).toContainEqual(expect.objectContaining({ outcome: 'done', who: { kind: 'user', id: 'alice' } }))
    expect(lines).toContainEqual(
      expect.objectContaining({ outcome: 'refused', why: 'accounts.provider-refused', from: '127.0.0.1' }),
    )
  })

  it('says so when the provider does not answer', async () => {
    const dead = await openGuardedServer({ provider: settingsOf({ issuer: 'http://127.0.0.1:9' }) })
    const answer = await dead.inject('/api/v1/session/provider')
    expect(answer.statusCode).toBe(503)
    expect(answer.json().code).toBe('accounts.provider-down')
    await dead.close()
    const none = await openGuardedServer()
    expect((await none.inject('/api/v1/session/provider')).json().code).toBe('accounts.provider-refused')
    expect((await none.inject('/api/v1/session/ways')).json()).toEqual({ password: true, provider: null })
    await none.close()
  })
})

describe('the settings of a provider', () => {
  const right = { issuer: 'https://id.example', clientId: 'a', clientSecret: 'b', grants: settingsOf().grants }

  it('are read from JSON, with defaults', () => {
    expect(readProvider(JSON.stringify(right), 'p.json')).toMatchObject({
      title: 'Single sign-on',
      scope: 'openid profile email',
    })
  })

  it.each([
    ['no JSON', '{', /no JSON/],
    ['a mistyped field', JSON.stringify({ ...right, issuers: 'x' }), /issuers/],
    ['no grants', JSON.stringify({ ...right, grants: [] }), /grants/],
    [
      'a role that is none',
      JSON.stringify({
        ...right,
        grants: [{ claim: 'a', value: 'b', grant: { organisation: 'n', role: 'king', sites: '*' } }],
      }),
      /role/,
    ],
    ['no address', JSON.stringify({ ...right, issuer: 'id.example' }), /issuer/],
  ])('are refused with %s, without telling the secret', (_, text, told) => {
    expect(() => readProvider(text, 'p.json')).toThrow(told)
    try {
      readProvider(text.replace('"b"', '"hidden-secret"'), 'p.json')
    } catch (error) {
      expect(JSON.stringify((error as { problems: unknown }).problems)).not.toContain('hidden-secret')
    }
  })

  it('give grants by claims that are a text or a list', () => {
    const rules = settingsOf().grants
    expect(grantsOf({ groups: 'south-viewers' }, rules)).toMatchObject([{ organisation: 'south' }])
    expect(grantsOf({ groups: ['park-planners', 'south-viewers'] }, rules)).toHaveLength(2)
    expect(grantsOf({ groups: { 'park-planners': true } }, rules)).toEqual([])
    expect(grantsOf({}, rules)).toEqual([])
  })

  it.each([
    [{ preferred_username: 'Zhang Wei' }, undefined, 'zhang-wei'],
    [{ email: 'a@b.example', sub: '1' }, undefined, 'a@b.example'],
    [{ upn: 'x', sub: '1' }, 'upn', 'x'],
    [{ preferred_username: '../../etc' }, undefined, 'etc'],
  ] as const)('name %o as %s', (claims, claim, name) => {
    expect(nameOf(claims, claim)).toBe(name)
  })

  it('name who has nothing to be named by', () => {
    expect(nameOf({ preferred_username: '张伟' })).toMatch(/^user-[0-9a-f]{12}$/)
  })
})
