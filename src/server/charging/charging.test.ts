import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { fail, siteOf } from '../living-park/living-park.fixture.ts'
import { type LivingPark, startLivingPark } from '../living-park/living-park.ts'
import { noonMs, openTestServer, type TestServer } from '../server.fixture.ts'
import { departureMs, waitingVehicle } from './bookings.ts'

/** Two cars that have to charge all the time, on a cable that carries less than they take. */
const yard = `id: yard
name: Yard
location: { latitude: 31.4, longitude: 119.5 }
zone: Asia/Shanghai
currency: CNY
assets:
  grid: { kind: grid, importLimitKw: 300, exportLimitKw: 100 }
  works: { kind: load, demand: 60 }
  ev:
    kind: ev-charging
    feederLimitKw: 100
    sessions:
      - { id: car-1, arrival: "00:05", departure: "23:55", energyKwh: 260, maxKw: 11 }
      - { id: car-2, arrival: "00:05", departure: "23:55", energyKwh: 260, maxKw: 11 }
tariff:
  import: { timeOfUse: { periods: [{ name: day, pricePerKwh: 1 }] } }
points:
  post-1.powerKw: { unit: kW }
  post-2.powerKw: { unit: kW }
  post-1.powerLimitKw: { unit: kW }
gateways:
  main:
    protocol: modbus
    host: 192.0.2.1
    period: 0.3s
    timeout: 0.3s
    retries: 0
    longestWait: 0.5s
    devices: { feeder: { asset: grid, registers: [{ point: powerKw, address: 10, type: f32, unit: W }] } }
  sub:
    protocol: modbus
    host: 192.0.2.2
    period: 0.3s
    devices: { posts: { asset: ev, registers: [{ point: powerKw, address: 10, type: f32, unit: W }] } }
  chargers:
    protocol: ocpp
    port: 9229
    security: 0
    tokensFile: cards.json
    fallbackKw: 4.2
    stations:
      - { id: P1, evses: [{ id: 1, asset: post-1, maxKw: 11.1 }] }
      - { id: P2, evses: [{ id: 1, asset: post-2, maxKw: 11.1 }] }
charging:
  gateway: chargers
  asset: ev
  meterStale: 2
  riseKwPerS: 1
  circuits:
    connection: { limitKw: 300 }
    posts: { parent: connection, limitA: 21 }
  places: { P1: { circuit: posts }, P2: { circuit: posts } }
`

const folder = mkdtempSync(join(tmpdir(), 'mangrove-charging-'))
const file = join(folder, 'site.yaml')
writeFileSync(file, yard)
writeFileSync(join(folder, 'cards.json'), '[{ "id": "car-1" }, { "id": "car-2" }]')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('chargers of a simulated yard, over OCPP', () => {
  let test: TestServer
  let park: LivingPark
  let ticking: NodeJS.Timeout
  beforeAll(async () => {
    test = await openTestServer({ sites: [{ file, live: true }] })
    const startedMs = performance.now()
    ticking = setInterval(() => {
      test.clock.nowMs = noonMs + Math.round(performance.now() - startedMs)
    }, 10)
    test.server.parts.charging.start()
    park = startLivingPark(siteOf(test), test.server.parts, fail)
    await park.alive
  }, 60_000)
  afterAll(async () => {
    await park.stop()
    clearInterval(ticking)
    await test.close()
  })

  const newest = async (ref: string) => {
    const { points } = (await test.inject(`/api/v1/observations/latest?site=yard&points=${ref}`)).json()
    return points[ref] as { value: number | null; quality: string; source: string }
  }
  const faults = (gateway: string, ...now: string[]) =>
    test.inject({ method: 'PUT', url: `/api/v1/sites/yard/gateways/${gateway}/faults`, payload: { faults: now } })
  const soon = { timeout: 15_000, interval: 100 }
  /** Amperes a phase of three. */
  const kW = (amperes: number): number => (amperes * 3 * 230) / 1000

  it('share a cable by the plan, keep to the safe limit without a meter, and to their last one without a line', async () => {
    // Twenty-one amperes for two that want sixteen each, less a margin for the one that was there first.
    await vi.waitFor(async () => {
      const { value } = await newest('ev.powerKw')
      expect(value).toBeGreaterThan(kW(19.9))
      expect(value).toBeLessThan(kW(21.01))
      // The one that came first may have had to give way.
    }, 30_000)
    expect((await newest('post-1.powerLimitKw')).source).toBe('charging')
    expect(test.server.parts.charging.figures('yard')).toMatchObject({ mode: 'plan', charging: 2, failed: 0 })
    await vi.waitFor(async () => expect(await newest('post-1.powerKw')).toMatchObject({ source: 'chargers' }), soon)
    const { sent } = test.server.parts.charging.figures('yard')!

    await faults('main', 'silent')
    await vi.waitFor(async () => expect((await newest('ev.powerKw')).value).toBeCloseTo(kW(12), 2), soon)
    expect(test.server.parts.charging.figures('yard')).toMatchObject({ mode: 'fallback' })
    await faults('main')
    await faults('chargers', 'silent')
    await vi.waitFor(async () => expect(await newest('post-1.powerKw')).toMatchObject({ value: null }), soon)
    expect((await newest('ev.powerKw')).value).toBeCloseTo(kW(12), 2)
    await faults('chargers')
    await vi.waitFor(async () => expect((await newest('post-1.powerKw')).value).toBeGreaterThan(kW(5)), soon)
    // A few limits, not one a second.
    expect(test.server.parts.charging.figures('yard')!.sent - sent).toBeLessThan(12)
  }, 90_000)
})

describe('what is known of a vehicle', () => {
  const now = { nowMs: noonMs, zone: 'Asia/Shanghai', plannedKw: undefined, kwPerA: 0.69 }
  const charge = { idToken: 'car', startedMs: noonMs, startWh: 1000, lastWh: 3000 }

  it('leaves at the next time of its booking', () => {
    const zone = 'Asia/Shanghai'
    expect(departureMs({ departure: '13:00' }, noonMs, zone)).toBe(noonMs + 3_600_000)
    expect(departureMs({ departure: '12:00' }, noonMs, zone)).toBe(noonMs + 24 * 3_600_000)
    expect(departureMs({ departure: '2026-07-08T12:00' }, noonMs, zone)).toBe(noonMs + 48 * 3_600_000)
  })

  it('is what it still needs, what a plan gives it, and at once where nothing is known', () => {
    const booking = { id: 'car', energyKwh: 10, maxKw: 6.9, departure: '13:00' }
    expect(waitingVehicle(charge, booking, { ...now, plannedKw: 3.45 })).toEqual({
      ...{ energyLeftKwh: 8, departureMs: noonMs + 3_600_000, arrivalMs: noonMs },
      ...{ mostA: expect.closeTo(10, 9), plannedA: expect.closeTo(5, 9) },
    })
    expect(waitingVehicle({ ...charge, lastWh: 11_000 }, booking, now)).toBeUndefined()
    expect(waitingVehicle(charge, undefined, now)).toMatchObject({ departureMs: noonMs })
  })
})
