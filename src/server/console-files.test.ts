import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestServer, type TestServer } from './server.fixture.ts'

const webRoot = mkdtempSync(join(tmpdir(), 'mangrove-console-'))
let test: TestServer
beforeAll(async () => {
  mkdirSync(join(webRoot, 'assets'))
  writeFileSync(join(webRoot, 'index.html'), '<title>console</title>')
  writeFileSync(join(webRoot, '.secret'), 'secret')
  writeFileSync(join(webRoot, 'assets/app-1a2b3c.js'), 'plain')
  writeFileSync(join(webRoot, 'assets/app-1a2b3c.js.gz'), gzipSync('packed'))
  test = await openTestServer({ webRoot, sites: [] })
})
afterAll(async () => {
  await test.close()
  rmSync(webRoot, { recursive: true, force: true })
})

describe('the console', () => {
  it.each(['/', '/sites/liyang-park', '/plan?at=1', '/index.html'])('is the page at %s', async (url) => {
    const answer = await test.inject(url)
    expect(answer.statusCode).toBe(200)
    expect(answer.body).toBe('<title>console</title>')
    expect(answer.headers['cache-control']).toBe('no-cache')
  })

  it.each([
    '/api',
    '/api/v1/nothing',
    '/assets/missing-1.js',
    '/health/x',
    '/favicon.ico',
    '/.secret',
    '/..%2fpackage.json',
  ])('is no answer to %s', async (url) => {
    const answer = await test.inject(url)
    expect(answer.statusCode).toBe(404)
    expect(answer.json().code).toBe('server.not-found')
  })

  it('is no answer to a change', async () => {
    expect((await test.inject({ method: 'POST', url: '/sites/x', payload: {} })).statusCode).toBe(404)
  })

  it('lets browsers keep files with a hash in their name, and sends them packed', async () => {
    const plain = await test.inject('/assets/app-1a2b3c.js')
    expect([plain.body, plain.headers['cache-control']]).toEqual(['plain', 'public, max-age=31536000, immutable'])
    const packed = await test.inject({ url: '/assets/app-1a2b3c.js', headers: { 'accept-encoding': 'gzip' } })
    expect(packed.headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-type': expect.stringContaining('javascript'),
    })
    expect(packed.headers['cache-control']).toContain('immutable')
  })

  it('that is not built leads to the documentation of the API', async () => {
    const bare = await openTestServer({ sites: [], webRoot: join(webRoot, 'nothing') })
    const answer = await bare.inject('/')
    expect([answer.statusCode, answer.headers.location]).toEqual([302, '/api/docs'])
    await bare.close()
  })
})
