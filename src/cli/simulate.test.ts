import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import modbusSerial from 'modbus-serial'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { mangroveHere, root } from '../../test/command.ts'
import { freePort } from '../gateway/free-port.fixture.ts'
import { obey, readFaults } from './simulate-faults.ts'

const site = `# The devices of a yard.
id: yard
name: Yard
location: { latitude: 31.4, longitude: 119.5 }
zone: Asia/Shanghai
currency: CNY
assets:
  grid: { kind: grid, importLimitKw: 300, exportLimitKw: 100 }
  battery: { kind: battery, capacityKwh: 1000, maxChargeKw: 80, maxDischargeKw: 80, initialSoc: 0.5 }
  works: { kind: load, demand: 60 }
tariff:
  import: { timeOfUse: { periods: [{ name: day, pricePerKwh: 1 }] } }
points:
  battery.setpointKw: { unit: kW }
gateways:
  main:
    protocol: modbus
    title: Main board
    host: 192.0.2.1 # far away
    devices:
      board:
        registers:
          - { point: grid.powerKw, address: 0, type: f32, unit: kW }
          - { point: works.powerKw, address: 2, type: f32, unit: kW }
          - { point: battery.powerKw, address: 4, type: f32, unit: kW }
          - { point: battery.soc, address: 6, type: f32, unit: "1" }
          - { point: battery.setpointKw, address: 8, type: f32, unit: kW, write: multiple }
commands:
  setpoints:
    battery:
      point: battery.setpointKw
      least: -80
      most: 80
      fallback: [{ from: "00:00", value: 0 }]
`

const folder = mkdtempSync(join(tmpdir(), 'mangrove-simulate-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('mangrove simulate', () => {
  const file = join(folder, 'site.yaml')
  const out = join(folder, 'elsewhere.yaml')
  const master = new (modbusSerial as unknown as typeof modbusSerial.default)()
  let child: ChildProcessWithoutNullStreams
  let port: number
  let told = ''
  let said = ''
  beforeAll(async () => {
    writeFileSync(file, site)
    port = await freePort()
    const flags = [
      '--json',
      '--port-base',
      String(port),
      '--speed',
      '60',
      '--at',
      '2026-07-06T12:00',
      '--site-out',
      out,
    ]
    child = spawn(process.execPath, [join(root, 'bin/mangrove.mjs'), 'simulate', file, ...flags], {
      env: { ...process.env, MANGROVE_DATA: join(folder, 'data') },
    })
    child.stdout.on('data', (chunk) => {
      told += chunk
    })
    child.stderr.on('data', (chunk) => {
      said += chunk
    })
    await vi.waitFor(() => expect(told, said).toContain('\n'), 30_000)
    await master.connectTCP('127.0.0.1', { port })
    master.setID(1)
    master.setTimeout(400)
  }, 40_000)
  afterAll(() => {
    master.close(() => undefined)
    child.kill('SIGKILL')
  })

  const read = async () => {
    const { buffer } = await master.readHoldingRegisters(0, 10)
    const [grid, works, battery, soc, setpoint] = [0, 4, 8, 12, 16].map((at) => buffer.readFloatBE(at)) as [
      number,
      number,
      number,
      number,
      number,
    ]
    return { grid, works, battery, soc, setpoint }
  }
  const write = (powerKw: number) => {
    const bytes = Buffer.alloc(4)
    bytes.writeFloatBE(powerKw)
    return master.writeRegisters(8, [bytes.readUInt16BE(0), bytes.readUInt16BE(2)])
  }

  it('tells its endpoints, and a foreign master reads the physics and moves it', async () => {
    expect(JSON.parse(told)).toMatchObject({
      site: 'yard',
      endpoints: [
        { gateway: 'main', protocol: 'modbus', address: `127.0.0.1:${port}`, standsFor: 'Main board: board' },
      ],
    })
    const before = await read()
    expect(before).toMatchObject({ battery: 0, setpoint: 0, soc: expect.closeTo(0.5, 4) })
    expect(Math.abs(before.grid - before.works)).toBeLessThan(1e-3)
    expect(before.works).toBeGreaterThan(50)
    await write(-60)
    await vi.waitFor(async () => expect((await read()).battery).toBeCloseTo(-60, 3), 5000)
    await vi.waitFor(async () => {
      const { grid, works, soc, setpoint } = await read()
      expect(grid).toBeCloseTo(works + 60, 2)
      expect(setpoint).toBe(-60)
      // At 60 times the pace a second brings a kilowatt hour.
      expect(soc).toBeGreaterThan(0.5015)
    }, 10_000)
  }, 20_000)

  it('is faulty and sound again at a word', async () => {
    child.stdin.write('fault main silent\n')
    await vi.waitFor(async () => expect(await read().catch(({ name }) => name)).toBe('TransactionTimedOutError'), 5000)
    child.stdin.write('fault nothing silent\nclear main\n')
    await vi.waitFor(async () => expect((await read()).works).toBeGreaterThan(50), 5000)
    expect(said).toContain('main is silent')
    expect(said).toContain('There is no device nothing: main')
  }, 15_000)

  it('writes the site for whoever reads these devices, and never over a file', async () => {
    const text = readFileSync(out, 'utf8')
    expect(text).toContain('# The devices of a yard.')
    expect(text).toContain(`port: ${port}`)
    expect((await mangroveHere(['check', out], folder)).code).toBe(0)
    const again = await mangroveHere(['simulate', file, '--site-out', out], folder)
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('there already') })
  })

  it('ends at Ctrl-C', async () => {
    const ended = once(child, 'exit')
    child.kill('SIGINT')
    expect(await ended).toEqual([0, null])
  })
})

describe('faults in words', () => {
  it('are read, or told what they could be', () => {
    expect(readFaults('a=silent, b=stuck+duplicate', ['a', 'b'])).toEqual(
      new Map([
        ['a', ['silent']],
        ['b', ['stuck', 'duplicate']],
      ]),
    )
    expect(readFaults(undefined, [])).toEqual(new Map())
    for (const wrong of ['c=silent', 'a', 'a=silence', 'a=', '=silent'])
      expect(() => readFaults(wrong, ['a', 'b']), wrong).toThrow('cli.flag-value')
  })

  it('change what a line names, and nothing else', () => {
    const now = new Map<string, readonly string[]>()
    const devices = { gateways: ['a', 'b'], fault: (id: string, faults: readonly string[]) => void now.set(id, faults) }
    const lines = ['fault a silent,stuck', '', 'fault b', 'fault a loud', 'sing', 'clear c']
    expect(lines.map((line) => obey(line, devices) === undefined)).toEqual([false, true, false, false, false, false])
    expect(now).toEqual(new Map([['a', ['silent', 'stuck']]]))
    obey('clear', devices)
    expect(now).toEqual(
      new Map([
        ['a', []],
        ['b', []],
      ]),
    )
  })
})
