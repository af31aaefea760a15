import { execFile, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import modbusSerial from 'modbus-serial'
import { connectAsync } from 'mqtt'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../src/gateway/free-port.fixture.ts'
import { gatewayOf, openThings, playSite } from '../src/gateway/modbus/modbus.fixture.ts'
import { startModbusTwin } from '../src/gateway/modbus/twin/start-twin.ts'
import { startCentral, vehicle } from '../src/gateway/ocpp/scenarios/central.fixture.ts'
import { createStation } from '../src/gateway/ocpp/station/create-station.ts'
import { makeOwnCertificate, type OwnCertificate } from '../src/gateway/own-certificate.fixture.ts'
import { openTestServer, type TestServer } from '../src/server/server.fixture.ts'
import { recordWire } from './wire-recorder.ts'

const has = (program: string, flag: string): boolean => spawnSync(program, [flag]).error === undefined
const run = promisify(execFile)
const site = 'quarry-microgrid'
const folder = mkdtempSync(join(tmpdir(), 'mangrove-foreign-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const things = openThings()
afterEach(things.close)

/** A server of today whose broker speaks TLS or not. */
async function startServer(tls?: { readonly certificate: string; readonly key: string }): Promise<TestServer> {
  const topics = ['mangrove/{site}/{asset}/{point}']
  const test = await openTestServer({
    mqttBroker: { host: '127.0.0.1', port: 0, topics, ...(tls ? { tls } : {}) },
  })
  test.clock.nowMs = Date.now()
  things.add({ stop: () => test.close() })
  return test
}

const storedValue = async ({ store }: TestServer, point: string): Promise<number | undefined> =>
  [...(await store.observations.latest(site, [point]))].at(-1)?.value

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 600; turn += 1) {
    if (await holds()) return
    await sleep(50)
  }
  throw new Error(`${what} did not come about`)
}

describe.skipIf(!has('mosquitto_pub', '--help') || !has('openssl', 'version'))(
  'mosquitto_pub and mosquitto_sub (skipped where they are not installed)',
  () => {
    let tls: OwnCertificate
    beforeAll(() => {
      tls = makeOwnCertificate(folder)
    })

    it('speak to the broker inside over TLS at each quality of service', async () => {
      const test = await startServer(tls)
      const { port } = new URL(test.server.mqttUrl!)
      const to = ['-h', '127.0.0.1', '-p', port, '--cafile', tls.certificateFile]
      const topic = `mangrove/${site}/pv/powerKw`
      const heard = run('mosquitto_sub', [...to, '-t', topic, '-q', '1', '-C', '3', '-W', '30'])
      // Until it listens: what was sent before is kept for nobody.
      await until('a listener', async () =>
        (await test.inject('/metrics')).body.includes('mangrove_mqtt_broker_connections 1'),
      )
      for (const level of ['0', '1', '2']) {
        await run('mosquitto_pub', [...to, '-t', topic, '-m', `1${level}`, '-q', level])
        if (level === '0')
          await until('what nobody acknowledges', async () => (await storedValue(test, 'pv.powerKw')) === 10)
        // Acknowledged is stored.
        expect(await storedValue(test, 'pv.powerKw')).toBe(10 + Number(level))
      }
      expect((await heard).stdout.trim().split('\n')).toEqual(['10', '11', '12'])
    }, 60_000)
  },
)

describe.skipIf(!has('prometheus', '--version'))('Prometheus (skipped where it is not installed)', () => {
  it('scrapes our metrics and writes what it scraped to us', async () => {
    const test = await startServer()
    const url = new URL(await test.server.app.listen({ host: '127.0.0.1', port: 0 }))
    const config = join(folder, 'prometheus.yml')
    writeFileSync(
      config,
      `
global: { scrape_interval: 1s, scrape_timeout: 900ms }
scrape_configs:
  - job_name: mangrove
    static_configs: [{ targets: ['${url.host}'] }]
remote_write:
  - url: '${url.origin}/api/v1/observations?site=${site}'
    queue_config: { batch_send_deadline: 200ms }
    write_relabel_configs:
      - { source_labels: [__name__], regex: up, action: keep }
      - { target_label: point, replacement: pv.powerKw }
`,
    )
    const port = await freePort()
    const flags = [`--config.file=${config}`, `--storage.tsdb.path=${join(folder, 'tsdb')}`]
    const prometheus = spawn('prometheus', [...flags, `--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' })
    const gone = new Promise((resolve) => prometheus.once('exit', resolve))
    things.add({
      async stop() {
        prometheus.kill('SIGKILL')
        await gone
      },
    })
    // It has scraped the target, and one means that the scrape was good.
    await until('a scraped value in the store', async () => (await storedValue(test, 'pv.powerKw')) === 1)
    const { data } = (await (await fetch(`http://127.0.0.1:${port}/api/v1/targets`)).json()) as {
      readonly data: { readonly activeTargets: readonly { readonly health: string; readonly lastError: string }[] }
    }
    expect(data.activeTargets.map(({ health, lastError }) => [health, lastError])).toEqual([['up', '']])
    const families = await (await fetch(`http://127.0.0.1:${port}/api/v1/metadata`)).json()
    expect(Object.keys((families as { readonly data: object }).data).join()).toMatch(/mangrove_store_/)
  }, 60_000)
})

describe.skipIf(!has('tshark', '--version'))('tshark (skipped where it is not installed)', () => {
  /** Frames that the analyser reads as `protocol`, and those that it calls malformed. */
  async function frames(capture: Buffer, port: number, protocol: string) {
    const file = join(folder, `${protocol}.pcap`)
    writeFileSync(file, capture)
    const read = async (filter: string): Promise<number> => {
      const flags = ['-r', file, '-d', `tcp.port==${port},${protocol === 'websocket' ? 'http' : protocol}`]
      const { stdout } = await run('tshark', [...flags, '-Y', filter, '-T', 'fields', '-e', 'frame.number'])
      return stdout.split('\n').filter((line) => line !== '').length
    }
    return { read: await read(protocol), malformed: await read('_ws.malformed') }
  }

  it('finds no malformed frame of MQTT', async () => {
    const test = await startServer()
    const port = Number(new URL(test.server.mqttUrl!).port)
    const wire = things.add(await recordWire(port))
    const client = await connectAsync(`mqtt://127.0.0.1:${wire.port}`, { protocolVersion: 4 })
    await client.subscribeAsync(`mangrove/${site}/+/+`)
    for (const qos of [0, 1, 2] as const) await client.publishAsync(`mangrove/${site}/pv/powerKw`, '3', { qos })
    await client.endAsync()
    const found = await frames(wire.capture(), port, 'mqtt')
    expect(found.read).toBeGreaterThanOrEqual(8)
    expect(found.malformed).toBe(0)
  })

  it('finds no malformed frame of Modbus', async () => {
    const registers = [
      { point: 'soc', address: 10, scale: 0.1, unit: '%' },
      { point: 'setpointKw', address: 11, type: 'i32', unit: 'W', write: 'multiple' },
    ] as const
    const settings = { host: '127.0.0.1', devices: { one: { unitId: 5, asset: 'a', registers } } }
    const gateway = gatewayOf(settings as never, { 'a.soc': '1', 'a.setpointKw': 'kW' })
    const twin = things.add(await startModbusTwin(gateway, playSite({ 'a.soc': 0.42, 'a.setpointKw': 1 })))
    const wire = things.add(await recordWire(twin.port))
    const Master = modbusSerial as unknown as typeof modbusSerial.default
    const master = new Master()
    await master.connectTCP('127.0.0.1', { port: wire.port })
    master.setID(5)
    expect((await master.readHoldingRegisters(10, 3)).data).toHaveLength(3)
    await master.writeRegisters(11, [0, 5000])
    await expect(master.readHoldingRegisters(900, 1)).rejects.toMatchObject({ modbusCode: 2 })
    await new Promise<void>((resolve) => master.close(() => resolve()))
    expect(await frames(wire.capture(), twin.port, 'mbtcp')).toEqual({ read: 6, malformed: 0 })
  })

  it('finds no malformed frame of OCPP, in WebSockets of both versions', async () => {
    for (const version of ['ocpp1.6', 'ocpp2.0.1'] as const) {
      const { system, clock } = await startCentral()
      const wire = things.add(await recordWire(system.port))
      const url = `ws://127.0.0.1:${wire.port}`
      const station = createStation({ url, stationId: 'CP-1', version, clock, sockets: 1 })
      await station.connect()
      await station.boot()
      await station.plugIn(1, vehicle)
      await station.showToken(1, 'CARD-1')
      await station.settled()
      await station.disconnect()
      const found = await frames(wire.capture(), system.port, 'websocket')
      expect(found.read).toBeGreaterThanOrEqual(8)
      expect(found.malformed).toBe(0)
    }
  })
})
