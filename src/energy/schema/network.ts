import Type, { type Static } from 'typebox'
import { fraction, quantity } from '../../kernel/index.ts'
import { leastEfficiency } from './assets.ts'

const ends = {
  from: Type.String({ minLength: 1, description: 'Electricity bus; name the side of the grid connection first' }),
  to: Type.String({ minLength: 1, description: 'Electricity bus' }),
}

export const LineSchema = Type.Object({
  ...ends,
  limitKw: quantity('kW', { minimum: 0, maximum: 1e6, description: 'At the sending end, both ways' }),
  reactancePerUnit: Type.Optional(
    Type.Number({
      exclusiveMinimum: 0,
      description: 'On 1 MVA: ohms over the square of the kV. Absent: flows are free (transport model)',
    }),
  ),
  lossShare: fraction({ maximum: 0.99, default: 0, description: 'Part of what is sent that is lost' }),
})
export type LineAsset = Static<typeof LineSchema>

export const TransformerSchema = Type.Object({
  ...ends,
  ratedKw: quantity('kW', {
    minimum: 0,
    maximum: 1e6,
    description: 'At the sending end, both ways, at the power factor of the site',
  }),
  efficiency: fraction({ minimum: leastEfficiency, default: 0.985 }),
  reactancePerUnit: Type.Optional(
    Type.Number({ exclusiveMinimum: 0, description: 'On its own rating: the short-circuit voltage, 0.06 for 6 %' }),
  ),
})
export type TransformerAsset = Static<typeof TransformerSchema>
