import { execFile, spawn, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import modbusSerial, { ServerTCP } from 'modbus-serial'
import { afterEach, describe, expect, it } from 'vitest'
import { freePort } from '../free-port.fixture.ts'
import { openModbus } from './client/open-client.ts'
import { gatewayOf, keepReadings, openThings, playSite, until } from './modbus.fixture.ts'
import { startModbusTwin } from './twin/start-twin.ts'

const things = openThings()
afterEach(things.close)

const units = {
  'a.powerKw': 'kW',
  'a.soc': '1',
  'a.setpointKw': 'kW',
  'a.on': '1',
  'a.alarm': '1',
  'a.levelKwh': 'kWh',
}
const gateway = gatewayOf(
  {
    ...{ host: '127.0.0.1', period: '0.05s' },
    devices: {
      one: {
        ...{ unitId: 5, asset: 'a' },
        registers: [
          { point: 'powerKw', table: 'input', address: 0, type: 'i32', unit: 'W' },
          { point: 'levelKwh', table: 'input', address: 2, type: 'f32', order: 'CDAB', unit: 'kWh' },
          { point: 'soc', address: 10, scale: 0.1, unit: '%' },
          { point: 'setpointKw', address: 11, type: 'i32', unit: 'W', write: 'multiple' },
          { point: 'on', table: 'coil', address: 9, write: 'single' },
          { point: 'alarm', table: 'discrete', address: 17 },
        ],
      },
    },
  },
  units,
)
/** The package is CommonJS: its class is what is exported, whatever its types say. */
const Master = modbusSerial as unknown as typeof modbusSerial.default
const has = (program: string, ...flags: readonly string[]): boolean => spawnSync(program, flags).error === undefined
/** The Python of the system has what its packages install, whatever other one comes first. */
const python = ['python3', '/usr/bin/python3'].find(
  (one) => spawnSync(one, ['-c', 'import pymodbus.client']).status === 0,
)

describe('modbus-serial as a foreign master', () => {
  it('reads and writes our twin in all four tables', async () => {
    const site = playSite({ 'a.powerKw': -12.345, 'a.levelKwh': 7.5, 'a.soc': 0.42, 'a.alarm': 1, 'a.on': 0 })
    const twin = things.add(await startModbusTwin(gateway, site))
    const master = new Master()
    await master.connectTCP('127.0.0.1', { port: twin.port })
    things.add({ stop: () => new Promise<void>((resolve) => master.close(() => resolve())) })
    master.setID(5)
    master.setTimeout(1000)
    const { buffer } = await master.readInputRegisters(0, 4)
    expect(buffer.readInt32BE(0)).toBe(-12_345)
    expect([buffer.readUInt16BE(4), buffer.readUInt16BE(6)]).toEqual([0x0000, 0x40f0])
    expect((await master.readHoldingRegisters(10, 1)).data).toEqual([420])
    expect((await master.readDiscreteInputs(17, 1)).data[0]).toBe(true)
    await master.writeRegisters(11, [0xffff, 0xfc18])
    await master.writeCoil(9, true)
    expect((await master.readCoils(9, 1)).data[0]).toBe(true)
    expect(site.writes).toEqual([
      ['a.setpointKw', -1],
      ['a.on', 1],
    ])
    await expect(master.readHoldingRegisters(900, 1)).rejects.toMatchObject({ modbusCode: 2 })
    await expect(master.writeRegister(10, 1)).rejects.toMatchObject({ modbusCode: 2 })
    master.setID(6)
    await expect(master.readHoldingRegisters(10, 1)).rejects.toMatchObject({ modbusCode: 11 })
  })
})

describe('modbus-serial as a foreign device', () => {
  it('is read and written by our client', async () => {
    const held = new Map<number, number>([[10, 420]])
    const coils = new Map<number, boolean>()
    const inputs = [0xffff, 0xcfc7, 0x0000, 0x40f0]
    const port = await freePort()
    const server = new ServerTCP(
      {
        getInputRegister: (address: number) => inputs[address] ?? 0,
        getHoldingRegister: (address: number) => held.get(address) ?? 0,
        getDiscreteInput: (address: number) => address === 17,
        getCoil: (address: number) => coils.get(address) ?? false,
        setRegister: (address: number, value: number) => void held.set(address, value),
        setCoil: (address: number, value: boolean) => void coils.set(address, value),
      },
      { host: '127.0.0.1', port, unitID: 5 },
    )
    things.add({ stop: () => new Promise<void>((resolve) => server.close(() => resolve())) })
    await new Promise<void>((resolve) => server.on('initialized', () => resolve()))
    const house = keepReadings()
    const client = things.add(openModbus({ ...gateway, settings: { ...gateway.settings, port } }, house))
    await until(() => Object.keys(units).every((ref) => house.last(ref)), 'all points speak')
    const values = {
      'a.powerKw': -12.345,
      'a.levelKwh': 7.5,
      'a.soc': 0.42,
      'a.alarm': 1,
      'a.on': 0,
      'a.setpointKw': 0,
    }
    for (const [ref, value] of Object.entries(values)) expect(house.last(ref)!.value, ref).toBe(value)
    expect(await client.write('a.setpointKw', -1)).toMatchObject({ written: -1, readBack: -1 })
    expect([held.get(11), held.get(12)]).toEqual([0xffff, 0xfc18])
    expect(await client.write('a.on', 1)).toMatchObject({ readBack: 1 })
    expect(coils.get(9)).toBe(true)
    expect(client.figures()).toMatchObject({ failures: 0, malformed: 0 })
  })
})

describe('programs of the system', () => {
  it.skipIf(!has('mbpoll', '-V'))('mbpoll reads our twin (skipped where it is not installed)', async () => {
    const twin = things.add(
      await startModbusTwin(gateway, playSite({ 'a.powerKw': 1, 'a.levelKwh': 1, 'a.soc': 0.42 })),
    )
    const flags = [
      '-m',
      'tcp',
      '-p',
      String(twin.port),
      '-a',
      '5',
      '-t',
      '4',
      '-0',
      '-r',
      '10',
      '-c',
      '1',
      '-1',
      '127.0.0.1',
    ]
    expect(await run('mbpoll', flags)).toMatch(/\[10\]:\s+420/)
  })

  it.skipIf(!python)('pymodbus reads our twin (skipped where it is not installed)', async () => {
    const twin = things.add(
      await startModbusTwin(gateway, playSite({ 'a.powerKw': 1, 'a.levelKwh': 1, 'a.soc': 0.42 })),
    )
    const program = `
from pymodbus.client import ModbusTcpClient
import inspect
client = ModbusTcpClient('127.0.0.1', port=${twin.port})
client.connect()
names = inspect.signature(client.read_holding_registers).parameters
name = next(one for one in ('device_id', 'slave', 'unit') if one in names) if 'kwargs' not in names else 'slave'
print(client.read_holding_registers(10, count=1, **{name: 5}).registers)`
    expect(await run(python!, ['-c', program])).toContain('[420]')
  })

  it.skipIf(!python)(
    'our client reads and writes a device of pymodbus (skipped where it is not installed)',
    async () => {
      const port = await freePort()
      const program = `
from pymodbus.server import StartTcpServer
import pymodbus.datastore as store
Device = getattr(store, 'ModbusDeviceContext', None) or store.ModbusSlaveContext
block = store.ModbusSequentialDataBlock
# Addresses of blocks begin at 1, those on the wire at 0.
device = Device(di=block(1, [False] * 40), co=block(1, [False] * 40), hr=block(1, [0] * 10 + [420] + [0] * 29),
                ir=block(1, [0xffff, 0xcfc7, 0x0000, 0x40f0] + [0] * 36))
try:
    context = store.ModbusServerContext(slaves={5: device}, single=False)
except TypeError:
    context = store.ModbusServerContext(devices={5: device}, single=False)
StartTcpServer(context=context, address=('127.0.0.1', ${port}))`
      const server = spawn(python!, ['-c', program], { stdio: 'ignore' })
      const gone = new Promise((resolve) => server.once('exit', resolve))
      things.add({
        stop() {
          server.kill('SIGKILL')
          return gone
        },
      })
      const house = keepReadings()
      const client = things.add(openModbus({ ...gateway, settings: { ...gateway.settings, port } }, house))
      // Readings of one beat come one after another.
      const refs = ['a.powerKw', 'a.levelKwh', 'a.soc']
      const told = () => refs.map((ref) => house.last(ref)?.value)
      await until(() => told().every(Number.isFinite), 'readings', 20_000)
      expect(told()).toEqual([-12.345, 7.5, 0.42])
      expect(await client.write('a.setpointKw', -1)).toMatchObject({ written: -1, readBack: -1 })
      expect(await client.write('a.on', 1)).toMatchObject({ readBack: 1 })
    },
  )
})

/** Output of a program that talks to this process meanwhile. */
async function run(program: string, flags: readonly string[]): Promise<string> {
  return (await promisify(execFile)(program, flags, { timeout: 20_000 })).stdout
}
