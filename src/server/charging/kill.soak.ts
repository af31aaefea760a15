import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, onTestFinished, vi } from 'vitest'
import { freePort } from '../../gateway/free-port.fixture.ts'
import { createStation, type SimulatedStation } from '../../gateway/index.ts'
import { systemClock } from '../../kernel/index.ts'
import { startChild } from '../child-server.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'mangrove-charging-kill-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const yard = (port: number): string => `id: yard
name: Yard
location: { latitude: 31.4, longitude: 119.5 }
zone: Asia/Shanghai
currency: CNY
assets:
  grid: { kind: grid, importLimitKw: 300 }
  works: { kind: load, demand: 60 }
tariff:
  import: { timeOfUse: { periods: [{ name: day, pricePerKwh: 1 }] } }
points:
  post-1.powerKw: { unit: kW }
  post-2.powerKw: { unit: kW }
gateways:
  chargers:
    protocol: ocpp
    port: ${port}
    security: 0
    tokensFile: cards.json
    fallbackKw: 4.2
    stations:
      - { id: P1, evses: [{ id: 1, asset: post-1 }] }
      - { id: P2, evses: [{ id: 1, asset: post-2 }] }
charging:
  gateway: chargers
  circuits:
    connection: { limitKw: 300 }
    posts: { parent: connection, limitA: 21 }
  places: { P1: { circuit: posts }, P2: { circuit: posts } }
`

it('a process that is killed: chargers keep to their profile, and what happened meanwhile is told once', async () => {
  const port = await freePort()
  const site = join(folder, 'site.yaml')
  writeFileSync(site, yard(port))
  writeFileSync(join(folder, 'cards.json'), '[{ "id": "CARD-1" }, { "id": "CARD-2" }]')
  const serve = () => startChild({ folder: join(folder, 'data'), site })
  const soon = { timeout: 20_000, interval: 50 }
  let child = await serve()
  onTestFinished(() => void child.process.kill('SIGKILL'))
  const metering = setInterval(() => {
    fetch(`${child.url}/api/v1/observations?site=yard`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ observations: [{ point: 'grid.powerKw', timestampMs: Date.now(), value: 60 }] }),
    }).catch(() => undefined)
  }, 250)
  onTestFinished(() => clearInterval(metering))
  const stations = ['P1', 'P2'].map((stationId) =>
    createStation({
      ...{ url: `ws://127.0.0.1:${port}`, stationId, version: 'ocpp1.6' as const },
      ...{ clock: systemClock, sockets: 1, mostKw: 22.08 },
    }),
  ) as [SimulatedStation, SimulatedStation]
  const [first, second] = stations
  const socketOf = ({ state }: SimulatedStation) => state.sockets[0]!
  const call = async (station: SimulatedStation): Promise<void> => {
    await vi.waitFor(() => station.connect(), soon)
    await station.boot()
    await station.settled()
  }
  /** Lets a minute of charging go by. @returns kW of both */
  const charge = (): number[] => {
    for (const station of stations) station.step(60)
    return stations.map((station) => socketOf(station).powerKw)
  }
  onTestFinished(async () => {
    for (const station of stations) await station.disconnect()
  })

  await Promise.all(stations.map(call))
  for (const [index, station] of stations.entries()) {
    await station.plugIn(1, { batteryKwh: 60, soc: 0.2, maxCurrentA: 32, phases: 3 })
    await station.showToken(1, `CARD-${index + 1}`)
  }
  // Ten amperes for each, and a half for who came last.
  await vi.waitFor(() => expect(charge().every((powerKw) => powerKw > 6.8 && powerKw < 7.3)).toBe(true), soon)
  const before = charge()
  await Promise.all(stations.map((station) => station.sendMeterValues(1)))

  child.process.kill('SIGKILL')
  await child.ended
  await vi.waitFor(() => expect(stations.map(({ connected }) => connected)).toEqual([false, false]), soon)
  expect(charge()).toEqual(before)
  // One leaves while nobody listens.
  await first.unplug(1)
  const leftWh = Math.round(socketOf(first).registerWh)

  child = await serve()
  await Promise.all(stations.map(call))
  await second.sendMeterValues(1)
  // It went on where it was: the one that stays has what it had, and no more than the cable carries at any time.
  expect(charge()[1]).toBe(before[1])
  const latest = await fetch(`${child.url}/api/v1/observations/latest?site=yard&points=post-2.powerKw`)
  const answer = (await latest.json()) as { points: Record<string, { value: number }> }
  expect(answer.points['post-2.powerKw']!.value).toBeCloseTo(before[1]!, 2)
  child.process.kill('SIGTERM')
  await child.ended
  const journal = readFileSync(join(folder, 'data/field/yard/chargers/ocpp-chargers.ndjson'), 'utf8')
  const records = journal
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const events = records.filter(({ kind, event }) => kind === 'transaction' && event !== 'updated')
  expect(events.map(({ event, stationId }) => `${event} ${stationId}`).sort()).toEqual([
    'ended P1',
    'started P1',
    'started P2',
  ])
  expect(events.find(({ event }) => event === 'ended')).toMatchObject({ meterWh: leftWh, reason: 'EVDisconnected' })
}, 60_000)
