import Type, { type Static } from 'typebox'
import { fraction, quantity, seriesOf } from '../../kernel/index.ts'
import { leastEfficiency, onBus } from './assets.ts'

const efficiency = (byDefault: number, description: string) =>
  fraction({ minimum: leastEfficiency, default: byDefault, description })

export const ChpSchema = Type.Object({
  ...onBus,
  heatBus: Type.Optional(Type.String({ minLength: 1, description: 'Heat bus that takes its heat; default: main' })),
  ratedKw: quantity('kW', { minimum: 0, description: 'Electricity at full load' }),
  minLoad: fraction({ minimum: leastEfficiency, default: 0.5 }),
  electrical: Type.Object(
    {
      full: efficiency(0.4, 'At full load, per lower heating value'),
      half: efficiency(0.36, 'At half load'),
    },
    { default: {} },
  ),
  thermal: Type.Object(
    {
      full: fraction({ default: 0.45, description: 'At full load, per lower heating value' }),
      half: fraction({ default: 0.48, description: 'At half load' }),
    },
    { default: {} },
  ),
  heatRejection: Type.Boolean({ default: true, description: 'Whether heat that nobody takes can be thrown away' }),
  standbyHeatKw: quantity('kW', { minimum: 0, default: 0, description: 'Heat that keeps it warm while it stands' }),
  fuel: Type.Optional(
    Type.Object({
      unit: Type.String({ default: 'm3' }),
      kwhPerUnit: Type.Number({ exclusiveMinimum: 0, description: 'Lower heating value' }),
      pricePerUnit: Type.Number({ minimum: 0 }),
      kgCo2ePerUnit: Type.Number({ minimum: 0, description: 'Fossil: counts as emission' }),
      biogenicKgCo2PerUnit: Type.Number({
        minimum: 0,
        default: 0,
        description: 'Biogenic: reported apart, never counted',
      }),
    }),
  ),
  biogas: Type.Optional(
    Type.Object({
      production: seriesOf('m3/h', { description: 'Raw gas of the digester' }),
      kwhPerM3: Type.Number({ exclusiveMinimum: 0, default: 6, description: 'Lower heating value of the raw gas' }),
      holderM3: quantity('m3', { minimum: 0, description: 'Gas holder' }),
      minLevel: fraction({ default: 0.05 }),
      maxLevel: fraction({ default: 0.95 }),
      initialLevel: fraction({ default: 0.5 }),
      kgCo2ePerM3: Type.Number({ minimum: 0, default: 0, description: 'Fossil share and slip: counts as emission' }),
      biogenicKgCo2PerM3: Type.Number({ minimum: 0, default: 1.96, description: 'Reported apart, never counted' }),
      terminalValuePerM3: Type.Optional(
        Type.Number({
          description: 'Worth of gas left at the end; default: the electricity it gives at the median price',
        }),
      ),
    }),
  ),
  startCost: Type.Number({ minimum: 0, default: 0 }),
  runningCostPerHour: Type.Number({ minimum: 0, default: 0, description: 'Maintenance an hour of running' }),
  minUpHours: quantity('h', { minimum: 0, default: 0 }),
  minDownHours: quantity('h', { minimum: 0, default: 0 }),
  initiallyOnHours: quantity('h', { minimum: 0, default: 0, description: 'Hours it has run; 0 = off' }),
  initiallyOffHours: Type.Optional(quantity('h', { minimum: 0 })),
})
export type ChpAsset = Static<typeof ChpSchema>
export type Biogas = NonNullable<ChpAsset['biogas']>
