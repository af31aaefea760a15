import Type, { type Static } from 'typebox'
import { VerdictReasonSchema } from '../verdict/schema.ts'

const closed = { additionalProperties: false } as const
const text = (description: string) => Type.String({ minLength: 1, maxLength: 300, description })
const one = <const Names extends readonly string[]>(names: Names, more: Type.TSchemaOptions) =>
  Type.Unsafe<Names[number]>(Type.String({ enum: [...names], ...more }))
const money = (description: string) => Type.Number({ description: `${description}, in the site’s currency` })
const cost = (description: string, fallback?: number) =>
  Type.Number({
    ...{ minimum: 0, description: `${description}, in the site’s currency` },
    ...(fallback === undefined ? {} : { default: fallback }),
  })

const SizeSchema = Type.Object(
  {
    asset: text('Id of an asset of the site'),
    size: text('What of it grows: capacityKwp, capacityKwh, powerKw …'),
    to: Type.Number({ minimum: 0, description: 'Size with the measure, in the unit of its name' }),
    existing: Type.Optional(
      Type.Number({ minimum: 0, description: 'What stands; absent: as the section investment or the asset says' }),
    ),
    capexPerUnit: Type.Optional(cost('Of one kW or kWh more; absent: of the section investment')),
    opexPerUnitYear: Type.Optional(cost('Of one kW or kWh more')),
    lifetimeYears: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 100 })),
  },
  closed,
)
export type MeasureSize = Static<typeof SizeSchema>

const MeasureSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$', maxLength: 60 }),
    title: Type.Optional(text('For people')),
    sizes: Type.Array(SizeSchema, { default: [], maxItems: 20, description: 'Machines that it makes larger' }),
    changes: Type.Optional(
      Type.Unknown({ description: 'JSON Merge Patch on the site document: other machines, less demand' }),
    ),
    capex: cost('Of what `changes` changes, after subsidy', 0),
    opexPerYear: Type.Number({
      default: 0,
      description: 'Upkeep more a year of what `changes` changes; negative: less; in the site’s currency',
    }),
    lifetimeYears: Type.Number({
      ...{ exclusiveMinimum: 0, maximum: 100, default: 20 },
      description: 'Years over which `capex` is spread as an annuity',
    }),
  },
  closed,
)
export type StatedMeasure = Static<typeof MeasureSchema>

const rate = Type.Number({ minimum: 0, maximum: 20 })
const GridFactorSchema = Type.Union([
  text('Id of a factor of the books: grid-cn/CN-JS.2023'),
  Type.Object(
    {
      kgPerKwh: rate,
      kind: one(['average', 'operating-margin', 'build-margin', 'combined-margin'] as const, { description: 'Which' }),
      source: text('Document and table'),
      verify: Type.Optional(text('Why it has to be held against its document')),
    },
    closed,
  ),
])

export const AbatementInputSchema = Type.Object({
  site: Type.String({ description: 'Id of a site, or path of its file' }),
  year: Type.Optional(
    Type.Integer({ minimum: 1990, maximum: 2200, description: 'That stands for all; default: this one' }),
  ),
  measures: Type.Array(MeasureSchema, {
    ...{ default: [], maxItems: 20 },
    description: 'What could be done; absent: each asset of the section investment at its largest size',
  }),
  electricity: one(['average', 'marginal'] as const, {
    default: 'average',
    description: 'Kind of the grid factor: average for an inventory, marginal for what changes in the grid; never both',
  }),
  gridFactor: Type.Optional(GridFactorSchema),
  order: one(['once', 'each-step'] as const, {
    default: 'once',
    description: 'Ranked once by what each does alone, or anew after each step, which takes a square of runs',
  }),
  method: one(['quick', 'exact'] as const, {
    default: 'quick',
    description: 'Typical days, or every hour of the year',
  }),
  years: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 60, description: 'Without a section investment; default 20' }),
  ),
  discountRate: Type.Optional(
    Type.Number({ minimum: -0.5, maximum: 1, description: 'Without a section investment; default 0.06' }),
  ),
  changes: Type.Optional(Type.Unknown({ description: 'JSON Merge Patch on the site document: what if' })),
})
export type AbatementInput = Static<typeof AbatementInputSchema>

const orNull = (description: string) => Type.Union([Type.Number(), Type.Null()], { description })
const effect = {
  avoidedTonnesPerYear: Type.Number({ description: 'tCO2e a year less; negative: more' }),
  costPerYear: money('Annualised investment and operation more a year, carbon price left out; negative: it earns'),
  costPerTonne: orNull('costPerYear over avoidedTonnesPerYear; null where nothing is avoided'),
}
const EffectSchema = Type.Object(effect)
export type Effect = Static<typeof EffectSchema>

const BarSchema = Type.Object({
  rank: Type.Integer(),
  id: Type.String(),
  title: Type.String(),
  sizes: Type.Array(Type.Object({ id: Type.String(), from: Type.Number(), to: Type.Number() })),
  ...effect,
  investmentPerYear: money('Of costPerYear: capex as an annuity, replacements and upkeep'),
  capex: money('To begin with, after subsidy'),
  fromTonnes: Type.Number({ description: 'Left edge of the bar: what those before it avoid' }),
  toTonnes: Type.Number({ description: 'Right edge of the bar' }),
  emissionsAfterTonnes: Type.Number({ description: 'Of the site, with this and all before it' }),
  belowCarbonPrice: Type.Boolean({ description: 'A tonne costs at most what the site pays for carbon' }),
  alone: Type.Union([EffectSchema, Type.Null()], {
    description: 'The same measure by itself; null where it cannot be done alone',
  }),
})
export type Bar = Static<typeof BarSchema>

export const AbatementOutputSchema = Type.Object({
  site: Type.String(),
  year: Type.Integer(),
  currency: Type.String(),
  electricity: Type.String(),
  gridFactor: Type.Object({
    kgPerKwh: orNull('null: as the tariff of the site says, which may change by the hour'),
    source: Type.String(),
    verify: Type.Optional(Type.String()),
  }),
  method: Type.String(),
  order: Type.String(),
  carbonPricePerTonne: money('Of the site, which no cost here holds'),
  startTonnesPerYear: Type.Number({ description: 'Emissions of the site as it stands' }),
  endTonnesPerYear: Type.Number({ description: 'With all bars' }),
  bars: Type.Array(BarSchema, { description: 'From left to right: width avoidedTonnesPerYear, height costPerTonne' }),
  total: Type.Object({
    ...effect,
    capex: money('Of all bars'),
    aloneTonnesPerYear: Type.Number({
      description: 'Sum of what the bars do alone: more than together where they get in each other’s way',
    }),
  }),
  left: Type.Array(
    Type.Object({
      id: Type.String(),
      title: Type.String(),
      why: one(['infeasible', 'no-help'] as const, { description: 'It cannot be done, or avoids nothing' }),
      text: Type.String(),
      alone: Type.Union([EffectSchema, Type.Null()]),
    }),
    { description: 'Measures without a bar' },
  ),
  synthetic: Type.Boolean({ description: 'The weather is made up from normals' }),
  reasons: Type.Array(VerdictReasonSchema),
})
export type AbatementOutput = Static<typeof AbatementOutputSchema>
