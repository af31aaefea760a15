import Type, { type Static } from 'typebox'

/** The section `forward` of a site file: another instance that gets what this one stores. No secret stands here. */
export const ForwardSettingsSchema = Type.Object(
  {
    url: Type.String({
      pattern: '^(mqtts?|wss?)://[^@\\s]+$',
      description: 'Broker of the centre, or one between: `mqtts://centre.example:8883`',
    }),
    user: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'At the broker inside: the id of the device' }),
    ),
    passwordVariable: Type.Optional(
      Type.String({
        pattern: '^MANGROVE_[A-Z0-9_]+$',
        description: 'Variable of the environment that holds the password',
      }),
    ),
    caFile: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 1000,
        description: 'Certificates to trust, PEM, relative to the site file; default: those of the system',
      }),
    ),
    site: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        pattern: '^[^/+#\\s]+$',
        description: 'Id of the site at the centre. Default: the same',
      }),
    ),
    topic: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 500,
        pattern: '^[^+#$\\s][^+#\\s]*$',
        description: 'Default `mangrove/{site}/forward/rows`, which fits the usual template of the centre',
      }),
    ),
    points: Type.Optional(
      Type.Array(Type.String({ pattern: '^[^.\\s]+\\.[^.\\s]+$' }), {
        minItems: 1,
        maxItems: 1000,
        description: '`<asset>.<point>`, `grid.*`, `*.powerKw`. Default: all',
      }),
    ),
    rowsPerSecond: Type.Optional(
      Type.Integer({
        minimum: 10,
        maximum: 1_000_000,
        description: 'What catching up sends at most. Default 5000',
      }),
    ),
    messageKb: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 240,
        description: 'A message holds at most so much; brokers refuse large ones. Default 64',
      }),
    ),
    settleSeconds: Type.Optional(
      Type.Integer({
        minimum: 5,
        maximum: 3600,
        description:
          'Only with several nodes: how far their clocks are apart and a commit takes, together, at most. Default 60',
      }),
    ),
  },
  { additionalProperties: false },
)
export type ForwardSettings = Static<typeof ForwardSettingsSchema>

export const forwardDefaults = {
  topic: 'mangrove/{site}/forward/rows',
  points: ['*.*'] as readonly string[],
  rowsPerSecond: 5000,
  messageKb: 64,
  settleSeconds: 60,
} as const

/** Topic that messages go out under. */
export const forwardTopic = ({ topic = forwardDefaults.topic, site }: ForwardSettings, id: string): string =>
  topic.replaceAll('{site}', site ?? id)

/** Whether a filter names a point. */
export function namesPoint(filter: string, ref: string): boolean {
  const [asset, point] = filter.split('.')
  const dot = ref.indexOf('.')
  return (asset === '*' || asset === ref.slice(0, dot)) && (point === '*' || point === ref.slice(dot + 1))
}
