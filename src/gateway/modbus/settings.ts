import Type, { type Static } from 'typebox'
import { durationText } from '../../kernel/index.ts'
import { byteOrders, RegisterSchema } from './registers/register-schema.ts'
import { modbusTables } from './wire/pdu.ts'

const PointUseSchema = Type.Union([
  Type.String({ minLength: 1, description: 'Point of the asset, or `<asset>.<point>`' }),
  Type.Object(
    {
      ref: Type.String({ minLength: 1, description: 'Point of the asset, or `<asset>.<point>`' }),
      factor: Type.Number({ description: '−1: it counts the other way; 40: behind a transformer of 40 : 1' }),
    },
    { additionalProperties: false },
  ),
])

const DeviceSchema = Type.Object(
  {
    unitId: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 255, description: 'Address of the unit. Default: of the template, else 1' }),
    ),
    asset: Type.Optional(Type.String({ minLength: 1, description: 'Owner of the points that name none' })),
    template: Type.Optional(
      Type.String({ minLength: 1, description: 'A device template by name, or a file of one beside the site file' }),
    ),
    points: Type.Optional(
      Type.Record(Type.String(), PointUseSchema, {
        description: 'Points of the template that are others here. Those the site does not have are left out',
      }),
    ),
    registers: Type.Optional(Type.Array(RegisterSchema, { maxItems: 1000 })),
    table: Type.Optional(Type.Enum([...modbusTables])),
    order: Type.Optional(Type.Enum([...byteOrders])),
    addressBase: Type.Optional(Type.Integer({ minimum: 0, maximum: 1 })),
    period: Type.Optional(durationText({ description: 'How often it is read. Default: of the gateway' })),
    maxGap: Type.Optional(Type.Integer({ minimum: 0, maximum: 124, description: 'Default 8' })),
    maxRegisters: Type.Optional(Type.Integer({ minimum: 1, maximum: 125, description: 'In one answer. Default 125' })),
  },
  { additionalProperties: false },
)

/** An entry of `gateways` with `protocol: modbus`: one address or line, and the devices behind it. */
export const ModbusSettingsSchema = Type.Object(
  {
    transport: Type.Optional(
      Type.Enum(['tcp', 'rtu-over-tcp', 'serial'], {
        description: 'Modbus TCP, RTU frames in TCP, or a serial line',
        default: 'tcp',
      }),
    ),
    host: Type.Optional(Type.String({ minLength: 1, maxLength: 253, pattern: '^[^\\s/@]+$' })),
    port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535, default: 502 })),
    path: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Of the serial line: /dev/ttyUSB0' })),
    baudRate: Type.Optional(Type.Integer({ minimum: 300, maximum: 921_600, default: 9600 })),
    parity: Type.Optional(Type.Enum(['none', 'even', 'odd'], { default: 'none' })),
    stopBits: Type.Optional(Type.Integer({ minimum: 1, maximum: 2, default: 1 })),
    period: Type.Optional(durationText({ description: 'How often is read what says nothing of it', default: '10s' })),
    timeout: Type.Optional(durationText({ description: 'For an answer', default: '1s' })),
    pause: Type.Optional(durationText({ description: 'Between two requests, for devices that need it. Default none' })),
    retries: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 10, default: 1, description: 'More tries, before a unit counts as silent' }),
    ),
    longestWait: Type.Optional(durationText({ description: 'Between tries of what is silent', default: '1m' })),
    devices: Type.Record(Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_-]{0,63}$' }), DeviceSchema, { minProperties: 1 }),
  },
  { additionalProperties: false },
)

export type ModbusSettings = Static<typeof ModbusSettingsSchema>
export type DeviceSettings = Static<typeof DeviceSchema>
