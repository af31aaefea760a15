import type { AssetKind, Vocabulary } from '../kernel/index.ts'
import { componentOf, components } from './components/index.ts'
import { InvestmentSchema, LimitsSchema, TariffSchema, WeatherSchema, WishesSchema } from './schema/index.ts'

/** What a site file says of energy. */
export const energyVocabulary: Vocabulary = {
  assets: components.map(
    ({ kind, title, schema, points, check }): AssetKind => ({
      kind,
      title,
      schema,
      points,
      ...(check ? { check } : {}),
    }),
  ),
  sections: [
    { name: 'weather', title: 'Weather', schema: WeatherSchema },
    { name: 'tariff', title: 'Tariff', schema: TariffSchema },
    { name: 'limits', title: 'Limits', schema: LimitsSchema },
    { name: 'wishes', title: 'Wishes', schema: WishesSchema },
    { name: 'investment', title: 'Investment', schema: InvestmentSchema },
  ],
}

/** Whether the power of such an asset is what it takes: a setpoint above 0 draws. */
export const drawsPower = (kind: string): boolean => componentOf(kind)?.draws === true
