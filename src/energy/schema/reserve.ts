import Type, { type Static } from 'typebox'
import { fraction, quantity, seriesOf } from '../../kernel/index.ts'
import { timeWindow } from './assets.ts'

/**
 * Reserve that the site holds back: sold to a grid operator, or kept for its own balance as an island. Up is more
 * supply or less draw, down the other way. What calling it up costs is not planned: only that it could be called.
 */
export const FrequencyReserveSchema = Type.Object({
  upKw: Type.Optional(seriesOf('kW', { description: 'Reserve to hold upwards; absent: none' })),
  downKw: Type.Optional(seriesOf('kW', { description: 'Reserve to hold downwards; absent: none' })),
  upPricePerKwh: Type.Number({ default: 0, description: 'Paid for one kW held up for one hour' }),
  downPricePerKwh: Type.Number({ default: 0, description: 'Paid for one kW held down for one hour' }),
  penaltyPerKwh: Type.Optional(
    Type.Number({
      minimum: 0,
      description:
        'What one kW not held for one hour costs by contract, so that the plan may choose; absent: the wish `reserve` has to give way',
    }),
  ),
  sustainHours: quantity('h', {
    minimum: 0,
    maximum: 24,
    default: 0.25,
    description: 'Time for which stores must be able to give all of what they hold',
  }),
  blockHours: Type.Optional(
    quantity('h', {
      exclusiveMinimum: 0,
      maximum: 24,
      description: 'Length of a product, from local midnight on: the same power is held throughout it',
    }),
  ),
  ...timeWindow,
  months: Type.Optional(Type.Array(Type.Integer({ minimum: 1, maximum: 12 }))),
  weekdays: Type.Optional(
    Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { description: 'ISO weekdays, 1 = Monday' }),
  ),
  operating: Type.Optional(
    Type.Object(
      {
        loadShare: fraction({ default: 0, description: 'Of the load that is served' }),
        sourceShare: fraction({ default: 0, description: 'Of the PV and wind power that is used' }),
        largestUnit: Type.Boolean({
          default: false,
          description: 'Beside the shares, the power and the reserve of whichever unit gives most (N-1)',
        }),
      },
      { description: 'Held up in all hours, beside upKw: what an island needs for itself' },
    ),
  ),
})
export type FrequencyReserveAsset = Static<typeof FrequencyReserveSchema>
