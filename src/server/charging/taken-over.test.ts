import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { createStation, type OcppClient, readCharging } from '../../gateway/index.ts'
import { openTestServer } from '../server.fixture.ts'
import { createSiteCharging } from './site-charging.ts'

/** Two chargers of 16 A on a cable of 20 A; without a word from here one of them falls back to 4.2 kW, 6.1 A. */
const yard = `
id: yard
name: Yard
location: { latitude: 31.4, longitude: 119.5, altitudeM: 8 }
zone: Asia/Shanghai
currency: CNY
assets:
  grid: { kind: grid, importLimitKw: 300, exportLimitKw: 100 }
tariff:
  import: { timeOfUse: { periods: [{ name: day, pricePerKwh: 1 }] } }
points: { grid.powerKw: { unit: kW } }
gateways:
  chargers:
    protocol: ocpp
    port: 0
    security: 0
    tokensFile: cards.json
    fallbackKw: 4.2
    stations:
      - { id: P1, evses: [{ id: 1, maxKw: 11.1 }] }
      - { id: P2, evses: [{ id: 1, maxKw: 11.1 }] }
charging:
  gateway: chargers
  circuits: { connection: { limitKw: 300 }, cable: { parent: connection, limitA: 20 } }
  places: { P1: { circuit: cable }, P2: { circuit: cable } }
`
const folder = mkdtempSync(join(tmpdir(), 'mangrove-taken-over-'))
writeFileSync(join(folder, 'site.yaml'), yard)
writeFileSync(join(folder, 'cards.json'), '[{ "id": "car" }]')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Amperes that P2 is told while P1 does not come, now and after what another node may have told P1 has ended. */
async function toldAmperes(shared: boolean): Promise<readonly [number, number]> {
  const test = await openTestServer({ sites: [{ file: join(folder, 'site.yaml') }] })
  const { sites, field, store, arrivals } = test.server.parts
  const { site } = sites.get('yard')
  field.open(site)
  const client = field.links()[0]!.client as OcppClient
  await client.ready
  const { rules } = readCharging(site, { unitOf: (ref) => sites.points(site).get(ref)?.unit, isGone: () => false })
  const charging = createSiteCharging(rules!, {
    ...{ site: () => site, unitOf: () => undefined, store, arrivals, clock: test.clock },
    links: () => field.links().map((link) => ({ ...link, shared })),
    monotonicMs: () => test.clock.nowMs,
    report: (error, message) => {
      throw new Error(message, { cause: error })
    },
  })
  const url = `ws://127.0.0.1:${client.system!.port}`
  const station = createStation({ url, stationId: 'P2', version: 'ocpp1.6', clock: test.clock, sockets: 1, mostKw: 11 })
  await station.connect()
  await station.boot()
  await station.settled()
  await station.plugIn(1, { batteryKwh: 60, soc: 0.2, maxCurrentA: 16, phases: 3 })
  await station.showToken(1, 'car')
  await station.settled()
  const told = async (): Promise<number> => {
    const payload = { observations: [{ point: 'grid.powerKw', timestampMs: test.clock.nowMs, value: 5 }] }
    await test.inject({ method: 'POST', url: '/api/v1/observations?site=yard', payload })
    // What is raised waits, and rises step by step.
    for (let turn = 0; turn < 60; turn += 1) {
      await charging.turn()
      await charging.settled()
    }
    const profile = station.state.profiles.find((one) => one.profile.stackLevel === 1)
    return profile?.profile.schedules[0]?.periods[0]?.limit ?? 0
  }
  try {
    const first = await told()
    test.clock.nowMs += rules!.setpointS * 1000 + 30_000
    return [first, await told()]
  } finally {
    await charging.stop()
    await station.disconnect()
    await test.close()
  }
}

it('what another node may have told a charger nobody else gets, until it has ended', async () => {
  const [alone, aloneLater] = await toldAmperes(false)
  expect(alone).toBeGreaterThan(13)
  expect(aloneLater).toBeGreaterThan(13)
  const [taken, takenLater] = await toldAmperes(true)
  expect(taken).toBeLessThan(6)
  expect(takenLater).toBeGreaterThan(13)
})
