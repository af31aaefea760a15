import Type, { type Static } from 'typebox'
import { durationText } from '../../kernel/index.ts'
import { PointUseSchema } from '../link/point-map.ts'
import { quantityNames } from './quantities.ts'

/** An entry of `gateways` with `protocol: nmea`: one source of sentences. */
export const NmeaSettingsSchema = Type.Object(
  {
    transport: Type.Optional(
      Type.Enum(['tcp', 'udp', 'serial'], {
        description: '`tcp`: it is connected to; `udp`: it sends to us; `serial`: a line',
        default: 'tcp',
      }),
    ),
    host: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 253,
        pattern: '^[^\\s/@]+$',
        description: 'Of the device; with `udp` the address here that listens (default: all)',
      }),
    ),
    port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535, default: 10_110 })),
    from: Type.Optional(
      Type.String({ minLength: 7, maxLength: 45, description: 'With `udp`: the only address that is heard' }),
    ),
    path: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Of the serial line: /dev/ttyUSB0' })),
    baudRate: Type.Optional(Type.Integer({ minimum: 300, maximum: 921_600, default: 4800 })),
    talkers: Type.Optional(
      Type.Array(Type.String({ pattern: '^[A-Z]{2}$' }), { maxItems: 50, description: 'Default: all that speak' }),
    ),
    asset: Type.Optional(
      Type.String({ minLength: 1, description: 'Its points of the names of quantities are told: `tug.latitudeDeg`' }),
    ),
    points: Type.Optional(
      Type.Partial(Type.Object(Object.fromEntries(quantityNames.map((name) => [name, PointUseSchema]))), {
        additionalProperties: false,
        description: 'Points of quantities that are others',
      }),
    ),
    every: Type.Optional(durationText({ description: 'One value of a quantity at most', default: '1s' })),
    silence: Type.Optional(durationText({ description: 'After which a quantity has no value', default: '10s' })),
    longestWait: Type.Optional(durationText({ description: 'Between tries to connect', default: '1m' })),
  },
  { additionalProperties: false },
)

export type NmeaSettings = Static<typeof NmeaSettingsSchema>
