import Type, { type Static } from 'typebox'

const closed = { additionalProperties: false } as const
const dateOf = (description: string) => Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description })
const text = (description: string) => Type.String({ minLength: 1, maxLength: 300, description })

export const factorKinds = ['emission', 'heating-value', 'coal-equivalent', 'gwp', 'threshold', 'parameter'] as const
export const gwpSets = ['SAR', 'AR4', 'AR5', 'AR5-ccf', 'AR6', 'unstated'] as const
export const boundaries = ['direct', 'lifecycle', 'WTT', 'TTW', 'WTW', 'unstated'] as const

const one = <const Names extends readonly string[]>(names: Names, description: string) =>
  Type.Enum([...names] as Names[number][], { description })

/** Fields of a factor; a table says once what all of its rows share. */
const fields = {
  kind: Type.Optional(one(factorKinds, 'What it is')),
  title: Type.Optional(text('For people')),
  subject: Type.Optional(text('What it is a factor of: electricity, diesel')),
  variant: Type.Optional(text('Which of several for the same subject: average, fossil-only')),
  unit: Type.Optional(text('kg/kWh, TJ/Gg')),
  gas: Type.Optional(text('CO2, CH4, CO2e …')),
  gwpSet: Type.Optional(one(gwpSets, 'Of CO2e; of a GWP: its own set')),
  boundary: Type.Optional(one(boundaries, 'How far upstream it reaches')),
  heatingValue: Type.Optional(one(['LHV', 'HHV'] as const, 'Of fuels by energy')),
  region: Type.Optional(text('ISO 3166-1 or 3166-2, or a grid region such as CN+east; absent: anywhere')),
  valid: Type.Optional(
    Type.Object(
      { from: dateOf('First day it holds for'), to: Type.Optional(dateOf('First day it no longer holds for')) },
      closed,
    ),
  ),
  published: Type.Optional(dateOf('Day from which it was known')),
  page: Type.Optional(text('Page of the document')),
  relative: Type.Optional(Type.Number({ minimum: 0, description: 'Half of the 95 % interval over the value' })),
  note: Type.Optional(text('What a reader has to know')),
  verify: Type.Optional(text('Why the value has to be held against its document before it is relied on')),
}

const DocumentSchema = Type.Object(
  {
    title: text('As it stands on the document'),
    publisher: text('Who published it'),
    year: Type.Integer({ minimum: 1900, maximum: 2200 }),
    licence: text('SPDX id, or "facts": numbers of a public document, cited one by one'),
    attribution: Type.Optional(text('What the licence asks to be said')),
    sha256: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$', description: 'Of the file that was read' })),
    url: Type.Optional(text('Where it is')),
  },
  closed,
)

const rowFields = {
  id: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9.+-]*$', maxLength: 80, description: 'Within the set' }),
  value: Type.String({ pattern: '^-?\\d+(\\.\\d+)?$', maxLength: 40, description: 'As printed, all digits' }),
}

/** A set of factors as a file: documents, and tables of rows that share what they share. */
export const FactorSetSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]*$', maxLength: 60 }),
    version: text('Of this set; another content is another version'),
    title: text('For people'),
    documents: Type.Record(Type.String(), DocumentSchema),
    gridRegions: Type.Optional(
      Type.Record(Type.String(), Type.String(), { description: 'Grid region of a province: CN-JS is in CN+east' }),
    ),
    tables: Type.Array(
      Type.Object(
        {
          document: text('Key of a document'),
          table: text('Table, annex or section'),
          common: Type.Object(fields, closed),
          rows: Type.Array(Type.Object({ ...rowFields, ...fields }, closed), { minItems: 1 }),
        },
        closed,
      ),
      { minItems: 1 },
    ),
    orders: Type.Optional(
      Type.Array(
        Type.Object(
          { lower: text('Id'), upper: text('Id'), why: text('Why the one cannot be above the other') },
          closed,
        ),
        { description: 'Values that cannot be the other way round; held on import' },
      ),
    ),
  },
  closed,
)
export type FactorSetFile = Static<typeof FactorSetSchema>
