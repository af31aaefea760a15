import type { AssetKind, Pack } from '../kernel/index.ts'
import { components } from './components/index.ts'
import { forecastEngine } from './forecast/index.ts'
import { planEngine } from './plan.ts'
import { LimitsSchema, TariffSchema, WeatherSchema, WishesSchema } from './schema/index.ts'

/** What the energy room offers the house. */
export const energyPack: Pack = {
  name: 'energy',
  title: 'Energy',
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
  ],
  engines: [planEngine, forecastEngine],
}
