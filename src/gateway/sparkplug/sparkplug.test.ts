import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { quality, type Site, seededRandom } from '../../kernel/index.ts'
import type { FieldClient, FieldGateway, FieldReading } from '../field-protocol.ts'
import { type BrokerCaller, createMqttBroker } from '../mqtt/broker/create-broker.ts'
import { createEdgeNodes } from './edge-nodes.ts'
import { metricPoints } from './metric-points.ts'
import { dataTypes, type Metric, readPayload, signed, writePayload } from './payload.ts'
import { createRebirths } from './rebirths.ts'
import type { SparkplugSettings } from './settings.ts'
import { sparkplugProtocol } from './sparkplug-protocol.ts'
import { readTopic } from './topic.ts'

const nowMs = Date.UTC(2026, 6, 6)
const clock = { now: () => nowMs }
const site: Site = {
  ...{ id: 'park', name: 'Park', zone: 'UTC', currency: 'EUR', assets: [], sections: {} },
  location: { latitude: 0, longitude: 0, altitudeM: 0 },
  source: { file: 'site.yaml', sha256: '' },
}
const units: Readonly<Record<string, string>> = {
  ...{ 'meter.powerKw': 'kW', 'meter.energyKwh': 'kWh', 'battery.setpointKw': 'kW', 'hall.temperatureC': 'kW' },
}
const gatewayOf = (settings: Partial<SparkplugSettings>): FieldGateway<SparkplugSettings> => ({
  ...{ id: 'plant', site, unitOf: (ref) => units[ref] },
  settings: { url: 'mqtt://127.0.0.1:1', ...settings },
})
const points: NonNullable<SparkplugSettings['points']> = {
  'meter.powerKw': { node: 'n', device: 'meter', metric: 'Power/Active', unit: 'W' },
  'meter.energyKwh': { node: 'n', device: 'meter', metric: 'Energy' },
  'battery.setpointKw': { node: 'n', device: 'battery', metric: 'Setpoint', write: true },
  'hall.temperatureC': { node: 'n', metric: 'Heat' },
}
const nodesOf = () => createEdgeNodes(metricPoints(gatewayOf({ points })).pointOf)
const topic = (kind: string, device?: string) =>
  readTopic(['spBv1.0', 'park', kind, 'n', ...(device ? [device] : [])].join('/'), 'park')!
const nbirth = (bdSeq = 1, more: readonly Metric[] = []) => ({
  ...{ seq: 0, timestampMs: nowMs, metrics: [{ name: 'bdSeq', type: 8, value: bdSeq }, ...more] },
})
const meterBirth = (seq: number, value = 2000) => ({
  ...{ seq, timestampMs: nowMs },
  metrics: [{ name: 'Power/Active', alias: 7, type: dataTypes.Int32, value }],
})
const told = (readings: readonly FieldReading[]) => readings.map(({ ref, value }) => [ref, value])

const open: { stop(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.stop()
})

async function until(condition: () => boolean, what: string): Promise<void> {
  for (const began = performance.now(); !condition(); await sleep(10)) {
    if (performance.now() - began > 10_000) throw new Error(`never: ${what}`)
  }
}

function openHost(settings: Partial<SparkplugSettings>): {
  readonly client: FieldClient
  readonly readings: FieldReading[]
} {
  const readings: FieldReading[] = []
  const client = sparkplugProtocol.open(gatewayOf({ points, ...settings }), {
    ...{ clock, random: seededRandom(1), report: () => undefined },
    take: async (more) => void readings.push(...more),
  })
  open.push(client)
  return { client, readings }
}

describe('edge nodes', () => {
  it('tck-id-payloads-alias-data-cmd-requirement: data name their metrics by the alias of the birth', () => {
    const nodes = nodesOf()
    nodes.take(topic('NBIRTH'), nbirth(1, [{ name: 'Heat', alias: 1, type: dataTypes.Double, value: 4 }]), nowMs)
    expect(told(nodes.take(topic('DBIRTH', 'meter'), meterBirth(1), nowMs).readings)).toEqual([['meter.powerKw', 2]])
    // -3000 as an integer of 32 bits without its sign.
    const data = { seq: 2, metrics: [{ alias: 7, value: 4_294_964_296 }] }
    const heard = nodes.take(topic('DDATA', 'meter'), data, nowMs)
    expect([told(heard.readings), heard.rebirth]).toEqual([[['meter.powerKw', -3]], false])
  })

  it('tck-id-payloads-sequence-num-incrementing: a number that is left out asks for a rebirth, after 255 comes 0', () => {
    const nodes = nodesOf()
    nodes.take(topic('NBIRTH'), nbirth(), nowMs)
    nodes.take(topic('DBIRTH', 'meter'), meterBirth(1), nowMs)
    for (let seq = 2; seq < 600; seq += 1) {
      expect(nodes.take(topic('DDATA', 'meter'), { ...meterBirth(seq % 256) }, nowMs).rebirth).toBe(false)
    }
    const heard = nodes.take(topic('DDATA', 'meter'), meterBirth(99), nowMs)
    expect([heard.rebirth, heard.readings.length]).toEqual([true, 1])
  })

  it('tck-id-payloads-ndeath-bdseq: a death of an older connection is none; else each point has one gap', () => {
    const nodes = nodesOf()
    nodes.take(topic('NBIRTH'), nbirth(5, [{ name: 'Heat', type: dataTypes.Double, value: 4 }]), nowMs)
    nodes.take(topic('DBIRTH', 'meter'), meterBirth(1), nowMs)
    expect(nodes.take(topic('NDEATH'), { metrics: [{ name: 'bdSeq', value: 4 }] }, nowMs).readings).toEqual([])
    const { readings } = nodes.take(topic('NDEATH'), { metrics: [{ name: 'bdSeq', value: 5 }] }, nowMs)
    expect(readings.map(({ ref, value, quality: of }) => [ref, value, of])).toEqual([
      ['hall.temperatureC', Number.NaN, quality.missing],
      ['meter.powerKw', Number.NaN, quality.missing],
    ])
    expect(nodes.take(topic('NDEATH'), { metrics: [{ name: 'bdSeq', value: 5 }] }, nowMs).readings).toEqual([])
    expect(nodes.take(topic('DDATA', 'meter'), meterBirth(2), nowMs)).toMatchObject({ rebirth: true, readings: [] })
  })

  it('a death of a device makes gaps of its points alone', () => {
    const nodes = nodesOf()
    nodes.take(topic('NBIRTH'), nbirth(1, [{ name: 'Heat', type: dataTypes.Double, value: 4 }]), nowMs)
    nodes.take(topic('DBIRTH', 'meter'), meterBirth(1), nowMs)
    const { readings, rebirth } = nodes.take(topic('DDEATH', 'meter'), { seq: 2, metrics: [] }, nowMs)
    expect([told(readings), rebirth]).toEqual([[['meter.powerKw', Number.NaN]], false])
  })

  it('historical values and those out of order keep their time; a clock far ahead is not believed', () => {
    const nodes = nodesOf()
    nodes.take(topic('NBIRTH'), nbirth(), nowMs)
    nodes.take(topic('DBIRTH', 'meter'), meterBirth(1), nowMs)
    const at = (timestampMs: number, historical = false) => ({
      name: 'Power/Active',
      value: 1,
      timestampMs,
      historical,
    })
    const metrics = [at(nowMs - 86_400_000, true), at(nowMs - 5000), at(nowMs + 86_400_000)]
    const { readings } = nodes.take(topic('DDATA', 'meter'), { seq: 2, metrics }, nowMs)
    expect(readings.map(({ timestampMs }) => timestampMs - nowMs)).toEqual([-86_400_000, -5000, 0])
  })

  it('a name by pattern is a point where the site has it', () => {
    const { pointOf } = metricPoints(gatewayOf({ pattern: '+/{asset}/{point}' }))
    expect(pointOf('n', 'meter', 'powerKw')?.ref).toBe('meter.powerKw')
    expect([pointOf('n', 'meter', 'other'), pointOf('n', undefined, 'powerKw')]).toEqual([undefined, undefined])
  })
})

describe('a payload', () => {
  const types = Object.values(dataTypes).filter((type) => type <= dataTypes.Boolean)
  it('comes back as it was written', () => {
    const metric = fc.record({
      ...{
        name: fc.string({ maxLength: 20 }),
        alias: fc.nat(),
        timestampMs: fc.nat(2 ** 40),
        type: fc.constantFrom(...types),
      },
      value: fc.integer({ min: -100, max: 100 }),
    })
    fc.assert(
      fc.property(fc.array(metric, { maxLength: 5 }), fc.nat(255), (metrics, seq) => {
        const isSigned = (type: number): boolean => type <= dataTypes.Int64 || type === 9 || type === 10
        const written = metrics.map((one) => ({
          ...one,
          value:
            one.type === dataTypes.Boolean
              ? Number(one.value > 0)
              : isSigned(one.type)
                ? one.value
                : Math.abs(one.value),
        }))
        const read = readPayload(writePayload({ timestampMs: nowMs, seq, metrics: written }))
        expect(read).toMatchObject({ timestampMs: nowMs, seq })
        expect(read.metrics.map((one) => ({ ...one, value: signed(one.value!, one.type) }))).toEqual(written)
      }),
    )
  })

  it('of any bytes is read or refused by name', () => {
    const cut = writePayload({ timestampMs: nowMs, seq: 3, metrics: meterBirth(1).metrics })
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc.tuple(fc.nat(cut.length - 1), fc.nat(255)).map(([at, byte]) => {
        const broken = Uint8Array.from(cut)
        broken[at] = byte
        return broken
      }),
    )
    fc.assert(
      fc.property(bytes, (one) => {
        try {
          const nodes = nodesOf()
          nodes.take(topic('NBIRTH'), readPayload(one), nowMs)
        } catch (error) {
          expect((error as { code?: string }).code).toBe('gateway.bad-frame')
        }
      }),
      { numRuns: 1000 },
    )
  })
})

it('rebirths are asked for at growing intervals', () => {
  const rebirths = createRebirths()
  const asked = Array.from({ length: 3600 }, (_, second) => rebirths.may('n', second * 1000)).filter(Boolean)
  expect(asked.length).toBeGreaterThan(5)
  expect(asked.length).toBeLessThan(20)
})

describe('the host', () => {
  it('hears its twin, writes to it, and makes a gap when the broker is gone', async () => {
    const values = new Map<string, number>([
      ...([
        ['meter.powerKw', 3],
        ['meter.energyKwh', 10],
        ['battery.setpointKw', 0],
        ['hall.temperatureC', 1],
      ] as const),
    ])
    const twin = await sparkplugProtocol.twin!(gatewayOf({ points }), {
      ...{ clock, random: seededRandom(1), faults: () => [] },
      read: (ref) => values.get(ref),
      write: (ref, value) => void values.set(ref, value),
    })
    open.push(twin)
    const { client, readings } = openHost(twin.settings)
    // The twin was born before anybody heard it: data of the unborn ask for a rebirth.
    await until(() => client.figures().state === 'connected', 'it connects')
    await sleep(100)
    values.set('meter.powerKw', 4)
    await until(() => new Set(readings.map(({ ref }) => ref)).size === 4, 'all are born')
    expect(await client.write!('battery.setpointKw', -12.5)).toMatchObject({ written: -12.5, readBack: -12.5 })
    expect([client.writes!('battery.setpointKw'), client.writes!('meter.powerKw')]).toEqual([true, false])
    await expect(client.write!('meter.powerKw', 1)).rejects.toMatchObject({ code: 'gateway.write-refused' })
    readings.length = 0
    await twin.stop()
    await until(() => readings.length >= 4, 'each point has a gap')
    expect(readings.every(({ value }) => Number.isNaN(value))).toBe(true)
    await until(() => client.figures().state !== 'connected', 'the link is down')
  })

  it('hears sparkplug-client as an edge node, and tells its state', async () => {
    const caller: BrokerCaller = {
      ...{ key: 'a', source: 'mqtt', sites: [{ site: 'park', points: '*' }], again: async () => caller },
      take: async () => ({ stored: 0, refused: [], refusedCount: 0 }),
    }
    const broker = await createMqttBroker({
      settings: { host: '127.0.0.1', port: 0, topics: ['mangrove/{site}/{asset}/{point}'] },
      ...{ clock, identify: async () => caller, report: () => undefined },
    })
    open.push(broker)
    const { client, readings } = openHost({ url: broker.url })
    await until(() => broker.figures().kept === 1, 'STATE is kept')
    const foreign = await import('sparkplug-client')
    const newClient = foreign.newClient ?? (foreign as unknown as { default: typeof foreign }).default.newClient
    const node = newClient({
      ...{ serverUrl: broker.url, username: 'a', password: 'a', groupId: 'park', edgeNode: 'n', clientId: 'edge' },
      ...{ version: 'spBv1.0', publishDeath: true },
    })
    const commands: unknown[] = []
    node.on('dcmd', (device, payload) => commands.push([device, payload.metrics]))
    node.on('error', () => undefined)
    node.on('birth', () => {
      node.publishNodeBirth({ timestamp: nowMs, metrics: [{ name: 'Heat', value: 21.5, type: 'Float' }] })
      node.publishDeviceBirth('meter', {
        timestamp: nowMs,
        metrics: [{ name: 'Power/Active', value: -1500, type: 'Int32' }],
      })
      node.publishDeviceBirth('battery', {
        timestamp: nowMs,
        metrics: [{ name: 'Setpoint', value: 0, type: 'Double' }],
      })
    })
    await until(() => readings.length >= 3, 'it is born')
    expect(told(readings)).toEqual([
      ...[
        ['hall.temperatureC', 21.5],
        ['meter.powerKw', -1.5],
        ['battery.setpointKw', 0],
      ],
    ])
    node.publishDeviceData('meter', {
      timestamp: nowMs,
      metrics: [{ name: 'Power/Active', value: 2500, type: 'Int32' }],
    })
    await until(() => readings.length >= 4, 'data come')
    expect(told(readings.slice(3))).toEqual([['meter.powerKw', 2.5]])
    const written = client.write!('battery.setpointKw', 7)
    await until(() => commands.length === 1, 'the command comes')
    expect(commands).toMatchObject([['battery', [{ name: 'Setpoint', value: 7, type: 'Double' }]]])
    node.publishDeviceData('battery', { timestamp: nowMs, metrics: [{ name: 'Setpoint', value: 7, type: 'Double' }] })
    expect(await written).toMatchObject({ readBack: 7 })
    node.stop()
    await until(() => readings.filter(({ value }) => Number.isNaN(value)).length === 3, 'its death makes gaps')
    expect(client.figures()).toMatchObject({ malformed: 0 })
  })
})
