import Type, { type Static } from 'typebox'

export const closed = { additionalProperties: false } as const
export const day = (description: string) => Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description })
export const text = (description: string) => Type.String({ minLength: 1, maxLength: 200, description })
export const region = text('ISO 3166-1 or 3166-2: CN-JS, SG')
export const pick = <const Names extends readonly string[]>(names: Names, more: Type.TSchemaOptions) =>
  Type.Enum([...names] as Names[number][], more)

export const activityNames = [
  ...(['fuel', 'electricity', 'own-generation', 'heat', 'refrigerant', 'freight', 'waste', 'other'] as const),
] as const
/** Ways that waste goes; `landfilled`: a managed landfill. */
export const treatmentNames = ['composted', 'digested', 'incinerated', 'landfilled'] as const
export const gpcCode = Type.String({
  pattern: '^(I|II|III|IV|V|VI)\\.\\d(\\.\\d)?$',
  description: 'Where a city counts it: I.2.2',
})

/** Fields of a row besides its amount and its time. */
export const activityFields = {
  id: text('Of the row; told in every problem'),
  activity: pick(activityNames, {
    description:
      'fuel and refrigerant are scope 1, electricity and heat scope 2, freight and waste scope 3; own-generation is energy without emissions; other says its factor and scope',
  }),
  subject: Type.Optional(
    text('The fuel, the refrigerant, the carrier or the waste: diesel, R410A, rail-freight, food-waste'),
  ),
  region: Type.Optional(region),
  use: Type.Optional(
    pick(['energy-industry', 'road', 'rail', 'ship'] as const, {
      description: 'Where a fuel burns: its CH4 and N2O',
    }),
  ),
  heatingValue: Type.Optional(pick(['LHV', 'HHV'] as const, { description: 'Of a fuel that is given by energy' })),
  boundary: Type.Optional(pick(['TTW', 'WTW'] as const, { description: 'Of freight' })),
  treatment: Type.Optional(pick(treatmentNames, { description: 'Of waste' })),
  factor: Type.Optional(text('Id of the factor instead of the one that is found')),
  scope: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 3, description: 'Of other; 1 of waste that is treated by oneself' }),
  ),
  category: Type.Optional(text('Of scope 3: 1 to 15')),
  relative: Type.Optional(Type.Number({ minimum: 0, description: 'Half of the 95 % interval over the amount' })),
  errsWith: Type.Optional(
    text('Name of a meter or a way of counting: amounts of one name err together; else each row by itself'),
  ),
  score: Type.Optional(Type.Number({ minimum: 1, maximum: 5, description: 'Data quality, 1 is best' })),
  gpc: Type.Optional(gpcCode),
}

export const amountField = Type.Union([Type.String({ maxLength: 60 }), Type.Number()], {
  description: 'Text keeps every digit',
})
export const unitField = text('kWh, t, L, t·km')
export const fromField = day('First day')
export const toField = day('First day after')

/** What somebody used, moved or let escape. */
export const ActivitySchema = Type.Object(
  { ...activityFields, amount: amountField, unit: unitField, from: fromField, to: toField },
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
