import Type, { type Static } from 'typebox'
import { gwpSets } from '../factors/index.ts'
import { VerdictReasonSchema } from '../verdict/schema.ts'

const closed = { additionalProperties: false } as const
const text = (description: string, maxLength = 300) =>
  Type.String({ minLength: 1, maxLength, pattern: '\\S', description })
const name = (description: string) =>
  Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$', maxLength: 40, description })
const day = (description: string) => Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description })
const one = <const Names extends readonly string[]>(names: Names, more: Type.TSchemaOptions) =>
  Type.Unsafe<Names[number]>(Type.String({ enum: [...names], ...more }))
const decimal = (description: string) =>
  Type.Union([Type.String({ pattern: '^\\d{1,32}(\\.\\d{1,30})?$' }), Type.Number({ minimum: 0 })], {
    description: `${description}; text keeps every digit`,
  })
const relative = Type.Optional(Type.Number({ minimum: 0, description: 'Half of the 95 % interval over the value' }))
const share = (description: string) =>
  Type.String({ pattern: '^(0|1|0\\.\\d{1,12})$', description: `${description}; 0 to 1, as text` })

/** Kinds of factors of electricity. The first is what an inventory takes; the others are margins. */
export const statedKinds = ['average', 'operating-margin', 'build-margin', 'combined-margin', 'other'] as const

const StatedFactorSchema = Type.Object(
  {
    value: decimal('As printed'),
    unit: text('kg/kWh, kg/(t·km)'),
    gas: text('CO2, CO2e'),
    gwpSet: Type.Optional(one(gwpSets, { description: 'Of CO2e' })),
    boundary: one(['direct', 'lifecycle', 'WTT', 'TTW', 'WTW', 'unstated'] as const, {
      description: 'How far upstream it reaches',
    }),
    kind: one(statedKinds, { default: 'other', description: 'Of electricity: average, or which margin' }),
    source: text('Document and table it stands in'),
    relative,
    verify: Type.Optional(text('Why it has to be held against its document')),
  },
  closed,
)
export type StatedFactor = Static<typeof StatedFactorSchema>

const SimpleFactorSchema = Type.Union([text('Id of a factor of the books: grid-cn/CN-JS.2023'), StatedFactorSchema])
export type SimpleFactor = Static<typeof SimpleFactorSchema>

const CombinedFactorSchema = Type.Object(
  {
    operatingMargin: SimpleFactorSchema,
    buildMargin: SimpleFactorSchema,
    technology: Type.Optional(
      one(['wind-solar', 'other'] as const, { description: 'By which the usual weights are taken' }),
    ),
    creditingPeriod: Type.Integer({ minimum: 1, maximum: 3, default: 1 }),
    weights: Type.Optional(
      Type.Object(
        { operating: share('Of the operating margin'), build: share('Of the build margin'), reason: text('Why these') },
        closed,
      ),
    ),
  },
  { ...closed, description: 'CM = w_OM · OM + w_BM · BM, by the weights of CDM Tool 07 or stated ones' },
)
export type CombinedFactor = Static<typeof CombinedFactorSchema>
const FactorSchema = Type.Union([...SimpleFactorSchema.anyOf, CombinedFactorSchema])
export type FactorReference = Static<typeof FactorSchema>

const RowSchema = Type.Object(
  {
    id: name('Of the row'),
    title: Type.Optional(text('For people')),
    amount: decimal('What is used, moved or made; of a row without a factor: a mass of gas'),
    unit: text('kWh, t, t·km; of a mass: tCO2, tCO2e'),
    subject: Type.Optional(text('electricity, diesel; absent: that of the factor')),
    relative,
    factor: Type.Optional(FactorSchema),
    heatingValue: Type.Optional(
      text('Id of the heating value, for a fuel by mass whose factor is by energy: fuels/ncv.diesel'),
    ),
    gwpSet: Type.Optional(one(gwpSets, { description: 'Of a mass in CO2e' })),
    boundary: Type.Optional(one(['direct', 'lifecycle', 'WTT', 'TTW', 'WTW'] as const, { description: 'Of a mass' })),
    source: Type.Optional(text('Of a mass: where it was worked out')),
  },
  closed,
)
export type Row = Static<typeof RowSchema>
const Rows = (description: string) => Type.Array(RowSchema, { maxItems: 200, description })

const ActivitySchema = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('displacement'),
      id: name('Of the activity'),
      title: Type.Optional(text('For people')),
      amount: decimal('What the project delivers'),
      unit: text('kWh, MWh'),
      subject: Type.String({ default: 'electricity', description: 'What it stands in for' }),
      relative,
      factor: FactorSchema,
      project: Type.Optional(FactorSchema),
    },
    { ...closed, description: 'Something made by the project instead of by others: sun for power of the grid' },
  ),
  Type.Object(
    {
      kind: Type.Literal('modal-shift'),
      id: name('Of the activity'),
      title: Type.Optional(text('For people')),
      share: share('Part that really shifted, and would not have without the project'),
      shareRelative: relative,
      mass: Type.Object({ amount: decimal('What is moved'), unit: text('t') }, closed),
      distance: Type.Object({ amount: decimal('On the way that is left'), unit: text('km') }, closed),
      newDistance: Type.Optional(
        Type.Object({ amount: decimal('On the new way; absent: the same'), unit: text('km') }, closed),
      ),
      relative,
      from: SimpleFactorSchema,
      to: SimpleFactorSchema,
    },
    { ...closed, description: 'A = s · m · d · (EF_from − EF_to); s and its reason are of the project' },
  ),
  Type.Object(
    {
      kind: Type.Literal('difference'),
      id: name('Of the activity'),
      title: Type.Optional(text('For people')),
      baseline: Rows('What would be without the project'),
      project: Rows('What is with it'),
    },
    { ...closed, description: 'Any baseline against any project' },
  ),
])
export type AvoidedActivity = Static<typeof ActivitySchema>

export const AvoidedInputSchema = Type.Object({
  project: name('Id of the project'),
  name: Type.Optional(text('For people')),
  site: Type.Optional(Type.String({ description: 'Site whose project it is: its zone is that of the days' })),
  period: Type.Object(
    { from: day('First day'), to: day('First day after') },
    { ...closed, description: 'Days that are looked at: from, and the first day after' },
  ),
  electricity: one(['marginal', 'average'] as const, {
    default: 'marginal',
    description: 'Kind of factors that electricity is counted with; one of the other kind is refused',
  }),
  activities: Type.Array(ActivitySchema, {
    ...{ minItems: 1, maxItems: 100 },
    description: 'What is avoided: displacement, modal-shift, difference',
  }),
  leakage: Type.Union(
    [Rows('Emissions elsewhere that the project causes'), Type.Object({ none: text('Why there is none') }, closed)],
    {
      description: 'Rows, or why there are none; not to speak of it is no answer',
    },
  ),
  additionality: Type.Object(
    { share: share('Part that would not have come about anyway'), reason: text('Why so', 1000) },
    { ...closed, description: 'Part that would not have come about anyway, and why' },
  ),
  factorSets: Type.Array(Type.Unknown(), {
    default: [],
    description: 'Own sets of factors, in the form of the shipped ones',
  }),
  revision: Type.Integer({
    ...{ minimum: 1, maximum: 10_000, default: 1 },
    description: 'Of the entries of the ledger: another one when earlier ones were reversed',
  }),
  by: Type.String({
    minLength: 1,
    maxLength: 300,
    default: 'carbon.avoided',
    description: 'Who writes the entries of the ledger',
  }),
})
export type AvoidedInput = Static<typeof AvoidedInputSchema>

const exact = (description: string) => Type.String({ description: `${description}, kg; exact decimal text` })
const parts = ['baseline', 'project', 'leakage'] as const
export type Part = (typeof parts)[number]

export const AvoidedOutputSchema = Type.Object({
  project: Type.String(),
  name: Type.String(),
  period: Type.Object({ from: Type.String(), to: Type.String() }),
  book: Type.Literal('avoided', { description: 'A book of its own: never netted against an inventory' }),
  electricity: Type.String(),
  gas: Type.String(),
  gwpSet: Type.Union([Type.String(), Type.Null()]),
  boundary: Type.String(),
  terms: Type.Array(
    Type.Object({
      activity: Type.String(),
      part: one(parts, {}),
      id: Type.String(),
      title: Type.String(),
      amount: Type.String(),
      unit: Type.String(),
      factor: Type.String(),
      massKg: exact('Amount times factor'),
    }),
  ),
  activities: Type.Array(
    Type.Object({
      id: Type.String(),
      title: Type.String(),
      baselineKg: exact('Without the project'),
      projectKg: exact('With it'),
      avoidedKg: exact('Baseline less project, before leakage'),
    }),
  ),
  baselineKg: exact('Of all activities'),
  projectKg: exact('Of all activities'),
  leakageKg: exact('Elsewhere'),
  avoidedKg: exact('Baseline less project less leakage; negative: the project adds'),
  additionality: Type.Object({ share: Type.String(), reason: Type.String() }),
  additionalKg: exact('Share of what is avoided that would not have come about anyway'),
  halfWidthKg: Type.Union([Type.Number(), Type.Null()], {
    description: 'Half of the 95 % interval of avoidedKg; null where an error is not known',
  }),
  factors: Type.Array(Type.Record(Type.String(), Type.Unknown()), {
    description: 'Pedigree of every factor that was used',
  }),
  entries: Type.Array(Type.Unknown(), {
    description: 'Entries for the book avoided of a ledger: `mangrove ledger append`',
  }),
  reasons: Type.Array(VerdictReasonSchema),
})
export type AvoidedOutput = Static<typeof AvoidedOutputSchema>
