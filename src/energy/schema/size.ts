import Type, { type Static } from 'typebox'
import { fraction, instantText } from '../../kernel/index.ts'
import { ReasonSchema } from './plan.ts'

const rate = (description: string, fallback: number) =>
  Type.Number({ minimum: -0.5, maximum: 1, default: fallback, description })

/** One size that may be decided, and what it costs over its life. Money in the site's currency and of the first year. */
export const InvestmentOptionSchema = Type.Object({
  asset: Type.String({ description: 'Id of an asset of the site' }),
  size: Type.String({ description: 'What of it is decided: capacityKwp, ratedKw, capacityKwh, powerKw …' }),
  min: Type.Number({ minimum: 0, default: 0, description: 'Least size, in the unit of its name' }),
  max: Type.Number({ exclusiveMinimum: 0, description: 'Largest size' }),
  existing: Type.Number({ minimum: 0, default: 0, description: 'What stands already: kept, without capex' }),
  capexPerUnit: Type.Number({ minimum: 0, description: 'Of one kW or kWh more than what stands' }),
  opexPerUnitYear: Type.Number({ minimum: 0, default: 0 }),
  lifetimeYears: Type.Number({ exclusiveMinimum: 0, maximum: 100, default: 20 }),
  replacementPerUnit: Type.Optional(Type.Number({ minimum: 0, description: 'Default: capexPerUnit' })),
  subsidyShare: fraction({ default: 0, description: 'Part of the capex that somebody else pays' }),
})
export type InvestmentOption = Static<typeof InvestmentOptionSchema>

export const InvestmentSchema = Type.Object({
  years: Type.Integer({ minimum: 1, maximum: 60, default: 20, description: 'Years that are looked at' }),
  discountRate: rate('Nominal, a year', 0.06),
  opexEscalation: rate('Rise of maintenance a year', 0),
  energyEscalation: rate('Rise of energy prices a year', 0),
  carbonEscalation: rate('Rise of the carbon price a year', 0),
  financing: Type.Optional(
    Type.Object({
      debtShare: fraction({ description: 'Part of the capex that is borrowed' }),
      interestRate: rate('Of the debt, a year', 0.04),
      termYears: Type.Integer({ minimum: 1, maximum: 40, default: 10 }),
    }),
  ),
  taxRate: fraction({ default: 0, description: 'On what is saved and earned, after depreciation and interest' }),
  carbonCapKgPerYear: Type.Optional(
    Type.Number({ minimum: 0, description: 'Emissions of the site that a year may have' }),
  ),
  mostCapex: Type.Optional(
    Type.Number({ minimum: 0, description: 'Budget: what may be paid for all that is new, after subsidy' }),
  ),
  minRenewableShare: Type.Optional(
    fraction({ description: 'Least part of the energy used that is neither imported nor made from fossil fuel' }),
  ),
  options: Type.Array(InvestmentOptionSchema, { minItems: 1 }),
})
export type Investment = Static<typeof InvestmentSchema>

export const SizeInputSchema = Type.Object({
  site: Type.String({ description: 'Id of a site, or path of its file; it needs a section `investment`' }),
  at: Type.Optional(
    instantText({
      description: 'First moment of the year that stands for all, ISO 8601; default: 1 January of this year',
    }),
  ),
  weatherYears: Type.Integer({
    minimum: 1,
    maximum: 5,
    default: 1,
    description: 'Years of 8,760 h that are looked at together',
  }),
  step: Type.Union([Type.Literal('1h'), Type.Literal('30m'), Type.Literal('15m')], { default: '1h' }),
  preview: Type.Boolean({
    default: false,
    description: 'Only the quick answer on typical days, with a front on them if one is asked for',
  }),
  pareto: Type.Integer({ minimum: 0, maximum: 20, default: 0, description: 'Points of the front of cost and carbon' }),
  backtest: Type.Union([Type.Literal('weeks'), Type.Literal('year'), Type.Literal('rule'), Type.Literal('none')], {
    default: 'weeks',
    description:
      'How the size is tried with the live controller: four weeks, one a season; the whole year (an hour); by rule only; not at all (the answer then says so)',
  }),
  changes: Type.Optional(Type.Unknown({ description: 'JSON Merge Patch on the site document: what if' })),
})
export type SizeInput = Static<typeof SizeInputSchema>

const money = (description: string) => Type.Number({ description: `${description}, in the site’s currency` })
const maybe = (description: string) => Type.Union([Type.Number(), Type.Null()], { description })

export const SizedOptionSchema = Type.Object({
  id: Type.String({ description: '`<asset>.<size>`' }),
  title: Type.String(),
  unit: Type.String(),
  size: Type.Number(),
  existing: Type.Number(),
  max: Type.Number(),
  capex: money('Of what is new, after subsidy'),
  annualCost: money('Capex, replacements, salvage and maintenance as an equal sum a year'),
})

const EconomicsSchema = Type.Object({
  capex: money('After subsidy'),
  netPresentValue: money('Of all years, against today'),
  internalRateOfReturn: maybe('A year; null when there is none or more than one'),
  equityRateOfReturn: maybe('Of the owner’s money, with debt and tax; null when there is none'),
  paybackYears: maybe('Simple; null when it never comes'),
  discountedPaybackYears: maybe('Null when it never comes'),
  levelisedCostPerKwh: maybe('Present worth of all costs over that of the energy used'),
  abatementCostPerTonne: maybe('Per tonne CO2e avoided; negative when it earns money; null when none is'),
  cashFlow: Type.Array(Type.Record(Type.String(), Type.Number()), { description: 'One row a year, year 0 first' }),
})

const SizePatchSchema = Type.Record(Type.String(), Type.Unknown(), {
  description:
    'What a JSON Merge Patch of the site says of its assets to give them these sizes; null takes one away that is not built',
})

export const FrontPointSchema = Type.Object({
  emissionsKgCo2ePerYear: Type.Number(),
  annualCost: money('Investment and operation'),
  netPresentValue: money('Against the site as it stands'),
  capex: money('After subsidy'),
  renewableShare: Type.Number(),
  unservedKwh: Type.Number({ description: 'What loads and vehicles go without, a year' }),
  sizes: Type.Record(Type.String(), Type.Number()),
  economics: EconomicsSchema,
  assets: SizePatchSchema,
  boundGap: Type.Number(),
})

export const SizeOutputSchema = Type.Object({
  site: Type.String(),
  currency: Type.String(),
  start: Type.String({ description: 'ISO 8601 with the site’s offset' }),
  hours: Type.Integer({ description: 'Hours that were optimised together' }),
  years: Type.Integer(),
  status: Type.Union([Type.Literal('optimal'), Type.Literal('preview'), Type.Literal('target-missed')]),
  sizes: Type.Array(SizedOptionSchema),
  annual: Type.Object({
    cost: money('Investment and operation a year, of present worth spread evenly'),
    investment: money('Of it: investment with replacements, salvage and maintenance'),
    operation: money('Of it: energy, demand, fuel, carbon'),
    emissionsKgCo2e: Type.Number(),
    energyUsedKwh: Type.Number(),
    importKwh: Type.Number(),
    renewableShare: Type.Number({ description: '1 − imported and fossil energy over energy used' }),
    unservedKwh: Type.Number(),
  }),
  today: Type.Object(
    {
      cost: money('Operation a year'),
      emissionsKgCo2e: Type.Number(),
      renewableShare: Type.Number(),
      unservedKwh: Type.Number(),
    },
    { description: 'The site with what stands already, run as well as it can be' },
  ),
  economics: EconomicsSchema,
  assets: SizePatchSchema,
  certificate: Type.Object({
    maxResidual: Type.Number(),
    boundGap: Type.Number({ description: 'Relative distance of the cost to the bound that the duals prove' }),
    ok: Type.Boolean(),
    columns: Type.Integer(),
    rows: Type.Integer(),
    nonzeros: Type.Integer(),
  }),
  preview: Type.Union(
    [
      Type.Object({
        sizes: Type.Record(Type.String(), Type.Number()),
        netPresentValue: Type.Number(),
        stepHours: Type.Number(),
        typicalDays: Type.Integer({ description: 'Groups of alike days that stand for all' }),
      }),
      Type.Null(),
    ],
    { description: 'The quick answer that came first' },
  ),
  proof: Type.Union(
    [
      Type.Object({
        controller: Type.String(),
        span: Type.String(),
        cost: money('Of the span with the live controller'),
        perfectCost: money('Of the same span with perfect foresight'),
        ruleCost: maybe('Of the same span by rule'),
        emissionsKgCo2e: Type.Number(),
        unservedKwh: Type.Number(),
        netPresentValue: money('With the operating cost that the live controller reaches'),
      }),
      Type.Null(),
    ],
    { description: 'The live controller run on these sizes; null when it was not asked for' },
  ),
  front: Type.Array(FrontPointSchema, { description: 'Cost and carbon, the cheapest first; empty when not asked for' }),
  reasons: Type.Array(ReasonSchema),
  synthetic: Type.Boolean(),
})
export type SizeOutput = Static<typeof SizeOutputSchema>
export type FrontPoint = Static<typeof FrontPointSchema>
