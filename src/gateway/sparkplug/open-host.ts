import { setTimeout as sleep } from 'node:timers/promises'
import type { IClientOptions, IPublishPacket, MqttClient } from 'mqtt'
import { gatewayErrors } from '../errors.ts'
import type { FieldClient, FieldGateway, FieldPorts, FieldReading, FieldWrite, LinkFigures } from '../field-protocol.ts'
import { backOff, maxMessageBytes } from '../mqtt/connect.ts'
import { createEdgeNodes } from './edge-nodes.ts'
import { type MetricPoint, metricPoints } from './metric-points.ts'
import { type Payload, readPayload, writePayload } from './payload.ts'
import { createRebirths } from './rebirths.ts'
import type { SparkplugSettings } from './settings.ts'
import { commandTopic, namespace, readTopic, stateTopic } from './topic.ts'

/** For the value of a command to come back as data. */
const readBackMs = 3000
const differs = 1e-6
const farewellMs = 1000

/**
 * A host application of Sparkplug B over any broker of MQTT 3.1.1: says that it is there (STATE, with a will), hears births, data and
 * deaths of one group, asks for rebirths, and sends commands. Sparkplug's data are not acknowledged: what comes while nothing hears is lost,
 * unless the node sends it again as historical.
 */
export function openSparkplug(gateway: FieldGateway<SparkplugSettings>, ports: FieldPorts): FieldClient {
  const { settings, site } = gateway
  const { group = site.id, host = site.id } = settings
  const points = metricPoints(gateway)
  const nodes = createEdgeNodes(points.pointOf)
  const rebirths = createRebirths()
  const waiting = new Map<string, (value: number) => void>()
  const counted = { connects: 0, failures: 0, readings: 0, malformed: 0 }
  const link: { -readonly [Field in 'state' | 'sinceMs' | 'lastHeardMs' | 'lastProblem']: LinkFigures[Field] } = {
    ...{ state: 'connecting', sinceMs: ports.clock.now(), lastHeardMs: undefined, lastProblem: undefined },
  }
  let bornMs = ports.clock.now()
  let client: MqttClient | undefined
  let stopped = false
  let taking: Promise<unknown> = Promise.resolve()

  const become = (state: LinkFigures['state']): void => {
    if (link.state !== state) Object.assign(link, { state, sinceMs: ports.clock.now() })
  }
  const failed = (error: unknown, message: string): void => {
    link.lastProblem = `${String((error as { code?: unknown }).code ?? 'error')}: ${message}`
    ports.report(error, message)
  }
  const take = (readings: readonly FieldReading[]): void => {
    if (readings.length === 0) return
    counted.readings += readings.length
    for (const { ref, value } of readings) waiting.get(ref)?.(value)
    taking = taking
      .then(() => ports.take(readings))
      .catch((error: unknown) => failed(error, 'readings of Sparkplug were not kept'))
  }
  const state = (online: boolean): string => JSON.stringify({ online, timestamp: bornMs })
  const send = (node: string, device: string | undefined, payload: Payload): Promise<unknown> =>
    client!.publishAsync(commandTopic(group, node, device), writePayload(payload), { qos: 0, retain: false })
  const askRebirth = (node: string): void => {
    const nowMs = ports.clock.now()
    if (!rebirths.may(node, nowMs)) return
    const metric = { name: 'Node Control/Rebirth', type: 11, value: 1, timestampMs: nowMs }
    send(node, undefined, { timestampMs: nowMs, metrics: [metric] }).catch(() => undefined)
  }
  const hear = (topic: string, bytes: Buffer, { retain }: IPublishPacket): void => {
    const nowMs = ports.clock.now()
    if (topic === stateTopic(host)) {
      // Its own will came late: it is there all the same (tck-id-host-topic-phid-birth-required-off).
      if (!retain && isOffline(bytes)) announce()
      return
    }
    const read = readTopic(topic, group)
    // Retained ones are none of Sparkplug's, and of no known time.
    if (!read || retain) return
    link.lastHeardMs = nowMs
    try {
      if (bytes.length > maxMessageBytes) throw gatewayErrors.badFrame({ detail: 'The payload is too large' })
      const { readings, rebirth, skipped } = nodes.take(read, readPayload(bytes), nowMs)
      counted.malformed += skipped
      take(readings)
      if (rebirth) askRebirth(read.node)
      else rebirths.settled(read.node, nowMs)
    } catch (error) {
      counted.malformed += 1
      failed(error, 'a payload of Sparkplug could not be read')
    }
  }
  const announce = (): void => {
    client?.publish(stateTopic(host), state(true), { qos: 1, retain: true }, () => undefined)
  }
  const open = async (): Promise<void> => {
    const { connect } = await import('mqtt')
    if (stopped) return
    const made = connect(settings.url, optionsOf(settings, `mangrove-${host}-${gateway.id}`))
    client = made
    const renewWill = (): void => {
      bornMs = ports.clock.now()
      made.options.will = { topic: stateTopic(host), payload: Buffer.from(state(false)), qos: 1, retain: true }
    }
    renewWill()
    // Before each try: will and birth of a connection have one time (tck-id-operational-behavior-host-application-connect-will).
    made.on('reconnect', renewWill)
    made.on('connect', () => {
      counted.connects += 1
      become('connected')
      made.subscribe([`${namespace}/${group}/#`, stateTopic(host)], { qos: 1 }, (error, granted = []) => {
        const refused = granted.some(({ qos }) => qos >= 128)
        if (error || refused) failed(error ?? new Error('refused'), 'the broker refuses a subscription')
        else announce()
      })
    })
    made.on('message', hear)
    made.on('error', (error) => {
      counted.failures += 1
      failed(error, 'the connection to the broker of Sparkplug failed')
    })
    made.on('close', () => {
      if (stopped) return
      become('waiting')
      take(nodes.lost(ports.clock.now()))
    })
    backOff(made)
  }
  open().catch((error: unknown) => failed(error, 'Sparkplug could not be opened'))

  return {
    figures: () => ({ ...link, ...counted }),
    writes: (ref) => points.byRef.get(ref)?.write ?? false,
    async write(ref, value) {
      const point = points.byRef.get(ref)
      const born = point?.write ? nodes.typeOf(point) : undefined
      if (!point?.write) throw gatewayErrors.writeRefused({ detail: 'The point is not written here', found: ref })
      if (!client?.connected || !born) {
        throw gatewayErrors.noLink({ detail: 'The node of the point was not born, or is dead', found: ref })
      }
      const timestampMs = ports.clock.now()
      const written = (value - point.offset) / point.scale
      const metric = {
        name: point.metric,
        timestampMs,
        value: written,
        ...(born.type === undefined ? {} : { type: born.type }),
      }
      const back = readBack(waiting, point, value)
      await send(point.node, point.device, { timestampMs, metrics: [metric] })
      const result: FieldWrite = { ref, written: value, readBack: await back, acknowledgedMs: ports.clock.now() }
      return result
    },
    async stop() {
      stopped = true
      become('stopped')
      if (client?.connected) {
        // A planned end says so itself: the will is for others (tck-id-operational-behavior-host-application-disconnect-intentional).
        const told = client.publishAsync(stateTopic(host), state(false), { qos: 1, retain: true })
        // A broker that went at the same moment acknowledges nothing.
        await Promise.race([told.catch(() => undefined), sleep(farewellMs, undefined, { ref: false })])
      }
      if (client) {
        client.options.reconnectPeriod = 0
        await client.endAsync(true).catch(() => undefined)
      }
      take(nodes.lost(ports.clock.now()))
      await taking
    },
  }
}

/** The next value of the point, as soon as it is the one that was written, at the latest after a while. */
function readBack(
  waiting: Map<string, (value: number) => void>,
  { ref }: MetricPoint,
  value: number,
): Promise<number | undefined> {
  return new Promise((resolve) => {
    let last: number | undefined
    const done = (): void => {
      clearTimeout(timer)
      if (waiting.get(ref) === listener) waiting.delete(ref)
      resolve(last)
    }
    const listener = (now: number): void => {
      last = Number.isNaN(now) ? undefined : now
      if (Math.abs(now - value) <= differs * Math.max(1, Math.abs(value))) done()
    }
    const timer = setTimeout(done, readBackMs)
    waiting.set(ref, listener)
  })
}

function isOffline(bytes: Buffer): boolean {
  try {
    return (JSON.parse(bytes.toString('utf8')) as { readonly online?: unknown } | null)?.online === false
  } catch {
    return false
  }
}

function optionsOf({ user, passwordVariable }: SparkplugSettings, clientId: string): IClientOptions {
  const password = passwordVariable === undefined ? undefined : process.env[passwordVariable]
  return {
    ...{ clientId, clean: true, protocolVersion: 4, keepalive: 30, reconnectPeriod: 250, connectTimeout: 10_000 },
    ...{ resubscribe: false, reconnectOnConnackError: true, queueQoSZero: false, rejectUnauthorized: true },
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password }),
  }
}
