import Type, { type Static } from 'typebox'
import { durationText, timeOfDay } from '../kernel/index.ts'

const strict = { additionalProperties: false } as const
const written = (description: string) =>
  Type.Union([Type.Number(), Type.String({ minLength: 1 })], {
    description: `${description}; a number in the unit of the point, or text with a unit`,
  })
const amount = (description: string) => Type.Optional(written(description))
const span = (description: string) => Type.Optional(durationText({ description }))
const title = Type.Optional(Type.String({ pattern: '\\S', maxLength: 200 }))
const ref = (description: string) => Type.String({ minLength: 3, maxLength: 127, description })
const ids = '^[a-z0-9][a-z0-9-]{0,62}$'

const InterlockSchema = Type.Object(
  {
    title,
    while: Type.String({
      pattern: '\\S',
      maxLength: 500,
      description:
        'A comparison of points: `battery.cellTemperatureC > 45 degC`. What is not known of it counts as true',
    }),
    force: amount('The setpoint is this, whatever is asked for'),
    most: amount('The setpoint is not above this'),
    least: amount('The setpoint is not below this'),
    staleAfter: span('A value older than this is not known. Default: `staleAfter` of the section'),
  },
  strict,
)

const ReadBackSchema = Type.Object(
  {
    point: ref('`<asset>.<point>` that tells what the machine does of it, in the same unit and sign'),
    tolerance: written('How far it may be from the setpoint'),
    within: span('How long it may be further away before that is a mismatch. Default 30s'),
  },
  strict,
)

const FallbackSchema = Type.Object(
  {
    from: timeOfDay({ description: 'Local time from which the value holds, until the next' }),
    value: written('Value'),
  },
  strict,
)

const SetpointSchema = Type.Object(
  {
    title,
    point: ref('`<asset>.<point>` that a gateway writes'),
    asset: Type.Optional(Type.String({ description: 'Asset whose plan is followed. Default: the owner of the point' })),
    follows: Type.Optional(
      ref('A series of the plan in the unit of the point, instead of the power of the asset: `genset-a.on`'),
    ),
    positive: Type.Optional(
      Type.Enum(['supplies', 'draws'], {
        description: 'What a positive setpoint does. Default: as `powerKw` of the asset counts',
      }),
    ),
    gateway: Type.Optional(
      Type.String({ description: 'Gateway that writes it. Default: the one whose map has the point' }),
    ),
    least: written('Lowest setpoint'),
    most: written('Highest setpoint'),
    step: amount('Setpoints are whole multiples of this'),
    rampPerMinute: amount('Most change in a minute. Default: none; a change goes out at once'),
    deadband: amount('A change up to this is not sent'),
    minInterval: span('Between two commands. Default 1s'),
    repeat: span('Sent again after this long though nothing changed, for machines with a watchdog of their own'),
    readBack: Type.Optional(ReadBackSchema),
    interlocks: Type.Optional(
      Type.Record(Type.String({ pattern: ids }), InterlockSchema, {
        description: 'By id; where two contradict each other, the first holds',
      }),
    ),
    fallback: Type.Array(FallbackSchema, {
      minItems: 1,
      maxItems: 96,
      description: 'What is safe without a controller, by local time of day',
    }),
  },
  strict,
)

/** The section `commands` of a site file. */
export const CommandsSchema = Type.Object(
  {
    watchdog: span('A plan, or an input, older than this is not followed: the fallback is. Default 30m'),
    staleAfter: span('Values of interlocks and read-backs older than this are not known. Default 1m'),
    inputs: Type.Optional(
      Type.Array(ref('`<asset>.<point>` without which the plan is not followed'), { maxItems: 50 }),
    ),
    setpoints: Type.Record(Type.String({ pattern: ids }), SetpointSchema, { description: 'Commanded setpoints by id' }),
  },
  strict,
)

export type CommandsSection = Static<typeof CommandsSchema>
export type WrittenSetpoint = Static<typeof SetpointSchema>
export type WrittenInterlock = Static<typeof InterlockSchema>
