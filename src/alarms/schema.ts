import Type, { type Static } from 'typebox'

/** Priorities of ISA-18.2, the gravest first. */
export const priorities = ['critical', 'high', 'medium', 'low'] as const
export type Priority = (typeof priorities)[number]

export const conditionKinds = [
  ...['high-high', 'high', 'low', 'low-low', 'rate', 'deviation', 'state', 'stale', 'bad-quality', 'anomaly'],
] as const
export type ConditionKind =
  | 'high-high'
  | 'high'
  | 'low'
  | 'low-low'
  | 'rate'
  | 'deviation'
  | 'state'
  | 'stale'
  | 'bad-quality'
  | 'anomaly'

const strict = { additionalProperties: false } as const
const amount = (description: string) =>
  Type.Optional(
    Type.Union([Type.Number(), Type.String({ minLength: 1 })], {
      description: `${description}; a number in the unit of the point, or text with a unit`,
    }),
  )
const span = (description: string) =>
  Type.Optional(Type.String({ description: `${description}; such as 30s, 15m, 2h` }))
const text = (description: string) => Type.Optional(Type.String({ pattern: '\\S', maxLength: 500, description }))

const ConditionSchema = Type.Object(
  {
    kind: Type.Enum([...conditionKinds], { description: 'What is looked for' }),
    limit: amount('Limit; of `rate` the change within `within`, of `deviation` the distance of the two points'),
    deadband: amount('How far a value must come back before the condition ends'),
    within: span('Of `rate`: the time of the change'),
    direction: Type.Optional(Type.Enum(['rise', 'fall', 'either'], { description: 'Of `rate`. Default either' })),
    other: Type.Optional(Type.String({ description: 'Of `deviation`: the other point' })),
    is: Type.Optional(Type.Number({ description: 'Of `state`: the value that is an alarm. Default 1' })),
    after: span('Of `stale`: how long no value may come'),
    quality: Type.Optional(
      Type.Enum(['suspect', 'missing'], {
        description: 'Of `bad-quality`: the best that is an alarm. Default suspect',
      }),
    ),
    falseAlarmDaysPerYear: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, maximum: 183, description: 'Of `anomaly`: how often it may err. Default 12' }),
    ),
  },
  strict,
)

const EscalationSchema = Type.Object(
  {
    after: Type.String({ description: 'How long nobody acknowledged' }),
    to: Type.String({ description: 'A recipient' }),
  },
  strict,
)

const RuleSchema = Type.Object(
  {
    title: text('Name of the alarm. Default: its id'),
    point: Type.String({ description: '`<asset>.<point>`' }),
    priority: Type.Enum([...priorities], {
      description: 'ISA-18.2: about 80 % of all alarms low, 15 % medium, 5 % high, less than 1 % critical',
    }),
    when: ConditionSchema,
    onDelay: span('How long the condition must hold before the alarm is raised'),
    offDelay: span('How long it must be away, known to be, before the alarm is cleared'),
    message: Type.String({ pattern: '\\S', maxLength: 500, description: 'What happened, for the operator' }),
    action: Type.String({ pattern: '\\S', maxLength: 500, description: 'What the operator has to do' }),
    consequence: text('What follows when nobody does'),
    respondWithin: span('Time to respond'),
    latching: Type.Optional(Type.Boolean({ description: 'Stays until it is reset. Default false' })),
    suppressWhile: text('Suppressed by design while this comparison of points holds: `chiller.powerKw < 5 kW`'),
    shelveAtMost: span('Longest time it may be shelved. Default 8h'),
    notify: Type.Optional(Type.Array(Type.String(), { maxItems: 20, description: 'Recipients' })),
    notifyWindow: span('At most one notification of it in this time. Default 15m'),
    escalate: Type.Optional(Type.Array(EscalationSchema, { maxItems: 5 })),
  },
  strict,
)

const RecipientSchema = Type.Object(
  {
    email: Type.Optional(Type.Array(Type.String({ pattern: '^[^\\s@<>",;]+@[^\\s@<>",;]+$' }), { maxItems: 50 })),
    webhook: Type.Optional(Type.String({ pattern: '^https?://', maxLength: 500 })),
  },
  strict,
)

const ids = '^[a-z0-9][a-z0-9-]{0,62}$'

/** The section `alarms` of a site file. */
export const AlarmsSchema = Type.Object(
  {
    operators: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 100, description: 'Operators among whom alarms are shared. Default 1' }),
    ),
    recipients: Type.Optional(Type.Record(Type.String({ pattern: ids }), RecipientSchema)),
    rules: Type.Optional(Type.Record(Type.String({ pattern: ids }), RuleSchema, { description: 'Alarms by id' })),
  },
  strict,
)
export type AlarmsSection = Static<typeof AlarmsSchema>
export type WrittenRule = Static<typeof RuleSchema>
export type WrittenCondition = Static<typeof ConditionSchema>
export type Recipient = Static<typeof RecipientSchema>
