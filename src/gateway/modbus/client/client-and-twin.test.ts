import { createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { quality } from '../../../kernel/index.ts'
import { gatewayOf, keepReadings, openThings, playSite, until } from '../modbus.fixture.ts'
import type { ModbusSettings } from '../settings.ts'
import { startModbusTwin } from '../twin/start-twin.ts'
import { openModbus } from './open-client.ts'

const things = openThings()
afterEach(things.close)

const units = {
  'grid.powerKw': 'kW',
  'grid.energyImportKwh': 'kWh',
  'battery.soc': '1',
  'battery.powerKw': 'kW',
  'battery.setpointKw': 'kW',
  'battery.enabled': '1',
  'pv.powerKw': 'kW',
}
const fast = { period: '0.05s', timeout: '0.15s', retries: 1, longestWait: '0.2s' } as const
const devices: ModbusSettings['devices'] = {
  meter: {
    ...{ unitId: 1, asset: 'grid' },
    registers: [
      { point: 'powerKw', table: 'input', address: 10, type: 'i32', unit: 'W' },
      { point: 'energyImportKwh', table: 'input', address: 14, type: 'u64', order: 'CDAB', scale: 0.01, unit: 'kWh' },
    ],
  },
  battery: {
    ...{ unitId: 2, asset: 'battery' },
    registers: [
      { point: 'soc', address: 0, scale: 0.1, unit: '%', missing: [0xffff] },
      { point: 'powerKw', address: 1, type: 'f32', unit: 'kW' },
      { point: 'setpointKw', address: 100, type: 'i32', unit: 'W', write: 'multiple', least: -50_000, most: 50_000 },
      { point: 'enabled', table: 'coil', address: 3, write: 'single' },
    ],
  },
}
const values = {
  ...{ 'grid.powerKw': -12.345, 'grid.energyImportKwh': 1_234_567.89, 'battery.soc': 0.503, 'battery.powerKw': 7.25 },
  ...{ 'battery.setpointKw': 0, 'battery.enabled': 0 },
}

async function bus(settings: Partial<ModbusSettings> = {}, some = values as Record<string, number>) {
  const site = playSite(some)
  const gateway = gatewayOf({ ...fast, devices, ...settings }, units)
  const twin = things.add(await startModbusTwin(gateway, site))
  const house = keepReadings()
  const open = (port = twin.port) =>
    things.add(openModbus({ ...gateway, settings: { ...gateway.settings, ...twin.settings, port } }, house))
  return { site, twin, house, gateway, open }
}

/** The answer 1 to a request for one register. */
const valueOne = (asked: Buffer): readonly number[] => [...asked.subarray(0, 5), 5, asked[6]!, 3, 2, 0, 1]

/** Answers 1 for unit 1, and nothing for any other. */
const quietGateway = () => answering((asked) => (asked[6] === 1 ? valueOne(asked) : []))

/** A device that answers each request with bytes. */
async function answering(answer: (asked: Buffer) => readonly number[]) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('data', (asked) => {
      socket.write(Buffer.from(answer(asked)))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
  return things.add({ port: (server.address() as { readonly port: number }).port, stop })
}

describe.each(['tcp', 'rtu-over-tcp'] as const)('a client and its twin over %s', (transport) => {
  it('say the same values, in the units of the points, at the time of the reading', async () => {
    const { house, open } = await bus({ transport })
    const beganMs = Date.now()
    const client = open()
    await until(() => Object.keys(values).every((ref) => house.last(ref)), 'all points speak')
    for (const [ref, value] of Object.entries(values)) {
      expect(house.last(ref)).toMatchObject({ value, quality: quality.good, unit: units[ref as keyof typeof units] })
    }
    for (const { timestampMs } of house.readings) expect(timestampMs).toBeGreaterThanOrEqual(beganMs)
    await until(() => house.of('grid.powerKw').length > 4, 'it goes on')
    expect(client.figures()).toMatchObject({ state: 'connected', connects: 1, failures: 0, malformed: 0 })
    expect(client.figures().readings).toBeGreaterThan(20)
  })

  it('write setpoints of 32 bits in one request and coils, and read them back', async () => {
    const { site, house, twin, open } = await bus({ transport })
    const client = open()
    await until(() => house.last('battery.soc') !== undefined, 'it reads')
    const before = twin.figures().requests
    expect(await client.write('battery.setpointKw', -20.5004)).toMatchObject({ written: -20.5, readBack: -20.5 })
    expect(twin.figures().requests - before).toBeLessThan(6)
    expect(await client.write('battery.enabled', 1)).toMatchObject({ written: 1, readBack: 1 })
    expect(site.writes).toEqual([
      ['battery.setpointKw', -20.5],
      ['battery.enabled', 1],
    ])
    await expect(client.write('battery.setpointKw', 51)).rejects.toMatchObject({ code: 'gateway.write-refused' })
    await expect(client.write('battery.setpointKw', Number.NaN)).rejects.toMatchObject({
      code: 'gateway.write-refused',
    })
    await expect(client.write('battery.soc', 0.5)).rejects.toMatchObject({ code: 'gateway.write-refused' })
  })

  it('tell a gap once when a device falls silent, and its end by the next value', async () => {
    const { site, house, open } = await bus({ transport })
    const client = open()
    await until(() => house.of('battery.soc').length > 2, 'it reads')
    site.on.add('silent')
    await until(() => Number.isNaN(house.last('battery.soc')!.value), 'the gap is told')
    await until(() => client.figures().connects > 1, 'it connects again', 20_000)
    site.on.clear()
    await until(() => house.last('battery.soc')!.value === 0.503, 'it speaks again')
    const gaps = house.of('battery.soc').filter(({ quality: how }) => how === quality.missing)
    expect(gaps).toHaveLength(1)
    expect(house.reports.join()).toContain('no answer within 150 ms')
  })

  it.each(['garbage', 'duplicate', 'burst'] as const)('live through %s, and read no wrong value', async (fault) => {
    const { site, house, open } = await bus({ transport })
    const client = open()
    await until(() => house.of('battery.soc').length > 1, 'it reads')
    site.on.add(fault)
    await until(() => client.figures().malformed > 5, 'it is counted')
    site.on.clear()
    const before = house.of('grid.powerKw').filter(({ value }) => !Number.isNaN(value)).length
    await until(
      () => house.of('grid.powerKw').filter(({ value }) => !Number.isNaN(value)).length > before + 3,
      'it reads again',
    )
    for (const { ref, value } of house.readings) {
      if (!Number.isNaN(value)) expect(value).toBe(values[ref as keyof typeof values])
    }
  })
})

describe('a client', () => {
  it('reads on behind a gateway of which one unit is silent', async () => {
    const { house, open } = await bus({
      devices: {
        ...devices,
        // The twin of the bus answers for a unit it does not have as a gateway does.
        gone: { unitId: 9, asset: 'pv', registers: [{ point: 'powerKw', address: 0, unit: 'kW' }] },
      },
    })
    const other = await bus()
    const client = open(other.twin.port)
    await until(() => house.of('grid.powerKw').length > 20, 'the others go on')
    expect(house.of('pv.powerKw')).toMatchObject([{ quality: quality.missing }])
    expect(client.figures()).toMatchObject({
      connects: 1,
      units: { gone: { silent: true, lastHeardMs: undefined }, meter: { silent: false } },
    })
    expect(client.figures().units.gone?.lastProblem).toContain('the device behind the gateway is silent')
    // It is asked ever more seldom.
    expect(house.of('grid.powerKw').length).toBeGreaterThan(
      house.reports.filter((one) => one.includes('gone')).length * 2,
    )
  })

  it('reads on while one unit takes its time until it is given up', async () => {
    // A gateway that says nothing of a device that is not there.
    const { port } = await quietGateway()
    const house = keepReadings()
    const settings: ModbusSettings = {
      ...{ ...fast, timeout: '0.1s', host: '127.0.0.1', port },
      devices: {
        live: { unitId: 1, asset: 'battery', registers: [{ point: 'soc', address: 0 }] },
        gone: { unitId: 9, asset: 'pv', registers: [{ point: 'powerKw', address: 0, unit: 'kW' }] },
      },
    }
    const client = things.add(openModbus(gatewayOf(settings, units), house))
    await until(() => house.of('battery.soc').length > 20, 'it reads on')
    expect(client.figures()).toMatchObject({ connects: 1, units: { live: { silent: false }, gone: { silent: true } } })
    expect(house.of('pv.powerKw')).toMatchObject([{ quality: quality.missing }])
  })

  it('keeps the pause between two requests that a device needs', async () => {
    const { twin, house, open, gateway } = await bus()
    Object.assign(gateway.settings, { pause: '0.1s' })
    const before = twin.figures().requests
    open()
    await until(() => house.of('battery.soc').length > 1, 'it reads')
    const [began, count] = [performance.now(), twin.figures().requests]
    await until(() => twin.figures().requests >= count + 5, 'it goes on')
    expect(performance.now() - began).toBeGreaterThan(400)
    expect(count).toBeGreaterThan(before)
  })

  it('splits a request that a device refuses, and loses only the register that is not there', async () => {
    const { house, open } = await bus({
      devices: {
        battery: {
          ...devices.battery!,
          registers: [...devices.battery!.registers!, { point: 'pv.powerKw', address: 5, type: 'i16', unit: 'W' }],
        },
      },
    })
    open()
    await until(() => house.of('battery.powerKw').length > 3, 'the others go on')
    expect(house.last('battery.soc')!.value).toBe(0.503)
    // Nothing is behind it, and an integer without a word for it cannot say so.
    expect(house.of('pv.powerKw')).toMatchObject([{ quality: quality.missing }])
    expect(house.reports.join()).toContain('illegal data address')
  })

  it.each([
    [6, 'device busy', 1],
    [5, 'needs longer', 1],
    [4, 'device failure', 2],
    [1, 'illegal function', 2],
    [200, 'the standard does not know', 2],
  ])('goes by the exception code %d', async (code, words, after) => {
    // Refuses the first two requests, or the first one, with the code.
    let left = after
    const { port } = await answering((asked) =>
      left-- > 0 ? [...asked.subarray(0, 5), 3, asked[6]!, asked[7]! | 0x80, code] : valueOne(asked),
    )
    const house = keepReadings()
    const settings: ModbusSettings = {
      ...{ ...fast, host: '127.0.0.1', port },
      devices: { live: { asset: 'battery', registers: [{ point: 'soc', address: 0 }] } },
    }
    const client = things.add(openModbus(gatewayOf(settings, units), house))
    await until(() => house.last('battery.soc')?.value === 1, 'it reads')
    expect(client.figures()).toMatchObject({ connects: 1, malformed: 0, units: { live: { silent: false } } })
    // A device that has no time is asked again, and nothing is missing.
    const gaps = house.of('battery.soc').filter(({ quality: how }) => how === quality.missing)
    expect(gaps).toHaveLength(after - 1)
    if (after > 1) expect(house.reports.join()).toContain(words)
  })

  it('says that a value is missing where the device says so', async () => {
    const { site, house, open } = await bus()
    open()
    await until(() => house.of('battery.soc').length > 1, 'it reads')
    site.values.delete('battery.soc')
    await until(() => house.last('battery.soc')!.quality === quality.missing, 'it is missing')
    const count = house.of('battery.powerKw').length
    await until(() => house.of('battery.powerKw').length > count + 3, 'the others go on')
    site.values.set('battery.soc', 0.6)
    await until(() => house.last('battery.soc')!.value === 0.6, 'it is there again')
    expect(house.of('battery.soc').filter(({ value }) => Number.isNaN(value))).toHaveLength(1)
  })

  it('connects again after the cable was pulled, and tells the gap when it cannot', async () => {
    const { site, twin, house, gateway, open } = await bus()
    const client = open()
    await until(() => house.of('battery.soc').length > 1, 'it reads')
    await twin.stop()
    await until(() => Number.isNaN(house.last('battery.soc')!.value), 'the gap is told')
    await until(() => client.figures().state === 'waiting', 'it waits')
    await expect(client.write('battery.setpointKw', 1)).rejects.toMatchObject({ code: 'gateway.no-link' })
    const again = things.add(await startModbusTwin(gateway, site))
    // Another port: what a device has after a restart it keeps, but a test cannot claim one.
    const second = open(again.port)
    await until(() => house.last('battery.soc')!.value === 0.503, 'it speaks again')
    expect(second.figures().state).toBe('connected')
    await client.stop()
    expect(client.figures().state).toBe('stopped')
  })

  it('gives readings again until they are taken, in their order', async () => {
    const { house, open } = await bus()
    let failures = 3
    const taken: number[] = []
    const take = house.take
    house.take = async (readings) => {
      if (failures-- > 0) throw new Error('the disk is full')
      taken.push(...readings.map(({ timestampMs }) => timestampMs))
      await take(readings)
    }
    const client = open()
    await until(() => taken.length > 20, 'they are taken')
    expect(taken).toEqual(taken.toSorted((a, b) => a - b))
    expect(house.reports.filter((one) => one.includes('tried again'))).toHaveLength(3)
    await client.stop()
    expect(client.figures().readings).toBe(house.readings.length)
  })

  it('refuses to open what cannot work, with all that is wrong', async () => {
    const settings: ModbusSettings = {
      host: 'meter',
      devices: {
        meter: {
          asset: 'grid',
          registers: [
            { point: 'powerKw', address: 0, unit: 'kWh' },
            { point: 'powerkw', address: 1 },
            { point: 'battery.setpointKw', address: 2, type: 'i32', unit: 'W', write: 'single' },
          ],
        },
      },
    }
    expect(() => openModbus(gatewayOf(settings, units), keepReadings())).toThrow(
      /kWh is energy; power is meant[\s\S]*grid\.powerkw[\s\S]*one request/,
    )
  })
})

describe('a twin', () => {
  it('keeps saying what it said while stuck, and counts from 0 after a reset', async () => {
    const { site, house, open } = await bus()
    open()
    await until(() => house.of('grid.energyImportKwh').length > 1, 'it reads')
    site.on.add('stuck')
    site.values.set('grid.powerKw', 99)
    const count = house.of('grid.powerKw').length
    await until(() => house.of('grid.powerKw').length > count + 3, 'it goes on')
    expect(house.last('grid.powerKw')!.value).toBe(-12.345)
    site.on.clear()
    site.on.add('counter-reset')
    await until(() => house.last('grid.energyImportKwh')!.value === 0, 'it begins at 0')
    site.values.set('grid.energyImportKwh', 1_234_567.89 + 3)
    await until(() => house.last('grid.energyImportKwh')!.value === 3, 'it counts on')
    expect(house.last('grid.powerKw')!.value).toBe(99)
  })
})
