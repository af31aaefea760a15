import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Check } from 'typebox/value'
import { describe, expect, it, onTestFinished } from 'vitest'
import { quality, type Site, seededRandom, systemClock } from '../../kernel/index.ts'
import type { FieldReading } from '../field-protocol.ts'
import { checkSettings } from './check-settings.ts'
import { ocppProtocol } from './ocpp-protocol.ts'
import { openOcpp } from './open-ocpp.ts'
import { readTokens } from './read-secrets.ts'
import { startCentral, until, vehicle } from './scenarios/central.fixture.ts'
import { type OcppSettings, OcppSettingsSchema } from './settings.ts'
import { createStation } from './station/create-station.ts'
import { startOcppTwin } from './station/start-twin.ts'

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ocpp-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

const site = (folder: string): Site => ({
  id: 'park',
  name: 'Park',
  location: { latitude: 0, longitude: 0, altitudeM: 0 },
  zone: 'UTC',
  currency: 'EUR',
  assets: ['charger-1', 'charger-2'].map((id) => ({ id, kind: 'ev-charging', title: id })),
  sections: {},
  source: { file: join(folder, 'site.yaml'), sha256: '' },
})

const settings = (change: Partial<OcppSettings> = {}): OcppSettings => ({
  port: 0,
  stations: [{ id: 'CP-1', password: { file: 'cp-1.secret' }, evses: [{ id: 1, asset: 'charger-1' }] }],
  ...change,
})

const gateway = (folder: string, own: OcppSettings) => ({
  id: 'chargers',
  site: site(folder),
  settings: own,
  unitOf: () => undefined,
})

const ports = (folder: string, readings: FieldReading[] = []) => ({
  clock: systemClock,
  random: seededRandom(1),
  folder,
  take: async (more: readonly FieldReading[]) => {
    readings.push(...more)
  },
  report: () => {},
})

describe('settings of a gateway', () => {
  it('are as the guide shows them', () => {
    expect(Check(OcppSettingsSchema, settings({ security: 1, fallbackKw: 4 }))).toBe(true)
    expect(checkSettings(gateway('.', settings()))).toEqual([])
  })

  it.each<[string, OcppSettings, RegExp]>([
    ['a station without a password', settings({ stations: [{ id: 'CP-1', evses: [{ id: 1 }] }] }), /password/],
    ['a door without passwords to the network', settings({ security: 0, host: '0.0.0.0' }), /this machine only/],
    ['TLS without a certificate', settings({ security: 2 }), /certificateFile/],
    [
      'an asset that is not there',
      settings({ security: 0, stations: [{ id: 'A', evses: [{ id: 1, asset: 'roof' }] }] }),
      /no such asset/,
    ],
    [
      'two stations of one name',
      settings({ security: 0, stations: [1, 2].map((id) => ({ id: 'A', evses: [{ id }] })) }),
      /one name/,
    ],
  ])('refuse %s', (_, wrong, words) => {
    expect(
      checkSettings(gateway('.', wrong))
        .map(({ detail }) => detail)
        .join(),
    ).toMatch(words)
  })

  it('take cards from a file, and tell which one is wrong', () => {
    const expires = '2027-01-01T00:00:00Z'
    expect(readTokens(JSON.stringify([{ id: 'A', expires, blocked: true }]), 'cards.json')).toEqual([
      { id: 'A', blocked: true, expiresMs: Date.parse(expires) },
    ])
    expect(() => readTokens('[{ "id": "A" }, { "id": 5 }]', 'cards.json')).toThrow('ocpp.bad-settings')
    expect(() => readTokens('[{ "id": "A", "expires": "soon" }]', 'cards.json')).toThrow('ocpp.bad-settings')
  })
})

describe('a gateway of OCPP', () => {
  it('writes a limit, reads it back, falls back by itself and remembers after a restart', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'cp-1.secret'), 'a long enough secret\n')
    writeFileSync(join(folder, 'cards.json'), '[{ "id": "CARD-1" }]')
    const readings: FieldReading[] = []
    const own = settings({ security: 1, tokensFile: 'cards.json', fallbackKw: 4.14, setpointSeconds: 60 })
    const client = openOcpp(gateway(folder, own), ports(folder, readings))
    await client.ready
    await expect(client.write!('charger-1.powerLimitKw', 6)).rejects.toMatchObject({ code: 'gateway.no-link' })
    await expect(client.write!('charger-1.colour', 6)).rejects.toMatchObject({ code: 'gateway.write-refused' })
    let nowMs = Date.now()
    const station = createStation({
      url: `ws://127.0.0.1:${client.system!.port}`,
      stationId: 'CP-1',
      password: 'a long enough secret',
      version: 'ocpp1.6',
      clock: { now: () => nowMs },
      sockets: 1,
    })
    onTestFinished(() => station.disconnect())
    await station.connect()
    await station.boot()
    await until(() => station.state.profiles.length === 2, 'fallback and the setpoint that waited')
    expect(await client.write!('charger-1.powerLimitKw', 6.9)).toMatchObject({
      written: 6.9,
      readBack: expect.closeTo(6.9, 5),
    })
    await station.plugIn(1, vehicle)
    await station.showToken(1, 'CARD-1')
    station.step(10)
    expect(station.state.sockets[0]!.powerKw).toBeCloseTo(6.9, 5)
    // The line is cut: the setpoint ends, the fallback holds.
    await station.disconnect()
    nowMs += 120_000
    station.step(10)
    expect(station.state.sockets[0]!.powerKw).toBeCloseTo(4.14, 5)
    await until(() => client.figures().readings > 0, 'readings')
    await client.stop()
    expect(client.figures().state).toBe('stopped')
    const again = openOcpp(gateway(folder, own), ports(folder))
    onTestFinished(() => again.stop())
    await again.ready
    expect(again.system!.book.running('CP-1')).toMatchObject([{ idToken: 'CARD-1' }])
    expect(readFileSync(join(folder, 'ocpp-chargers.ndjson'), 'utf8')).not.toContain('secret')
  })

  it('tries again when its port is taken', async () => {
    const { system } = await startCentral()
    const client = openOcpp(gateway(newFolder(), settings({ security: 0, port: system.port })), ports(newFolder()))
    await until(() => client.figures().state === 'waiting', 'waiting')
    expect(client.figures()).toMatchObject({ failures: 1, lastProblem: expect.stringContaining('EADDRINUSE') })
    await client.stop()
  })

  it('has a twin that calls it and keeps to its limits', async () => {
    const folder = newFolder()
    const limits: number[] = []
    const twin = await startOcppTwin(gateway(folder, settings({ security: 0 })), {
      clock: systemClock,
      random: seededRandom(1),
      read: () => 9,
      write: (_, value) => limits.push(value),
      faults: () => [],
    })
    onTestFinished(() => twin.stop())
    const readings: FieldReading[] = []
    const own = { ...settings({ fallbackKw: 3 }), ...twin.settings } as OcppSettings
    const client = ocppProtocol.open(gateway(folder, own), ports(folder, readings))
    onTestFinished(() => client.stop())
    const power = () => readings.filter(({ ref }) => ref === 'charger-1.powerKw')
    // Amperes have one decimal on the wire: 4.3 A of 3 × 230 V.
    await until(() => power().some(({ value }) => Math.abs(value - 2.967) < 1e-3), 'the fallback', 10_000)
    expect(power().every((one) => one.quality === quality.good)).toBe(true)
    expect(limits.length).toBeGreaterThan(0)
  }, 20_000)
})

const hasOpenssl = spawnSync('openssl', ['version']).status === 0

/** Certificates of this machine, signed by one authority. */
function certificates() {
  const folder = newFolder()
  const run = (...command: string[]) => execFileSync('openssl', command, { cwd: folder, stdio: 'pipe' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  run('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Test')
  for (const name of ['127.0.0.1', 'CP-1', 'CP-2']) {
    run('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`)
    writeFileSync(join(folder, 'extra'), 'subjectAltName=IP:127.0.0.1')
    run(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-out',
      `${name}.pem`,
      '-days',
      '2',
      '-extfile',
      'extra',
    )
  }
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const own = { certificate: read('127.0.0.1.pem'), key: read('127.0.0.1.key'), stationCa: read('ca.pem') }
  return {
    own,
    ca: read('ca.pem'),
    of: (name: string) => ({ certificate: read(`${name}.pem`), key: read(`${name}.key`) }),
  }
}

describe.skipIf(!hasOpenssl)('TLS (skipped where openssl is absent)', () => {
  const call = async (port: number, password: string | undefined, tls: object) => {
    const station = createStation({
      url: `wss://127.0.0.1:${port}`,
      stationId: 'CP-1',
      version: 'ocpp2.0.1',
      clock: systemClock,
      sockets: 1,
      tls,
      ...(password === undefined ? {} : { password }),
    })
    onTestFinished(() => station.disconnect())
    await station.connect()
    return station
  }

  it('of security profile 2 asks for the password too', async () => {
    const { own, ca } = certificates()
    const { system } = await startCentral({ security: 2, tls: own })
    const station = await call(system.port, 'secret of CP-1', { ca })
    expect((await station.call('Heartbeat', {})).currentTime).toBeDefined()
    await expect(call(system.port, 'guess', { ca })).rejects.toThrow('401')
    await expect(call(system.port, 'secret of CP-1', {})).rejects.toThrow(/certificate/)
  })

  it('of security profile 3 takes the station that its certificate names', async () => {
    const { own, ca, of } = certificates()
    const { system } = await startCentral({ security: 3, tls: own, stations: ['CP-1', 'CP-2'] })
    await call(system.port, undefined, { ca, ...of('CP-1') })
    await expect(call(system.port, undefined, { ca, ...of('CP-2') })).rejects.toThrow('401')
    await expect(call(system.port, undefined, { ca })).rejects.toThrow()
    expect(system.figures().refusedConnects).toBeGreaterThanOrEqual(2)
  })
})
