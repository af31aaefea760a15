import type { AssetKind, Pack } from '../kernel/index.ts'
import { billEngine } from './bill/index.ts'
import { components } from './components/index.ts'
import { controlEngine } from './control/index.ts'
import { explainEngine, whatIfEngine } from './explain/index.ts'
import { forecastEngine } from './forecast/index.ts'
import { planEngine } from './plan.ts'
import { resilienceEngine } from './resilience/index.ts'
import { savingsEngine } from './savings/index.ts'
import { InvestmentSchema, LimitsSchema, TariffSchema, WeatherSchema, WishesSchema } from './schema/index.ts'
import { backtestEngine, simulateEngine } from './simulate/index.ts'
import { sizeEngine } from './size/index.ts'

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
    { name: 'investment', title: 'Investment', schema: InvestmentSchema },
  ],
  engines: [
    planEngine,
    explainEngine,
    whatIfEngine,
    controlEngine,
    simulateEngine,
    backtestEngine,
    sizeEngine,
    billEngine,
    forecastEngine,
    savingsEngine,
    resilienceEngine,
  ],
}
