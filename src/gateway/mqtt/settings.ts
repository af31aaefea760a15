import Type, { type Static } from 'typebox'
import { Errors } from 'typebox/value'
import { gatewayErrors } from '../errors.ts'
import { readTopicTemplate } from './topic-template.ts'

const text = (description: string) => Type.String({ minLength: 1, maxLength: 1000, description })

/** How observations come from a broker of MQTT. No secret stands here: a password comes from the environment or its own file. */
export const MqttSettingsSchema = Type.Object(
  {
    url: Type.String({
      pattern: '^(mqtts?|wss?)://[^@\\s]+$',
      description: '`mqtt://`, `mqtts://`, `ws://` or `wss://`',
    }),
    topics: Type.Array(text('Template: `mangrove/{site}/{asset}/{point}`'), { minItems: 1, maxItems: 100 }),
    group: Type.Optional(
      Type.String({
        pattern: '^[^/+#\\s]{1,100}$',
        description: 'Nodes of one group share the messages: `$share/<group>/<topic>`. Default `mangrove`',
      }),
    ),
    shared: Type.Optional(Type.Boolean({ description: 'False: every node gets every message. Default true' })),
    site: Type.Optional(text('Site of topics that name none')),
    sites: Type.Optional(Type.Array(text('Site'), { description: 'Sites that may be written; default: all' })),
    source: Type.Optional(text('Source of what names none. Default `mqtt`')),
    user: Type.Optional(text('User at the broker')),
    passwordFile: Type.Optional(text('File that holds the password')),
    caFile: Type.Optional(text('Certificates to trust, PEM; default: those of the system')),
    certificateFile: Type.Optional(text('Certificate of this client, PEM')),
    keyFile: Type.Optional(text('Its key, PEM')),
    clientId: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: 'Name of this node at the broker; the same after a restart',
      }),
    ),
    version: Type.Optional(Type.Enum([4, 5], { description: '4 = MQTT 3.1.1. Default 5' })),
    sessionSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 604_800,
        description: 'The broker keeps what comes meanwhile. Default 3600',
      }),
    ),
    inFlight: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 65_535,
        description: 'Messages that wait for the disk at most. Default 1000',
      }),
    ),
  },
  { additionalProperties: false },
)

export type MqttSettings = Static<typeof MqttSettingsSchema>

const variables: Readonly<Record<string, keyof MqttSettings>> = {
  MANGROVE_MQTT_URL: 'url',
  MANGROVE_MQTT_TOPICS: 'topics',
  MANGROVE_MQTT_GROUP: 'group',
  MANGROVE_MQTT_SITE: 'site',
  MANGROVE_MQTT_SITES: 'sites',
  MANGROVE_MQTT_SOURCE: 'source',
  MANGROVE_MQTT_USER: 'user',
  MANGROVE_MQTT_PASSWORD_FILE: 'passwordFile',
  MANGROVE_MQTT_CA_FILE: 'caFile',
  MANGROVE_MQTT_CERTIFICATE_FILE: 'certificateFile',
  MANGROVE_MQTT_KEY_FILE: 'keyFile',
  MANGROVE_MQTT_CLIENT_ID: 'clientId',
  MANGROVE_MQTT_VERSION: 'version',
  MANGROVE_MQTT_SESSION_SECONDS: 'sessionSeconds',
  MANGROVE_MQTT_IN_FLIGHT: 'inFlight',
}
const lists: ReadonlySet<string> = new Set<keyof MqttSettings>(['topics', 'sites'])
const numbers: ReadonlySet<string> = new Set<keyof MqttSettings>(['version', 'sessionSeconds', 'inFlight'])

export const defaultTopic = 'mangrove/{site}/{asset}/{point}'

/** Settings and what they name, read. */
export interface MqttConnection {
  readonly settings: MqttSettings
  readonly password?: string
  readonly ca?: string
  readonly certificate?: string
  readonly key?: string
}

/**
 * Settings of a JSON file (`MANGROVE_MQTT_FILE`) with those of the environment above them; undefined where neither names a broker.
 *
 * @param readText reads a file; throws where it cannot
 * @throws `gateway.bad-settings`, `gateway.bad-topic`
 */
export function readMqttConnection(
  environment: Readonly<Record<string, string | undefined>>,
  readText: (file: string) => string,
): MqttConnection | undefined {
  const file = environment.MANGROVE_MQTT_FILE
  const told: Record<string, unknown> = file ? readObject(readText(file), file) : {}
  for (const [variable, field] of Object.entries(variables)) {
    const value = environment[variable]
    if (value === undefined || value === '') continue
    told[field] = lists.has(field)
      ? value.split(',').map((one) => one.trim())
      : numbers.has(field)
        ? Number(value)
        : value
  }
  if (told.url === undefined) return undefined
  told.topics ??= [defaultTopic]
  const [fault] = Errors(MqttSettingsSchema, told)
  if (fault) {
    throw gatewayErrors.badSettings({
      detail: `MQTT cannot be set up: ${fault.message}`,
      place: { path: fault.instancePath.slice(1).replaceAll('/', '.') || 'mqtt' },
      expected: 'docs/guides/several-nodes.md; a user and a password are no part of the address',
    })
  }
  const settings = told as MqttSettings
  for (const topic of settings.topics) readTopicTemplate(topic)
  const { passwordFile, caFile, certificateFile, keyFile } = settings
  const password = environment.MANGROVE_MQTT_PASSWORD || (passwordFile && readText(passwordFile).replace(/\r?\n$/, ''))
  return {
    settings,
    ...(password ? { password } : {}),
    ...(caFile ? { ca: readText(caFile) } : {}),
    ...(certificateFile ? { certificate: readText(certificateFile) } : {}),
    ...(keyFile ? { key: readText(keyFile) } : {}),
  }
}

function readObject(json: string, file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch {
    // Told below.
  }
  throw gatewayErrors.badSettings({
    detail: 'The file is no object of JSON',
    place: { file },
    expected: '{ "url": … }',
  })
}
