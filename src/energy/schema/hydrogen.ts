import Type, { type Static } from 'typebox'
import { fraction, quantity, seriesOf, timeOfDay } from '../../kernel/index.ts'
import { leastEfficiency, onBus } from './assets.ts'

const onHydrogenBus = {
  hydrogenBus: Type.Optional(
    Type.String({ minLength: 1, description: 'Hydrogen bus it stands on, kW of lower heating value; default: main' }),
  ),
}
const onHeatBus = {
  heatBus: Type.Optional(Type.String({ minLength: 1, description: 'Heat bus that takes its heat; default: main' })),
}

export const ElectrolyserSchema = Type.Object({
  ...onBus,
  ...onHydrogenBus,
  ...onHeatBus,
  ratedKw: quantity('kW', {
    minimum: 0,
    description: 'Electricity it draws at full load, with all that belongs to it',
  }),
  minLoad: fraction({ minimum: 0.01, default: 0.15, description: 'Least load while it makes hydrogen' }),
  consumption: Type.Array(
    Type.Tuple([Type.Number({ minimum: 0, maximum: 1 }), Type.Number({ exclusiveMinimum: 33.33 })]),
    {
      minItems: 2,
      default: [
        [0.1, 67.5],
        [0.15, 57.1],
        [0.3, 51.6],
        [0.6, 52.2],
        [1, 55],
      ],
      description: 'Pairs of load (share of ratedKw) and kWh of electricity per kg of hydrogen, up to load 1',
    },
  ),
  rampPerHour: Type.Optional(
    Type.Number({
      exclusiveMinimum: 0,
      description: 'Largest change of load in an hour, share of ratedKw; stopping is free',
    }),
  ),
  startCost: Type.Number({ minimum: 0, default: 0, description: 'Wear of a start from cold' }),
  standbyShare: fraction({ default: 0.02, description: 'Power that keeps it warm and ready, share of ratedKw' }),
  heatRecovery: fraction({ default: 0, description: 'Part of its losses that can reach the heat bus' }),
  initialState: Type.Union([Type.Literal('off'), Type.Literal('standby'), Type.Literal('on')], { default: 'off' }),
  initialLoad: fraction({ default: 0, description: 'Load it ran at before, for its ramp' }),
})
export type ElectrolyserAsset = Static<typeof ElectrolyserSchema>

export const HydrogenStoreSchema = Type.Object({
  ...onBus,
  ...onHydrogenBus,
  capacityKg: quantity('kg', { minimum: 0 }),
  maxFillKgPerH: quantity('kg/h', { minimum: 0 }),
  maxDrawKgPerH: quantity('kg/h', { minimum: 0 }),
  compressionKwhPerKg: Type.Number({ minimum: 0, default: 1.7, description: 'Electricity to fill one kg' }),
  lossPerDay: fraction({ default: 0 }),
  minLevel: fraction({ default: 0.06, description: 'Cushion that stays inside, share of the capacity' }),
  maxLevel: fraction({ default: 1 }),
  initialLevel: fraction({ default: 0.5 }),
  terminalValuePerKg: Type.Optional(
    Type.Number({ description: 'Worth of a kg at the end; default: electricity for 55 kWh/kg at the median price' }),
  ),
})
export type HydrogenStoreAsset = Static<typeof HydrogenStoreSchema>

export const HydrogenLoadSchema = Type.Object({
  ...onHydrogenBus,
  demand: Type.Optional(seriesOf('kg/h')),
  deliveries: Type.Optional(
    Type.Array(
      Type.Object({
        id: Type.String({ minLength: 1 }),
        massKg: quantity('kg', { minimum: 0, description: 'Every day, some time in the window' }),
        from: timeOfDay({ default: '00:00' }),
        to: timeOfDay({ default: '24:00', description: 'Past midnight when not after `from`' }),
        maxKgPerH: quantity('kg/h', { exclusiveMinimum: 0, description: 'What the filling line can take' }),
      }),
      { minItems: 1 },
    ),
  ),
})
export type HydrogenLoadAsset = Static<typeof HydrogenLoadSchema>

export const FuelCellSchema = Type.Object({
  ...onBus,
  ...onHydrogenBus,
  ...onHeatBus,
  ratedKw: quantity('kW', { minimum: 0 }),
  efficiency: fraction({ minimum: leastEfficiency, default: 0.5, description: 'Electricity per lower heating value' }),
  heatEfficiency: fraction({ default: 0, description: 'Heat that can reach the heat bus, per lower heating value' }),
  minLoad: fraction({ default: 0, description: 'Least load while it runs; 0: it may run at any' }),
  startCost: Type.Number({ minimum: 0, default: 0, description: 'Wear of a start; counts where minLoad is above 0' }),
  initiallyOn: Type.Boolean({ default: false }),
})
export type FuelCellAsset = Static<typeof FuelCellSchema>
