import Type, { type Static } from 'typebox'
import { durationText, instantText } from '../../kernel/index.ts'
import { ReasonSchema } from './plan.ts'
import { sourceOf } from './series-source.ts'

export const BillInputSchema = Type.Object({
  site: Type.String({ description: 'Id of a site, or path of its file' }),
  month: Type.Optional(
    Type.String({
      pattern: '^\\d{4}-(0[1-9]|1[0-2])$',
      description: 'Billing month, YYYY-MM; default, without `from`: the last that is over',
    }),
  ),
  from: Type.Optional(instantText({ description: 'Begin of what is billed, instead of `month`, ISO 8601' })),
  to: Type.Optional(instantText({ description: 'End, exclusive; default: one billing month after `from`' })),
  step: durationText({ default: '15m', description: 'Step of the meter, a divisor of the hour: 5m, 15m, 30m, 1h' }),
  import: Type.Optional(sourceOf('kW', 'Metered import; default: what the grid connection’s powerKw was above zero')),
  export: Type.Optional(
    sourceOf(
      'kW',
      'Metered export; default: what the grid connection’s powerKw was below zero, or none beside `import`',
    ),
  ),
  reactive: Type.Optional(sourceOf('kvar', 'Metered reactive power, in either direction, for the power factor')),
  gaps: Type.String({
    pattern: '^(refuse|leave-out)$',
    default: 'refuse',
    description: 'What to do about steps without a value: refuse, or leave-out and say so',
  }),
  changes: Type.Optional(
    Type.Unknown({
      description: 'JSON Merge Patch on the site document: what the same meter would cost with that tariff',
    }),
  ),
})
export type BillInput = Static<typeof BillInputSchema>

const money = (description: string) => Type.Number({ description: `${description}, in the site’s currency` })

const LineSchema = Type.Object({
  kind: Type.String({
    description: 'energy, demand, capacity, fixed, power-factor, surcharge, tax, minimum or export',
  }),
  code: Type.String({ description: 'Which line it is, for translation: energy.time-of-use, demand.excess' }),
  name: Type.String({ description: 'As the tariff names it; empty where it does not' }),
  period: Type.String({ description: 'Time-of-use period, block or power factor; empty where there is none' }),
  quantity: Type.Number(),
  unit: Type.String(),
  rate: Type.Number({ description: 'Money a unit; a share where the unit is money' }),
  amount: money('quantity × rate, rounded as the tariff says'),
})

const byKind = Type.Record(Type.String(), Type.Number(), { description: 'Amounts by kind of line' })
const effectivePrice = Type.Union([Type.Number(), Type.Null()], {
  description: 'Total over imported kWh; null where nothing was imported',
})

export const StatementSchema = Type.Object({
  month: Type.String({ description: 'YYYY-MM, the month in which it begins' }),
  start: Type.String({ description: 'ISO 8601' }),
  end: Type.String({ description: 'ISO 8601, exclusive' }),
  covered: Type.Number({ description: 'Part of the billing month; 1 is all of it' }),
  lines: Type.Array(LineSchema),
  total: money('Sum of the lines'),
  byKind,
  importKwh: Type.Number(),
  exportKwh: Type.Number(),
  reactiveKvarh: Type.Optional(Type.Number()),
  powerFactor: Type.Optional(Type.Number()),
  peaks: Type.Array(
    Type.Object({
      name: Type.String(),
      peakKw: Type.Number({ description: 'Highest measured interval' }),
      atMs: Type.Optional(Type.Number()),
      billedKw: Type.Number(),
    }),
  ),
  missingSteps: Type.Integer(),
  effectivePricePerKwh: effectivePrice,
  emissionsKgCo2e: Type.Number(),
  carbonCost: money('Beside the bill: emissions at the site’s own carbon price'),
})

export const BilledSchema = Type.Object({
  statements: Type.Array(StatementSchema),
  total: money('All statements'),
  byKind,
  effectivePricePerKwh: effectivePrice,
})

export const BillOutputSchema = Type.Object({
  site: Type.String(),
  start: Type.String({ description: 'ISO 8601' }),
  end: Type.String({ description: 'ISO 8601, exclusive' }),
  zone: Type.String(),
  currency: Type.String(),
  stepMinutes: Type.Number(),
  ...BilledSchema.properties,
  importKwh: Type.Number(),
  exportKwh: Type.Number(),
  emissionsKgCo2e: Type.Number(),
  carbonCost: money('Beside the bill: emissions at the site’s own carbon price'),
  compared: Type.Optional(
    Type.Object({
      ...BilledSchema.properties,
      difference: money('Total with the changes less total without'),
    }),
  ),
  reasons: Type.Array(ReasonSchema),
})
export type BillOutput = Static<typeof BillOutputSchema>
