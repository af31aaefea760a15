import Type, { type Static } from 'typebox'
import { fraction, quantity, seriesOf } from '../../kernel/index.ts'
import { leastEfficiency, onBus } from './assets.ts'

export const HydroReservoirSchema = Type.Object({
  ...onBus,
  ratedKw: quantity('kW', { minimum: 0 }),
  maxFlowM3PerS: Type.Optional(
    quantity('m3/s', { minimum: 0, description: 'Through the turbine; default: what ratedKw takes' }),
  ),
  efficiency: fraction({ minimum: leastEfficiency, default: 0.88, description: 'Of turbine and generator' }),
  headM: Type.Optional(quantity('m', { exclusiveMinimum: 0 })),
  headByVolume: Type.Optional(
    Type.Array(Type.Tuple([Type.Number({ minimum: 0 }), Type.Number({ exclusiveMinimum: 0 })]), {
      minItems: 1,
      description: 'Instead of headM: pairs of volume (m3) and head (m) that holds from there on, rising from volume 0',
    }),
  ),
  inflow: seriesOf('m3/s'),
  volumeM3: quantity('m3', { minimum: 0, description: 'Full reservoir' }),
  minVolumeM3: quantity('m3', { minimum: 0, default: 0 }),
  initialVolumeM3: quantity('m3', { minimum: 0 }),
  minReleaseM3PerS: quantity('m3/s', {
    minimum: 0,
    default: 0,
    description: 'For the river: turbine and spill together',
  }),
  pump: Type.Optional(
    Type.Object({
      maxKw: quantity('kW', { minimum: 0 }),
      efficiency: fraction({ minimum: leastEfficiency, default: 0.85 }),
    }),
  ),
  waterValuePerM3: Type.Optional(
    Type.Number({
      description: 'Worth of water left at the end; default: the electricity it gives at the median price',
    }),
  ),
})
export type HydroReservoirAsset = Static<typeof HydroReservoirSchema>
