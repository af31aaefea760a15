import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hostName, securityHeaders } from './security.ts'
import { openTestServer, type TestServer } from './server.fixture.ts'

let test: TestServer
beforeAll(async () => {
  test = await openTestServer({ allowedHosts: ['park.example:443'] })
})
afterAll(() => test.close())

describe('the guard against strangers', () => {
  it.each([
    'localhost',
    'localhost:7420',
    '127.0.0.1:1',
    '[::1]:7420',
    '[::1]',
    'LOCALHOST',
    'park.example',
    'Park.Example:7420',
  ])('answers for Host %s', async (host) => {
    expect((await test.inject({ url: '/api/v1/sites', headers: { host } })).statusCode).toBe(200)
  })

  it.each([
    'evil.example',
    'localhost.evil.example',
    'evil.example:7420',
    'localhost@evil.example',
    '127.0.0.1.nip.io',
    '10.0.0.1',
  ])('refuses Host “%s” with 421', async (host) => {
    for (const url of ['/api/v1/sites', '/', '/api/docs', '/nothing', '/health']) {
      const answer = await test.inject({ url, headers: { host } })
      expect(answer.statusCode).toBe(421)
      expect(answer.json().code).toBe('server.host-refused')
    }
  })

  it.each(['https://evil.example', 'null', 'http://localhost.evil.example', 'garbage'])(
    'lets no page from Origin %s change anything',
    async (origin) => {
      for (const request of [
        { method: 'POST', url: '/api/v1/engines/energy.plan', payload: {} },
        { method: 'DELETE', url: '/api/v1/jobs/x' },
        { method: 'POST', url: '/api/v1/runs/x/replay' },
      ] as const) {
        const answer = await test.inject({ ...request, headers: { origin } })
        expect(answer.statusCode).toBe(403)
        expect(answer.json().code).toBe('server.origin-refused')
      }
    },
  )

  it.each(['http://localhost:7420', 'http://127.0.0.1:5173', 'http://[::1]:7420', 'https://park.example'])(
    'lets its own pages from Origin %s',
    async (origin) => {
      const answer = await test.inject({ method: 'DELETE', url: '/api/v1/jobs/x', headers: { origin } })
      expect(answer.statusCode).toBe(404)
    },
  )

  it('is off for a server behind a proxy that checks names itself', async () => {
    const open = await openTestServer({ allowedHosts: 'any', sites: [] })
    expect((await open.inject({ url: '/health', headers: { host: 'anything.example' } })).statusCode).toBe(200)
    await open.close()
  })

  it('reads the name of a Host header', () => {
    expect(['A.example:80', '[::1]:80', '[::1]', 'a'].map(hostName)).toEqual(['a.example', '[::1]', '[::1]', 'a'])
  })
})

describe('security headers', () => {
  it.each(['/api/v1/sites', '/api/docs', '/api/openapi.json', '/health', '/', '/nothing', '/api/v1/jobs/%'])(
    'stand on the answer to %s',
    async (url) => {
      const { headers } = await test.inject(url)
      expect(headers).toMatchObject(securityHeaders)
      expect(headers['content-security-policy']).toContain("script-src 'self'")
      expect(headers['content-security-policy']).toMatch(/worker-src 'self';/)
      expect(headers['content-security-policy']).not.toContain('unsafe-eval')
      expect(headers['access-control-allow-origin']).toBeUndefined()
    },
  )

  it('let the documentation do without script and style from elsewhere', async () => {
    const { body } = await test.inject('/api/docs')
    expect(body).not.toMatch(/<script|<link|https?:\/\/(?!localhost)[a-z]/)
  })
})
