import Type, { type Static } from 'typebox'
import { durationText } from '../../kernel/index.ts'
import { scaledFields } from '../link/scaled-point.ts'
import { anyInstance } from './object-id.ts'

const priority = Type.Integer({
  minimum: 8,
  maximum: 16,
  description: 'Of setpoints in the device: 8 manual, 16 lowest',
})

const ObjectSchema = Type.Union([
  Type.String({ minLength: 1, maxLength: 60, description: '`analog-input:1`' }),
  Type.Object(
    {
      object: Type.String({ minLength: 1, maxLength: 60, description: '`analog-input:1`' }),
      ...scaledFields,
      priority: Type.Optional(priority),
      relinquish: Type.Optional(
        Type.Number({
          description: 'A setpoint of this value takes ours back (null), and the device goes by the others',
        }),
      ),
      cov: Type.Optional(Type.Boolean({ description: 'False: it is polled. Default: of the gateway' })),
      period: Type.Optional(durationText({ description: 'How often it is polled. Default: of the gateway' })),
    },
    { additionalProperties: false },
  ),
])

/** An entry of `gateways` with `protocol: bacnet`: one device on BACnet/IP, and the objects that are points. */
export const BacnetSettingsSchema = Type.Object(
  {
    host: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 253,
        pattern: '^[^\\s/@:]+$',
        description: 'Default: it is looked for by its instance',
      }),
    ),
    port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535, default: 47_808 })),
    instance: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: anyInstance - 1,
        description: 'Number of the device, which is then checked',
      }),
    ),
    broadcast: Type.Optional(
      Type.String({
        minLength: 7,
        maxLength: 15,
        description: 'Where devices are looked for. Default 255.255.255.255',
      }),
    ),
    localPort: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 65_535, description: 'Default: any; 47808 where a device is looked for' }),
    ),
    period: Type.Optional(
      durationText({ description: 'How often what sends nothing itself is polled', default: '10s' }),
    ),
    timeout: Type.Optional(durationText({ description: 'For an answer', default: '3s' })),
    retries: Type.Optional(Type.Integer({ minimum: 0, maximum: 10, default: 1 })),
    longestWait: Type.Optional(durationText({ description: 'Between tries of what is silent', default: '1m' })),
    cov: Type.Optional(
      Type.Boolean({ default: true, description: 'Changes are sent by the device, where it can do that' }),
    ),
    lifetime: Type.Optional(durationText({ description: 'Of a subscription; renewed at half of it', default: '5m' })),
    objectsPerRead: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 30, default: 20, description: 'Objects in one request' }),
    ),
    priority: Type.Optional(priority),
    points: Type.Record(Type.String({ pattern: '^[^.]+\\.[^.]+$' }), ObjectSchema, {
      minProperties: 1,
      description: 'By `<asset>.<point>`',
    }),
  },
  { additionalProperties: false },
)

export type BacnetSettings = Static<typeof BacnetSettingsSchema>
export type ObjectUse = Exclude<Static<typeof ObjectSchema>, string>

/** Least one below those of people and of the safety of life (ASHRAE 135-2020, table 19-1). */
export const usualPriority = 12
