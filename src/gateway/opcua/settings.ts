import Type, { type Static } from 'typebox'
import { durationText } from '../../kernel/index.ts'
import { scaledFields } from '../link/scaled-point.ts'

const NodeSchema = Type.Union([
  Type.String({ minLength: 1, maxLength: 2000, description: 'Node id: `ns=2;s=Battery.Power`' }),
  Type.Object(
    {
      node: Type.String({
        minLength: 1,
        maxLength: 2000,
        description: 'Node id: `ns=2;s=Battery.Power`, or with the address of its namespace `nsu=http://…;s=…`',
      }),
      ...scaledFields,
      sampling: Type.Optional(durationText({ description: 'How often the server looks. Default: of the gateway' })),
    },
    { additionalProperties: false },
  ),
])

/** An entry of `gateways` with `protocol: opcua`: one server, and the nodes that are points. */
export const OpcuaSettingsSchema = Type.Object(
  {
    url: Type.String({
      pattern: '^opc\\.tcp://[^@\\s]+$',
      maxLength: 1000,
      description: '`opc.tcp://host:4840/path`; a user and a password are no part of it',
    }),
    security: Type.Optional(
      Type.Enum(['none', 'sign', 'sign-and-encrypt'], {
        description: '`none` sends in plain text and checks no certificate',
        default: 'sign-and-encrypt',
      }),
    ),
    policy: Type.Optional(
      Type.Enum(['Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss'], {
        description: 'How messages are signed and encrypted',
        default: 'Basic256Sha256',
      }),
    ),
    user: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Default: anonymous' })),
    passwordVariable: Type.Optional(
      Type.String({
        pattern: '^MANGROVE_[A-Z0-9_]+$',
        description: 'Variable of the environment that holds the password',
      }),
    ),
    serverFingerprint: Type.Optional(
      Type.String({
        pattern: '^[0-9a-fA-F:]{64,95}$',
        description: 'SHA-256 of the certificate of the server. Default: that of the first connection is kept',
      }),
    ),
    sampling: Type.Optional(durationText({ description: 'How often the server looks at a value', default: '1s' })),
    publishing: Type.Optional(durationText({ description: 'How often it sends what changed', default: '1s' })),
    queue: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10_000,
        default: 10,
        description: 'Values of a node that the server keeps between two messages',
      }),
    ),
    timeout: Type.Optional(durationText({ description: 'For an answer', default: '5s' })),
    longestWait: Type.Optional(durationText({ description: 'Between tries to connect', default: '1m' })),
    points: Type.Record(Type.String({ pattern: '^[^.]+\\.[^.]+$' }), NodeSchema, {
      minProperties: 1,
      description: 'By `<asset>.<point>`',
    }),
  },
  { additionalProperties: false },
)

export type OpcuaSettings = Static<typeof OpcuaSettingsSchema>
export type NodeUse = Static<typeof NodeSchema>
