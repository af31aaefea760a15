import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noonMs, openTestServer, type TestServer } from '../server.fixture.ts'

let test: TestServer
beforeAll(async () => {
  test = await openTestServer()
})
afterAll(() => test.close())

const post = (payload: string | Buffer | object, headers: Record<string, string> = {}, query = '') =>
  test.inject({ method: 'POST', url: `/api/v1/observations?site=quarry-microgrid${query}`, payload, headers })

const stored = async (point = 'pv.powerKw') =>
  (
    await test.store.observations.range({
      site: 'quarry-microgrid',
      points: [point],
      fromMs: noonMs - 86_400_000,
      toMs: noonMs + 86_400_000,
    })
  )[point] ?? { timestampsMs: [], values: [], quality: [] }

const observations = (...values: readonly (number | null)[]) => ({
  observations: values.map((value, k) => ({ point: 'pv.powerKw', timestampMs: noonMs + k * 1000, value })),
})

describe('POST /api/v1/observations', () => {
  it.each([
    ['JSON', 'application/json', JSON.stringify(observations(1, 2, null))],
    [
      'columns in JSON',
      'application/json',
      JSON.stringify({
        points: { 'pv.powerKw': { timestampsMs: [0, 1, 2].map((k) => noonMs + k * 1000), values: [1, 2, null] } },
      }),
    ],
    [
      'NDJSON',
      'application/x-ndjson',
      observations(1, 2, null)
        .observations.map((row) => JSON.stringify(row))
        .join('\n'),
    ],
    [
      'CSV',
      'text/csv',
      `time,point,value\n${[1, 2, ''].map((value, k) => `${new Date(noonMs + k * 1000).toISOString()},pv.powerKw,${value}`).join('\n')}\n`,
    ],
  ])('takes %s', async (_, type, body) => {
    const answer = await post(body, { 'content-type': type })
    expect(answer.statusCode, answer.body).toBe(200)
    expect(answer.json()).toEqual({ stored: 3 })
    expect((await stored()).values).toEqual([1, 2, Number.NaN])
  })

  it('takes line protocol, and stores it once when it is sent again in another format', async () => {
    const lines = [7, 8].map((value, k) => `pv powerKw=${value} ${noonMs + k * 1000}`).join('\n')
    expect((await post(lines, { 'content-type': 'text/plain' }, '&precision=ms')).statusCode).toBe(200)
    await post(observations(7, 8))
    expect((await stored()).values.slice(0, 2)).toEqual([7, 8])
    expect((await stored()).values).toHaveLength(3)
  })

  it.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ])('takes %s', async (encoding, compress) => {
    const body = compress(Buffer.from(JSON.stringify(observations(41, 42))))
    const answer = await post(body, { 'content-type': 'application/json', 'content-encoding': encoding })
    expect(answer.statusCode, answer.body).toBe(200)
    expect((await stored()).values.slice(0, 2)).toEqual([41, 42])
  })

  it('converts into the unit of the point', async () => {
    const answer = await post({ observations: [{ point: 'pv.powerKw', timestampMs: noonMs, value: 0.25, unit: 'MW' }] })
    expect(answer.statusCode, answer.body).toBe(200)
    expect((await stored()).values[0]).toBe(250)
  })

  it('keeps what is valid beside what is not, and says what and where', async () => {
    const answer = await post({
      observations: [
        { point: 'pv.powerKw', timestampMs: noonMs, value: 5 },
        { point: 'pv.powerKw', timestampMs: noonMs + 1000, value: 6, unit: 'kWh' },
        { point: 'pv.nothing', timestampMs: noonMs, value: 1 },
        { point: 'pv.powerKw', timestampMs: 0, value: 1 },
        { point: 'pv.powerKw', timestampMs: Date.UTC(2262, 0, 1), value: 1 },
        { point: 'pv.powerKw', time: '2026-07-06T12:00', value: 1 },
        { point: 'pv.powerKw', timestampMs: noonMs, value: 'high' },
      ],
    })
    expect(answer.statusCode).toBe(422)
    const { code, problems } = answer.json()
    expect(code).toBe('server.refused-observations')
    expect(problems[0].found).toEqual({ refused: 6, stored: 1 })
    const codes = problems.map((problem: { code: string }) => problem.code)
    expect(codes).toEqual(expect.arrayContaining(['kernel.unit-mismatch', 'server.unknown-point']))
    expect((await stored()).values[0]).toBe(5)
    expect((await test.store.observations.latest('quarry-microgrid', ['pv.nothing'])).length).toBe(0)
  })

  it('stores nothing of a body with a fault where all or nothing was asked for', async () => {
    const before = await stored()
    const answer = await post(
      {
        observations: [
          { point: 'pv.powerKw', timestampMs: noonMs + 60_000, value: 5 },
          { point: 'pv.nothing', timestampMs: noonMs, value: 1 },
        ],
      },
      {},
      '&atomic=true',
    )
    expect(answer.statusCode).toBe(422)
    expect(answer.json().problems[0].found).toEqual({ refused: 1, stored: 0 })
    expect(await stored()).toEqual(before)
  })

  it('refuses computed points and sites of others', async () => {
    const computed = [
      ...test.server.parts.sites.points(test.server.parts.sites.get('quarry-microgrid').site).values(),
    ].find(({ expression }) => expression !== undefined)
    expect(computed).toBeDefined()
    const answer = await post({
      observations: [
        { point: computed?.ref, timestampMs: noonMs, value: 1 },
        { point: 'pv.powerKw', site: 'nowhere', timestampMs: noonMs, value: 1 },
      ],
    })
    const codes = answer.json().problems.map((problem: { code: string }) => problem.code)
    expect(codes).toEqual(expect.arrayContaining(['server.computed-point']))
    expect(answer.json().problems[0].found).toMatchObject({ stored: 0, refused: 2 })
  })

  it.each([
    ['no media type', '', {}, 415],
    ['an unknown media type', 'x', { 'content-type': 'image/png' }, 415],
    ['an unknown compression', 'x', { 'content-type': 'text/csv', 'content-encoding': 'br' }, 415],
    ['JSON that is none', '{"observations":[', { 'content-type': 'application/json' }, 400],
    ['gzip that is none', 'abc', { 'content-type': 'text/csv', 'content-encoding': 'gzip' }, 400],
    ['an empty body', '', { 'content-type': 'application/json' }, 400],
  ] as const)('refuses %s by name', async (_, body, headers, status) => {
    const answer = await post(body, headers)
    expect(answer.json().problems[0].detail).toMatch(/\S/)
    expect([status, 422]).toContain(answer.statusCode)
    expect(answer.statusCode).toBeLessThan(500)
  })

  it('refuses a body above its limit and a bomb', async () => {
    const large = Buffer.alloc(17 * 1024 * 1024, 0x20)
    expect((await post(large, { 'content-type': 'text/csv' })).statusCode).toBe(413)
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024, 0x20))
    expect(bomb.length).toBeLessThan(200_000)
    const answer = await post(bomb, { 'content-type': 'text/csv', 'content-encoding': 'gzip' })
    expect(answer.statusCode, answer.body).toBe(413)
  })

  it('is seen by who watches the site', async () => {
    const seen = Promise.withResolvers<number | null | undefined>()
    const stop = test.server.parts.hub.subscribe('quarry-microgrid', (now) =>
      seen.resolve(now.points['pv.powerKw']?.value),
    )
    await post({ observations: [{ point: 'pv.powerKw', timestampMs: noonMs + 300_000, value: 77 }] })
    expect(await seen.promise).toBe(77)
    stop()
    const now = (await test.inject('/api/v1/sites/quarry-microgrid/now')).json()
    expect(now.points['pv.powerKw'].value).toBe(77)
  })
})
