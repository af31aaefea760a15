import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { CommandsView } from '../commands/view.ts'
import { noonMs, openTestServer, type TestServer } from '../server.fixture.ts'
import { everything, fail, siteOf } from './living-park.fixture.ts'
import { type LivingPark, startLivingPark } from './living-park.ts'

/** A battery that is commanded over Modbus, and a connection whose meter is on another cable. */
const yard = `id: yard
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
    host: 192.0.2.1
    period: 0.2s
    timeout: 0.3s
    retries: 0
    longestWait: 0.5s
    devices:
      feeder: { asset: grid, registers: [{ point: powerKw, address: 10, type: f32, unit: W }] }
  storage:
    protocol: modbus
    host: 192.0.2.2
    period: 0.2s
    timeout: 0.3s
    retries: 0
    longestWait: 0.5s
    devices:
      inverter:
        asset: battery
        registers:
          - { point: soc, address: 0, type: f32, unit: "1" }
          - { point: powerKw, address: 2, type: f32, unit: kW }
          - { point: setpointKw, address: 4, type: f32, unit: kW, write: multiple, least: -80, most: 80 }
commands:
  staleAfter: 10s
  inputs: [grid.powerKw]
  setpoints:
    battery:
      point: battery.setpointKw
      least: -80
      most: 80
      minInterval: 0.2s
      repeat: 1s
      readBack: { point: battery.powerKw, tolerance: 1 kW, within: 5s }
      interlocks:
        empty: { title: Nearly empty, while: battery.soc < 15 %, most: 0 }
      fallback: [{ from: "00:00", value: -3 }]
alarms:
  rules:
    battery-silent:
      title: Battery silent
      point: battery.powerKw
      priority: high
      when: { kind: bad-quality, quality: missing }
      message: The battery tells nothing.
      action: Look at its cable.
`

const folder = mkdtempSync(join(tmpdir(), 'mangrove-cable-'))
const file = join(folder, 'site.yaml')
writeFileSync(file, yard)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Told {
  readonly value: number | null
  readonly quality: string
  readonly timestampMs: number
}

/** What a console sees of one point that changes, in its order. */
function watchPoint(url: string, ref: string): { readonly seen: Told[]; stop(): void } {
  const seen: Told[] = []
  const stream = request(`${url}/api/v1/sites/yard/live?changes=1&points=${ref}`, (answer) => {
    let text = ''
    answer.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const events = text.split('\n\n')
      text = events.pop() ?? ''
      for (const event of events) {
        const data = /^data: (.*)$/m.exec(event)?.[1]
        const value = data === undefined ? undefined : (JSON.parse(data).points as Record<string, Told>)[ref]
        if (value) seen.push(value)
      }
    })
  })
  stream.on('error', () => undefined)
  stream.end()
  return { seen, stop: () => stream.destroy() }
}

describe('a simulated cable that is pulled', () => {
  let test: TestServer
  let park: LivingPark
  let ticking: NodeJS.Timeout
  let url: string
  beforeAll(async () => {
    test = await openTestServer({ sites: [{ file, live: true }] })
    const { parts, app } = test.server
    const startedMs = performance.now()
    ticking = setInterval(() => {
      test.clock.nowMs = noonMs + Math.round(performance.now() - startedMs)
    }, 10)
    await parts.alarms.start()
    parts.commands.start()
    url = await app.listen({ host: '127.0.0.1', port: 0 })
    park = startLivingPark(siteOf(test), parts, fail)
    await park.alive
  }, 60_000)
  afterAll(async () => {
    await park.stop()
    clearInterval(ticking)
    await test.close()
  })

  const ask = async <T>(path: string): Promise<T> => (await test.inject(`/api/v1/${path}`)).json() as T
  const faults = (gateway: string, ...now: string[]) =>
    test.inject({ method: 'PUT', url: `/api/v1/sites/yard/gateways/${gateway}/faults`, payload: { faults: now } })
  const setByHand = (value: number) =>
    test.inject({
      method: 'POST',
      url: '/api/v1/sites/yard/commands/battery.setpointKw/override',
      payload: { value, reason: 'a test', until: new Date(noonMs + 3_600_000).toISOString() },
    })
  const newest = async (ref: string): Promise<Told> =>
    (await ask<{ points: Record<string, Told> }>(`observations/latest?site=yard&points=${ref}`)).points[ref]!
  const setpoint = async () => (await ask<CommandsView>('sites/yard/commands')).setpoints[0]!
  const alarm = async () =>
    (await ask<{ alarms: { alarm: string; state: string; condition: boolean }[] }>('alarms?site=yard')).alarms.find(
      (one) => one.alarm === 'battery-silent',
    )
  const soon = { timeout: 15_000, interval: 50 }

  it('is a gap with an alarm and a refused command; the machine falls back by itself, and comes back with its cable', async () => {
    const watch = watchPoint(url, 'battery.powerKw')
    // A command goes over the wire into the physics, and comes back over the wire.
    expect((await setByHand(-20)).statusCode).toBeLessThan(300)
    await vi.waitFor(async () => expect((await newest('battery.powerKw')).value).toBeCloseTo(-20, 3), soon)
    await vi.waitFor(async () => expect((await newest('grid.powerKw')).value).toBeGreaterThan(70), soon)
    expect(await setpoint()).toMatchObject({ source: 'override', value: -20, gateway: 'storage', mismatch: false })
    await vi.waitFor(() => expect(watch.seen.at(-1)?.value).toBeCloseTo(-20, 3), soon)

    expect((await faults('storage', 'silent')).statusCode).toBe(200)
    await vi.waitFor(
      async () => expect(await newest('battery.powerKw')).toMatchObject({ value: null, quality: 'missing' }),
      soon,
    )
    const gapMs = (await newest('battery.powerKw')).timestampMs
    await vi.waitFor(() => expect(watch.seen.at(-1)).toMatchObject({ value: null, quality: 'missing' }), soon)
    await vi.waitFor(
      async () => expect(await alarm()).toMatchObject({ condition: true, state: 'unacknowledged' }),
      soon,
    )
    await setByHand(30)
    await vi.waitFor(async () => expect((await setpoint()).failures).toBeGreaterThan(0), soon)
    // Of what is not known the worst is believed.
    expect((await setpoint()).interlocks).toEqual(['empty'])
    // Nobody tells the battery anything for three repetitions: its own schedule holds, which the other meter sees.
    await vi.waitFor(async () => expect((await newest('grid.powerKw')).value).toBeLessThan(66), soon)

    expect((await faults('storage')).statusCode).toBe(200)
    await vi.waitFor(async () => expect((await newest('battery.powerKw')).value).toBeCloseTo(30, 3), soon)
    await vi.waitFor(async () => expect(await alarm()).toMatchObject({ condition: false }), soon)
    await vi.waitFor(
      async () => expect(await setpoint()).toMatchObject({ failures: 0, interlocks: [], value: 30 }),
      soon,
    )
    expect((await newest('battery.powerKw')).timestampMs).toBeGreaterThan(gapMs)
    const { values, timestampsMs } = (await everything(test))['battery.powerKw']!
    const lives = [...timestampsMs.keys()].filter((row) => timestampsMs[row]! > noonMs)
    expect(lives.filter((row) => !Number.isFinite(values[row]))).toHaveLength(1)
    expect(new Set(timestampsMs).size).toBe(timestampsMs.length)
    watch.stop()
    expect((await faults('storage', 'unplugged')).statusCode).toBe(422)
    expect(watch.seen.filter(({ value }) => value === null)).toHaveLength(1)
  }, 60_000)
})
