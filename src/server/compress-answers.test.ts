import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestServer, type TestServer } from './server.fixture.ts'

const elsewhere = '192.0.2.7'
let test: TestServer
beforeAll(async () => {
  test = await openTestServer({ trustedProxies: 'loopback' })
})
afterAll(() => test.close())

const ask = (url: string, encoding: string, remoteAddress = elsewhere) =>
  test.inject({ url, remoteAddress, headers: { 'accept-encoding': encoding } })

describe('answers to other machines', () => {
  it.each([
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
    ['zstd', zstdDecompressSync],
  ] as const)('are packed by %s, and are the same when unpacked', async (encoding, unpack) => {
    for (const url of ['/api/v1/engines', '/api/v1/sites/liyang-park', '/api/openapi.json']) {
      const plain = await ask(url, 'identity')
      const packed = await ask(url, encoding)
      expect(packed.headers['content-encoding']).toBe(encoding)
      expect(packed.headers.vary).toContain('accept-encoding')
      expect(packed.headers['content-type']).toBe(plain.headers['content-type'])
      expect(unpack(packed.rawPayload).equals(plain.rawPayload), url).toBe(true)
      expect(plain.rawPayload.length / packed.rawPayload.length, url).toBeGreaterThan(3)
    }
  })

  it('are packed as the caller likes best, the fastest where it has no wish', async () => {
    expect((await ask('/api/v1/engines', 'gzip, deflate, br, zstd')).headers['content-encoding']).toBe('zstd')
    expect((await ask('/api/v1/engines', 'gzip, deflate, br')).headers['content-encoding']).toBe('br')
  })

  it('stay plain where nothing is asked, where they are short, and where they are refused in a few words', async () => {
    expect((await ask('/api/v1/engines', 'compress')).headers['content-encoding']).toBeUndefined()
    expect((await ask('/health', 'gzip')).headers['content-encoding']).toBeUndefined()
    const refused = await ask('/api/v1/sites/nowhere', 'gzip')
    expect([refused.statusCode, refused.json().code]).toEqual([404, 'server.unknown-site'])
  })

  it('stay plain on this machine itself', async () => {
    const own = await ask('/api/v1/engines', 'gzip, br, zstd', '127.0.0.1')
    expect(own.headers['content-encoding']).toBeUndefined()
    expect(own.json().engines.length).toBeGreaterThan(10)
  })

  it('do not hold back a stream of events', async () => {
    const url = await test.server.app.listen({ port: 0, host: '127.0.0.1' })
    const abort = new AbortController()
    const headers = { 'accept-encoding': 'gzip', 'x-forwarded-for': elsewhere }
    // A proxy that is believed: this is a caller from elsewhere, whose answers are packed.
    expect((await fetch(`${url}/api/v1/engines`, { headers })).headers.get('content-encoding')).toBe('gzip')
    const answer = await fetch(`${url}/api/v1/sites/quarry-microgrid/live`, { headers, signal: abort.signal })
    expect(answer.headers.get('content-encoding')).toBeNull()
    const first = await answer.body?.getReader().read()
    expect(new TextDecoder().decode(first?.value)).toContain('event:')
    abort.abort()
  })
})
