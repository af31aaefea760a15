import { createSocket } from 'node:dgram'
import { createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { checkValue, quality } from '../../kernel/index.ts'
import type { FieldReading } from '../field-protocol.ts'
import { type PlayedHouse, playGateway, playHouse, until } from '../link/house.fixture.ts'
import { openThings, playSite } from '../modbus/modbus.fixture.ts'
import { nmeaProtocol } from './nmea-protocol.ts'
import { openNmea } from './open-client.ts'
import { writeSentence } from './read-sentence.ts'
import { type NmeaSettings, NmeaSettingsSchema } from './settings.ts'
import { startNmeaTwin } from './start-twin.ts'

const things = openThings()
afterEach(things.close)

const units = {
  ...{ 'tug.latitudeDeg': 'deg', 'tug.longitudeDeg': 'deg', 'tug.speedKmH': 'km/h', 'tug.courseDeg': 'deg' },
  ...{
    'tug.headingDeg': 'deg',
    'tug.windSpeedMPerS': 'm/s',
    'tug.windAngleDeg': 'deg',
    'tug.depthM': 'm',
    'mast.speed': 'kn',
  },
}
const values = {
  ...{ 'tug.latitudeDeg': 31.2304, 'tug.longitudeDeg': 121.4737, 'tug.speedKmH': 12.5, 'tug.courseDeg': 271.25 },
  ...{ 'tug.headingDeg': 268.5, 'tug.windSpeedMPerS': 7.2, 'tug.windAngleDeg': 45, 'tug.depthM': 8.75 },
}
const fast = { every: '0.02s', silence: '0.3s', longestWait: '0.1s' }
const open = (own: Partial<NmeaSettings>, house: PlayedHouse) => {
  const settings = { asset: 'tug', host: '127.0.0.1', ...fast, ...own } as NmeaSettings
  expect(checkValue(NmeaSettingsSchema, settings).problems).toEqual([])
  const gateway = playGateway(settings, units)
  expect(nmeaProtocol.check?.(gateway)).toEqual([])
  return things.add(openNmea(gateway, house))
}
const lookInto = (house: PlayedHouse) => {
  const of = (ref: string): readonly FieldReading[] => house.readings.filter((one) => one.ref === ref)
  return {
    of,
    last: (ref: string) => of(ref).at(-1),
    gaps: (ref: string) => of(ref).filter(({ value }) => Number.isNaN(value)),
  }
}

async function vessel(own: Partial<NmeaSettings> = {}) {
  const settings = { asset: 'tug', ...fast, ...own } as NmeaSettings
  const site = playSite(values)
  const twin = things.add(await startNmeaTwin(playGateway(settings, units), site))
  const house = playHouse()
  return { site, house, client: open({ ...own, ...twin.settings }, house), ...lookInto(house) }
}

describe('a vessel', () => {
  it('tells where it is and how it goes, at its own time', async () => {
    const { last, client, house } = await vessel()
    await until(() => Object.keys(values).every((ref) => last(ref)), 'it speaks')
    for (const [ref, value] of Object.entries(values)) {
      expect(last(ref)!.value).toBeCloseTo(value, ref.includes('itude') ? 7 : 1)
      expect(last(ref)).toMatchObject({ unit: units[ref as keyof typeof units], quality: quality.good })
      expect(Math.abs(last(ref)!.timestampMs - Date.now())).toBeLessThan(2000)
    }
    expect(client.figures()).toMatchObject({ state: 'connected', malformed: 0, connects: 1 })
    expect(client.figures().sentences.RMC).toBeGreaterThan(0)
    expect(house.reports).toEqual([])
  })

  it('without a position of the site goes round it', async () => {
    const { site, last } = await vessel()
    site.values.clear()
    await until(() => Math.abs(last('tug.latitudeDeg')?.value ?? 9) < 0.01, 'it speaks')
    expect(last('tug.speedKmH')!.value).toBeCloseTo(15, 1)
  })

  it('that falls silent has a gap once, and is found again', async () => {
    const { site, last, gaps, client } = await vessel()
    await until(() => last('tug.depthM') !== undefined, 'it speaks')
    site.on.add('silent')
    await until(() => client.figures().state === 'waiting', 'the link is opened again')
    expect([gaps('tug.depthM').length, gaps('tug.latitudeDeg').length]).toEqual([1, 1])
    site.on.clear()
    await until(() => last('tug.depthM')!.value === 8.75, 'it speaks again')
    expect(gaps('tug.depthM')).toHaveLength(1)
  })

  it.each(['garbage', 'duplicate', 'burst', 'clock-jump'] as const)('lives through %s', async (fault) => {
    const { site, last, of, client, house } = await vessel()
    await until(() => last('tug.depthM') !== undefined, 'it speaks')
    site.on.add(fault)
    if (fault === 'garbage') await until(() => client.figures().malformed > 20, 'it is counted')
    else await until(() => of('tug.depthM').length > 5, 'it goes on')
    site.on.clear()
    for (const { ref, value, timestampMs } of house.readings) {
      if (!Number.isNaN(value)) expect(value).toBeCloseTo(values[ref as keyof typeof values], 1)
      expect(Math.abs(timestampMs - Date.now())).toBeLessThan(60_000)
    }
    // Noise without end is told once.
    expect(house.reports.length).toBeLessThan(client.figures().malformed + 1)
  })
})

describe('a source of sentences', () => {
  it('may send datagrams, of which some are heard: by sender, talker and point', async () => {
    const house = playHouse()
    const probe = createSocket('udp4')
    await new Promise<void>((resolve) => probe.bind(0, '127.0.0.1', resolve))
    const { port } = probe.address()
    await new Promise<void>((resolve) => probe.close(resolve))
    const own = { transport: 'udp' as const, port, from: '127.0.0.1', talkers: ['GN', 'WI'] }
    const client = open({ ...own, points: { windSpeedMPerS: 'mast.speed' } }, house)
    const { last, of } = lookInto(house)
    const socket = createSocket('udp4')
    const send = (text: string): void => socket.send(text, port, '127.0.0.1')
    const fix = (talker: string, lat: string): string =>
      writeSentence(`${talker}GGA,,${lat},N,00000.0,E,1,08,1,1,M,1,M,,`)
    const sending = setInterval(() => {
      send(fix('GP', '1000.0') + fix('GN', '2000.0'))
      // Without an end of line, and noise.
      send(writeSentence('WIMWV,214.8,R,10,N,A').trim())
      send('\u0000\u00ff$$$*')
    }, 5)
    await until(() => last('tug.latitudeDeg') !== undefined && last('mast.speed') !== undefined, 'it is heard')
    expect(new Set(of('tug.latitudeDeg').map(({ value }) => value))).toEqual(new Set([20]))
    expect(last('mast.speed')!.value).toBeCloseTo(10, 9)
    expect(client.figures().malformed).toBeGreaterThan(0)
    clearInterval(sending)
    await until(() => Number.isNaN(last('tug.latitudeDeg')!.value), 'silence is a gap')
    expect(client.figures().state).toBe('connected')
    socket.close()
  })

  it('without a fix has no position, and one that cuts the line is opened again', async () => {
    const sockets = new Set<Socket>()
    let text = writeSentence('GNRMC,,A,2000.0,N,00000.0,E,1,1,,,,A')
    const server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      const timer = setInterval(() => socket.write(text), 5)
      socket.on('close', () => clearInterval(timer))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const house = playHouse()
    const client = open({ port: (server.address() as { readonly port: number }).port, silence: '5s' }, house)
    const { last, gaps } = lookInto(house)
    await until(() => last('tug.latitudeDeg')?.value === 20, 'it speaks')
    text = writeSentence('GNRMC,,V,,,,,,,,,,N')
    await until(() => gaps('tug.latitudeDeg').length === 1 && gaps('tug.speedKmH').length === 1, 'no fix')
    text = writeSentence('GNRMC,,A,3000.0,N,00000.0,E,1,1,,,,E')
    await until(() => last('tug.latitudeDeg')!.value === 30, 'a fix')
    expect(last('tug.latitudeDeg')!.quality).toBe(quality.estimated)
    for (const socket of sockets) socket.destroy()
    await until(() => client.figures().connects > 1, 'it is opened again')
    await things.close()
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
})

describe('settings', () => {
  it.each<[NmeaSettings, string]>([
    [{ host: 'x', asset: 'pv' }, 'asset'],
    [{ asset: 'tug' }, 'host'],
    [{ asset: 'tug', transport: 'serial' }, 'path'],
    [{ host: 'x', points: { depthM: 'nobody.x' } }, 'points.depthM'],
    [{ host: 'x', points: { depthM: 'tug.speedKmH' } }, 'points.depthM'],
  ])('%j are told when the site file is read', (settings, path) => {
    expect(nmeaProtocol.check?.(playGateway(settings, units))).toMatchObject([{ place: { path } }])
    expect(checkValue(NmeaSettingsSchema, { host: 'x', points: { colour: 'tug.x' } }).problems).not.toEqual([])
  })
})
