import Type, { type Static } from 'typebox'
import { durationText, instantText } from '../../kernel/index.ts'
import { PlanOutputSchema, ReasonSchema, RelaxedSchema } from './plan.ts'

const horizon = {
  site: Type.String({ description: 'Id of a site, or path of its file' }),
  at: Type.Optional(
    instantText({ description: 'First moment of the plan, ISO 8601; default: now, rounded down to a step' }),
  ),
  hours: Type.Number({
    exclusiveMinimum: 0,
    maximum: 744,
    default: 24,
    description: 'Length of the plan, a whole number of steps, at most 744 h',
  }),
  step: durationText({ default: '15m', description: 'Step of the plan, a divisor of the hour: 5m, 15m, 30m, 1h' }),
  changes: Type.Optional(Type.Unknown({ description: 'JSON Merge Patch on the site document: what if' })),
}

export const ExplainInputSchema = Type.Object({
  ...horizon,
  time: Type.Optional(
    instantText({
      description: 'A moment of the plan to be explained; default: the whole plan, in stretches of one cause',
    }),
  ),
  asset: Type.Optional(Type.String({ description: 'Only what has to do with this asset' })),
})
export type ExplainInput = Static<typeof ExplainInputSchema>

/** What can make a kWh dear or cheap. */
export const PriceTermSchema = Type.Union([
  Type.Literal('import-price'),
  Type.Literal('export-price'),
  Type.Literal('carbon-price'),
  Type.Literal('price-block'),
  Type.Literal('net-metering'),
  Type.Literal('demand-charge'),
  Type.Literal('fuel'),
  Type.Literal('start'),
  Type.Literal('running'),
  Type.Literal('wear'),
  Type.Literal('loss'),
  Type.Literal('load-left-out'),
  Type.Literal('reserve-price'),
  Type.Literal('stored-energy'),
  Type.Literal('missed-wish'),
])
export type PriceTerm = Static<typeof PriceTermSchema>

const PricePartSchema = Type.Object({
  term: PriceTermSchema,
  asset: Type.String(),
  atMs: Type.Union([Type.Number(), Type.Null()], {
    description: 'Step in which the plan answers; null: of no single step',
  }),
  amountPerKwh: Type.Number({ description: 'What it adds to the worth of one more kWh' }),
  changeKw: Type.Union([Type.Number(), Type.Null()], {
    description: 'How much the asset changes there for one kW more here; null where it is not told in kW',
  }),
  wish: Type.Optional(Type.String({ description: 'Of a missed wish: which' })),
})
export type PricePart = Static<typeof PricePartSchema>

const BusWorthSchema = Type.Object({
  carrier: Type.String(),
  bus: Type.String(),
  fromMs: Type.Number(),
  toMs: Type.Number(),
  pricePerKwh: Type.Number({ description: 'Worth of one more kWh; of a stretch, the mean' }),
  parts: Type.Array(PricePartSchema, { description: 'Add up to the worth, the largest first' }),
  text: Type.String({ description: 'In words, English' }),
})
export type BusWorth = Static<typeof BusWorthSchema>

const MachineSchema = Type.Object({
  asset: Type.String(),
  carrier: Type.String(),
  bus: Type.String(),
  powerKw: Type.Number({ description: '+ supplies the bus, − draws' }),
  state: Type.Union([Type.Literal('sets-price'), Type.Literal('full'), Type.Literal('idle'), Type.Literal('held')], {
    description:
      'sets-price: one kWh more comes from here; full: it does all it can; idle: it would not pay; held: an earlier or later step decides',
  }),
  gainPerKwh: Type.Number({
    description: 'Full: what one more kWh of it would save. Idle: how much dearer a kWh had to be before it would run',
  }),
  text: Type.String(),
})
export type Machine = Static<typeof MachineSchema>

const LimitWorthSchema = Type.Object({
  path: Type.String({ description: 'Where in the site file: `assets.grid.importLimitKw`' }),
  asset: Type.Union([Type.String(), Type.Null()]),
  value: Type.Number(),
  unit: Type.String(),
  worthOfMore: Type.Number({
    description: 'What one unit more would save over the whole plan, machines on and off as planned',
  }),
  costOfLess: Type.Number({ description: 'What one unit less would cost' }),
  worthAtStep: Type.Union([Type.Number(), Type.Null()], {
    description: 'Part of it that arises in the step asked for; null: none was asked for',
  }),
  whenMs: Type.Array(Type.Tuple([Type.Number(), Type.Number()]), { description: 'Stretches in which it binds' }),
  text: Type.String(),
})
export type LimitWorth = Static<typeof LimitWorthSchema>

const PeakSchema = Type.Object({
  name: Type.String(),
  asset: Type.String(),
  steps: Type.Array(
    Type.Object({
      atMs: Type.Number(),
      worthPerKw: Type.Number({ description: 'What one kW less of import then would save of the demand charge' }),
    }),
    { description: 'Intervals that set the billed peak' },
  ),
})
export type PeakWorth = Static<typeof PeakSchema>

/** One smallest set of wishes and limits that cannot all hold. */
export const ConflictSchema = Type.Object({
  wish: Type.String({ description: 'The wish that gave way' }),
  asset: Type.String(),
  amount: Type.Number(),
  unit: Type.String(),
  limits: Type.Array(
    Type.Object({
      code: Type.String(),
      path: Type.String({ description: 'Where in the site file' }),
      asset: Type.Union([Type.String(), Type.Null()]),
      value: Type.Union([Type.Number(), Type.Null()]),
      unit: Type.String(),
      text: Type.String(),
    }),
    { description: 'Limits; without any one of them the others and the wishes could all hold' },
  ),
  wishes: Type.Array(Type.Object({ wish: Type.String(), asset: Type.String(), text: Type.String() }), {
    description: 'Wishes beside it that take part and were kept as far as the plan keeps them',
  }),
  from: Type.Union([Type.String(), Type.Null()]),
  to: Type.Union([Type.String(), Type.Null()]),
  smallest: Type.Boolean({ description: 'Whether each member was proven to be needed; false when the time was over' }),
  code: Type.String(),
  values: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()])),
  text: Type.String({ description: 'In words, English' }),
})
export type Conflict = Static<typeof ConflictSchema>

export const ExplainOutputSchema = Type.Object({
  site: Type.String(),
  status: Type.Union([Type.Literal('optimal'), Type.Literal('feasible'), Type.Literal('relaxed')]),
  start: Type.String(),
  startMs: Type.Number(),
  zone: Type.String(),
  stepMinutes: Type.Number(),
  currency: Type.String(),
  cost: Type.Number({ description: 'Of the plan, in the site’s currency' }),
  atMs: Type.Union([Type.Number(), Type.Null()], { description: 'Step that is explained; null: all' }),
  exact: Type.Boolean({ description: 'Whether the parts of every price add up to it' }),
  worths: Type.Array(BusWorthSchema),
  machines: Type.Array(MachineSchema, { description: 'Of the step asked for' }),
  limits: Type.Array(LimitWorthSchema, { description: 'The dearest first; those that cost nothing are left out' }),
  peaks: Type.Array(PeakSchema),
  relaxed: Type.Array(RelaxedSchema),
  conflicts: Type.Array(ConflictSchema),
  reasons: Type.Array(ReasonSchema),
})
export type ExplainOutput = Static<typeof ExplainOutputSchema>

export const WhatIfInputSchema = Type.Object({
  ...horizon,
  variants: Type.Array(
    Type.Object({
      name: Type.String({ minLength: 1 }),
      changes: Type.Unknown({ description: 'JSON Merge Patch on the site document, after `changes`' }),
    }),
    { minItems: 1, maxItems: 20, description: 'What is to be tried beside the plan as it is' },
  ),
})
export type WhatIfInput = Static<typeof WhatIfInputSchema>

const costParts = PlanOutputSchema.properties.cost
const TriedSchema = Type.Object({
  name: Type.String(),
  status: Type.Union([Type.Literal('optimal'), Type.Literal('feasible'), Type.Literal('relaxed')]),
  cost: costParts,
  emissionsKgCo2e: Type.Number(),
  boundGap: Type.Number({
    description: 'Relative distance of the cost to the proven bound: how much cheaper it could be',
  }),
  relaxed: Type.Array(RelaxedSchema),
})
const DifferenceSchema = Type.Object({
  asset: Type.String(),
  point: Type.String(),
  unit: Type.String(),
  step: Type.Integer(),
  atMs: Type.Number(),
  base: Type.Union([Type.Number(), Type.Null()], { description: 'Null: the site has no such asset' }),
  variant: Type.Union([Type.Number(), Type.Null()]),
})
export type WhatIfDifference = Static<typeof DifferenceSchema>

export const WhatIfOutputSchema = Type.Object({
  site: Type.String(),
  start: Type.String(),
  startMs: Type.Number(),
  zone: Type.String(),
  stepMinutes: Type.Number(),
  currency: Type.String(),
  base: TriedSchema,
  variants: Type.Array(
    Type.Object({
      ...TriedSchema.properties,
      difference: Type.Object(
        { cost: costParts, emissionsKgCo2e: Type.Number() },
        { description: 'Variant less base: negative is cheaper, or less' },
      ),
      first: Type.Array(DifferenceSchema, {
        description: 'Where each asset first does something else, the earliest first',
      }),
    }),
  ),
})
export type WhatIfOutput = Static<typeof WhatIfOutputSchema>
