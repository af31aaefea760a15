import Type, { type Static } from 'typebox'
import { durationText, instantText } from '../../kernel/index.ts'
import { ReasonSchema } from './plan.ts'
import { sourceOf } from './series-source.ts'

export const ForecastInputSchema = Type.Object({
  site: Type.String({ description: 'Id of a site, or path of its file' }),
  asset: Type.Optional(Type.String({ description: 'Asset to forecast; default: every load and every PV array' })),
  series: Type.Optional(sourceOf('in unit', 'A series to forecast instead of assets')),
  unit: Type.String({ default: 'kW', minLength: 1, description: 'Unit of `series`' }),
  measured: Type.Optional(
    Type.Record(Type.String(), sourceOf('kW', 'Measured power'), {
      description:
        'Measured power by asset; default: the demand of a load, the production of a PV array where it is given',
    }),
  ),
  at: Type.Optional(
    instantText({
      description:
        'First moment of the forecast, ISO 8601 (local to the site when without offset); default: now, rounded down to a step',
    }),
  ),
  hours: Type.Number({
    exclusiveMinimum: 0,
    maximum: 168,
    default: 24,
    description: 'Horizon, a whole number of steps, at most a week',
  }),
  step: durationText({ default: '15m', description: 'Step of the forecast, a divisor of the hour: 5m, 15m, 30m, 1h' }),
  historyDays: Type.Integer({
    minimum: 1,
    maximum: 1100,
    default: 400,
    description: 'Days before the first moment to learn from, as far as there are',
  }),
  levels: Type.Array(Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }), {
    minItems: 1,
    maxItems: 19,
    default: [0.1, 0.5, 0.9],
    description: 'Levels of the quantiles',
  }),
  temperature: Type.Optional(sourceOf('degC', 'Air temperature, measured in the past and forecast ahead')),
  holidays: Type.Array(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }), {
    default: [],
    description: 'Local dates of public holidays, YYYY-MM-DD, past and ahead',
  }),
  changes: Type.Optional(Type.Unknown({ description: 'JSON Merge Patch on the site document: what if' })),
})
export type ForecastInput = Static<typeof ForecastInputSchema>

const orNull = (description: string) => Type.Union([Type.Number(), Type.Null()], { description })
const onSteps = (description: string) =>
  Type.Array(Type.Union([Type.Number(), Type.Null()]), { description: `${description}, one value a step` })

export const BacktestSchema = Type.Object({
  origins: Type.Integer({ description: 'Days that were forecast from what lay before them and scored' }),
  steps: Type.Integer({ description: 'Steps that were scored' }),
  mae: Type.Number({ description: 'Mean absolute error of the median, in the unit of the target' }),
  rmse: Type.Number({ description: 'Root mean square error of the median' }),
  nmae: orNull('Mean absolute error over the mean size of what was measured; null when that is nothing'),
  pinball: Type.Number({ description: 'Mean pinball loss over all levels' }),
  coverage: Type.Union(
    [
      Type.Object({
        from: Type.Number({ description: 'Lowest level' }),
        to: Type.Number({ description: 'Highest level' }),
        found: Type.Number({ description: 'Share of steps whose measured value lay between their quantiles' }),
      }),
      Type.Null(),
    ],
    { description: 'Of the interval from the lowest to the highest level; null for a single level' },
  ),
  naiveMae: Type.Number({
    description: 'Of the better of same time last day and same time last week, on the same steps',
  }),
  skill: orNull('1 − mae / naiveMae: 0 is no better than naive, 1 perfect'),
})

export const ForecastMethodSchema = Type.Union(
  [
    Type.Literal('ensemble'),
    Type.Literal('similar-day'),
    Type.Literal('seasonal-naive'),
    Type.Literal('persistence'),
    Type.Literal('pv-chain'),
    Type.Literal('stated'),
  ],
  {
    description:
      'ensemble: linear, boosted, forest and similar days combined. Simpler ones for shorter histories. pv-chain: weather through the physical chain. stated: what the site file states for every day',
  },
)
export type ForecastMethod = Static<typeof ForecastMethodSchema>

export const ForecastTargetSchema = Type.Object({
  id: Type.String({ description: 'Id of the asset; `series` for an inline series' }),
  title: Type.String(),
  kind: Type.String({ description: 'Kind of the asset, or `series`' }),
  unit: Type.String(),
  method: ForecastMethodSchema,
  values: onSteps('Median: the quantile of level 0.5'),
  quantiles: Type.Array(Type.Object({ level: Type.Number(), values: onSteps('Quantile') }), {
    description: 'In the order of rising levels; empty when no error of the past is known',
  }),
  trainedOn: Type.Union(
    [
      Type.Object({
        from: Type.String({ description: 'ISO 8601' }),
        to: Type.String({ description: 'ISO 8601, exclusive' }),
        steps: Type.Integer({ description: 'Steps with a value' }),
        missing: Type.Integer({ description: 'Steps without one' }),
      }),
      Type.Null(),
    ],
    { description: 'Null when nothing was learnt' },
  ),
  backtest: Type.Union([BacktestSchema, Type.Null()], { description: 'Null when no day of the past could be scored' }),
  weights: Type.Record(Type.String(), Type.Number(), { description: 'Share of each member in the median' }),
  synthetic: Type.Boolean({ description: 'True where weather was made up from normals' }),
  reasons: Type.Array(ReasonSchema, { description: 'What was chosen and why; what to beware of' }),
})
export type ForecastTarget = Static<typeof ForecastTargetSchema>

export const ForecastOutputSchema = Type.Object({
  site: Type.String(),
  start: Type.String({ description: 'ISO 8601 with the site’s offset' }),
  startMs: Type.Number(),
  zone: Type.String(),
  stepMinutes: Type.Number(),
  steps: Type.Integer(),
  targets: Type.Array(ForecastTargetSchema),
})
export type ForecastOutput = Static<typeof ForecastOutputSchema>
