import Type, { type Static } from 'typebox'
import { quantity } from '../../kernel/index.ts'

/** Hard limits of the site as a whole; they never bend. */
export const LimitsSchema = Type.Object({
  importKw: Type.Optional(quantity('kW', { minimum: 0 })),
  exportKw: Type.Optional(quantity('kW', { minimum: 0 })),
})
export type Limits = Static<typeof LimitsSchema>

/** What the operator would like; wishes give way, the later in `order` the sooner. */
export const WishesSchema = Type.Object({
  order: Type.Array(
    Type.Union([
      Type.Literal('serve-load'),
      Type.Literal('ev-energy'),
      Type.Literal('comfort'),
      Type.Literal('finish-shift'),
      Type.Literal('reserve'),
      Type.Literal('peak-import'),
    ]),
    {
      default: ['serve-load', 'ev-energy', 'comfort', 'finish-shift', 'reserve', 'peak-import'],
      description: 'Most precious first',
    },
  ),
  reserveSoc: Type.Optional(quantity('1', { minimum: 0, maximum: 1, description: 'State of charge kept for outages' })),
  peakImportKw: Type.Optional(quantity('kW', { minimum: 0, description: 'Import to stay under if it can be' })),
})
export type Wishes = Static<typeof WishesSchema>
export type WishName = Wishes['order'][number]

/** Where the weather comes from. Exactly one of `file`, `synthetic`. */
export const WeatherSchema = Type.Object({
  file: Type.Optional(Type.String({ description: 'EPW, TMY3 or CSV file' })),
  synthetic: Type.Optional(
    Type.Object({
      seed: Type.Integer({ minimum: 0, default: 1 }),
      monthly: Type.Object(
        {
          ghiKwhPerM2Day: Type.Array(Type.Number({ minimum: 0 }), { minItems: 12, maxItems: 12 }),
          temperatureC: Type.Array(Type.Number(), { minItems: 12, maxItems: 12 }),
          windSpeedMPerS: Type.Array(Type.Number({ minimum: 0 }), { minItems: 12, maxItems: 12 }),
        },
        { description: 'Normals, January first; wind at 10 m' },
      ),
    }),
  ),
})
export type WeatherSection = Static<typeof WeatherSchema>
