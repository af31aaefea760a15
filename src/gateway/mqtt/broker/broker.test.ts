import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect as connectTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import { afterEach, describe, expect, it } from 'vitest'
import type { ObservationBatch } from '../../../store/index.ts'
import { makeOwnCertificate } from '../../own-certificate.fixture.ts'
import { readTopicTemplate } from '../topic-template.ts'
import { type BrokerCaller, createMqttBroker, type MqttBroker } from './create-broker.ts'
import { createKeptMessages } from './kept-messages.ts'
import { createPacketBound } from './packet-bound.ts'
import { type BrokerLimits, readBrokerSettings } from './settings.ts'
import { covers, type SiteAccess, topicAccess } from './topic-access.ts'

const nowMs = Date.UTC(2026, 6, 6)
const template = 'mangrove/{site}/{asset}/{point}'
const open: { stop(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.stop()
})

interface Stored {
  readonly who: string
  readonly site: string
  readonly point: string
  readonly value: number
}

/** Devices by user: each has a site of its own, and the password is the name backwards. */
const devices: Readonly<Record<string, readonly SiteAccess[]>> = {
  a: [{ site: 'park', points: '*' }],
  b: [{ site: 'port', points: '*' }],
  narrow: [{ site: 'park', points: new Set(['meter.powerKw']) }],
}

async function start(
  more: {
    readonly limits?: Partial<BrokerLimits>
    readonly tls?: { certificate: string; key: string }
    readonly before?: () => Promise<void>
  } = {},
) {
  const stored: Stored[] = []
  const callerOf = (user: string): BrokerCaller | undefined => {
    const sites = devices[user]
    return (
      sites && {
        ...{ key: user, source: 'mqtt', sites, again: async () => callerOf(user) },
        async take(batch: ObservationBatch) {
          await more.before?.()
          for (let row = 0; row < batch.count; row += 1) {
            const { site, point } = batch.series[batch.seriesOf[row]!]!
            stored.push({ who: user, site, point, value: batch.values[row]! })
          }
          return { stored: batch.count, refused: [], refusedCount: 0 }
        },
      }
    )
  }
  const broker = await createMqttBroker({
    settings: {
      ...{ host: '127.0.0.1', port: 0, topics: [template] },
      ...(more.limits ? { limits: more.limits } : {}),
      ...(more.tls ? { tls: more.tls } : {}),
    },
    clock: { now: () => nowMs },
    identify: async (user = '', password = '') =>
      password === [...user].reverse().join('') ? callerOf(user) : undefined,
    report: () => undefined,
  })
  open.push(broker)
  return { broker, stored }
}

async function client({ url }: MqttBroker, user: string, more: IClientOptions = {}): Promise<MqttClient> {
  const made = await connectAsync(url, {
    ...{ username: user, password: [...user].reverse().join(''), protocolVersion: 4, reconnectPeriod: 0 },
    ...more,
  })
  made.on('error', () => undefined)
  open.push({ stop: () => made.endAsync(true) })
  return made
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (const began = performance.now(); !condition(); await sleep(10)) {
    if (performance.now() - began > 10_000) throw new Error(`never: ${what}`)
  }
}

describe('the broker inside', () => {
  it.each([1, 2] as const)('acknowledges quality of service %d after the commit, not before', async (qos) => {
    const disk = Promise.withResolvers<void>()
    const { broker, stored } = await start({ before: () => disk.promise })
    const device = await client(broker, 'a')
    let acknowledged = false
    const sent = device.publishAsync('mangrove/park/meter/powerKw', '12.5', { qos }).then(() => {
      acknowledged = true
    })
    await until(() => broker.figures().inFlight === 1, 'it is in hand')
    await sleep(100)
    expect(acknowledged).toBe(false)
    disk.resolve()
    await sent
    expect(stored).toEqual([{ who: 'a', site: 'park', point: 'meter.powerKw', value: 12.5 }])
    expect(broker.figures()).toMatchObject({ acknowledged: 1, stored: 1, inFlight: 0, waitingBytes: 0 })
  })

  it('lets nobody in whose credential is none, and tells a client of MQTT 5 to take 3.1.1', async () => {
    const { broker } = await start()
    await expect(client(broker, 'a', { password: 'wrong' })).rejects.toThrow(/Bad username or password|Not authorized/)
    await expect(client(broker, 'a', { protocolVersion: 5 })).rejects.toThrow(/Unsupported Protocol Version/i)
    expect(broker.figures().cut).toMatchObject({ 'not-signed-in': 1, 'wrong-version': 1 })
  })

  it('ends who publishes under another site, and refuses filters that could match one', async () => {
    const { broker, stored } = await start()
    const b = await client(broker, 'b')
    for (const filter of ['#', '+/+/+/+', 'mangrove/#', 'mangrove/park/#', '$SYS/#', 'mangrove/+/meter/powerKw']) {
      await expect(b.subscribeAsync(filter, { qos: 1 })).rejects.toThrow(/Unspecified error/)
    }
    expect(await b.subscribeAsync('mangrove/port/+/+')).toMatchObject([{ qos: 0 }])
    const closed = new Promise((resolve) => b.once('close', () => resolve('closed')))
    b.publish('mangrove/park/meter/powerKw', '1', { qos: 1 })
    expect(await closed).toBe('closed')
    expect(stored).toEqual([])
    const narrow = await client(broker, 'narrow')
    await narrow.publishAsync('mangrove/park/meter/powerKw', '2', { qos: 1 })
    const ended = new Promise((resolve) => narrow.once('close', () => resolve('closed')))
    narrow.publish('mangrove/park/battery/powerKw', '3', { qos: 1 })
    expect(await ended).toBe('closed')
    expect(stored.map(({ value }) => value)).toEqual([2])
  })

  it('holds wills against the sites too, and stores those that are readings', async () => {
    const { broker, stored } = await start()
    const will = (topic: string) => ({ will: { topic, payload: Buffer.from('null'), qos: 1 as const, retain: false } })
    await expect(client(broker, 'b', will('mangrove/park/meter/powerKw'))).rejects.toThrow(/Not authorized/)
    const device = await client(broker, 'a', will('mangrove/park/meter/powerKw'))
    device.stream.destroy()
    await until(() => stored.length === 1, 'the will is stored')
    expect(stored).toEqual([{ who: 'a', site: 'park', point: 'meter.powerKw', value: Number.NaN }])
  })

  it('brings messages to those of the site who listen, and keeps the last of a topic that is no reading', async () => {
    const { broker } = await start()
    const device = await client(broker, 'a')
    const heard: string[] = []
    device.on('message', (topic, payload, { retain }) => heard.push(`${topic} ${payload.toString()} ${retain}`))
    await device.subscribeAsync('mangrove/park/+/+', { qos: 1 })
    await device.publishAsync('mangrove/park/meter/powerKw', '7', { qos: 1, retain: true })
    await device.publishAsync('spBv1.0/STATE/park', 'here', { qos: 1, retain: true })
    await until(() => heard.length === 1, 'the reading is heard')
    const other = await client(broker, 'b')
    other.on('message', (topic, payload, { retain }) => heard.push(`${topic} ${payload.toString()} ${retain}`))
    await other.subscribeAsync('spBv1.0/STATE/+')
    await until(() => heard.length === 2, 'the state is heard')
    expect(heard).toEqual(['mangrove/park/meter/powerKw 7 false', 'spBv1.0/STATE/park here true'])
    // A reading is not kept: whoever comes later asks the store.
    const late = await client(broker, 'a')
    late.on('message', (topic) => heard.push(topic))
    await late.subscribeAsync('mangrove/park/meter/powerKw')
    await sleep(100)
    expect([heard.length, broker.figures().kept]).toEqual([2, 1])
  })

  it('bounds connections, packets and what waits for the disk', async () => {
    const disk = Promise.withResolvers<void>()
    const limits = { connections: 3, connectionsEach: 2, packetBytes: 2000, waitingBytes: 3000 }
    const { broker, stored } = await start({ limits, before: () => disk.promise })
    const [first] = [await client(broker, 'a'), await client(broker, 'a')]
    await expect(client(broker, 'a')).rejects.toThrow(/Server unavailable/)
    const second = await client(broker, 'b')
    await expect(client(broker, 'narrow')).rejects.toThrow(/Server unavailable/)
    const closed = new Promise((resolve) => second.once('close', () => resolve('closed')))
    second.publish('mangrove/port/meter/powerKw', Buffer.alloc(3000, 0x20), { qos: 1 })
    expect(await closed).toBe('closed')
    const over = new Promise((resolve) => first!.once('close', () => resolve('closed')))
    for (let index = 0; index < 20; index += 1) first!.publish('mangrove/park/meter/powerKw', `${index}`, { qos: 1 })
    expect(await over).toBe('closed')
    expect(broker.figures().cut).toMatchObject({ 'too-large': 1, overloaded: expect.any(Number) })
    expect(broker.figures().waitingBytes).toBeLessThanOrEqual(3000)
    disk.resolve()
    await until(() => broker.figures().inFlight === 0, 'what was taken is stored')
    expect(stored.length).toBeGreaterThan(0)
  })

  it('puts out a client of the same name of the same credential only', async () => {
    const { broker } = await start()
    const a = await client(broker, 'a', { clientId: 'meter' })
    const b = await client(broker, 'b', { clientId: 'meter' })
    expect([a.connected, b.connected]).toEqual([true, true])
    const closed = new Promise((resolve) => a.once('close', () => resolve('closed')))
    await client(broker, 'a', { clientId: 'meter' })
    expect(await closed).toBe('closed')
    expect(broker.figures().connections).toBe(2)
  })

  it('acknowledges what is stored when it stops, and nothing else', async () => {
    const { broker, stored } = await start({ before: () => sleep(50) })
    const device = await client(broker, 'a')
    let acknowledged = 0
    for (let index = 0; index < 50; index += 1) {
      device.publishAsync('mangrove/park/meter/powerKw', `${index}`, { qos: 1 }).then(
        () => {
          acknowledged += 1
        },
        () => undefined,
      )
    }
    await until(() => broker.figures().inFlight > 0, 'some are in hand')
    await broker.stop()
    await sleep(50)
    expect(acknowledged).toBeLessThanOrEqual(stored.length)
  })

  it('survives bytes that are no MQTT', async () => {
    const { broker } = await start()
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
        const { port } = new URL(broker.url)
        const socket = connectTcp(Number(port), '127.0.0.1')
        socket.on('error', () => undefined)
        await new Promise<void>((resolve) => socket.end(bytes, resolve))
        socket.destroy()
      }),
      { numRuns: 100 },
    )
    const device = await client(broker, 'a')
    await device.publishAsync('mangrove/park/meter/powerKw', '1', { qos: 1 })
    expect(broker.figures().stored).toBe(1)
  })

  it.skipIf(spawnSync('openssl', ['version']).error)('speaks TLS (needs openssl for a certificate)', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mangrove-tls-'))
    try {
      const pem = makeOwnCertificate(folder)
      const { broker, stored } = await start({ tls: pem })
      expect(broker.url).toMatch(/^mqtts:/)
      const device = await client(broker, 'a', { ca: pem.certificate })
      await device.publishAsync('mangrove/park/meter/powerKw', '4', { qos: 1 })
      expect(stored).toHaveLength(1)
      await expect(client(broker, 'a')).rejects.toThrow(/self-signed|self signed/)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe('a filter', () => {
  const level = fc.constantFrom('a', 'b', '+', '#')
  const topic = fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 4 })
  const filter = fc
    .array(level, { minLength: 1, maxLength: 4 })
    .map((levels) => (levels.includes('#') ? levels.slice(0, levels.indexOf('#') + 1) : levels))

  it('that a pattern covers matches nothing that the pattern does not match', () => {
    fc.assert(
      fc.property(filter, filter, topic, (pattern, one, levels) => {
        if (covers(pattern, one) && covers(one, levels)) expect(covers(pattern, levels)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  it('of templates without a site is allowed for messages and refused for listening', () => {
    const access = topicAccess([{ site: 'park', points: '*' }], [readTopicTemplate('lines/#')], '')
    expect([access.mayPublish('lines/x'), access.maySubscribe('lines/#'), access.maySubscribe('lines/x')]).toEqual([
      ...[true, false, false],
    ])
    expect(topicAccess([], [readTopicTemplate('lines/#')], '').mayPublish('lines/x')).toBe(false)
  })
})

describe('the bound of packets', () => {
  it('is the same however the bytes are cut', () => {
    const packet = fc.integer({ min: 0, max: 300 }).map((length) => {
      const head = length < 128 ? [0x30, length] : [0x30, (length & 0x7f) | 0x80, length >> 7]
      return { length, bytes: Buffer.concat([Buffer.from(head), Buffer.alloc(length)]) }
    })
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 6 }), fc.array(fc.nat(400), { maxLength: 8 }), (packets, cuts) => {
        const bound = createPacketBound(200, 200)
        const all = Buffer.concat(packets.map(({ bytes }) => bytes))
        const places = [...cuts.map((cut) => Math.min(cut, all.length)), 0, all.length].sort((a, b) => a - b)
        const admitted = places.slice(1).every((to, index) => bound.admit(all.subarray(places[index], to)))
        expect(admitted).toBe(packets.every(({ length }) => length <= 200))
      }),
    )
  })

  it('refuses a length of five bytes', () => {
    expect(createPacketBound(1e9, 1e9).admit(Buffer.of(0x30, 0x80, 0x80, 0x80, 0x80, 1))).toBe(false)
  })
})

it('retained messages are bounded in number, each and together, and in size', () => {
  const kept = createKeptMessages({ most: 3, mostEach: 2, bytes: 10 })
  expect([kept.admit('a', 't1', 5), kept.admit('a', 't2', 5), kept.admit('a', 't3', 5)]).toEqual([true, true, false])
  expect([kept.admit('b', 't3', 11), kept.admit('b', 't3', 5), kept.admit('c', 't4', 5)]).toEqual([false, true, false])
  expect([kept.admit('a', 't1', 0), kept.admit('c', 't4', 5), kept.count()]).toEqual([true, true, 3])
})

describe('settings of the broker', () => {
  const none = (): string => {
    throw new Error('no file is read')
  }
  it('are a port of this machine, or an address, with a certificate', () => {
    expect(readBrokerSettings({}, none)).toBeUndefined()
    expect(readBrokerSettings({ MANGROVE_MQTT_LISTEN: '1883' }, none)).toMatchObject({ host: '127.0.0.1', port: 1883 })
    const tls = { MANGROVE_MQTT_LISTEN_CERTIFICATE_FILE: 'c', MANGROVE_MQTT_LISTEN_KEY_FILE: 'k' }
    expect(readBrokerSettings({ MANGROVE_MQTT_LISTEN: '[::]:8883', ...tls }, (file) => file)).toMatchObject({
      ...{ host: '::', port: 8883, tls: { certificate: 'c', key: 'k' } },
    })
    for (const MANGROVE_MQTT_LISTEN of ['here', '70000', 'a:b']) {
      expect(() => readBrokerSettings({ MANGROVE_MQTT_LISTEN }, none)).toThrow(/listen/)
    }
  })
})
