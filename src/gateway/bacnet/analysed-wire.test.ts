import { execFile, spawnSync } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { playGateway, playHouse, until } from '../link/house.fixture.ts'
import { playSite } from '../modbus/modbus.fixture.ts'
import { openBacnet } from './open-client.ts'
import type { BacnetSettings } from './settings.ts'
import { startBacnetTwin } from './start-twin.ts'

const run = promisify(execFile)
const isThere = spawnSync('tshark', ['--version']).status === 0

/** Packets of IP without a frame around (link type 101), as a file of `libpcap`. */
function captureOf(packets: readonly { readonly toDevice: boolean; readonly bytes: Uint8Array }[]): Buffer {
  const parts: Uint8Array[] = [Buffer.from(Uint32Array.of(0xa1b2c3d4, 0x0004_0002, 0, 0, 262_144, 101).buffer)]
  for (const { toDevice, bytes } of packets) {
    const head = Buffer.alloc(28)
    head[0] = 0x45
    head.writeUInt16BE(28 + bytes.length, 2)
    head[8] = 64
    head[9] = 17
    head.set([127, 0, 0, 1, 127, 0, 0, 1], 12)
    head.writeUInt16BE(toDevice ? 40_000 : 47_808, 20)
    head.writeUInt16BE(toDevice ? 47_808 : 40_000, 22)
    head.writeUInt16BE(8 + bytes.length, 24)
    parts.push(Buffer.from(Uint32Array.of(1, 0, 28 + bytes.length, 28 + bytes.length).buffer), head, bytes)
  }
  return Buffer.concat(parts)
}

async function bind(): Promise<Socket> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  return socket
}

describe.skipIf(!isThere)('tshark (skipped where it is not installed)', () => {
  it('reads every frame of BACnet of client and twin, and calls none malformed', async () => {
    const units = { 'a.t': 'degC', 'a.e': 'kWh', 'a.b': '1', 'a.m': '1', 'a.s': 'degC' }
    const points: BacnetSettings['points'] = {
      ...{
        'a.t': 'analog-input:1',
        'a.e': 'large-analog-value:3',
        'a.b': 'binary-value:1',
        'a.m': 'multi-state-value:2',
      },
      'a.s': { object: 'analog-value:7', write: true, priority: 11, relinquish: 0 },
    }
    const settings: BacnetSettings = { host: '127.0.0.1', points, period: '0.1s', timeout: '1s', lifetime: '60s' }
    const site = playSite({ 'a.t': 20, 'a.e': 1234.5, 'a.b': 1, 'a.m': 2, 'a.s': 21 })
    const twin = await startBacnetTwin(playGateway(settings, units), site)
    const [front, back] = [await bind(), await bind()]
    const packets: { toDevice: boolean; bytes: Uint8Array }[] = []
    let client = 0
    front.on('message', (bytes, { port }) => {
      client = port
      packets.push({ toDevice: true, bytes })
      back.send(bytes, twin.port, '127.0.0.1')
    })
    back.on('message', (bytes) => {
      packets.push({ toDevice: false, bytes })
      front.send(bytes, client, '127.0.0.1')
    })
    const house = playHouse()
    const own = { ...settings, port: front.address().port, instance: twin.instance }
    const link = openBacnet(playGateway(own, units), house)
    await until(() => house.readings.length >= 5, 'it reads')
    await link.write!('a.s', 22.5)
    await link.write!('a.s', 0)
    site.values.set('a.t', 25)
    await until(() => house.readings.some(({ value }) => value === 25), 'it is told')
    await link.stop()
    await twin.stop()
    front.close()
    back.close()
    const folder = mkdtempSync(join(tmpdir(), 'mangrove-bacnet-'))
    const file = join(folder, 'bacnet.pcap')
    writeFileSync(file, captureOf(packets))
    const fields = ['bacapp.confirmed_service', 'bacapp.unconfirmed_service', '_ws.malformed']
    const { stdout } = await run('tshark', [
      '-r',
      file,
      '-T',
      'fields',
      '-e',
      'frame.protocols',
      ...fields.flatMap((one) => ['-e', one]),
    ])
    rmSync(folder, { recursive: true, force: true })
    const frames = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'))
    expect(frames).toHaveLength(packets.length)
    for (const [protocols, , , malformed] of frames)
      expect([protocols, malformed ?? '']).toEqual([expect.stringMatching(/:bacapp$/), ''])
    const services = new Set(frames.map(([, confirmed, unconfirmed]) => confirmed || `u${unconfirmed}`))
    // Who-Is, I-Am, ReadPropertyMultiple, SubscribeCOV, WriteProperty, ReadProperty, UnconfirmedCOVNotification.
    for (const service of ['u8', 'u0', '14', '5', '15', '12', 'u2']) expect(services).toContain(service)
  })
})
