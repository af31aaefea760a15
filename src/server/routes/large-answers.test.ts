import { get } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noonMs, observed, openTestServer, type TestServer } from '../server.fixture.ts'
import { longestTurnMs } from '../turn-watch.fixture.ts'

const count = 200_000
const startMs = noonMs - count * 1000

let test: TestServer
let url: string
beforeAll(async () => {
  test = await openTestServer()
  await test.store.observations.append({
    count,
    series: [{ site: 'quarry-microgrid', point: 'pv.powerKw', unit: 'kW' }],
    sources: ['meter'],
    seriesOf: new Uint32Array(count),
    sourceOf: new Uint16Array(count),
    timestampsMs: Float64Array.from({ length: count }, (_, k) => startMs + k * 1000),
    values: Float64Array.from({ length: count }, (_, k) => (k * 7919) % 1000),
    quality: new Uint8Array(count),
  })
  url = await test.server.app.listen({ host: '127.0.0.1', port: 0 })
}, 60_000)
afterAll(() => test.close())

const query = new URLSearchParams({
  site: 'quarry-microgrid',
  points: 'pv.powerKw',
  from: `${startMs}`,
  to: `${noonMs}`,
})

const ask = async (accept: string): Promise<Uint8Array> => {
  const answer = await fetch(`${url}/api/v1/observations?${query}`, { headers: { accept } })
  expect(answer.status).toBe(200)
  return new Uint8Array(await answer.arrayBuffer())
}

/** Bytes of the answer. The client is in this process, too: it keeps nothing, or its work would be counted. */
const askAndForget = (accept: string): Promise<number> =>
  new Promise((resolve, reject) => {
    get(`${url}/api/v1/observations?${query}`, { headers: { accept } }, (answer) => {
      let bytes = 0
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      answer.on('end', () => resolve(bytes))
    }).on('error', reject)
  })

describe('an answer of 200,000 values', () => {
  it.each([
    [
      'application/json',
      (body: Uint8Array) => JSON.parse(Buffer.from(body).toString()).points['pv.powerKw'].values.length,
    ],
    ['text/csv', (body: Uint8Array) => Buffer.from(body).toString().trim().split('\n').length - 1],
    ['application/x-ndjson', (body: Uint8Array) => Buffer.from(body).toString().trim().split('\n').length],
    [
      'application/vnd.apache.arrow.stream',
      async (body: Uint8Array) => (await import('apache-arrow')).tableFromIPC(body).numRows,
    ],
  ] as const)('as %s holds the event loop never for 20 ms', { retry: 4, timeout: 60_000 }, async (accept, rows) => {
    // What Node compiles at the first is no doing of an answer.
    await ask(accept)
    const bytes = (await ask(accept)).length
    let read = 0
    const turnMs = await longestTurnMs(async () => {
      read = await askAndForget(accept)
    })
    expect(read).toBe(bytes)
    expect(await rows(await ask(accept))).toBe(count)
    expect(turnMs).toBeLessThan(20)
  })

  it('is refused where it would hold one more, and paged with a limit', async () => {
    await test.store.observations.put([observed(noonMs - 500, 1)])
    const query = { site: 'quarry-microgrid', points: 'pv.powerKw', from: `${startMs}`, to: `${noonMs}` }
    const refused = await test.inject({ url: '/api/v1/observations', query })
    expect([refused.statusCode, refused.json().code]).toEqual([422, 'store.too-many'])
    let seen = 0
    for (let at: string | undefined; ; ) {
      const answer = await test.inject({
        url: '/api/v1/observations',
        query: { ...query, limit: '80000', ...(at === undefined ? {} : { cursor: at }) },
      })
      expect(answer.statusCode, answer.body.slice(0, 300)).toBe(200)
      const { points, next } = answer.json()
      seen += points['pv.powerKw'].values.length
      if (next === undefined) break
      expect(answer.headers.link).toBe(
        `</api/v1/observations?${new URLSearchParams({ ...query, limit: '80000', cursor: next })}>; rel="next"`,
      )
      at = next
    }
    expect(seen).toBe(count + 1)
  }, 60_000)
})

describe('the newest values of 10,000 points', () => {
  const refs = Array.from({ length: 10_000 }, (_, k) => `m${k}.powerKw`)
  beforeAll(async () => {
    const declaration = { title: 'Meter', unit: 'kW', role: 'measured', ofKind: false } as const
    test.server.parts.sites.setRuntimePoints('liyang-park', new Map(refs.map((ref) => [ref, declaration])))
    await test.store.observations.append({
      count: refs.length,
      series: refs.map((point) => ({ site: 'liyang-park', point, unit: 'kW' })),
      sources: ['meter'],
      seriesOf: Uint32Array.from(refs.keys()),
      sourceOf: new Uint16Array(refs.length),
      timestampsMs: new Float64Array(refs.length).fill(noonMs - 1000),
      values: new Float64Array(refs.length).fill(5),
      quality: new Uint8Array(refs.length),
    })
  }, 60_000)

  it('come in 50 ms of the processor', { retry: 3, timeout: 60_000 }, async () => {
    const ask = () => fetch(`${url}/api/v1/observations/latest?site=liyang-park`).then((answer) => answer.text())
    const { points } = JSON.parse(await ask())
    expect(points['m9999.powerKw']).toMatchObject({ value: 5, ageMs: 1000, source: 'meter' })
    const before = process.threadCpuUsage()
    await ask()
    const { user, system } = process.threadCpuUsage(before)
    expect((user + system) / 1000).toBeLessThan(50)
  })
})
