import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { fieldProtocols } from '../gateway/index.ts'
import { playGateway } from '../gateway/link/house.fixture.ts'
import { openThings, playSite } from '../gateway/modbus/modbus.fixture.ts'
import { type PlayedServer, playServer } from '../gateway/opcua/server.fixture.ts'
import { packs } from '../packs.ts'
import { discoverCommand } from './discover.ts'
import { proposalProblems } from './discover-settle.ts'
import { searches } from './discover-what.ts'
import { exitCode } from './exit-code.ts'
import { parseFlags } from './flags.ts'
import { runCommandLine } from './run-command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'mangrove-discover-'))
let server: PlayedServer
beforeAll(async () => {
  server = await playServer({ users: { park: 'secret' } })
  process.env.MANGROVE_TEST_DISCOVER = 'secret'
})
afterAll(async () => {
  await server.stop()
  delete process.env.MANGROVE_TEST_DISCOVER
  rmSync(folder, { recursive: true, force: true })
})
const things = openThings()
afterEach(things.close)

async function discover(...line: readonly string[]) {
  const printed = { out: '', error: '' }
  const terminal = {
    out(text: string) {
      printed.out += `${text}\n`
    },
    error(text: string) {
      printed.error += `${text}\n`
    },
    ...{ progress: () => undefined, clearProgress: () => undefined },
  }
  const { signal } = new AbortController()
  const code = await runCommandLine(['discover', ...line], { terminal, signal, dataFolder: folder })
  return { code, ...printed }
}

/** The twin of a protocol, with points of a site. */
async function twinOf(name: string, settings: object, units: Readonly<Record<string, string>>) {
  const protocol = fieldProtocols.find((one) => one.name === name)!
  const site = playSite(Object.fromEntries(Object.keys(units).map((ref, index) => [ref, index + 1])))
  const twin = things.add(await protocol.twin!(playGateway(settings, units), site))
  return { ...(twin.settings as { readonly port: number; readonly url: string }), site }
}

interface Told {
  readonly assets?: Readonly<Record<string, { readonly kind: string }>>
  readonly points: Readonly<Record<string, { readonly title: string; readonly unit: string }>>
  readonly gateways: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** What was printed, which a site file takes as it stands. */
function proposal(yaml: string): Told {
  const told = parse(yaml) as Told
  expect(proposalProblems(yaml, packs)).toEqual([])
  return told
}

describe('mangrove discover', () => {
  it('proposes what stands on Modbus, and of SunSpec alone', async () => {
    const units = {
      ...{ 'roof.powerKw': 'kW', 'counter.powerKw': 'kW', 'counter.energyImportKwh': 'kWh' },
      ...{ 'feeder.powerKw': 'kW', 'feeder.energyImportKwh': 'kWh' },
    }
    const devices = {
      roof: { unitId: 1, asset: 'roof', template: 'sunspec-inverter' },
      counter: { unitId: 1, asset: 'counter', template: 'sunspec-meter' },
      feeder: { unitId: 2, asset: 'feeder', template: 'schneider-pm5000' },
    }
    const { port } = await twinOf('modbus', { host: 'x', devices }, units)
    const address = `127.0.0.1:${port}`
    const { code, out, error } = await discover('modbus', address, '--units', '1-2')
    expect(code, error).toBe(exitCode.ok)
    expect(error).toContain('unit 2: Schneider Electric')
    const told = proposal(out)
    expect(told.gateways.modbus).toMatchObject({ protocol: 'modbus', host: '127.0.0.1', port })
    // What its kind must have, the inverter does not tell: nothing is made up.
    expect(told.assets).toBeUndefined()
    expect(told.points['pv.powerKw']).toMatchObject({ unit: 'kW' })
    expect(out).toContain('# assets.pv.capacityKwp: the device does not tell it')
    expect(out).toMatch(/^# {5}kind: pv$/m)
    const sunspec = await discover('sunspec', address, '--units', '1,2', '--json')
    const { found, proposal: of, yaml } = JSON.parse(sunspec.out)
    expect(found).toMatchObject([{ unitId: 1, templates: ['sunspec-inverter', 'sunspec-meter'] }])
    expect(of.gateways).toEqual(proposal(yaml).gateways)
  })

  it('proposes the objects of a device on BACnet, and never writes over a file', async () => {
    const units = { 'ahu.supplyC': 'degC', 'ahu.powerKw': 'kW', 'ahu.running': '1', 'ahu.setpointC': 'degC' }
    const points = {
      ...{ 'ahu.supplyC': 'analog-input:1', 'ahu.powerKw': 'analog-input:2', 'ahu.running': 'binary-value:1' },
      'ahu.setpointC': { object: 'analog-output:7', write: true },
    }
    const { port } = await twinOf('bacnet', { host: 'x', instance: 1234, points }, units)
    const file = join(folder, 'bacnet.yaml')
    const line = ['bacnet', `127.0.0.1:${port}`, '--write', file]
    const { code, error, out } = await discover(...line)
    expect([code, out]).toEqual([exitCode.ok, ''])
    expect(error).toContain('device 1234: Mangrove Twin link; 4 objects')
    const told = proposal(readFileSync(file, 'utf8'))
    expect(told.points['link.ahuPowerKw']).toEqual({ title: 'Mangrove Twin link, ahu.powerKw', unit: 'kW' })
    expect(told.points['link.ahuSupplyC']!.unit).toBe('degC')
    expect(told.gateways['bacnet-1234']).toMatchObject({ host: '127.0.0.1', port, instance: 1234 })
    expect(readFileSync(file, 'utf8')).toContain('# device 1234: analog-output:7 takes setpoints')
    writeFileSync(file, 'mine')
    const again = await discover(...line)
    expect(again.code).toBe(exitCode.badInput)
    expect(again.error).toContain('cli.file-exists')
    expect(readFileSync(file, 'utf8')).toBe('mine')
  })

  it('proposes the variables of a server of OPC UA, with the best security that it offers', async () => {
    server.set('power', 5)
    const line = ['opcua', server.url, '--user', 'park', '--password-variable', 'MANGROVE_TEST_DISCOVER']
    const { code, out, error } = await discover(...line)
    expect(code, error).toBe(exitCode.ok)
    const told = proposal(out)
    const { points, ...settings } = told.gateways.opcua!
    expect(settings).toMatchObject({
      ...{ url: server.url, security: 'sign-and-encrypt', policy: 'Basic256Sha256', user: 'park' },
      ...{ passwordVariable: 'MANGROVE_TEST_DISCOVER', serverFingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) },
    })
    expect(Object.values(points as object)).toContain('nsu=urn:mangrove:test;s=power')
    // A text is no point.
    expect(out).not.toContain('s=text')
    expect(out).not.toContain('secret')
    expect(error).toMatch(/sign-and-encrypt; \d+ variables/)
  })

  it('proposes the metrics that nodes of Sparkplug are born with', async () => {
    const units = { 'meter.powerKw': 'kW', 'meter.state': '1' }
    const points = {
      'meter.powerKw': { node: 'hall', device: 'meter', metric: 'Active/powerKw' },
      'meter.state': { node: 'hall', device: 'meter', metric: 'State' },
    }
    const { url, site } = await twinOf('sparkplug', { url: 'mqtt://x', points, group: 'plant' }, units)
    let power = 0
    const changing = setInterval(() => {
      power += 1
      site.values.set('meter.powerKw', power)
    }, 50)
    const { code, out, error } = await discover('mqtt', url, '--seconds', '1', '--group', 'plant', '--rebirth')
    clearInterval(changing)
    expect(code, error).toBe(exitCode.ok)
    const told = proposal(out)
    expect(told.points['plant.meterActivePowerKw']).toMatchObject({ unit: 'kW' })
    expect(told.gateways['sparkplug-plant']).toMatchObject({ group: 'plant', url })
    expect(out).toContain('# points.plant.meterState: its unit is not told')
  })

  it.each([
    [['telnet', 'x'], exitCode.usage, 'one of modbus'],
    [['modbus', 'http://x'], exitCode.usage, 'HOST:PORT'],
    [['modbus', 'x:99999'], exitCode.usage, 'HOST:PORT'],
    [['modbus', 'x', '--units', '1-300'], exitCode.usage, '--units'],
    [['opcua', 'opc.tcp://x', '--password-variable', 'HOME'], exitCode.usage, 'MANGROVE_'],
    [['opcua', 'opc.tcp://me:word@x'], exitCode.usage, 'without a user'],
    [['mqtt', 'opc.tcp://x'], exitCode.usage, 'mqtt://'],
  ])('%j ends with code %i', async (line, code, words) => {
    const ended = await discover(...line)
    expect([ended.code, ended.out]).toEqual([code, ''])
    expect(ended.error).toContain(words)
    expect(ended.error).not.toContain('word@')
  })

  it('says that nobody answers, and writes nothing then', async () => {
    const strange = createServer()
    await new Promise<void>((resolve) => strange.listen(0, '127.0.0.1', resolve))
    const { port } = strange.address() as { readonly port: number }
    await new Promise((resolve) => strange.close(resolve))
    const at = `127.0.0.1:${port}`
    for (const line of [
      ['modbus', at],
      ['opcua', `opc.tcp://${at}`],
      ['mqtt', `mqtt://${at}`],
      ['bacnet', at, '--seconds', '0.1', '--write', join(folder, 'none.yaml')],
    ]) {
      const { code, error } = await discover(...line)
      expect([code, error], line.join(' ')).toEqual([
        exitCode.noResult,
        expect.stringMatching(/gateway\.no-link|Nobody answers/),
      ])
    }
    expect(existsSync(join(folder, 'none.yaml'))).toBe(false)
  })
})

describe('the guide', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/field-protocols.md'), 'utf8')
  const lines = [...guide.matchAll(/^npx mangrove discover (.*)$/gm)].map(([, words = '']) => words)

  it.each(lines)('shows a search that can be had: %s', (words) => {
    const { values } = parseFlags(words.split(' '), discoverCommand.flags, ['what', 'address'])
    expect(searches).toHaveProperty(String(values.what))
  })

  it('shows one of each', () => {
    expect(lines.map((words) => words.split(' ')[0])).toEqual(Object.keys(searches))
  })
})
