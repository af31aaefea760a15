import Type, { type Static } from 'typebox'
import { quantityKinds } from './quantities.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const score = (description: string) => nullable(Type.Number({ description }))
const count = (description: string) => Type.Integer({ minimum: 0, description })
const column = (description: string) => Type.Array(Type.Union([Type.Number(), Type.Null()]), { description })

const HourSchema = Type.Object({
  hour: Type.Integer({ minimum: 0, maximum: 23, description: 'Of the day, by the clock of the site' }),
  pairs: count('Pairs in that hour'),
  bias: score('Mean of foreseen − measured; null here and below: too few pairs'),
  mae: score('Mean absolute error'),
  level: score('Mean of what was measured'),
})
const WorstSchema = Type.Object({
  startMs: Type.Number(),
  foreseen: Type.Number(),
  measured: Type.Number(),
  error: Type.Number({ description: 'foreseen − measured' }),
  madeMs: Type.Number({ description: 'When it was foreseen' }),
  run: Type.String({ description: '`GET /api/v1/runs/{id}` gives the evidence' }),
})
const LeadSchema = Type.Object({
  leadHours: Type.Number({ description: 'Each step is held against the newest forecast made at least so long before' }),
  pairs: count('Steps that were foreseen and measured'),
  gaps: Type.Object(
    {
      notMeasured: count('Nothing sure was measured'),
      moved: count('The meter tells what the plan made of it, not what it would have been'),
      notForeseen: count('No forecast was made so far ahead that reached there'),
    },
    { description: 'Steps without a pair, by the first reason that holds' },
  ),
  meanLeadHours: score('How long ahead the pairs were foreseen in the mean; null: there is none'),
  bias: score('Mean of foreseen − measured, in the unit of the quantity; null here and below: too few pairs'),
  mae: score('Mean absolute error'),
  rmse: score('Root mean square error'),
  nmae: score('Mean absolute error over the mean size of what was measured; null also where that is nothing'),
  skill: Type.Object(
    {
      persistence: score('Against the last value that was known when the forecast was made'),
      dayBefore: score('Against the same clock time on the last day that was known'),
      daysAlike: score('Against the median of the same clock time on days of the same kind'),
    },
    { description: '1 − mae / mae of the reference, where that knew something: 0 is no better, 1 perfect' },
  ),
  coverage: score('Share of the pairs with a band that lay in it; null: too few have one'),
  hours: Type.Array(HourSchema, { description: 'By hour of the day' }),
  worst: Type.Array(WorstSchema, { description: 'Hours with the largest errors, the largest first' }),
})

/** How good the forecasts of a site were. */
export const ForecastQualitySchema = Type.Object({
  site: Type.String(),
  fromMs: Type.Number(),
  toMs: Type.Number({ description: 'Exclusive; the last whole quarter of an hour' }),
  stepMinutes: Type.Number(),
  of: Type.Enum(['plans', 'forecasts']),
  made: count('Forecasts of the span that were found'),
  leastPairs: count('Fewer pairs than these say nothing'),
  quantities: Type.Array(
    Type.Object({
      ref: Type.String({ description: '`<asset>.<point>`' }),
      asset: Type.String(),
      assetKind: Type.String(),
      title: Type.String(),
      what: Type.Enum([...quantityKinds], {
        description: 'What an asset is asked for, what sun, wind or water offer it, or what energy costs',
      }),
      unit: Type.String(),
      leads: Type.Array(LeadSchema),
    }),
  ),
  compared: nullable(
    Type.Object(
      {
        ref: Type.String(),
        leadHours: Type.Number(),
        timestampsMs: Type.Array(Type.Number(), { description: 'Start of each step' }),
        foreseen: column('null: not foreseen so far ahead'),
        measured: column('null: not measured, or moved by the plan'),
        low: column('Lowest quantile; null: no band'),
        high: column('Highest quantile'),
      },
      { description: 'Of `ref` at `lead`; null where none was asked for, or nobody foresaw it' },
    ),
  ),
})
export type ForecastQualityAnswer = Static<typeof ForecastQualitySchema>
