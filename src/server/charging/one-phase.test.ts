import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createStation, type OcppClient, readCharging, type SimulatedStation } from '../../gateway/index.ts'
import { noonMs, openTestServer, type TestServer } from '../server.fixture.ts'
import { createSiteCharging, type SiteCharging } from './site-charging.ts'

const yard = `
id: yard
name: Yard
location: { latitude: 31.4, longitude: 119.5, altitudeM: 8 }
zone: Asia/Shanghai
currency: CNY
assets:
  grid: { kind: grid, importLimitKw: 300, exportLimitKw: 100 }
  ev:
    kind: ev-charging
    feederLimitKw: 100
    sessions:
      - { id: car-1, arrival: "00:05", departure: "23:55", energyKwh: 20, maxKw: 11 }
      - { id: car-2, arrival: "00:05", departure: "23:55", energyKwh: 20, maxKw: 11 }
tariff:
  import: { timeOfUse: { periods: [{ name: day, pricePerKwh: 1 }] } }
points:
  grid.powerKw: { unit: kW }
  post-1.powerKw: { unit: kW }
  post-2.powerKw: { unit: kW }
gateways:
  chargers:
    protocol: ocpp
    port: 0
    security: 0
    tokensFile: cards.json
    fallbackKw: 4.2
    stations:
      - { id: P1, evses: [{ id: 1, asset: post-1 }] }
      - { id: P2, evses: [{ id: 1, asset: post-2 }] }
charging:
  gateway: chargers
  asset: ev
  riseKwPerS: 0.1
  circuits: { connection: { limitKw: 300 } }
  places:
    P1: { circuit: connection, phases: switchable, choosesPhase: true }
    P2: { circuit: connection, phases: switchable, firstPhase: 3 }
`
const folder = mkdtempSync(join(tmpdir(), 'mangrove-one-phase-'))
const file = join(folder, 'site.yaml')
writeFileSync(file, yard)
writeFileSync(join(folder, 'cards.json'), '[{ "id": "car-1" }, { "id": "car-2" }]')

let test: TestServer
let charging: SiteCharging
const stations: SimulatedStation[] = []
beforeAll(async () => {
  test = await openTestServer({ sites: [{ file }] })
  const { sites, field, store, arrivals } = test.server.parts
  const { site } = sites.get('yard')
  field.open(site)
  const client = field.links()[0]!.client as OcppClient
  await client.ready
  const { rules, problems } = readCharging(site, {
    unitOf: (ref) => sites.points(site).get(ref)?.unit,
    isGone: () => false,
  })
  expect(problems).toEqual([])
  charging = createSiteCharging(rules!, {
    ...{ site: () => site, unitOf: () => undefined, links: () => field.links(), store, arrivals, clock: test.clock },
    monotonicMs: () => test.clock.nowMs,
    report: (error, message) => {
      throw new Error(message, { cause: error })
    },
  })
  for (const [index, version] of (['ocpp2.0.1', 'ocpp1.6'] as const).entries()) {
    const station = createStation({
      ...{ url: `ws://127.0.0.1:${client.system!.port}`, stationId: `P${index + 1}`, version },
      ...{ clock: test.clock, sockets: 1, mostKw: 22.08 },
    })
    stations.push(station)
    await station.connect()
    await station.boot()
    await station.settled()
    await station.plugIn(1, { batteryKwh: 60, soc: 0.2, maxCurrentA: 16, phases: 3 })
    await station.showToken(1, `car-${index + 1}`)
    await station.settled()
  }
})
afterAll(async () => {
  await charging.stop()
  for (const station of stations) await station.disconnect()
  await test.close()
  rmSync(folder, { recursive: true, force: true })
})

const drawnKw = (): number => stations.reduce((sum, { state }) => sum + state.sockets[0]!.powerKw, 0)
/** Between two looks at the meter: it is silent after fifteen seconds. */
const stepS = 7
/** So many seconds go by, in steps, with a sun that makes so much. */
async function live(seconds: number, sunKw: number): Promise<void> {
  for (let second = 0; second < seconds; second += stepS) {
    test.clock.nowMs += stepS * 1000
    for (const station of stations) {
      station.step(stepS)
      await station.sendMeterValues(1)
    }
    const value = drawnKw() - sunKw
    const payload = { observations: [{ point: 'grid.powerKw', timestampMs: test.clock.nowMs, value }] }
    const answer = await test.inject({ method: 'POST', url: '/api/v1/observations?site=yard', payload })
    expect(answer.statusCode, answer.body).toBe(200)
    await charging.turn()
    await charging.settled()
  }
}
const profileOf = ({ state }: SimulatedStation) =>
  state.profiles.find(({ profile }) => profile.stackLevel === 1)?.profile.schedules[0]?.periods[0]

it('tells stations of either version one phase where the sun gives too little for three, and three again', async () => {
  test.clock.nowMs = noonMs
  await live(30, 3)
  expect(drawnKw()).toBe(0)
  await live(81, 3)
  // The first of the queue has the sun; its phase is told, for it takes a word for it.
  expect(profileOf(stations[0]!)).toMatchObject({ limit: expect.closeTo(13, 0), phases: 1, phaseToUse: 1 })
  expect(drawnKw()).toBeCloseTo(3, 0)
  await live(120, 5.5)
  // A station of 1.6 draws from its L1, which hangs on the third phase of the site.
  expect(profileOf(stations[1]!)).toMatchObject({ phases: 1 })
  expect(profileOf(stations[1]!)).not.toHaveProperty('phaseToUse')
  expect(charging.view().chargers.map(({ phases }) => phases)).toEqual([[1], [3]])
  expect(charging.view().chargers[0]!.limit!.powerKw).toBeLessThanOrEqual(16 * 0.23)
  test.clock.nowMs += 600_000
  await live(210, 14)
  expect(charging.view().chargers[0]!.phases).toEqual([1, 2, 3])
  expect(profileOf(stations[0]!)).toMatchObject({ phases: 3 })
  expect(profileOf(stations[0]!)!.limit).toBeGreaterThan(10)
}, 30_000)
