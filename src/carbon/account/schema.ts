import Type, { type Static } from 'typebox'

const closed = { additionalProperties: false } as const
const day = (description: string) => Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description })
const text = (description: string) => Type.String({ minLength: 1, maxLength: 200, description })
const region = text('ISO 3166-1 or 3166-2: CN-JS, SG')
const pick = <const Names extends readonly string[]>(names: Names, more: Type.TSchemaOptions) =>
  Type.Enum([...names] as Names[number][], more)

/** What somebody used, moved or let escape. */
export const ActivitySchema = Type.Object(
  {
    id: text('Of the row; told in every problem'),
    activity: pick(['fuel', 'electricity', 'heat', 'refrigerant', 'freight', 'other'] as const, {
      description:
        'fuel and refrigerant are scope 1, electricity and heat scope 2, freight scope 3; other says its factor and scope',
    }),
    subject: Type.Optional(text('The fuel, the refrigerant or the carrier: diesel, R410A, rail-freight')),
    amount: Type.Union([Type.String({ maxLength: 60 }), Type.Number()], { description: 'Text keeps every digit' }),
    unit: text('kWh, t, L, t·km'),
    from: day('First day'),
    to: day('First day after'),
    region: Type.Optional(region),
    use: Type.Optional(
      pick(['energy-industry', 'road', 'rail', 'ship'] as const, {
        description: 'Where a fuel burns: its CH4 and N2O',
      }),
    ),
    heatingValue: Type.Optional(pick(['LHV', 'HHV'] as const, { description: 'Of a fuel that is given by energy' })),
    boundary: Type.Optional(pick(['TTW', 'WTW'] as const, { description: 'Of freight' })),
    factor: Type.Optional(text('Id of the factor instead of the one that is found')),
    scope: Type.Optional(Type.Integer({ minimum: 1, maximum: 3, description: 'Of other' })),
    category: Type.Optional(text('Of scope 3: 1 to 15')),
    relative: Type.Optional(Type.Number({ minimum: 0, description: 'Half of the 95 % interval over the amount' })),
    score: Type.Optional(Type.Number({ minimum: 1, maximum: 5, description: 'Data quality, 1 is best' })),
  },
  closed,
)
export type Activity = Static<typeof ActivitySchema>

/** A contract or certificate for electricity. */
export const InstrumentSchema = Type.Object(
  {
    id: text('Serial of the certificate, or number of the contract'),
    kind: pick(['GEC', 'I-REC', 'PPA', 'supplier'] as const, { description: 'What it is' }),
    amountKwh: Type.Union([Type.String({ maxLength: 60 }), Type.Number()], {
      description: 'Electricity it stands for',
    }),
    from: day('First day of generation'),
    to: day('First day after'),
    country: Type.String({ pattern: '^[A-Z]{2}$', description: 'Market it was issued in' }),
    kgCo2PerKwh: Type.String({ pattern: '^\\d+(\\.\\d+)?$', description: 'Direct; "0" for wind, sun and water' }),
  },
  closed,
)
export type Instrument = Static<typeof InstrumentSchema>

export const AccountInputSchema = Type.Object({
  site: Type.Optional(text('Site whose inventory it is: an id, or a file')),
  name: Type.Optional(text('Organisation or park; the name of the site when it is not said')),
  approach: Type.Union([Type.Literal('operational'), Type.Literal('financial'), Type.Literal('equity')], {
    default: 'operational',
    description: 'How the boundary was drawn',
  }),
  period: Type.Object({ from: day('First day'), to: day('First day after') }, closed),
  region: Type.Optional(region),
  gwpSet: Type.Union(
    [Type.Literal('SAR'), Type.Literal('AR4'), Type.Literal('AR5'), Type.Literal('AR5-ccf'), Type.Literal('AR6')],
    {
      default: 'AR6',
      description: 'Pinned for the whole inventory',
    },
  ),
  fallback: Type.Array(pick(['earlier-year', 'grid-region', 'country', 'anywhere'] as const, {}), {
    default: ['earlier-year', 'grid-region', 'country'],
    description: 'What may stand in where a factor is missing; each use is told',
  }),
  activities: Type.Array(ActivitySchema, { minItems: 1, description: 'Rows' }),
  instruments: Type.Array(InstrumentSchema, { default: [], description: 'For scope 2 by market' }),
  factorSets: Type.Array(Type.Unknown(), {
    default: [],
    description: 'Own sets of factors, in the form of the shipped ones',
  }),
})
export type AccountInput = Static<typeof AccountInputSchema>

const decimal = (description: string) => Type.String({ description: `${description}; exact decimal text` })
const TotalSchema = Type.Object({
  scope: Type.Integer(),
  category: Type.Optional(Type.String()),
  method: Type.Optional(pick(['location', 'market'] as const, { description: 'Of scope 2' })),
  massKgCo2e: decimal('By the pinned set'),
  gasesKg: Type.Record(Type.String(), Type.String(), { description: 'Mass of each gas' }),
  biogenicKgCo2: Type.Optional(decimal('Memo item, in no total')),
  rows: Type.Integer(),
  halfWidthKg: Type.Number({ description: 'Half of the 95 % interval, of what has an uncertainty' }),
  uncertainShare: Type.Number({ description: 'Share of the total whose uncertainty is known' }),
  score: Type.Union([Type.Number(), Type.Null()], { description: 'Data quality weighted by emissions' }),
})
export type AccountTotal = Static<typeof TotalSchema>

export const AccountOutputSchema = Type.Object({
  name: Type.String(),
  approach: Type.String(),
  period: Type.Object({ from: Type.String(), to: Type.String() }),
  gwpSet: Type.String(),
  totals: Type.Array(TotalSchema),
  sums: Type.Object({
    scope1KgCo2e: decimal('Scope 1'),
    scope2LocationKgCo2e: decimal('Scope 2 by location'),
    scope2MarketKgCo2e: decimal('Scope 2 by market'),
    scope3KgCo2e: decimal('Scope 3'),
  }),
  energy: Type.Object({
    calorificTce: decimal('Electricity by its heat'),
    equivalentTce: Type.Union([decimal('Electricity by the coal that supplies it'), Type.Null()]),
    withoutCoefficientRows: Type.Integer({ description: 'Rows of energy that no coefficient of standard coal fits' }),
  }),
  factors: Type.Array(Type.Record(Type.String(), Type.Unknown()), {
    description: 'Pedigree of every factor that was used',
  }),
  warnings: Type.Array(Type.String(), { description: 'What stood in, what is second-hand, what is not counted' }),
})
export type AccountOutput = Static<typeof AccountOutputSchema>
