import Type, { type Static } from 'typebox'
import { durationText } from '../../../kernel/index.ts'
import { modbusTables } from '../wire/pdu.ts'

export const registerTypes = [
  'u16',
  'i16',
  'u32',
  'i32',
  'u64',
  'i64',
  'f32',
  'f64',
  'bool',
  'bits',
  'enum',
  'text',
] as const
export type RegisterType = (typeof registerTypes)[number]

/**
 * Order of the bytes of a value of four, as its letters come over the wire: `ABCD` high word and high byte first, as the standard
 * has it; `CDAB` low word first; `BADC` low byte first in each word; `DCBA` both. Eight bytes go by the same rule.
 */
export const byteOrders = ['ABCD', 'CDAB', 'BADC', 'DCBA'] as const
export type ByteOrder = (typeof byteOrders)[number]

const address = (description: string) => Type.Integer({ minimum: 0, maximum: 65_535, description })

/** One value of a device, as data: in a site file and in a template. */
export const RegisterSchema = Type.Object(
  {
    point: Type.String({
      pattern: '^[A-Za-z][A-Za-z0-9_-]*(\\.[A-Za-z][A-Za-z0-9_-]*)?$',
      description: 'Point of the asset, or `<asset>.<point>`',
    }),
    title: Type.Optional(Type.String({ description: 'As the document of the device calls it' })),
    table: Type.Optional(Type.Enum([...modbusTables], { description: 'Default `holding`, or that of the template' })),
    address: address('Counted from 0 as on the wire, or from `addressBase`'),
    type: Type.Optional(Type.Enum([...registerTypes], { description: 'Default `u16`; of coils and discretes `bool`' })),
    order: Type.Optional(Type.Enum([...byteOrders], { description: 'Default `ABCD`, or that of the template' })),
    unit: Type.Optional(Type.String({ description: 'Of the value after scale and offset. Default `1`' })),
    scale: Type.Optional(Type.Number({ description: 'raw · scale + offset. Default 1' })),
    offset: Type.Optional(Type.Number({ description: 'In `unit`. Default 0' })),
    scaleFactor: Type.Optional(
      address('Register that holds the power of ten of this one, as SunSpec has it; in the same table'),
    ),
    bits: Type.Optional(
      Type.Object(
        { first: Type.Integer({ minimum: 0, maximum: 15 }), count: Type.Integer({ minimum: 1, maximum: 16 }) },
        { additionalProperties: false, description: 'Of type `bits`: which of them, from the lowest' },
      ),
    ),
    values: Type.Optional(
      Type.Record(Type.String({ pattern: '^\\d+$' }), Type.String(), {
        description: 'Of type `enum`: what the numbers mean. Another one is suspect',
      }),
    ),
    registers: Type.Optional(Type.Integer({ minimum: 1, maximum: 125, description: 'Of type `text`: how long it is' })),
    missing: Type.Optional(
      Type.Union(
        [
          Type.Literal('sunspec'),
          Type.Array(Type.Union([Type.Integer(), Type.String({ pattern: '^0x[0-9A-Fa-f]{1,16}$' })]), { maxItems: 20 }),
        ],
        { description: 'Raw values that say there is none; `sunspec`: those of the type. NaN always does' },
      ),
    ),
    least: Type.Optional(
      Type.Number({ description: 'Below this, in `unit`, a value is suspect; no setpoint is written' }),
    ),
    most: Type.Optional(
      Type.Number({ description: 'Above this, in `unit`, a value is suspect; no setpoint is written' }),
    ),
    period: Type.Optional(durationText({ description: 'How often it is read' })),
    write: Type.Optional(
      Type.Enum(['single', 'multiple'], {
        description:
          'It takes setpoints, by function 6 or 5 (`single`), or 16 or 15 (`multiple`). Default: it is only read',
      }),
    ),
    writeOnly: Type.Optional(Type.Boolean({ description: 'It takes setpoints and cannot be read' })),
    counter: Type.Optional(Type.Boolean({ description: 'It only grows. Default: whether its unit is one of energy' })),
    verify: Type.Optional(Type.Boolean({ description: 'Not sure: hold it against the document of your device' })),
    note: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
)

export type RegisterEntry = Static<typeof RegisterSchema>
