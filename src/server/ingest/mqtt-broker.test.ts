import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testAccounts } from '../accounts/accounts.fixture.ts'
import { openTestServer, type TestServer } from '../server.fixture.ts'

const settings = { host: '127.0.0.1', port: 0, topics: ['mangrove/{site}/{asset}/{point}'] }
const site = 'quarry-microgrid'
const { accounts } = testAccounts()
let test: TestServer
let point: string

beforeAll(async () => {
  await accounts.organisations.create({ id: 'main', name: 'Main', sites: [site, 'liyang-park'] })
  test = await openTestServer({ accounts, mqttBroker: settings })
  const served = test.server.parts.sites.get(site).site
  point = [...test.server.parts.sites.points(served).values()].find(({ expression }) => expression === undefined)!.ref
})
afterAll(() => test.close())

const topicOf = (of: string): string => `mangrove/${of}/${point.replace('.', '/')}`
const connect = (username: string, password: string) =>
  connectAsync(test.server.mqttUrl!, { username, password, protocolVersion: 4, reconnectPeriod: 0 })

describe('a device at the broker inside', () => {
  it('writes points of its site, which are in the store when it is told so, and none of another', async () => {
    const request = { title: 'meter', site, organisation: 'main' }
    const { device, text } = await accounts.devices.create(request)
    const client = await connect(device.id, text.split('_').slice(3).join('_'))
    const ended = new Promise((resolve) => client.once('close', () => resolve('ended')))
    client.on('error', () => undefined)
    const timestampMs = test.clock.now() - 60_000
    await client.publishAsync(topicOf(site), JSON.stringify({ timestampMs, value: 3 }), { qos: 1 })
    const kept = await test.store.observations.latest(site, [point])
    expect(JSON.stringify([...kept.values()])).toContain(`${timestampMs}`)
    client.publish(topicOf('liyang-park'), '3', { qos: 1 })
    expect(await ended).toBe('ended')
  })

  it('gives its whole credential as password where that is easier, and is not heard after too many wrong ones', async () => {
    const { device, text } = await accounts.devices.create({ title: 'meter', site, organisation: 'main' })
    await (await connect(device.id, text)).endAsync()
    for (let index = 0; index < 6; index += 1) await expect(connect(device.id, 'wrong')).rejects.toThrow()
    await expect(connect(device.id, text)).rejects.toThrow()
    test.clock.nowMs += 61_000
    await (await connect(device.id, text)).endAsync()
  })

  it('that is no device does not come in', async () => {
    await expect(connect('', '')).rejects.toThrow()
    await expect(connect('owner', 'password')).rejects.toThrow()
  })
})

it('a broker that others reach needs accounts and a certificate', async () => {
  await expect(openTestServer({ mqttBroker: { ...settings, host: '0.0.0.0' } })).rejects.toMatchObject({
    code: 'gateway.bad-settings',
  })
})
