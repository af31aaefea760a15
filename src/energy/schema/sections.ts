import Type, { type Static } from 'typebox'
import { quantity, seriesOf } from '../../kernel/index.ts'
import { timeWindow } from './assets.ts'

const months = Type.Optional(Type.Array(Type.Integer({ minimum: 1, maximum: 12 })))
const weekdays = Type.Optional(
  Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { description: 'ISO weekdays, 1 = Monday' }),
)

/** A price that depends on local time; the first period that matches counts. */
export const TimeOfUseSchema = Type.Object({
  periods: Type.Array(
    Type.Object({ name: Type.String(), pricePerKwh: Type.Number(), ...timeWindow, months, weekdays }),
    { minItems: 1 },
  ),
})

export const TariffSchema = Type.Object({
  import: Type.Object({
    timeOfUse: Type.Optional(TimeOfUseSchema),
    spot: Type.Optional(seriesOf('CUR/kWh', { description: 'Price series; added to time of use when both are given' })),
    feePerKwh: Type.Number({ default: 0, description: 'Added in every step' }),
  }),
  export: Type.Optional(
    Type.Object({
      timeOfUse: Type.Optional(TimeOfUseSchema),
      spot: Type.Optional(seriesOf('CUR/kWh')),
      feePerKwh: Type.Number({ default: 0 }),
    }),
  ),
  demand: Type.Array(
    Type.Object({
      name: Type.String(),
      pricePerKwMonth: Type.Number({ minimum: 0 }),
      peakSoFarKw: quantity('kW', { minimum: 0, default: 0, description: 'Billed peak of this month until now' }),
      ...timeWindow,
      months,
      weekdays,
    }),
    { default: [], description: 'Highest clock quarter-hour mean of import in the window, once a month' },
  ),
  carbonIntensity: Type.Optional(seriesOf('kgCO2e/kWh', { description: 'Of imported electricity' })),
  carbonPricePerKg: Type.Number({ minimum: 0, default: 0 }),
})
export type Tariff = Static<typeof TariffSchema>
export type TimeOfUse = Static<typeof TimeOfUseSchema>

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
      Type.Literal('finish-shift'),
      Type.Literal('reserve'),
      Type.Literal('peak-import'),
    ]),
    {
      default: ['serve-load', 'ev-energy', 'finish-shift', 'reserve', 'peak-import'],
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
