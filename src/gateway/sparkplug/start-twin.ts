import type { FieldGateway, FieldTwin, TwinPorts } from '../field-protocol.ts'
import { type BrokerCaller, createMqttBroker } from '../mqtt/broker/create-broker.ts'
import { type MetricPoint, metricPoints } from './metric-points.ts'
import { dataTypes, type Metric, type Payload, readPayload, writePayload } from './payload.ts'
import type { SparkplugSettings } from './settings.ts'
import { namespace } from './topic.ts'

const periodMs = 250

/** Edge nodes of a gateway at a broker of their own on loopback: they are born, tell what the site does, and take commands. */
export async function startSparkplugTwin(
  gateway: FieldGateway<SparkplugSettings>,
  ports: TwinPorts,
): Promise<FieldTwin> {
  const { group = gateway.site.id } = gateway.settings
  const anybody: BrokerCaller = {
    ...{ key: 'twin', source: 'twin', sites: [{ site: group, points: '*' }] },
    take: async (batch) => ({ stored: batch.count, refused: [], refusedCount: 0 }),
    again: async () => anybody,
  }
  const broker = await createMqttBroker({
    settings: { host: '127.0.0.1', port: ports.listenPort ?? 0, topics: ['twin/{site}/{asset}/{point}'] },
    ...{ clock: ports.clock, identify: async () => anybody, report: () => undefined },
  })
  const points = [...metricPoints(gateway).byRef.values()]
  const nodes = await Promise.all(
    [...new Set(points.map(({ node }) => node))].map((node) =>
      startNode({ url: broker.url, group, node, points: points.filter((point) => point.node === node), ports }),
    ),
  )
  let stopping: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((stopNode) => stopNode()))
    await broker.stop()
  }
  return {
    settings: { url: broker.url, group },
    stop() {
      stopping ??= stop()
      return stopping
    },
  }
}

interface NodeParts {
  readonly url: string
  readonly group: string
  readonly node: string
  readonly points: readonly MetricPoint[]
  readonly ports: TwinPorts
}

/** @returns the way to stop it */
async function startNode({ url, group, node, points, ports }: NodeParts): Promise<() => Promise<void>> {
  const { connectAsync } = await import('mqtt')
  const topic = (kind: string, device?: string): string =>
    [namespace, group, kind, node, ...(device === undefined ? [] : [device])].join('/')
  const bdSeq: Metric = { name: 'bdSeq', type: dataTypes.UInt64, value: 0 }
  const will = { topic: topic('NDEATH'), payload: writePayload({ metrics: [bdSeq] }), qos: 1 as const, retain: false }
  const client = await connectAsync(url, { protocolVersion: 4, clientId: `twin-${node}`, will })
  const devices = [...new Set(points.flatMap(({ device }) => (device === undefined ? [] : [device])))]
  const last = new Map<string, number>()
  let seq = 0

  const measured = ({ ref, scale, offset }: MetricPoint): number => {
    const now = ports.read(ref)
    return now === undefined ? Number.NaN : (now - offset) / scale
  }
  const publish = (kind: string, device: string | undefined, metrics: readonly Metric[]): void => {
    const payload: Payload = { timestampMs: ports.clock.now(), seq, metrics }
    const bytes = ports.faults().includes('garbage') ? Buffer.from([0x12, 0xff, 0xff, 0x01]) : writePayload(payload)
    client.publish(topic(kind, device), bytes, { qos: 0 }, () => undefined)
    if (ports.faults().includes('duplicate')) client.publish(topic(kind, device), bytes, { qos: 0 }, () => undefined)
    seq = (seq + 1) % 256
  }
  const metricsOf = (device: string | undefined, born: boolean): readonly Metric[] =>
    points.flatMap((point, alias): readonly Metric[] => {
      if (point.device !== device) return []
      const stuck = ports.faults().includes('stuck') ? last.get(point.ref) : undefined
      const value = stuck ?? measured(point)
      if (!born && Object.is(last.get(point.ref), value)) return []
      last.set(point.ref, value)
      const timestampMs = ports.clock.now() + (ports.faults().includes('clock-jump') ? 86_400_000 : 0)
      return [{ ...(born ? { name: point.metric } : {}), alias, timestampMs, type: dataTypes.Double, value }]
    })
  const bear = (): void => {
    seq = 0
    const rebirth: Metric = { name: 'Node Control/Rebirth', type: dataTypes.Boolean, value: 0 }
    publish('NBIRTH', undefined, [bdSeq, rebirth, ...metricsOf(undefined, true)])
    for (const device of devices) publish('DBIRTH', device, metricsOf(device, true))
  }
  client.on('message', (to, bytes) => {
    const { metrics } = readPayload(bytes)
    if (metrics.some(({ name, value }) => name === 'Node Control/Rebirth' && value === 1)) return bear()
    const device = to.split('/')[4]
    for (const { name, value } of metrics) {
      const point = points.find((one) => one.metric === name && one.device === device)
      if (point?.write && value !== undefined) ports.write(point.ref, value * point.scale + point.offset)
    }
  })
  await client.subscribeAsync([topic('NCMD'), topic('DCMD', '+')])
  bear()
  const timer = setInterval(() => {
    if (ports.faults().includes('silent')) return
    for (const device of [undefined, ...devices]) {
      const metrics = metricsOf(device, false)
      if (metrics.length > 0) publish(device === undefined ? 'NDATA' : 'DDATA', device, metrics)
    }
  }, periodMs)
  return async () => {
    clearInterval(timer)
    await client.endAsync(true)
  }
}
