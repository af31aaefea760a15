import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { AlarmView } from '../alarms/alarm-view.ts'
import { type GuardedServer, openGuardedServer } from '../guarded.fixture.ts'
import { noonMs, openTestServer, type TestServer } from '../server.fixture.ts'
import { createOutbox } from './outbox.ts'

const site = 'quarry-microgrid'

type Message = Record<string, unknown> & { readonly type: string; readonly alarms?: readonly AlarmView[] }

async function connect(url: string, headers: Readonly<Record<string, string>> = {}) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/live`, { headers })
  const messages: Message[] = []
  let wake = (): void => undefined
  socket.on('message', (data) => {
    messages.push(JSON.parse(String(data)))
    wake()
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  return {
    socket,
    messages,
    send: (message: object) => socket.send(JSON.stringify(message)),
    async next(): Promise<Message> {
      while (messages.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      return messages.shift()!
    },
  }
}

describe('the topic alarms of a WebSocket', () => {
  let test: TestServer
  let url: string
  beforeAll(async () => {
    const time = { ms: 0 }
    test = await openTestServer({ monotonic: () => time.ms })
    await test.server.parts.alarms.start()
    url = await test.server.app.listen({ host: '127.0.0.1', port: 0 })
  })
  afterAll(() => test.close())
  const soc = async (...rows: readonly (readonly [minutes: number, value: number])[]) => {
    const observations = rows.map(([minutes, value]) => ({
      ...{ point: 'battery.soc', timestampMs: noonMs + minutes * 60_000, value },
    }))
    await test.inject({ method: 'POST', url: `/api/v1/observations?site=${site}`, payload: { observations } })
    await test.server.parts.alarms.idle()
  }

  it('begins with all that are not normal and goes on with what changes, beside values', async () => {
    const client = await connect(url)
    client.send({ type: 'subscribe', id: 1, site, topic: 'alarms' })
    expect(await client.next()).toMatchObject({ type: 'subscribed', topic: 'alarms', id: 1, site, alarms: 4 })
    expect(await client.next()).toEqual({ type: 'alarms', site, number: 0, complete: true, alarms: [] })
    client.send({ type: 'subscribe', site, points: ['pv.powerKw'] })
    expect(await client.next()).toMatchObject({ type: 'subscribed', points: 1 })
    await client.next()
    await soc([-10, 0.5], [-9, 0.15], [-8, 0.15], [-7, 0.16])
    const raised = await client.next()
    expect(raised).toMatchObject({
      ...{ type: 'alarms', site, complete: false },
      alarms: [{ id: `${site}:battery-low`, state: 'unacknowledged', condition: true }],
    })
    expect(raised.number).toBeGreaterThan(0)
    await test.inject({ method: 'POST', url: `/api/v1/alarms/${site}:battery-low/acknowledge`, payload: {} })
    expect((await client.next()).alarms).toMatchObject([{ state: 'acknowledged', user: 'local' }])
    const late = await connect(url)
    late.send({ type: 'subscribe', site, topic: 'alarms' })
    await late.next()
    expect(await late.next()).toMatchObject({ complete: true, alarms: [{ state: 'acknowledged' }] })
    client.send({ type: 'unsubscribe', site, topic: 'alarms' })
    expect(await client.next()).toEqual({ type: 'unsubscribed', topic: 'alarms', site })
    await soc([-6, 0.5], [0, 0.5])
    expect(await late.next()).toMatchObject({ complete: false, alarms: [{ state: 'normal', condition: false }] })
    expect(client.messages).toEqual([])
    for (const { socket } of [client, late]) socket.terminate()
  })

  it('refuses a topic that is none', async () => {
    const client = await connect(url)
    client.send({ type: 'subscribe', site, topic: 'gossip' })
    expect(await client.next()).toMatchObject({ type: 'error', code: 'server.bad-message' })
    client.socket.terminate()
  })
})

describe('alarms of others', () => {
  let test: GuardedServer
  beforeAll(async () => {
    test = await openGuardedServer()
  })
  afterAll(() => test.close())

  it('are told to nobody, byte for byte as those of a site that is not there', async () => {
    const url = await test.server.app.listen({ host: '127.0.0.1', port: 0 })
    const client = await connect(url, { authorization: `Bearer ${await test.tokenOf('south-viewer')}` })
    client.send({ type: 'subscribe', site, topic: 'alarms' })
    const foreign = JSON.stringify(await client.next())
    client.send({ type: 'subscribe', site: 'no-such-site', topic: 'alarms' })
    expect(foreign.replaceAll(site, 'no-such-site')).toBe(JSON.stringify(await client.next()))
    client.socket.terminate()
  })
})

it('a slow reader gets the newest state of each alarm', () => {
  const texts: string[] = []
  const sink = { bufferedAmount: 100_000, send: (text: string) => void texts.push(text) }
  const outbox = createOutbox(sink)
  const view = (id: string, state: string) => ({ id, state }) as unknown as AlarmView
  outbox.alarms('a', { number: 4, alarms: [view('x', 'unacknowledged'), view('y', 'normal')] }, true)
  outbox.alarms('a', { number: 5, alarms: [view('x', 'acknowledged')] }, false)
  expect(outbox.waiting()).toBe(2)
  sink.bufferedAmount = 0
  outbox.alarms('b', { number: 1, alarms: [] }, true)
  expect(texts.map((text) => JSON.parse(text))).toEqual([
    { type: 'alarms', site: 'a', number: 5, complete: true, alarms: [view('y', 'normal'), view('x', 'acknowledged')] },
    { type: 'alarms', site: 'b', number: 1, complete: true, alarms: [] },
  ])
  outbox.alarms('b', { number: 2, alarms: [] }, false)
  expect([texts.length, outbox.waiting()]).toEqual([2, 0])
})
