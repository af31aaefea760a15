import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type GuardedServer, openGuardedServer } from '../guarded.fixture.ts'
import { noonMs, observed, openTestServer, type TestServer } from '../server.fixture.ts'
import { createLiveSockets } from './live-sockets.ts'

const site = 'quarry-microgrid'

interface Client {
  readonly socket: WebSocket
  send(message: unknown): void
  next(): Promise<Record<string, unknown> & { type: string }>
}

async function connect(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Client> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/live`, { headers })
  const messages: string[] = []
  let wake = (): void => undefined
  socket.on('message', (data) => {
    messages.push(String(data))
    wake()
  })
  socket.on('close', () => wake())
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
    socket.once('unexpected-response', (_request, response) => reject(new Error(`status ${response.statusCode}`)))
  })
  return {
    socket,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    async next() {
      while (messages.length === 0) {
        if (socket.readyState === WebSocket.CLOSED) throw new Error('closed')
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      return JSON.parse(messages.shift()!)
    },
  }
}

describe('a WebSocket for newest values', () => {
  let test: TestServer
  let url: string
  const clients: Client[] = []
  const open = async (headers?: Readonly<Record<string, string>>): Promise<Client> => {
    const client = await connect(url, headers)
    clients.push(client)
    return client
  }
  beforeAll(async () => {
    test = await openTestServer()
    await test.store.observations.put([observed(noonMs, 42)])
    url = await test.server.app.listen({ host: '127.0.0.1', port: 0 })
  })
  afterEach(() => {
    for (const { socket } of clients.splice(0)) socket.terminate()
  })
  afterAll(() => test.close())
  const write = (value: number, timestampMs: number, point = 'pv.powerKw') =>
    test.inject({
      method: 'POST',
      url: `/api/v1/observations?site=${site}`,
      payload: { observations: [{ point, timestampMs, value }] },
    })

  it('begins with a snapshot and goes on with what changes of what is subscribed, computed points too', async () => {
    const client = await open()
    client.send({ type: 'subscribe', id: 7, site, points: ['pv.powerKw', 'quarry.sunShare'] })
    expect(await client.next()).toEqual({ type: 'subscribed', id: 7, site, points: 2 })
    expect(await client.next()).toMatchObject({
      ...{ type: 'snapshot', complete: true, site },
      points: { 'pv.powerKw': { value: 42, quality: 'good', timestampMs: noonMs } },
    })
    await write(0.5, noonMs - 1000, 'battery.soc')
    await write(1, noonMs - 1000)
    await write(43, noonMs + 100)
    const changes = await client.next()
    expect(changes).toMatchObject({ type: 'changes', site, points: { 'pv.powerKw': { value: 43 } } })
    expect(Object.keys(changes.points as object).sort()).toEqual(['pv.powerKw', 'quarry.sunShare'])
    client.send({ type: 'unsubscribe', site, points: ['quarry.sunShare'] })
    expect(await client.next()).toEqual({ type: 'unsubscribed', site, points: 1 })
    await write(44, noonMs + 200)
    expect(Object.keys((await client.next()).points as object)).toEqual(['pv.powerKw'])
    client.send({ type: 'unsubscribe', site })
    expect(await client.next()).toEqual({ type: 'unsubscribed', site, points: 0 })
    expect(test.server.parts.hub.listeners()).toBe(0)
  })

  it('answers what it cannot use, and goes on', async () => {
    const client = await open()
    for (const [message, code] of [
      ['{', 'server.bad-message'],
      ['[]', 'server.bad-message'],
      ['null', 'server.bad-message'],
      [{ type: 'subscribe' }, 'server.bad-message'],
      [{ type: 'sing', site }, 'server.bad-message'],
      [{ type: 'subscribe', site: 'nowhere' }, 'server.unknown-site'],
      [{ type: 'subscribe', site, points: ['pv.colour'] }, 'server.unknown-point'],
      [{ type: 'subscribe', site, points: [] }, 'server.bad-message'],
    ] as const) {
      client.send(message)
      expect(await client.next(), JSON.stringify(message)).toMatchObject({ type: 'error', code })
    }
    client.socket.send(Buffer.from([1, 2, 3]))
    expect(await client.next()).toMatchObject({ type: 'error', code: 'server.bad-message' })
    client.send({ type: 'subscribe', id: 'last', site, points: ['pv.powerKw'] })
    expect(await client.next()).toMatchObject({ type: 'subscribed', id: 'last' })
  })

  it('never breaks, whatever is sent (fuzz)', async () => {
    const client = await open()
    const any = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .record(
          {
            type: fc.oneof(fc.constantFrom('subscribe', 'unsubscribe', '__proto__'), fc.jsonValue()),
            site: fc.oneof(fc.constantFrom(site, 'liyang-park', '__proto__', 'constructor'), fc.jsonValue()),
            points: fc.oneof(fc.array(fc.constantFrom('pv.powerKw', 'battery.soc', '__proto__')), fc.jsonValue()),
            id: fc.jsonValue(),
          },
          { requiredKeys: [] },
        )
        .map((message) => JSON.stringify(message)),
    )
    for (const text of fc.sample(any, { seed: 20260706, numRuns: 300 })) {
      client.send(text)
      // One answer each; values come between.
      for (let answer = await client.next(); answer.type === 'snapshot' || answer.type === 'changes'; )
        answer = await client.next()
    }
    expect(client.socket.readyState).toBe(WebSocket.OPEN)
  }, 60_000)

  it('is closed for who asks too much at once, or in one message', async () => {
    const greedy = await open()
    for (let k = 0; k < 1000; k += 1) greedy.send({ type: 'subscribe', site })
    const [code] = await once(greedy.socket, 'close')
    expect(code).toBe(1008)
    const large = await open()
    large.send('x'.repeat(2_000_000))
    const [tooLarge] = await once(large.socket, 'close')
    expect(tooLarge).toBe(1009)
  })

  it('is refused to pages of others, and leads programs that speak HTTP elsewhere', async () => {
    await expect(connect(url, { origin: 'https://evil.example' })).rejects.toThrow('403')
    await expect(connect(url, { origin: 'null' })).rejects.toThrow('403')
    await expect(connect(url, { 'sec-fetch-site': 'cross-site' })).rejects.toThrow('403')
    const own = await open({ origin: url })
    expect(own.socket.readyState).toBe(WebSocket.OPEN)
    const plain = await fetch(`${url}/api/v1/live`)
    expect([plain.status, ((await plain.json()) as { code: string }).code]).toEqual([426, 'server.upgrade-needed'])
  })

  // thingsboard/thingsboard#15755: subscriptions of dead sockets stayed, 2.7 to 5.9 GB.
  it('leaves nothing behind when it goes, however it goes', async () => {
    for (let round = 0; round < 30; round += 1) {
      const group = await Promise.all(Array.from({ length: 10 }, () => connect(url)))
      for (const client of group) client.send({ type: 'subscribe', site })
      if (round % 3 === 0) await Promise.all(group.map((client) => client.next()))
      for (const { socket } of group) {
        if (round % 2 === 0) socket.terminate()
        else socket.close()
      }
    }
    for (let tries = 0; tries < 200 && test.server.parts.streams.figures().open > 0; tries += 1) await sleep(20)
    expect(test.server.parts.streams.figures().open).toBe(0)
    expect(test.server.parts.hub.listeners()).toBe(0)
  }, 60_000)

  it('is dropped when its peer does not answer a ping', async () => {
    const sockets = createLiveSockets(test.server.parts)
    const seen: string[] = []
    const { EventEmitter } = await import('node:events')
    const peer = Object.assign(new EventEmitter(), {
      bufferedAmount: 0,
      send: () => undefined,
      close: () => seen.push('close'),
      ping: () => seen.push('ping'),
      terminate() {
        seen.push('terminate')
        peer.emit('close')
      },
    })
    const caller = { principal: { kind: 'local', id: 'local' }, again: async () => undefined, may: () => true }
    sockets.open(peer as never, () => caller as never)
    sockets.beat()
    peer.emit('pong')
    sockets.beat()
    expect([...seen, sockets.figures().open]).toEqual(['ping', 'ping', 1])
    sockets.beat()
    expect([seen.at(-1), sockets.figures().open]).toEqual(['terminate', 0])
  })

  it('ends with the server', async () => {
    const own = await openTestServer()
    const client = await connect(await own.server.app.listen({ host: '127.0.0.1', port: 0 }))
    const closed = once(client.socket, 'close')
    await own.close()
    expect((await closed)[0]).toBe(1001)
  })
})

describe('a WebSocket of somebody', () => {
  let test: GuardedServer
  let url: string
  beforeAll(async () => {
    test = await openGuardedServer()
    url = await test.server.app.listen({ host: '127.0.0.1', port: 0 })
  })
  afterAll(() => test.close())

  it('is refused without a credential', async () => {
    await expect(connect(url)).rejects.toThrow('401')
  })

  it('tells nothing of the sites of others, byte for byte as of one that is not there', async () => {
    const authorization = `Bearer ${await test.tokenOf('south-viewer')}`
    const client = await connect(url, { authorization })
    client.send({ type: 'subscribe', site })
    const foreign = JSON.stringify(await client.next())
    client.send({ type: 'subscribe', site: 'no-such-site' })
    expect(foreign.replaceAll(site, 'no-such-site')).toBe(JSON.stringify(await client.next()))
    client.send({ type: 'subscribe', site: 'liyang-park' })
    expect(await client.next()).toMatchObject({ type: 'subscribed' })
    client.socket.terminate()
  })

  it('ends with the token', async () => {
    const authorization = `Bearer ${await test.tokenOf('north-viewer', test.accountsClock.nowMs + 1000)}`
    const client = await connect(url, { authorization })
    client.send({ type: 'subscribe', site, points: ['pv.powerKw'] })
    expect(await client.next()).toMatchObject({ type: 'subscribed' })
    expect(await client.next()).toMatchObject({ type: 'snapshot' })
    test.accountsClock.nowMs += 2000
    client.send({ type: 'subscribe', site })
    expect(await client.next()).toMatchObject({ type: 'error', status: 401 })
    client.socket.terminate()
  })
})
