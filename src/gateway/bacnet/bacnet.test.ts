import { createSocket } from 'node:dgram'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { checkValue, quality } from '../../kernel/index.ts'
import type { FieldGateway, FieldReading } from '../field-protocol.ts'
import { type PlayedHouse, playGateway, playHouse, until } from '../link/house.fixture.ts'
import { openThings, playSite } from '../modbus/modbus.fixture.ts'
import { bacnetProtocol } from './bacnet-protocol.ts'
import { openStack } from './load-library.ts'
import { openBacnet } from './open-client.ts'
import { type BacnetSettings, BacnetSettingsSchema } from './settings.ts'
import { startBacnetTwin } from './start-twin.ts'
import { createTransport } from './transport.ts'

const things = openThings()
afterEach(things.close)

const units = {
  ...{ 'hall.temperatureC': 'degC', 'ahu.powerKw': 'kW', 'ahu.energyKwh': 'kWh', 'ahu.running': '1' },
  ...{ 'ahu.setpointC': 'degC', 'ahu.mode': '1', 'hall.co2': 'ppm' },
}
const points: BacnetSettings['points'] = {
  'hall.temperatureC': 'analog-input:1',
  'ahu.powerKw': { object: 'analog-input:2', unit: 'W' },
  'ahu.energyKwh': { object: 'large-analog-value:3' },
  'ahu.running': 'binary-value:1',
  'ahu.setpointC': { object: 'analog-value:7', write: true, least: 15, most: 28, priority: 10, relinquish: 0 },
  'ahu.mode': { object: 'multi-state-value:2', write: true },
  'hall.co2': 'analog-input:9',
}
const values = {
  ...{ 'hall.temperatureC': 21.5, 'ahu.powerKw': 3.25, 'ahu.energyKwh': 123_456.789, 'ahu.running': 1 },
  ...{ 'ahu.setpointC': 20, 'ahu.mode': 3, 'hall.co2': 640 },
}
const fast = { period: '0.05s', timeout: '0.3s', retries: 1, longestWait: '0.2s', lifetime: '60s' }

async function building(own: Partial<BacnetSettings> = {}, ofTwin: Partial<BacnetSettings> = {}) {
  const settings: BacnetSettings = { host: '127.0.0.1', points, ...fast, ...own }
  expect(checkValue(BacnetSettingsSchema, settings).problems).toEqual([])
  const gateway = playGateway(settings, units)
  expect(bacnetProtocol.check?.(gateway)).toEqual([])
  const site = playSite(values)
  const twin = things.add(await startBacnetTwin({ ...gateway, settings: { ...settings, ...ofTwin } }, site))
  const house = playHouse()
  const client = things.add(openBacnet({ ...gateway, settings: { ...settings, ...twin.settings } }, house))
  return { gateway, site, twin, house, client, ...lookInto(house) }
}
const lookInto = (house: PlayedHouse) => {
  const of = (ref: string): readonly FieldReading[] => house.readings.filter((one) => one.ref === ref)
  return {
    of,
    last: (ref: string) => of(ref).at(-1),
    gaps: (ref: string) => of(ref).filter(({ value }) => Number.isNaN(value)),
  }
}

describe.each([true, false])('a client and its twin, changes sent: %s', (cov) => {
  it('say the same, in the units of the points', async () => {
    const { last, client, site, of, twin, house } = await building({ cov })
    await until(() => Object.keys(points).every((ref) => last(ref)), 'all points speak')
    for (const [ref, value] of Object.entries(values)) {
      expect(last(ref)!.value).toBeCloseTo(value, 3)
      expect(last(ref)).toMatchObject({ quality: quality.good, unit: units[ref as keyof typeof units] })
    }
    site.values.set('hall.temperatureC', 22)
    await until(() => last('hall.temperatureC')!.value === 22, 'it changed')
    site.values.delete('hall.temperatureC')
    await until(() => last('hall.temperatureC')!.quality === quality.missing, 'it is gone')
    site.values.set('hall.temperatureC', 23)
    await until(() => last('hall.temperatureC')!.value === 23, 'it is there again')
    if (cov) {
      // Nothing is asked that changes by itself, but one for a sign of life.
      expect(of('hall.co2').length).toBeLessThan(of('hall.temperatureC').length + 3)
    }
    expect(client.figures()).toMatchObject({ state: 'connected', connects: 1, failures: 0, malformed: 0 })
    expect(twin.figures().malformed).toBe(0)
    expect(house.reports).toEqual([])
  })

  it('tell a gap once when the device falls silent, and find it again', async () => {
    const { site, house, client, last, gaps } = await building({ cov })
    await until(() => last('hall.co2') !== undefined, 'it reads')
    site.on.add('silent')
    await until(() => gaps('hall.co2').length > 0 && client.figures().state === 'waiting', 'the gap is told')
    await expect(client.write!('ahu.setpointC', 20)).rejects.toMatchObject({ code: 'gateway.no-link' })
    site.on.clear()
    await until(() => last('hall.co2')!.value === 640, 'it speaks again')
    expect(gaps('hall.co2')).toHaveLength(1)
    expect(client.figures().connects).toBe(2)
    expect(house.reports.join()).toContain('no answer in time')
  })

  it.each(['garbage', 'duplicate', 'burst'] as const)('live through %s, and read no wrong value', async (fault) => {
    const { site, house, client, last, of } = await building({ cov })
    await until(() => last('hall.temperatureC') !== undefined, 'it reads')
    site.on.add(fault)
    if (fault === 'garbage') await until(() => client.figures().malformed > 3, 'it is counted')
    else await until(() => of('hall.temperatureC').length > 3, 'it goes on')
    site.on.clear()
    const count = house.readings.length
    await until(() => house.readings.slice(count).some(({ value }) => value === 21.5), 'it reads again')
    for (const { ref, value } of house.readings) {
      if (!Number.isNaN(value)) expect(value).toBeCloseTo(values[ref as keyof typeof values], 3)
    }
  })
})

describe('a foreign client', () => {
  it('reads, subscribes to and commands the twin by the library as it is', async () => {
    const { twin, site } = await building()
    const { default: told } = await import('@bacnet-js/client')
    const Stack = typeof told === 'function' ? (told as (typeof told)['default']) : told.default
    const foreign = new Stack({ port: await freePort(), interface: '127.0.0.1', apduTimeout: 1000 })
    const notices: unknown[] = []
    foreign.on('covNotifyUnconfirmed', ({ payload }) => notices.push(payload.values[0]?.value[0]?.value))
    await new Promise<void>((resolve) => foreign.on('listening', resolve))
    const device = { address: `127.0.0.1:${twin.port}` }
    const found = new Promise((resolve) => foreign.on('iAm', ({ payload }) => resolve(payload.deviceId)))
    foreign.whoIs(device)
    expect(await found).toBe(twin.instance)
    const { values: list } = await foreign.readProperty(device, { type: 8, instance: twin.instance }, 76)
    expect(list).toHaveLength(Object.keys(points).length + 1)
    await foreign.subscribeCov(device, { type: 0, instance: 1 }, 1, false, false, 60)
    site.values.set('hall.temperatureC', 30)
    await until(() => notices.includes(30), 'it is told')
    await expect(foreign.readProperty(device, { type: 0, instance: 99 }, 85)).rejects.toThrow('Class:1 - Code:31')
    foreign.close()
  })
})

/** A port that nobody has now. */
async function freePort(): Promise<number> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  const { port } = socket.address()
  await new Promise<void>((resolve) => socket.close(resolve))
  return port
}

describe('setpoints', () => {
  it('are written with their priority, read back, and taken back', async () => {
    const { client, site, twin, last } = await building({ cov: false })
    await until(() => last('ahu.setpointC') !== undefined, 'it reads')
    expect(client.writes!('ahu.setpointC')).toBe(true)
    expect(client.writes!('hall.co2')).toBe(false)
    expect(await client.write!('ahu.setpointC', 22.5)).toMatchObject({ written: 22.5, readBack: 22.5 })
    // Somebody else commands it at a higher priority.
    const transport = createTransport({ port: 0 })
    const other = await openStack(transport, 500)
    const set = (value: number | null) =>
      other.writeProperty(
        { address: `127.0.0.1:${twin.port}` },
        { type: 2, instance: 7 },
        85,
        [{ type: value === null ? 0 : 4, value }] as never,
        { priority: 8 },
      )
    await set(18)
    expect(await client.write!('ahu.setpointC', 24)).toMatchObject({ written: 24, readBack: 18 })
    await set(null)
    await until(() => last('ahu.setpointC')!.value === 24, 'ours is in force')
    expect(await client.write!('ahu.setpointC', 0)).toMatchObject({ written: 0, readBack: 20 })
    other.close()
    await transport.closed
    expect(await client.write!('ahu.mode', 2.2)).toMatchObject({ written: 2, readBack: 2 })
    expect(site.writes).toEqual([
      ['ahu.setpointC', 22.5],
      ['ahu.setpointC', 18],
      ['ahu.setpointC', 18],
      ['ahu.setpointC', 24],
      ['ahu.mode', 2],
    ])
  })

  it('are refused beyond their bounds, and in the words of the device', async () => {
    const { client, site, last } = await building({}, { points: { ...points, 'ahu.mode': 'multi-state-value:2' } })
    await until(() => last('ahu.mode') !== undefined, 'it reads')
    for (const [ref, value] of [
      ['ahu.setpointC', 29],
      ['ahu.setpointC', Number.NaN],
      ['hall.co2', 400],
      ['ahu.mode', -1],
    ] as const) {
      await expect(client.write!(ref, value)).rejects.toMatchObject({ code: 'gateway.write-refused' })
    }
    await expect(client.write!('ahu.mode', 2)).rejects.toThrow('write access denied')
    expect(site.writes).toEqual([])
  })
})

describe('a stop', () => {
  it('waits for no answer', async () => {
    const socket = createSocket('udp4')
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
    const asked = new Promise((resolve) => socket.on('message', resolve))
    for (const own of [{}, { instance: 5 }]) {
      const settings = { points, ...fast, timeout: '30s', host: '127.0.0.1', port: socket.address().port, ...own }
      const client = openBacnet(playGateway(settings, units), playHouse())
      await asked
      const began = performance.now()
      await client.stop()
      expect(performance.now() - began).toBeLessThan(2000)
      expect(client.figures().state).toBe('stopped')
    }
    socket.close()
  })
})

describe('a device', () => {
  it('that lacks an object loses only that, and one of another unit is told', async () => {
    const { last, gaps, house, client } = await building(
      {},
      {
        points: {
          'hall.temperatureC': { object: 'analog-input:1', unit: 'degC' },
          // Told in kW, where kWh is meant.
          'ahu.powerKw': 'large-analog-value:3',
        },
      },
    )
    await until(() => last('hall.co2') !== undefined && last('hall.temperatureC')?.value === 21.5, 'it reads')
    expect([gaps('hall.co2').length, gaps('ahu.energyKwh').length]).toEqual([1, 1])
    expect(house.reports.join()).toMatch(/the device has no value of it/)
    expect(house.reports.join()).toMatch(/the device tells it in kW: kW is power; energy is meant/)
    expect(client.figures().state).toBe('connected')
  })

  it('is found by its instance, and another one is not taken for it', async () => {
    const { gateway, twin } = await building({}, { instance: 77 })
    const house = playHouse()
    const own = (instance: number): FieldGateway<BacnetSettings> => ({
      ...gateway,
      settings: { ...gateway.settings, port: twin.port, instance },
    })
    things.add(openBacnet(own(77), house))
    await until(() => lookInto(house).last('hall.co2')?.value === 640, 'it reads')
    const stranger = things.add(openBacnet(own(78), playHouse()))
    await until(() => stranger.figures().failures > 0, 'nobody answers')
    expect(stranger.figures().lastProblem).toContain('device 78')
  })

  it('that reads one property at a time, or few objects, is read so', async () => {
    const transport = createTransport({ port: 0, address: '127.0.0.1' })
    const stack = await openStack(transport, 500)
    const port = await transport.listening
    const sizes: number[] = []
    let several = 2
    stack.on('readPropertyMultiple', ({ header, invokeId, payload }) => {
      const to = header!.sender
      sizes.push(payload.properties.length)
      if (payload.properties.length > several) return stack.errorResponse(to, 14, invokeId!, 0, 0)
      const told = payload.properties.map(({ objectId, properties }) => ({
        objectId,
        values: properties.map((one) => ({
          property: one,
          value: [{ type: one.id === 85 ? 4 : 9, value: one.id === 85 ? 7 : 0 }],
        })),
      }))
      stack.readPropertyMultipleResponse(to, invokeId!, told as never)
    })
    stack.on('readProperty', ({ header, invokeId, payload }) => {
      const to = header!.sender
      if (payload.property.id !== 85) return stack.errorResponse(to, 12, invokeId!, 2, 32)
      stack.readPropertyResponse(to, invokeId!, payload.objectId, payload.property, [{ type: 4, value: 9 }] as never)
    })
    const house = playHouse()
    const own = {
      'hall.temperatureC': 'analog-input:1',
      'ahu.powerKw': 'analog-input:2',
      'hall.co2': 'analog-input:3',
      'ahu.running': 'analog-input:4',
    }
    const settings = { ...fast, host: '127.0.0.1', port, points: own, cov: false }
    const client = things.add(openBacnet(playGateway(settings, units), house))
    const { last } = lookInto(house)
    await until(
      () => Object.keys(own).every((ref) => last(ref)?.quality === quality.missing || last(ref)?.value === 7),
      'it reads',
    )
    expect(sizes.slice(0, 3)).toEqual([4, 2, 2])
    several = 0
    await until(
      () => Object.keys(own).every((ref) => last(ref)!.value === 9 || last(ref)!.quality === quality.missing),
      'it reads one by one',
    )
    expect(client.figures()).toMatchObject({ connects: 1, failures: 0 })
    await things.close()
    stack.close()
    await transport.closed
  })
})

describe('bytes that are no BACnet', () => {
  it('harm neither client nor twin, and are counted', async () => {
    const { twin, client, last, of } = await building({ cov: false })
    await until(() => last('hall.co2') !== undefined, 'it reads')
    const socket = createSocket('udp4')
    const send = (bytes: Uint8Array, port: number): Promise<unknown> =>
      new Promise((resolve) => socket.send(bytes, port, '127.0.0.1', resolve))
    const framed = (body: Uint8Array): Buffer => {
      const frame = Buffer.concat([Buffer.from([0x81, 0x0a, 0, 0, 1, 4]), body])
      frame.writeUInt16BE(frame.length, 2)
      return frame
    }
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), fc.boolean(), async (bytes, inFrame) => {
        await send(inFrame ? framed(bytes) : bytes, twin.port)
      }),
      { numRuns: 200 },
    )
    // Requests of every service with contents cut and changed.
    for (let choice = 0; choice < 32; choice += 1) {
      await send(framed(Buffer.from([0x00, 0x05, 1, choice, 0x0c, 0, 0, 0, 1, 0x19, 85, 0x3e, 0x44, 1])), twin.port)
      await send(framed(Buffer.from([0x10, choice, 0x09, 1, 0x1c, 2, 0, 0])), twin.port)
    }
    const count = of('hall.co2').length
    await until(() => of('hall.co2').length > count + 1, 'it goes on')
    expect(twin.figures().malformed).toBeGreaterThan(20)
    expect(client.figures()).toMatchObject({ connects: 1, failures: 0 })
    socket.close()
  })

  it('in place of answers make no value and no fault', async () => {
    const socket = createSocket('udp4')
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
    const draw = fc.sample(fc.uint8Array({ maxLength: 60 }), 400)
    let at = 0
    socket.on('message', (asked, { port, address }) => {
      const invokeId = asked[asked.indexOf(0x05, 6) + 1] ?? 0
      for (const service of [0x0e, 0x0c]) {
        const body = draw[at++ % draw.length]!
        const frame = Buffer.concat([Buffer.from([0x81, 0x0a, 0, 0, 1, 0, 0x30, invokeId, service]), body])
        frame.writeUInt16BE(frame.length, 2)
        socket.send(at % 3 === 0 ? body : frame, port, address)
      }
    })
    const house = playHouse()
    const settings = {
      ...fast,
      timeout: '0.1s',
      longestWait: '0.02s',
      host: '127.0.0.1',
      port: socket.address().port,
      points,
    }
    const client = openBacnet(playGateway(settings, units), house)
    await until(() => client.figures().malformed > 6, 'it is counted')
    await client.stop()
    await new Promise<void>((resolve) => socket.close(resolve))
    expect(house.readings.every(({ value }) => Number.isNaN(value))).toBe(true)
  })
})

describe('settings', () => {
  it.each<[Partial<BacnetSettings>, string]>([
    [{ points: { 'hall.co2': 'analog:1' } }, 'points.hall.co2'],
    [{ points: { 'hall.co2': 'analog-input:4194303' } }, 'points.hall.co2'],
    [{ points: { 'nobody.x': 'analog-input:1' } }, 'points.nobody.x'],
    [{ points: { 'hall.co2': { object: 'analog-input:1', unit: 'kW' } } }, 'points.hall.co2'],
    [{ points: { 'hall.co2': { object: 'analog-input:1', write: true } } }, 'points.hall.co2'],
  ])('%j are told when the site file is read', (own, path) => {
    expect(bacnetProtocol.check?.(playGateway({ host: 'ahu', points, ...own }, units))).toMatchObject([
      { place: { path } },
    ])
  })

  it('need a host or an instance, and leave priorities of people alone', () => {
    expect(bacnetProtocol.check?.(playGateway({ points }, units))).toMatchObject([{ place: { path: 'host' } }])
    expect(checkValue(BacnetSettingsSchema, { host: 'x', points, priority: 7 }).problems).not.toEqual([])
  })
})
