import Type, { type Static } from 'typebox'
import { instantText } from '../../kernel/index.ts'
import { BilledSchema } from './bill.ts'
import { MoneySchema, stepOfPlans } from './simulate.ts'

export const ControllerNameSchema = Type.Union([
  Type.Literal('control'),
  Type.Literal('rule'),
  Type.Literal('none'),
  Type.Literal('perfect'),
])
export type ControllerName = Static<typeof ControllerNameSchema>

export const BacktestInputSchema = Type.Object({
  site: Type.String({ description: 'Id of a site, or path of its file' }),
  at: instantText({ description: 'First moment, ISO 8601' }),
  days: Type.Number({ exclusiveMinimum: 0, maximum: 366, default: 7 }),
  step: stepOfPlans,
  controllers: Type.Array(ControllerNameSchema, {
    minItems: 1,
    uniqueItems: true,
    default: ['none', 'rule', 'control', 'perfect'],
    description:
      'control: plans anew on the clock and on events; rule: thresholds tuned on the span in hindsight; none: without storage; perfect: plans of nine days that know what comes, a week of each followed',
  }),
  forecast: Type.Unsafe<'similar-day' | 'persistence' | 'noisy' | 'perfect'>(
    Type.String({
      pattern: '^(similar-day|persistence|noisy|perfect)$',
      default: 'similar-day',
      description:
        'What `control` foresees of loads and sources; prices are known. similar-day, persistence, noisy (the truth with an error), perfect',
    }),
  ),
  noiseShare: Type.Number({ minimum: 0, maximum: 1, default: 0.1, description: 'Of `noisy`: error a day ahead' }),
  everyMinutes: Type.Integer({ minimum: 1, maximum: 1440, default: 60 }),
  horizonHours: Type.Number({ exclusiveMinimum: 0, maximum: 168, default: 24 }),
  timeLimitMs: Type.Integer({ minimum: 100, maximum: 60_000, default: 2000, description: 'Of one plan' }),
  scenarios: Type.Integer({
    minimum: 1,
    maximum: 10,
    default: 1,
    description: 'Futures that `control` decides its first hour for; others than the first are noisy',
  }),
  historyDays: Type.Integer({
    minimum: 0,
    maximum: 90,
    default: 36,
    description: 'Days before the span that forecasts look back to',
  }),
  holidays: Type.Array(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }), { default: [] }),
  changes: Type.Optional(Type.Unknown({ description: 'JSON Merge Patch on the site document: what if' })),
})
export type BacktestInput = Static<typeof BacktestInputSchema>

export const BacktestRunSchema = Type.Object({
  controller: ControllerNameSchema,
  cost: MoneySchema,
  emissionsKgCo2e: Type.Number(),
  unservedKwh: Type.Number(),
  missed: Type.Record(Type.String(), Type.Number(), { description: 'What was left undone by wish, kWh, kW or K h' }),
  surplusKwh: Type.Number(),
  highestImportKw: Type.Number(),
  fullCycles: Type.Record(Type.String(), Type.Number(), { description: 'Energy that batteries gave, in capacities' }),
  replans: Type.Integer(),
  kept: Type.Integer({ description: 'Decisions for which no new plan came, and the last one was kept' }),
  ruled: Type.Integer({ description: 'Decisions for which there was none to keep' }),
  corrected: Type.Integer({ description: 'Set points that a machine could not follow as they were' }),
  triggers: Type.Record(Type.String(), Type.Integer(), { description: 'Why it planned' }),
  bill: Type.Union([BilledSchema, Type.Null()], {
    description:
      'The span’s electricity bill line by line, as energy.bill prints it; null without a connection or tariff',
  }),
  regret: Type.Union([Type.Number(), Type.Null()], { description: 'Cost above perfect foresight, as a share of it' }),
  savedAgainstRule: Type.Union([Type.Number(), Type.Null()], { description: 'Cost below the rule, as a share of it' }),
  dailyCost: Type.Array(Type.Number(), {
    description: 'Energy, export, fuel, wear and flexibility of each day; no demand charge',
  }),
})

export const BacktestOutputSchema = Type.Object({
  site: Type.String(),
  start: Type.String(),
  startMs: Type.Number(),
  zone: Type.String(),
  currency: Type.String(),
  days: Type.Number(),
  steps: Type.Integer(),
  forecast: Type.String(),
  rule: Type.Union([
    Type.Object({
      peakKw: Type.Union([Type.Number(), Type.Null()]),
      lowPrice: Type.Union([Type.Number(), Type.Null()]),
      highPrice: Type.Union([Type.Number(), Type.Null()]),
    }),
    Type.Null(),
  ]),
  runs: Type.Array(BacktestRunSchema),
  notes: Type.Array(Type.String(), { description: 'What to bear in mind' }),
})
export type BacktestOutput = Static<typeof BacktestOutputSchema>
