import Type, { type Static } from 'typebox'
import { amount, closed, day, gwpSetField, id, one, region, relativeField, text } from '../freight/fields.ts'
import { ChainInputSchema, EnergyUseSchema } from '../freight/index.ts'
import { FindingSchema } from '../payload/index.ts'
import { allTerms, declaredUnits, type Term } from './pact/fields.ts'

const urn = (description: string) => Type.String({ pattern: '^[uU][rR][nN]:\\S+$', maxLength: 300, description })
const signed = (description: string) =>
  Type.String({ pattern: '^-?\\d{1,20}(\\.\\d{1,20})?$', description: `${description}; decimal text` })

export const TermsSchema = Type.Object(
  Object.fromEntries(allTerms.map((name) => [name, Type.Optional(signed('kg CO2e'))])) as Record<
    Term,
    Type.TOptional<Type.TString>
  >,
  { ...closed, description: 'kg CO2e by the terms of PACT 3; what is not told is none' },
)

const flow = {
  id: id('Of the process or input'),
  title: Type.Optional(text('For readers')),
  for: Type.Optional(id('The output whose alone it is; absent: shared by the allocation')),
  packaging: Type.Optional(Type.Boolean({ description: 'It is packaging of the product' })),
  data: Type.Optional(one(['primary', 'secondary'] as const, 'Where the data come from')),
  relative: Type.Optional(relativeField('its emissions')),
  quality: Type.Optional(
    Type.Object(
      Object.fromEntries(
        (['technology', 'geography', 'time'] as const).map((name) => [
          name,
          Type.Number({ minimum: 1, maximum: 5, description: '1 is best' }),
        ]),
      ) as Record<'technology' | 'geography' | 'time', Type.TNumber>,
      { ...closed, description: 'Ratings of PACT, section 4.2.3' },
    ),
  ),
}
const quantity = { amount: amount('Of the period'), unit: id('kg, t, L, kWh, piece') }

export const ActivitySchema = Type.Union(
  [
    Type.Object(
      { kind: Type.Literal('energy'), ...flow, use: EnergyUseSchema },
      { ...closed, title: 'Energy of the own processes, with its upstream' },
    ),
    Type.Object(
      {
        kind: Type.Literal('emission'),
        ...flow,
        gas: id('CO2, CH4, N2O, SF6, R410A …'),
        massKg: amount('That escaped or was formed'),
        origin: one(['fossil', 'biogenic', 'land-use-change', 'land-management'] as const, 'Where it comes from'),
      },
      { ...closed, title: 'Emissions of the process itself' },
    ),
    Type.Object(
      { kind: Type.Literal('factor'), ...flow, ...quantity, factor: id('Id of a factor with upstream: <set>/<row>') },
      { ...closed, title: 'An input by a factor' },
    ),
    Type.Object(
      {
        kind: Type.Literal('supplier'),
        ...flow,
        ...quantity,
        footprint: Type.Record(Type.String(), Type.Unknown(), {
          description: 'ProductFootprint of PACT 3 from the supplier',
        }),
      },
      { ...closed, title: 'An input by the footprint of its supplier' },
    ),
    Type.Object(
      { kind: Type.Literal('stated'), ...flow, ...quantity, per: TermsSchema, source: text('Who says so') },
      { ...closed, title: 'An input by what somebody states of a unit' },
    ),
    Type.Object(
      {
        kind: Type.Literal('transport'),
        ...flow,
        direction: one(['inbound', 'outbound'] as const, 'Outbound freight is told apart, and is in no sum'),
        chain: Type.Object(ChainInputSchema.properties, closed),
        times: Type.Optional(amount('How often in the period; default 1')),
      },
      { ...closed, title: 'Freight: a transport chain' },
    ),
  ],
  { description: 'A process or an input of the reporting period' },
)
export type Activity = Static<typeof ActivitySchema>

export const ProductInputSchema = Type.Object({
  company: Type.Object(
    { name: id('Of the company'), ids: Type.Array(urn('URN'), { minItems: 1 }) },
    { ...closed, description: 'Whose product it is' },
  ),
  product: Type.Object(
    {
      name: id('As the company calls it'),
      description: text('What it is'),
      ids: Type.Array(urn('URN'), { minItems: 1 }),
      classifications: Type.Optional(Type.Array(urn('URN'), { minItems: 1 })),
    },
    { ...closed, description: 'What it is' },
  ),
  declaredUnit: Type.Object(
    {
      unit: one(declaredUnits, 'Unit of measurement'),
      amount: amount('How many'),
      massKg: amount('Without packaging; 0 of energy, freight and services'),
      fossilCarbonKg: amount('Carbon in it'),
      biogenicCarbonKg: Type.Optional(amount('Carbon in it')),
      recycledCarbonKg: Type.Optional(amount('Carbon in it')),
    },
    { ...closed, description: 'What the footprint is of' },
  ),
  period: Type.Object(
    { from: day('First day'), to: day('First day after') },
    { ...closed, description: 'Of the activities' },
  ),
  geography: Type.Optional(
    Type.Union(
      [
        Type.Object({ country: Type.String({ pattern: '^[A-Z]{2}$' }) }, closed),
        Type.Object({ subdivision: Type.String({ pattern: '^[A-Z]{2}-[A-Z0-9]{1,3}$' }) }, closed),
        Type.Object({ region: id('UN region or subregion') }, closed),
      ],
      { description: 'One granularity; absent: global' },
    ),
  ),
  gwpSet: gwpSetField('Pinned for the whole footprint'),
  region: Type.Optional(region('Where the factors are of')),
  fallback: Type.Array(
    one(['earlier-year', 'grid-region', 'country', 'anywhere'] as const, 'How far a look-up may go'),
    {
      default: ['earlier-year', 'grid-region', 'country'],
      description: 'What may stand in where a factor is missing; each use is told',
    },
  ),
  outputs: Type.Array(
    Type.Object(
      {
        id: id('Of the product or co-product'),
        amount: amount('Made in the period, in units of measurement'),
        massKg: Type.Optional(amount('Of all of it')),
        value: Type.Optional(amount('Of all of it, in one currency')),
        physical: Type.Optional(amount('Of all of it: energy, volume, pieces')),
      },
      closed,
    ),
    { minItems: 1, maxItems: 100, description: 'The first is the product that the footprint is of' },
  ),
  allocation: Type.Object(
    {
      by: one(['mass', 'economic', 'physical', 'none'] as const, 'What shared activities are split by'),
      why: Type.Optional(text('Reason, by ISO 14067:2018, 6.4.6')),
    },
    { ...closed, default: { by: 'none' }, description: 'Needed with co-products' },
  ),
  activities: Type.Array(ActivitySchema, {
    minItems: 1,
    maxItems: 10_000,
    description: 'Bill of processes, cradle to gate',
  }),
  packagingIncluded: Type.Boolean({ default: false, description: 'Whether packaging is within the footprint' }),
  exempted: Type.Object(
    { percent: amount('Of the emissions'), why: Type.Optional(text('Reason')) },
    { ...closed, default: { percent: '0' }, description: 'What was left out' },
  ),
  decimals: Type.Integer({ minimum: 3, maximum: 15, default: 9, description: 'Decimals of the published terms' }),
  factorSets: Type.Array(Type.Unknown(), {
    default: [],
    description: 'Own sets of factors, in the form of the shipped ones',
  }),
})
export type ProductInput = Static<typeof ProductInputSchema>

const decimal = (description: string) => Type.String({ description: `${description}; exact decimal text` })
const PublishedTerms = Type.Record(Type.String(), decimal('kg CO2e'), { description: 'Terms that are not zero' })

export const ProductOutputSchema = Type.Object({
  footprint: Type.Record(Type.String(), Type.Unknown(), { description: 'ProductFootprint of PACT 3.0.3' }),
  perDeclaredUnit: Type.Object({
    excludingUptakeKgCo2e: decimal('Without biogenic uptake'),
    includingUptakeKgCo2e: decimal('With biogenic uptake'),
    terms: PublishedTerms,
    halfWidthKg: Type.Number({ description: 'Half of the 95 % interval without uptake, of what has an uncertainty' }),
    uncertainShare: Type.Number({ description: 'Share of the emissions whose uncertainty is known' }),
  }),
  period: Type.Object({
    excludingUptakeKgCo2e: decimal('All activities of the period, before allocation'),
    allocated: Type.Array(
      Type.Object({ output: Type.String(), excludingUptakeKgCo2e: decimal('Its share'), terms: PublishedTerms }),
      { description: 'Each output; together all of it, to the last digit' },
    ),
    outboundKgCo2e: decimal('Outbound freight, in no sum'),
  }),
  activities: Type.Array(
    Type.Object({
      id: Type.String(),
      kind: Type.String(),
      terms: PublishedTerms,
      sharePercent: Type.Union([Type.String(), Type.Null()], { description: 'Of what the product gets, two decimals' }),
      primaryPercent: Type.Union([decimal('Share of primary data'), Type.Null()]),
    }),
  ),
  quality: Type.Object({
    primaryDataSharePercent: Type.Union([decimal('By emissions'), Type.Null()]),
    ratedPercent: decimal('Share of the emissions that has ratings'),
  }),
  findings: Type.Array(FindingSchema, { description: 'Of footprints of suppliers' }),
  factors: Type.Array(Type.Record(Type.String(), Type.Unknown()), {
    description: 'Pedigree of every factor that was used',
  }),
  warnings: Type.Array(Type.String(), { description: 'What stood in, what is second-hand, what is not counted' }),
})
export type ProductOutput = Static<typeof ProductOutputSchema>
