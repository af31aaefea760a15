import type { IPublishPacket, MqttClient } from 'mqtt'
import type { Clock } from '../../kernel/index.ts'
import type { ObservationBatch } from '../../store/index.ts'
import { backOff, clientOptions, subscriptions } from './connect.ts'
import type { MqttFigures, Taken } from './figures.ts'
import { createSeldomReport } from './seldom-report.ts'
import type { MqttConnection } from './settings.ts'
import { createStoring } from './store-messages.ts'
import { readTopicTemplate } from './topic-template.ts'

export interface MqttIngest {
  figures(): MqttFigures
  /** Takes nothing more, waits for what is being stored, acknowledges it and leaves; the broker keeps the rest. */
  stop(): Promise<void>
}

export interface MqttIngestParts {
  readonly connection: MqttConnection
  readonly clock: Clock
  /** Name of this node at the broker where the settings have none. */
  readonly clientId: string
  /** Stores what may be stored; on the disk when it returns. Throws where it has to be tried again. */
  take(batch: ObservationBatch): Promise<Taken>
  report(error: unknown, message: string): void
}

/**
 * Observations from a broker: at least once, with no loss. A message is acknowledged after what it holds is on the disk, so that
 * the broker gives it to another node where this one dies; what then comes twice is one by its identity. Messages in hand are
 * bounded: by Receive Maximum (MQTT 5, 3.1.2.11.3), else by not reading on.
 */
export async function createMqttIngest({
  connection,
  clock,
  clientId,
  take,
  report,
}: MqttIngestParts): Promise<MqttIngest> {
  const { settings } = connection
  const { inFlight: maxInFlight = 1000, source = 'mqtt', site = '' } = settings
  const templates = settings.topics.map(readTopicTemplate)
  // Loaded here: most servers have no broker.
  const { connect } = await import('mqtt')
  const counted = { connects: 0, messages: 0, repeated: 0 }
  const seldom = createSeldomReport(report)
  let resume: (() => void) | undefined
  let stopped = false

  const storing = createStoring({
    ...{ templates, source, site, clock, take },
    report: seldom,
    taken() {
      if (storing.inHand() > maxInFlight) return
      const go = resume
      // It may be held up again before this returns.
      resume = undefined
      go?.()
    },
  })
  const client = connect(settings.url, clientOptions(connection, settings.clientId ?? clientId, maxInFlight))
  // The answer is not what the client asks for here: it goes out after the commit, see acknowledge().
  client.handleMessage = (packet, handled) => {
    if (stopped) return handled(notYet)
    counted.messages += 1
    if (packet.dup) counted.repeated += 1
    const { stream } = client
    storing.add({ ...packet, payload: bytesOf(packet), acknowledge: () => acknowledge(packet, client, stream) })
    if (storing.inHand() <= maxInFlight) handled(notYet)
    else resume = () => handled(notYet)
  }
  client.on('connect', () => {
    counted.connects += 1
    // What was in hand comes again.
    resume = undefined
    subscribe(client, subscriptions(settings, templates), seldom)
  })
  client.on('error', (error) => seldom(error, 'the connection to the broker failed'))
  backOff(client)

  return {
    figures: () => ({
      ...{ connected: client.connected, ...counted, ...storing.figures() },
      ...{ inFlight: storing.inHand(), maxInFlight },
    }),
    async stop() {
      stopped = true
      // A connection that breaks now is not made again.
      client.options.reconnectPeriod = 0
      await storing.stop()
      await client.endAsync(!client.connected).catch(() => undefined)
    },
  }
}

/** Tells the client to send no acknowledgement of its own. */
const notYet = new Error('Not acknowledged yet')

const bytesOf = ({ payload }: IPublishPacket): Buffer =>
  typeof payload === 'string' ? Buffer.from(payload, 'utf8') : payload

/** PUBACK without reason and properties: the same four bytes in MQTT 3.1.1 and 5. Of a connection that broke there is nobody to tell. */
function acknowledge(
  { qos, messageId = 0 }: IPublishPacket,
  client: MqttClient,
  stream: MqttClient['stream'],
): boolean {
  if (qos === 0) return true
  if (client.stream !== stream || !client.connected || stream.destroyed) return false
  stream.write(Buffer.of(0x40, 2, messageId >> 8, messageId & 0xff))
  return true
}

function subscribe(
  client: MqttClient,
  topics: readonly string[],
  report: (error: unknown, message: string) => void,
): void {
  client.subscribe([...topics], { qos: 1 }, (error, granted = []) => {
    // A connection that broke subscribes again when it is back.
    if (error && !client.connected) return
    const refused = granted.filter(({ qos }) => qos >= 128).map(({ topic }) => topic)
    if (error || refused.length > 0) {
      report(error ?? new Error(`refused: ${refused.join(', ')}`), 'the broker refuses a subscription')
    }
  })
}
