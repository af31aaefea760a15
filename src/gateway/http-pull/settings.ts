import Type, { type Static } from 'typebox'
import { durationText } from '../../kernel/index.ts'
import { observationFormats } from '../formats/observation-format.ts'
import { PointUseSchema } from '../link/point-map.ts'

/** An entry of `gateways` with `protocol: http-pull`: an address that is asked again and again. */
export const HttpPullSettingsSchema = Type.Object(
  {
    url: Type.String({
      pattern: '^https?://[^@\\s]+$',
      maxLength: 2000,
      description: '`http://` or `https://`; a user and a password are no part of it',
    }),
    period: Type.Optional(durationText({ description: 'How often it is asked', default: '1m' })),
    timeout: Type.Optional(durationText({ description: 'For the whole answer', default: '10s' })),
    headersFile: Type.Optional(
      Type.String({ minLength: 1, maxLength: 400, description: 'JSON file of headers, where secrets stand' }),
    ),
    maxKilobytes: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_536, default: 4096 })),
    format: Type.Optional(
      Type.Enum(['paths', ...observationFormats], {
        description: '`paths`: values of a JSON document by `values`; else a format of observations',
        default: 'paths',
      }),
    ),
    time: Type.Optional(
      Type.String({
        maxLength: 400,
        description: 'Path of the time: ISO 8601 with offset, s or ms. Default: of the answer',
      }),
    ),
    values: Type.Optional(
      Type.Record(Type.String({ minLength: 1, maxLength: 200 }), Type.String({ minLength: 1, maxLength: 400 }), {
        description: 'Name, and the path of its value: `$.inverters[0].power`',
      }),
    ),
    points: Type.Optional(
      Type.Record(Type.String({ minLength: 1, maxLength: 200 }), PointUseSchema, {
        description: 'Points of the names. A name that is not here is the point itself',
      }),
    ),
  },
  { additionalProperties: false },
)

export type HttpPullSettings = Static<typeof HttpPullSettingsSchema>
