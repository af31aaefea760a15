import Type, { type Static } from 'typebox'
import { durationText, instantText } from '../../kernel/index.ts'
import { RelaxedSchema } from './plan.ts'

export const SimulateInputSchema = Type.Object({
  site: Type.String({ description: 'Id of a site, or path of its file' }),
  at: Type.Optional(
    instantText({ description: 'First moment, ISO 8601; default: now, rounded down to a quarter-hour' }),
  ),
  hours: Type.Number({ exclusiveMinimum: 0, maximum: 8784, default: 24 }),
  step: durationText({
    default: '1m',
    description: 'Step of the physics: 1s to 1h, a divisor of the quarter-hour or of the hour',
  }),
  follow: Type.Unsafe<'plan' | 'rule' | 'nothing'>(
    Type.String({
      pattern: '^(plan|rule|nothing)$',
      default: 'plan',
      description:
        'plan: one plan of the whole time, up to a week; rule: self-consumption; nothing: no storage, no shifting',
    }),
  ),
  mostPoints: Type.Integer({
    minimum: 2,
    maximum: 20_000,
    default: 2000,
    description: 'Values a series has at most; longer ones are means',
  }),
  changes: Type.Optional(Type.Unknown({ description: 'JSON Merge Patch on the site document: what if' })),
})
export type SimulateInput = Static<typeof SimulateInputSchema>

export const MoneySchema = Type.Object({
  total: Type.Number({ description: 'Everything below, in the site’s currency' }),
  energy: Type.Number(),
  demand: Type.Number(),
  export: Type.Number(),
  fuel: Type.Number(),
  wear: Type.Number(),
  carbon: Type.Number(),
  flexibility: Type.Number(),
  reserve: Type.Number(),
  storedEnergy: Type.Number({
    description: 'Change in worth of what is stored, negative when more is stored at the end',
  }),
})
export type Money = Static<typeof MoneySchema>

export const SimulateOutputSchema = Type.Object({
  site: Type.String(),
  start: Type.String(),
  startMs: Type.Number(),
  zone: Type.String(),
  currency: Type.String(),
  steps: Type.Integer(),
  stepSeconds: Type.Number(),
  seriesStepSeconds: Type.Number({ description: 'Step of the series below' }),
  series: Type.Record(Type.String(), Type.Array(Type.Union([Type.Number(), Type.Null()]))),
  units: Type.Record(Type.String(), Type.String()),
  cost: MoneySchema,
  emissionsKgCo2e: Type.Number(),
  balance: Type.Array(
    Type.Object({
      asset: Type.String(),
      title: Type.String(),
      suppliedKwh: Type.Number(),
      drawnKwh: Type.Number(),
    }),
    { description: 'Energy of each asset on its electricity bus' },
  ),
  surplusKwh: Type.Number({ description: 'What nothing could take' }),
  deficitKwh: Type.Number({ description: 'What nothing could give, after all that can give way did' }),
  worstImbalanceKw: Type.Number(),
  unservedKwh: Type.Number({ description: 'What loads and vehicles went without' }),
  relaxed: Type.Array(RelaxedSchema),
})
export type SimulateOutput = Static<typeof SimulateOutputSchema>

/** @public shared with `energy.backtest` */
export const stepOfPlans = durationText({
  default: '15m',
  description: 'Step of plans and physics, a divisor of the hour',
})
