import type { IClientOptions, MqttClient } from 'mqtt'
import type { MqttConnection, MqttSettings } from './settings.ts'
import type { TopicTemplate } from './topic-template.ts'

const firstWaitMs = 250
const longestWaitMs = 30_000
/** A larger message is not sent to us by a broker of MQTT 5. */
export const maxMessageBytes = 1_048_576

/** What the client is told: a session that the broker keeps, and nothing acknowledged or subscribed to behind our back. */
export function clientOptions(
  { settings, password, ca, certificate, key }: MqttConnection,
  clientId: string,
  maxInFlight: number,
): IClientOptions {
  const { version = 5, sessionSeconds = 3600, user } = settings
  return {
    ...{
      clientId,
      clean: false,
      resubscribe: false,
      keepalive: 30,
      reconnectPeriod: firstWaitMs,
      connectTimeout: 10_000,
    },
    ...{ protocolVersion: version, reconnectOnConnackError: true, queueQoSZero: false },
    ...(version === 5
      ? {
          properties: {
            sessionExpiryInterval: sessionSeconds,
            receiveMaximum: maxInFlight,
            maximumPacketSize: maxMessageBytes + 65_536,
          },
        }
      : {}),
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password }),
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(key === undefined ? {} : { key }),
    rejectUnauthorized: true,
  }
}

export const subscriptions = (
  { shared = true, group = 'mangrove' }: MqttSettings,
  templates: readonly TopicTemplate[],
): readonly string[] => templates.map(({ filter }) => (shared ? `$share/${group}/${filter}` : filter))

/** Waits twice as long after each try that failed, with chance in it, so that nodes do not all come back at once. */
export function backOff(client: MqttClient): void {
  let waitMs = firstWaitMs
  client.on('connect', () => {
    waitMs = firstWaitMs
    client.options.reconnectPeriod = firstWaitMs
  })
  client.on('reconnect', () => {
    if (client.options.reconnectPeriod === 0) return
    waitMs = Math.min(longestWaitMs, 2 * waitMs)
    client.options.reconnectPeriod = Math.round(waitMs * (0.5 + Math.random() / 2))
  })
}
