import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { DataType } from 'node-opcua-client'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checkValue, quality, seededRandom } from '../../kernel/index.ts'
import { type PlayedHouse, playGateway, playHouse, until } from '../link/house.fixture.ts'
import { openThings } from '../modbus/modbus.fixture.ts'
import { opcuaProtocol } from './opcua-protocol.ts'
import { openOpcua } from './open-client.ts'
import { type PlayedServer, playServer } from './server.fixture.ts'
import { type OpcuaSettings, OpcuaSettingsSchema } from './settings.ts'

const units = {
  ...{ 'pv.powerKw': 'kW', 'battery.soc': '1', 'grid.energyKwh': 'kWh', 'pump.running': '1' },
  ...{ 'battery.setpointKw': 'kW', 'pump.speed': '1' },
}
const node = (name: string): string => `nsu=urn:mangrove:test;s=${name}`
const points: OpcuaSettings['points'] = {
  'pv.powerKw': { node: node('power'), unit: 'W' },
  'battery.soc': { node: node('soc'), unit: '%' },
  'grid.energyKwh': { node: node('counter'), unit: 'Wh' },
  'pump.running': node('running'),
  'battery.setpointKw': { node: 'ns=2;s=setpoint', unit: 'W', scale: 10, write: true, least: -50_000, most: 50_000 },
}
const fast = { sampling: '0.02s', publishing: '0.02s', timeout: '5s', longestWait: '0.2s' }

const things = openThings()
const home = join(homedir(), '.config', 'node-opcua-default-nodejs')
const wasThere = existsSync(home)
let server: PlayedServer
let house: PlayedHouse
beforeAll(async () => {
  server = await playServer()
})
afterAll(() => server.stop())
beforeEach(() => {
  house = playHouse()
  server.set('power', 1500)
  server.set('soc', 62.5)
  server.set('counter', [1, 705_032_704])
  server.set('running', true)
  server.set('setpoint', 0)
})
afterEach(things.close)

const open = (own: Partial<OpcuaSettings> = {}, folder?: string) => {
  const settings = { ...{ url: server.url, security: 'none' as const, points }, ...fast, ...own }
  expect(checkValue(OpcuaSettingsSchema, settings).problems).toEqual([])
  const gateway = playGateway(settings, units)
  expect(opcuaProtocol.check?.(gateway)).toEqual([])
  return things.add(openOpcua(gateway, folder === undefined ? house : { ...house, folder }))
}
const of = (ref: string) => house.readings.filter((one) => one.ref === ref)
const last = (ref: string) => of(ref).at(-1)
const gaps = (ref: string) => of(ref).filter(({ value }) => Number.isNaN(value))

describe('a client of OPC UA', () => {
  it('gives numbers of every type in the units of the points, at the time of their source', async () => {
    const client = open()
    await until(() => Object.keys(points).every((ref) => Number.isFinite(last(ref)?.value)), 'all points speak')
    expect(last('pv.powerKw')).toMatchObject({ value: 1.5, unit: 'kW', quality: quality.good })
    expect(last('battery.soc')).toMatchObject({ value: 0.625, unit: '1' })
    expect(last('grid.energyKwh')!.value).toBe((2 ** 32 + 705_032_704) / 1000)
    expect(last('pump.running')!.value).toBe(1)
    const at = new Date(Date.now() - 30_000)
    const before = of('pv.powerKw').length
    at.setMilliseconds(0)
    server.set('soc', 50, { at })
    await until(() => last('battery.soc')!.value === 0.5, 'it changed')
    // Older than what was told before: a time of a clock that was set back says when it is not.
    expect(last('battery.soc')!.timestampMs).toBeGreaterThan(at.getTime())
    const soon = new Date(Date.now() + 1000)
    server.set('power', 2000, { at: soon })
    await until(() => last('pv.powerKw')!.value === 2, 'it changed')
    expect(last('pv.powerKw')!.timestampMs).toBe(soon.getTime())
    server.set('counter', [0, 1000], { at: new Date(Date.now() + 86_400_000) })
    await until(() => last('grid.energyKwh')!.value === 1, 'it changed')
    expect(last('grid.energyKwh')!.timestampMs).toBeLessThan(Date.now() + 1000)
    expect(of('pv.powerKw').length).toBeGreaterThan(before)
    expect(client.figures()).toMatchObject({ state: 'connected', connects: 1, failures: 0, malformed: 0 })
    expect(house.reports).toEqual([])
  })

  it('gives a value again that was measured again', async () => {
    open()
    await until(() => of('pv.powerKw').length > 0, 'it speaks')
    server.set('power', 1500, { at: new Date(Date.now() + 10) })
    await until(() => of('pv.powerKw').length > 1, 'it speaks again')
    expect(last('pv.powerKw')!.value).toBe(1.5)
  })

  it('takes bad values for gaps, uncertain ones for suspect, and what is no number for nothing', async () => {
    server.set('any', 1)
    const client = open({ points: { ...points, 'pv.powerKw': { node: node('any'), unit: 'W' } } })
    await until(() => last('pv.powerKw') !== undefined, 'it speaks')
    server.set('any', 1, { status: 'BadSensorFailure' })
    await until(() => Number.isNaN(last('pv.powerKw')!.value), 'a gap')
    server.set('any', 2, { status: 'BadCommunicationError' })
    server.set('any', 3000, { status: 'UncertainLastUsableValue' })
    await until(() => last('pv.powerKw')!.quality === quality.suspect, 'it is suspect')
    expect(last('pv.powerKw')!.value).toBe(3)
    server.set('any', Number.NaN)
    await until(() => gaps('pv.powerKw').length === 2, 'a gap of NaN')
    expect(client.figures().malformed).toBe(0)
    server.set('any', 'broken', { dataType: DataType.String })
    await until(() => client.figures().malformed === 1, 'a text is malformed')
    server.set('any', [1, 2, 3])
    await until(() => client.figures().malformed === 2, 'an array is malformed')
    server.set('any', 4000)
    await until(() => last('pv.powerKw')!.value === 4, 'it speaks again')
    expect(gaps('pv.powerKw')).toHaveLength(2)
    expect(house.reports.join()).toContain('pv.powerKw of link has no value')
    expect(gaps('battery.soc')).toEqual([])
  })

  it('tells nodes that are not there, and watches the others', async () => {
    const own = { 'pump.speed': 'ns=2;s=nobody', 'pv.powerKw': 'nsu=urn:nowhere;i=1', 'battery.soc': node('soc') }
    const client = open({ points: own })
    await until(() => last('battery.soc')?.value === 62.5, 'it speaks')
    await until(() => gaps('pump.speed').length === 1 && gaps('pv.powerKw').length === 1, 'gaps')
    await until(() => client.figures().state === 'connected', 'it is watched')
    expect(house.reports.join()).toMatch(
      /BadNodeIdUnknown[\s\S]*no namespace urn:nowhere|no namespace urn:nowhere[\s\S]*BadNodeIdUnknown/,
    )
  })

  it('writes a setpoint in the type of its node, and reads it back', async () => {
    const client = open()
    await until(() => last('battery.setpointKw') !== undefined, 'it speaks')
    expect(client.writes!('battery.setpointKw')).toBe(true)
    expect(client.writes!('pv.powerKw')).toBe(false)
    const told = await client.write!('battery.setpointKw', -20.504)
    // Its step is 10 W.
    expect(told).toMatchObject({ ref: 'battery.setpointKw', written: -20.5, readBack: -20.5 })
    expect(server.written('setpoint')).toBe(-2050)
    await until(() => last('battery.setpointKw')!.value === -20.5, 'it is read too')
    for (const [ref, value] of [
      ['battery.setpointKw', 51],
      ['battery.setpointKw', Number.NaN],
      ['pv.powerKw', 1],
      ['nobody.x', 1],
    ] as const) {
      await expect(client.write!(ref, value)).rejects.toMatchObject({ code: 'gateway.write-refused' })
    }
    expect(server.written('setpoint')).toBe(-2050)
  })

  it('tells in the words of the server why a setpoint was refused', async () => {
    const own = {
      'pump.speed': { node: node('readOnly'), write: true },
      'pv.powerKw': { node: 'ns=2;s=nobody', write: true },
      'pump.running': { node: node('text'), write: true },
    }
    const client = open({ points: own })
    await until(() => client.figures().state === 'connected', 'it is there')
    await expect(client.write!('pump.speed', 1)).rejects.toThrow(/Bad(NotWritable|UserAccessDenied)/)
    await expect(client.write!('pv.powerKw', 1)).rejects.toMatchObject({ code: 'gateway.write-refused' })
    await expect(client.write!('pump.running', 1)).rejects.toThrow('its type is String')
  })

  it('gives values again that the house could not take', async () => {
    house.refusal = new Error('full')
    open()
    await until(() => house.reports.length > 0, 'it was refused')
    house.refusal = undefined
    await until(() => Object.keys(points).every((ref) => last(ref)), 'they came')
  })
})

describe('a server that goes and comes', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mangrove-opcua-'))
    process.env.MANGROVE_TEST_OPCUA = 'secret'
  })
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true })
    delete process.env.MANGROVE_TEST_OPCUA
  })

  it('is the one that is known, speaks in secret, and is found again; another one is refused', async () => {
    const users = { park: 'secret' }
    const path = process.env.PATH
    // No program of the system is needed.
    process.env.PATH = ''
    const first = await playServer({ folder: join(folder, 'server'), users })
    const mine = join(folder, 'gateway')
    const own = { url: first.url, security: 'sign-and-encrypt', user: 'park' } as const
    first.set('power', 7000)
    const client = open({ ...own, passwordVariable: 'MANGROVE_TEST_OPCUA' }, mine)
    await until(() => last('pv.powerKw')?.value === 7, 'it speaks')
    process.env.PATH = path
    // The library would leave a name of a file there, for every program that is started later.
    expect(process.env.OPENSSL_CONF).toBeUndefined()
    expect(readdirSync(mine).sort()).toEqual(['client-certificate.pem', 'client-key.pem', 'server-certificate.sha256'])
    expect(statSync(join(mine, 'client-key.pem')).mode & 0o077).toBe(0)
    const key = readFileSync(join(mine, 'client-key.pem'), 'utf8')

    process.env.MANGROVE_TEST_OPCUA = 'wrong'
    await first.stop()
    await until(() => client.figures().state === 'waiting', 'it waits')
    await expect(client.write!('battery.setpointKw', 1)).rejects.toMatchObject({ code: 'gateway.no-link' })
    const again = await playServer({ folder: join(folder, 'server'), users, port: first.port })
    again.set('power', 7000, { at: new Date(Date.now() - 3_600_000) })
    await until(() => client.figures().lastProblem?.match(/IdentityToken|AccessDenied/) != null, 'a wrong password')
    process.env.MANGROVE_TEST_OPCUA = 'secret'
    await until(() => last('pv.powerKw')!.value === 7, 'it speaks again')
    expect(gaps('pv.powerKw')).toHaveLength(1)
    // A value that did not change meanwhile ends the gap all the same.
    expect(last('pv.powerKw')!.timestampMs).toBeGreaterThanOrEqual(gaps('pv.powerKw')[0]!.timestampMs)
    await again.stop()

    const other = await playServer({ users, port: first.port })
    other.set('power', 9000)
    await until(() => client.figures().lastProblem?.includes('gateway.untrusted-server') === true, 'it is refused')
    expect(of('pv.powerKw').some(({ value }) => value === 9)).toBe(false)
    await client.stop()
    // After a start too.
    house.readings.length = 0
    const next = open({ ...own, passwordVariable: 'MANGROVE_TEST_OPCUA' }, mine)
    await until(() => next.figures().lastProblem?.includes('gateway.untrusted-server') === true, 'it is refused')
    expect(readFileSync(join(mine, 'client-key.pem'), 'utf8')).toBe(key)
    rmSync(join(mine, 'server-certificate.sha256'))
    await next.stop()
    open({ ...own, passwordVariable: 'MANGROVE_TEST_OPCUA' }, mine)
    await until(() => last('pv.powerKw')?.value === 9, 'the new one is believed')
    expect(existsSync(home)).toBe(wasThere)
    await things.close()
    await other.stop()
  })

  it('is refused where it has another certificate than the site file says, or no such security', async () => {
    const named = open({ security: 'sign-and-encrypt', serverFingerprint: 'ab'.repeat(32) })
    const other = open({ security: 'sign', policy: 'Aes128_Sha256_RsaOaep' })
    await until(() => named.figures().failures > 0 && other.figures().failures > 0, 'they fail')
    expect(named.figures().lastProblem).toContain('gateway.untrusted-server')
    expect(other.figures().lastProblem).toMatch(/sign-and-encrypt Basic256Sha256[\s\S]*gateway\.no-endpoint/)
  })

  it.each([
    ['says nothing', () => Buffer.alloc(0)],
    ['sends noise', () => Buffer.from(Array.from({ length: 200 }, (_, index) => (index * 73 + 5) & 0xff))],
    ['acknowledges a length that cannot be', () => Buffer.from('41434b46ffffffff', 'hex')],
    ['sends an error', () => Buffer.from('4552524610000000000080800000ffff', 'hex')],
  ])('that %s is tried again', async (_, answer) => {
    const strange = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.on('data', () => void socket.write(answer()))
    })
    await new Promise<void>((resolve) => strange.listen(0, '127.0.0.1', resolve))
    const { port } = strange.address() as { readonly port: number }
    const client = open({ url: `opc.tcp://127.0.0.1:${port}`, timeout: '0.1s', longestWait: '0.05s' })
    await until(() => client.figures().failures > 1, 'it is tried again')
    expect(gaps('pv.powerKw')).toHaveLength(1)
    expect(client.figures().lastProblem).toContain('gateway.no-link')
    await client.stop()
    await new Promise((resolve) => strange.close(resolve))
  })
})

describe('a line that breaks bytes', () => {
  it('ends connections, and makes no wrong value and no fault', async () => {
    const random = seededRandom(5)
    let isBroken = true
    const proxy = createServer((client) => {
      const upstream = connect(server.port, '127.0.0.1')
      for (const [from, to] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        from.on('error', () => to.destroy())
        from.on('close', () => to.destroy())
        from.on('data', (bytes) => {
          const broken = Buffer.from(bytes)
          if (isBroken && from === upstream && random.next() < 0.3) {
            broken[Math.floor(random.next() * broken.length)]! ^= 1 << Math.floor(random.next() * 8)
          }
          to.write(isBroken && random.next() < 0.05 ? broken.subarray(0, broken.length >> 1) : broken)
        })
      }
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const { port } = proxy.address() as { readonly port: number }
    const own = { security: 'sign-and-encrypt', timeout: '0.5s', longestWait: '0.02s' } as const
    const client = open({ ...own, url: `opc.tcp://127.0.0.1:${port}/plant` })
    await until(() => client.figures().failures > 2, 'it breaks')
    isBroken = false
    const count = house.readings.length
    await until(() => house.readings.slice(count).some(({ value }) => value === 1.5), 'it reads', 20_000)
    for (const { ref, value } of house.readings)
      if (ref === 'pv.powerKw' && !Number.isNaN(value)) expect(value).toBe(1.5)
    await client.stop()
    await new Promise((resolve) => proxy.close(resolve))
  })
})

describe('a stop', () => {
  it('waits for no answer', async () => {
    const asked = Promise.withResolvers<void>()
    const silent = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.on('data', () => asked.resolve())
    })
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as { readonly port: number }
    const client = open({ url: `opc.tcp://127.0.0.1:${port}`, timeout: '30s' })
    await asked.promise
    const began = performance.now()
    await client.stop()
    expect(performance.now() - began).toBeLessThan(4000)
    await new Promise((resolve) => silent.close(resolve))
  })
})

describe('settings', () => {
  it.each<[Partial<OpcuaSettings>, string]>([
    [{ points: { 'pv.powerKw': 'power' } }, 'points.pv.powerKw'],
    [{ points: { 'nobody.x': 'i=1' } }, 'points.nobody.x'],
    [{ points: { 'pv.powerKw': { node: 'i=1', unit: 'kWh' } } }, 'points.pv.powerKw'],
    [{ points: { 'pv.powerKw': { node: 'i=1', scale: 0 } } }, 'points.pv.powerKw'],
    [{ user: 'park' }, 'user'],
    [{ user: 'park', passwordVariable: 'MANGROVE_X', security: 'none' }, 'security'],
    [{ serverFingerprint: `${'a:'.repeat(40)}a` }, 'serverFingerprint'],
  ])('%j are told when the site file is read', (own, path) => {
    const gateway = playGateway({ url: 'opc.tcp://plc:4840', points, ...own }, units)
    expect(opcuaProtocol.check?.(gateway)).toMatchObject([{ place: { path } }])
    if (path.startsWith('points')) expect(() => openOpcua(gateway, house)).toThrow('gateway.bad-node')
  })

  it('name no secret and no other protocol', () => {
    for (const own of [{ url: 'opc.tcp://me:secret@plc:4840' }, { url: 'http://plc' }, { passwordVariable: 'HOME' }]) {
      expect(checkValue(OpcuaSettingsSchema, { url: 'opc.tcp://plc', points, ...own }).problems).not.toEqual([])
    }
  })
})
