import Type, { type Static } from 'typebox'
import { durationText, instantText } from '../../kernel/index.ts'
import { VerdictReasonSchema } from '../verdict/schema.ts'
import { poolRules } from './store-carbon.ts'

const closed = { additionalProperties: false } as const
const text = (description: string) => Type.String({ minLength: 1, maxLength: 300, description })
const one = <const Names extends readonly string[]>(names: Names, more: Type.TSchemaOptions) =>
  Type.Unsafe<Names[number]>(Type.String({ enum: [...names], ...more }))
const kwhEachStep = (description: string) =>
  Type.Array(Type.Number({ minimum: 0 }), { minItems: 1, maxItems: 105_408, description: `${description}, kWh a step` })
const rate = Type.Number({ minimum: 0, maximum: 20 })
const perKwh = (description: string) =>
  Type.Union([rate, Type.Array(rate, { minItems: 1, maxItems: 105_408 })], {
    description: `${description}, kg/kWh: one for all steps, or one a step`,
  })

const FactorSchema = Type.Object(
  {
    kgPerKwh: perKwh('Of the grid'),
    source: text('Document the factor stands in'),
    verify: Type.Optional(text('Why it has to be held against its document')),
  },
  closed,
)

const SourceSchema = Type.Object(
  {
    id: text('pv, grid, genset'),
    chargeKwh: kwhEachStep('What the battery draws of it'),
    kgPerKwh: Type.Union([Type.Literal('grid'), perKwh('Carbon it comes with')], {
      description: 'grid: the factor of the grid, of either kind; 0 for sun, wind and water',
    }),
    otherwise: one(['exported', 'curtailed', 'not-made'] as const, {
      description: 'What would become of it without the battery; bought or made from fuel: not-made',
    }),
  },
  closed,
)

const FlowsSchema = Type.Object(
  {
    stepHours: Type.Number({ exclusiveMinimum: 0, maximum: 24, default: 1, description: 'Hours of a step' }),
    sources: Type.Array(SourceSchema, { minItems: 1, maxItems: 20, description: 'What it charges from' }),
    dischargeKwh: kwhEachStep('What it gives'),
    chargeEfficiency: Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
    dischargeEfficiency: Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
    selfDischargePerDay: Type.Number({ minimum: 0, exclusiveMaximum: 1, default: 0 }),
    initialKwh: Type.Number({ minimum: 0, default: 0, description: 'In store at the begin, kWh' }),
  },
  closed,
)
export type StatedFlows = Static<typeof FlowsSchema>

export const BatteryCarbonInputSchema = Type.Object({
  site: Type.Optional(
    Type.String({ description: 'Id of a site, or path of its file: its flows are those of its plan' }),
  ),
  at: Type.Optional(instantText({ description: 'Of a site: first moment of the plan; default: now' })),
  hours: Type.Number({ exclusiveMinimum: 0, maximum: 744, default: 24, description: 'Of a site: length of the plan' }),
  step: durationText({ default: '1h', description: 'Of a site: step of the plan' }),
  battery: Type.Optional(Type.String({ description: 'Of a site: id of the battery, where it has several' })),
  chargeFrom: one(['mix', 'surplus'] as const, {
    default: 'mix',
    description:
      'Of a site: a charged kWh has the mix of all that is supplied in its step, or surplus of sun, wind and water first',
  }),
  changes: Type.Optional(Type.Unknown({ description: 'JSON Merge Patch on the site document: what if' })),
  flows: Type.Optional(FlowsSchema),
  rule: one(poolRules, {
    default: 'mixed',
    description: 'Which of what is stored is discharged: the average of all, what came first, or the cleanest',
  }),
  average: Type.Optional(FactorSchema),
  marginal: Type.Optional(FactorSchema),
  initialKgPerKwh: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 20,
      description:
        'Carbon of what is in store at the begin; absent: the factor of the grid in the first step, and that is told',
    }),
  ),
  toleranceKwh: Type.Number({
    ...{ minimum: 0, default: 0.001 },
    description: 'By how much flows that were rounded may take more than there is in a step, kWh',
  }),
  embodied: Type.Optional(
    Type.Object(
      {
        kgCo2ePerKwh: Type.Number({ minimum: 0, description: 'Of making the battery, per kWh of capacity' }),
        capacityKwh: Type.Number({ exclusiveMinimum: 0 }),
        lifetimeThroughputKwh: Type.Number({ exclusiveMinimum: 0, description: 'What it gives over its life' }),
        source: text('Document'),
      },
      { ...closed, description: 'Told beside the carbon of its operation, and never added to it' },
    ),
  ),
})
export type BatteryCarbonInput = Static<typeof BatteryCarbonInputSchema>

const exact = (description: string) => Type.String({ description: `${description}, kg; exact decimal text` })
const eachStep = (description: string) => Type.Array(Type.Union([Type.Number(), Type.Null()]), { description })
const kinds = ['average', 'marginal'] as const
export type FactorKind = (typeof kinds)[number]

const BookSchema = Type.Object({
  kind: one(kinds, { description: 'Of the factors of the grid; the two are never mixed' }),
  source: Type.String(),
  verify: Type.Optional(Type.String()),
  initialKg: exact('Carbon in store at the begin'),
  inKg: exact('Carbon that charge brought'),
  outKg: exact('Carbon that discharge took: initialKg + inKg = outKg + storedKg to the last digit'),
  storedKg: exact('Carbon in store at the end'),
  dischargeKgPerKwh: Type.Union([Type.Number(), Type.Null()], { description: 'Of all that was discharged, kg/kWh' }),
  chargeKgPerKwh: Type.Union([Type.Number(), Type.Null()], { description: 'Of all that was charged, kg/kWh' }),
  comparison: Type.Object(
    {
      withKg: exact('What was bought or burnt to charge it, and export forgone by marginal factors'),
      withoutKg: exact('What would have been bought instead of what it gave'),
      savedKg: exact('Without less with; negative: the battery added'),
      storedChangeKg: exact(
        'Carbon in store at the end less that at the begin: not saved for good where it is below 0',
      ),
    },
    { description: 'Against the same hours without the battery' },
  ),
  steps: Type.Object({
    chargeKgPerKwh: eachStep('Of what is charged'),
    dischargeKgPerKwh: eachStep('Of what is discharged'),
  }),
})

export const BatteryCarbonOutputSchema = Type.Object({
  site: Type.Union([Type.String(), Type.Null()]),
  battery: Type.Union([Type.String(), Type.Null()]),
  rule: Type.String(),
  stepHours: Type.Number(),
  stepCount: Type.Integer(),
  chargedKwh: Type.Number(),
  dischargedKwh: Type.Number(),
  lostKwh: Type.Number({
    description: 'On the way in, in store and on the way out; its carbon stays with what is left',
  }),
  storedKwh: Type.Number({ description: 'At the end' }),
  unmatchedKwh: Type.Number({ description: 'Taken beyond what was stored, within the tolerance; without carbon' }),
  storedKwhByStep: Type.Array(Type.Number()),
  books: Type.Array(BookSchema, { description: 'One a kind of factors' }),
  embodied: Type.Union([
    Type.Object({
      kgCo2ePerDischargedKwh: Type.Number(),
      kgCo2e: Type.Number({ description: 'Of what was discharged here' }),
      source: Type.String(),
    }),
    Type.Null(),
  ]),
  reasons: Type.Array(VerdictReasonSchema),
})
export type BatteryCarbonOutput = Static<typeof BatteryCarbonOutputSchema>
