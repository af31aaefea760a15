import Type, { type Static } from 'typebox'
import { ReasonSchema } from './plan.ts'
import { sourceOf } from './series-source.ts'

const date = (description: string) => Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}', description })
const PeriodSchema = (description: string) =>
  Type.Object(
    { from: date('First local day, YYYY-MM-DD'), to: date('Local day after the last, YYYY-MM-DD') },
    { description },
  )

const MeterSchema = Type.Object({
  title: Type.Optional(Type.String()),
  source: Type.Optional(sourceOf('unit/h', 'What the meter measured')),
  bills: Type.Optional(
    Type.Array(
      Type.Object({
        from: date('Local day of the reading, YYYY-MM-DD'),
        to: date('Local day of the next reading'),
        amount: Type.Number({ description: 'In the unit of the meter' }),
      }),
      { minItems: 1, description: 'Bills of unequal length instead of a series; granularity monthly' },
    ),
  ),
  unit: Type.Optional(
    Type.String({ minLength: 1, description: 'Unit of an amount: kWh, GJ, m3, kg; kWh when it is not said' }),
  ),
  kwhPerUnit: Type.Optional(
    Type.Number({
      exclusiveMinimum: 0,
      description: 'Energy of one unit, where the unit is no energy: 10 for gas in m3',
    }),
  ),
  price: Type.Optional(sourceOf('CUR/kWh', 'Price of a kWh: a number or a series')),
  carbon: Type.Optional(sourceOf('kgCO2e/kWh', 'Emissions of a kWh: a number or a series')),
  coal: Type.Optional(
    Type.Object(
      {
        basis: Type.Optional(
          Type.Union([Type.Literal('calorific'), Type.Literal('equivalent')], {
            description:
              'calorific (当量值), taken when it is not said: what the energy holds, 0.1229 kgce/kWh by GB/T 2589-2020. equivalent (等价值): what it took to make it; the coefficient must be given',
          }),
        ),
        kgcePerKwh: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 5 })),
        source: Type.Optional(Type.String({ description: 'Where the coefficient is from' })),
      },
      { description: 'Standard coal of a kWh' },
    ),
  ),
  netMetering: Type.Optional(
    Type.Boolean({ description: 'The meter may run backwards: energy below zero is no error' }),
  ),
})
export type SavingsMeter = Static<typeof MeterSchema>

const shape = Type.Unsafe<'1P' | '2P' | '3PH' | '3PC' | '4P' | '5P' | 'TOW' | 'TOWT'>(
  Type.String({
    enum: ['1P', '2P', '3PH', '3PC', '4P', '5P', 'TOW', 'TOWT'],
    description:
      '1P mean, 2P line, 3PH heating, 3PC cooling, 4P one change point, 5P heating and cooling; hourly: TOW time of week, TOWT with temperature',
  }),
)
const grouping = Type.Unsafe<'none' | 'weekend' | 'weekday' | 'hour-of-week'>(
  Type.String({
    enum: ['none', 'weekend', 'weekday', 'hour-of-week'],
    description: 'Observations that share an intercept',
  }),
)

export const SavingsInputSchema = Type.Object({
  site: Type.String({ description: 'Id of a site, or path of its file' }),
  baseline: PeriodSchema('Before the measure; a whole year or more'),
  reporting: PeriodSchema('After the measure'),
  granularity: Type.Union([Type.Literal('daily'), Type.Literal('hourly'), Type.Literal('monthly')], {
    default: 'daily',
    description: 'What is one observation: a day, an hour, or a billing period',
  }),
  meters: Type.Record(Type.String({ minLength: 1 }), MeterSchema, {
    description: 'Meters of the whole facility by id, one for each carrier of energy',
  }),
  temperature: Type.Optional(sourceOf('degC', 'Outdoor air temperature')),
  variables: Type.Record(
    Type.String(),
    Type.Object({
      source: sourceOf('unit', 'Production, occupancy or the like, as a mean rate'),
      unit: Type.Optional(Type.String({ description: 'Unit of the rate: t/d; 1 when it is not said' })),
    }),
    { default: {}, description: 'Further independent variables by name' },
  ),
  holidays: Type.Array(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }), {
    default: [],
    description: 'Local dates that count as Sundays, YYYY-MM-DD',
  }),
  dayTypes: Type.Union([Type.Literal('auto'), Type.Literal('none'), Type.Literal('weekend'), Type.Literal('weekday')], {
    default: 'auto',
    description: 'Which days share a base use; auto: what fits best. Hourly models have all hours of the week',
  }),
  models: Type.Optional(
    Type.Array(shape, { minItems: 1, description: 'Shapes to choose from; default: all that fit' }),
  ),
  select: Type.Union([Type.Literal('bic'), Type.Literal('adjusted-r-squared')], {
    default: 'bic',
    description: 'How the model is chosen: Bayesian information criterion, or adjusted R² as CalTRACK does',
  }),
  confidence: Type.Number({ minimum: 0.5, maximum: 0.999, default: 0.9, description: 'Of all intervals' }),
  adjustments: Type.Array(
    Type.Object({
      meter: Type.Optional(Type.String({ description: 'Id of the meter; may be left out where there is one' })),
      from: date('First local day'),
      to: date('Local day after the last'),
      kwhPerDay: Type.Number({ description: 'What the event adds to the use a day; below zero what it takes away' }),
      halfWidthKwhPerDay: Type.Number({
        minimum: 0,
        default: 0,
        description: 'Its uncertainty at the same confidence',
      }),
      reason: Type.String({ minLength: 3 }),
    }),
    { default: [], description: 'Non-routine adjustments: a wing added, a line shut' },
  ),
  shortBaselineReason: Type.Optional(
    Type.String({ minLength: 3, description: 'Why less than a year of baseline is enough' }),
  ),
  normal: Type.Optional(
    Type.Object(
      {
        ...PeriodSchema('').properties,
        temperature: Type.Optional(sourceOf('degC', 'Temperature of the normal year')),
        variables: Type.Record(Type.String(), sourceOf('unit', 'Variable of the normal year'), { default: {} }),
      },
      { description: 'Normal year for normalised savings; its dates are those of its series' },
    ),
  ),
  changes: Type.Optional(Type.Unknown({ description: 'JSON Merge Patch on the site document: what if' })),
})
export type SavingsInput = Static<typeof SavingsInputSchema>

const orNull = (description: string) => Type.Union([Type.Number(), Type.Null()], { description })

export const SavingsIntervalSchema = Type.Object({
  value: Type.Number(),
  halfWidth: Type.Number({ description: 'At the confidence asked for' }),
  low: Type.Number(),
  high: Type.Number(),
})
export type SavingsInterval = Static<typeof SavingsIntervalSchema>
const intervalOrNull = (description: string) => Type.Union([SavingsIntervalSchema, Type.Null()], { description })

const StatisticsSchema = Type.Object({
  observations: Type.Integer(),
  parameters: Type.Integer({ description: 'Intercepts, slopes and change points' }),
  mean: Type.Number({ description: 'Mean measured rate' }),
  rmse: Type.Number(),
  rSquared: Type.Number(),
  adjustedRSquared: Type.Number(),
  bic: Type.Number(),
  cvRmse: orNull('Coefficient of variation of the root mean square error; null where the mean is not above zero'),
  bias: orNull('Net determination bias: sum of errors over sum of energy'),
  autocorrelation: orNull('Of neighbouring residuals, ρ'),
  effectiveObservations: Type.Number({ description: 'n′ = n (1 − ρ)/(1 + ρ)' }),
})

const DataSchema = Type.Object({
  from: Type.String(),
  to: Type.String(),
  observations: Type.Integer({ description: 'That are complete' }),
  expected: Type.Integer(),
  missingDays: Type.Object({ energy: Type.Integer(), temperature: Type.Integer(), variables: Type.Integer() }),
})

export const SavingsCheckSchema = Type.Object({
  code: Type.String(),
  text: Type.String(),
  found: orNull('What was found; null where it cannot be told'),
  limit: Type.Number(),
  ok: Type.Boolean(),
  required: Type.Boolean({ description: 'False: advice' }),
  source: Type.String(),
})
export type SavingsCheck = Static<typeof SavingsCheckSchema>

const seriesOf = Type.Array(Type.Union([Type.Number(), Type.Null()]))
const ChartSchema = Type.Object({
  startMs: Type.Array(Type.Number()),
  endMs: Type.Array(Type.Number()),
  measuredKwh: seriesOf,
  modelKwh: seriesOf,
  temperatureC: seriesOf,
})

export const MeterSavingsSchema = Type.Object({
  id: Type.String(),
  title: Type.String(),
  model: Type.Object({
    shape,
    grouping,
    equation: Type.String(),
    rateUnit: Type.String(),
    changePoints: Type.Object({ heatingC: Type.Optional(Type.Number()), coolingC: Type.Optional(Type.Number()) }),
    intercepts: seriesOf,
    coefficients: Type.Array(
      Type.Object({
        name: Type.String(),
        unit: Type.String(),
        value: Type.Number(),
        standardError: Type.Number(),
        t: Type.Number(),
        pValue: Type.Number(),
      }),
    ),
    statistics: StatisticsSchema,
    outOfSample: Type.Union(
      [
        Type.Object({
          folds: Type.Integer(),
          observations: Type.Integer(),
          cvRmse: Type.Number(),
          bias: Type.Number(),
        }),
        Type.Null(),
      ],
      { description: 'Cross-validation by blocks of time' },
    ),
  }),
  candidates: Type.Array(
    Type.Object({
      shape,
      grouping,
      parameters: Type.Union([Type.Integer(), Type.Null()]),
      adjustedRSquared: orNull(''),
      bic: orNull(''),
      cvRmse: orNull(''),
      refused: Type.Union([Type.Literal('not-fitted'), Type.Literal('p-value'), Type.Null()]),
    }),
  ),
  data: Type.Object({ baseline: DataSchema, reporting: DataSchema }),
  checks: Type.Array(SavingsCheckSchema),
  acceptable: Type.Boolean({ description: 'All required checks are passed' }),
  months: Type.Array(
    Type.Object({
      month: Type.String({ description: 'YYYY-MM, of the first local day' }),
      days: Type.Number(),
      adjustedBaselineKwh: Type.Number(),
      measuredKwh: Type.Number(),
      savingsKwh: Type.Number(),
      halfWidthKwh: Type.Number(),
    }),
  ),
  adjustedBaselineKwh: Type.Number(),
  measuredKwh: Type.Number(),
  adjustmentsKwh: Type.Number({ description: 'Non-routine, part of the adjusted baseline' }),
  savingsShare: orNull('Savings over adjusted baseline'),
  intervals: Type.Object({
    guideline14: intervalOrNull('ASHRAE Guideline 14, Annex B, with n′ and the factor of Sun and Baltazar 2013'),
    regression: SavingsIntervalSchema,
  }),
  savings: Type.Object({
    energyKwh: SavingsIntervalSchema,
    money: intervalOrNull('In the site’s currency; null without a price'),
    emissionsKgCo2e: intervalOrNull('Null without a factor'),
    standardCoalT: SavingsIntervalSchema,
  }),
  coal: Type.Object({ basis: Type.String(), kgcePerKwh: Type.Number(), source: Type.String() }),
  fractionalUncertainty: orNull('Half-width of the energy saved over the energy saved'),
  normalisedKwh: intervalOrNull('Savings of a normal year; null when none is given'),
  verdict: Type.Union([Type.Literal('significant'), Type.Literal('not-significant')]),
  series: Type.Object({ baseline: ChartSchema, reporting: ChartSchema }),
})
export type MeterSavings = Static<typeof MeterSavingsSchema>

export const SavingsOutputSchema = Type.Object({
  site: Type.String(),
  zone: Type.String(),
  currency: Type.String(),
  granularity: Type.String(),
  confidence: Type.Number(),
  method: Type.String({ description: 'What was done, in one line' }),
  meters: Type.Array(MeterSavingsSchema),
  totals: Type.Object(
    {
      energyKwh: SavingsIntervalSchema,
      money: intervalOrNull('Null unless every meter has a price'),
      emissionsKgCo2e: intervalOrNull('Null unless every meter has a factor'),
      standardCoalT: SavingsIntervalSchema,
    },
    { description: 'Over all meters; their errors count as independent' },
  ),
  verdict: Type.Union([Type.Literal('significant'), Type.Literal('not-significant')], {
    description: 'significant: the whole interval of the energy saved lies above zero',
  }),
  acceptable: Type.Boolean(),
  reasons: Type.Array(ReasonSchema),
})
export type SavingsOutput = Static<typeof SavingsOutputSchema>
