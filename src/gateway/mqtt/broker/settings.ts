import { gatewayErrors } from '../../errors.ts'
import { defaultTopic } from '../settings.ts'
import { readTopicTemplate } from '../topic-template.ts'

/** Where the broker inside listens, and what it takes on. */
export interface BrokerSettings {
  readonly host: string
  /** 0 = any free one. */
  readonly port: number
  /** PEM; absent: no TLS. */
  readonly tls?: { readonly certificate: string; readonly key: string }
  /** Templates of topics whose messages are observations. */
  readonly topics: readonly string[]
  /** Site of topics that name none. */
  readonly site?: string
  readonly limits?: Partial<BrokerLimits>
}

/** What the broker takes on at most. */
export interface BrokerLimits {
  readonly connections: number
  readonly connectionsEach: number
  /** Connections that have not signed in. */
  readonly strangers: number
  /** Bytes of a packet. */
  readonly packetBytes: number
  /** Bytes of messages that wait for the disk, with what each takes beside its payload. */
  readonly waitingBytes: number
  /** Bytes that wait for one reader before it is cut off. */
  readonly readerBytes: number
}

export const usualBrokerLimits: BrokerLimits = {
  connections: 10_000,
  connectionsEach: 100,
  strangers: 1000,
  packetBytes: 262_144,
  waitingBytes: 128 * 1024 * 1024,
  readerBytes: 262_144,
}

/**
 * Settings of the environment; undefined where it names no place to listen: `MANGROVE_MQTT_LISTEN` is a port of this machine, or
 * an address and a port.
 *
 * @param readText reads a file; throws where it cannot
 * @throws `gateway.bad-settings`, `gateway.bad-topic`
 */
export function readBrokerSettings(
  environment: Readonly<Record<string, string | undefined>>,
  readText: (file: string) => string,
): BrokerSettings | undefined {
  const listen = environment.MANGROVE_MQTT_LISTEN
  if (listen === undefined || listen === '') return undefined
  const [, host = '127.0.0.1', digits = ''] = /^(?:(.+):)?(\d{1,5})$/.exec(listen) ?? []
  const port = Number(digits)
  if (digits === '' || port > 65_535) throw bad('The place to listen is none', listen, '1883, or 0.0.0.0:8883')
  const certificateFile = environment.MANGROVE_MQTT_LISTEN_CERTIFICATE_FILE
  const keyFile = environment.MANGROVE_MQTT_LISTEN_KEY_FILE
  if (!certificateFile !== !keyFile) {
    throw bad('A certificate needs its key', certificateFile ?? keyFile, 'both files, or none')
  }
  const topics = (environment.MANGROVE_MQTT_LISTEN_TOPICS || defaultTopic).split(',').map((one) => one.trim())
  for (const topic of topics) readTopicTemplate(topic)
  const site = environment.MANGROVE_MQTT_LISTEN_SITE
  return {
    ...{ host: host.replace(/^\[(.*)\]$/, '$1'), port, topics },
    ...(site ? { site } : {}),
    ...(certificateFile && keyFile ? { tls: { certificate: readText(certificateFile), key: readText(keyFile) } } : {}),
  }
}

const bad = (detail: string, found: string | undefined, expected: string): Error =>
  gatewayErrors.badSettings({
    detail,
    ...(found === undefined ? {} : { found }),
    place: { path: 'MANGROVE_MQTT_LISTEN' },
    expected,
  })
