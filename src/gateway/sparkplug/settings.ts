import Type, { type Static } from 'typebox'

const word = (description: string) => Type.String({ minLength: 1, maxLength: 200, pattern: '^[^+#/]+$', description })

const MetricSchema = Type.Object(
  {
    node: word('Edge node'),
    device: Type.Optional(word('Device behind it; absent: a metric of the node itself')),
    metric: Type.String({ minLength: 1, maxLength: 500, description: 'Name of the metric, as its birth tells it' }),
    unit: Type.Optional(
      Type.String({ minLength: 1, maxLength: 20, description: 'Of its values. Default: of the point' }),
    ),
    write: Type.Optional(Type.Boolean({ description: 'Setpoints go out as commands. Default false' })),
  },
  { additionalProperties: false },
)

/** An entry of `gateways` with `protocol: sparkplug`: a broker, and a group of edge nodes at it. */
export const SparkplugSettingsSchema = Type.Object(
  {
    url: Type.String({
      pattern: '^(mqtts?|wss?)://[^@\\s]+$',
      description: '`mqtt://`, `mqtts://`, `ws://` or `wss://`',
    }),
    user: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    passwordVariable: Type.Optional(
      Type.String({
        pattern: '^MANGROVE_[A-Z0-9_]+$',
        description: 'Variable of the environment that holds the password',
      }),
    ),
    group: Type.Optional(word('Group of the edge nodes. Default: the id of the site')),
    host: Type.Optional(word('Name of this host application. Default: the id of the site')),
    points: Type.Optional(
      Type.Record(Type.String({ pattern: '^[^.]+\\.[^.]+$' }), MetricSchema, { description: 'By `<asset>.<point>`' }),
    ),
    pattern: Type.Optional(
      Type.String({
        maxLength: 200,
        pattern: '^[^/]+/[^/]+/.+$',
        description: 'Metrics that are points by their names: `+/{asset}/{point}` reads node, device and metric',
      }),
    ),
  },
  { additionalProperties: false },
)
export type SparkplugSettings = Static<typeof SparkplugSettingsSchema>
export type MetricSettings = Static<typeof MetricSchema>
