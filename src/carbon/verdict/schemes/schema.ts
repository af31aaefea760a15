import Type, { type Static } from 'typebox'
import { boundaries, gwpSets } from '../../factors/index.ts'

const closed = { additionalProperties: false } as const
const text = (description: string) => Type.String({ minLength: 1, maxLength: 400, description })
const decimal = (description: string) =>
  Type.String({ pattern: '^\\d+(\\.\\d+)?$', maxLength: 40, description: `${description}; all digits as printed` })
const verify = Type.Optional(text('Why it has to be held against the document before it is relied on'))
const one = <const Names extends readonly string[]>(names: Names, description: string) =>
  Type.Enum([...names] as Names[number][], { description })

/** Parts that a park's emissions are told in. */
export const parts = ['fuel', 'transformation', 'process', 'electricity', 'heat'] as const
export type Part = (typeof parts)[number]

/** How electricity becomes coal equivalent: by its own heat, or by what it took to make it. */
export const coalMethods = ['calorific', 'equivalent'] as const
export type CoalMethod = (typeof coalMethods)[number]
/** Whether green power that was bought lowers the emissions of purchased electricity. */
export const greenChoices = ['counted', 'not-counted'] as const
export type GreenChoice = (typeof greenChoices)[number]

const SwitchSchema = <const Names extends readonly string[]>(names: Names, description: string) =>
  Type.Object(
    {
      choices: Type.Array(one(names, 'A reading of the rule that is possible'), {
        minItems: 1,
        maxItems: names.length,
      }),
      note: Type.Optional(text('What the document says or leaves open')),
      verify,
    },
    { ...closed, description },
  )

const BandSchema = Type.Object(
  {
    from: decimal('Least energy use a year that belongs to the band'),
    below: Type.Optional(decimal('First energy use that no longer belongs to it; absent: no end')),
    limit: decimal('The indicator at most'),
    verify,
  },
  closed,
)

const GuidingSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]*$', maxLength: 60 }),
    title: text('For people'),
    unit: text('%, or level for a level of a standard, where 1 is the best'),
    relation: one(['at-least', 'at-most'], 'Side of the limit that meets it'),
    limit: decimal('In that unit'),
    kind: one(['guiding', 'veto'], 'Whether the park fails without it'),
    verify,
  },
  closed,
)

/** A scheme that says when a park may be called what it wants to be called: limits, parts, and what its rules leave open. */
export const SchemeSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]*$', maxLength: 60 }),
    version: text('Of this file; another content is another version'),
    title: text('For people'),
    country: Type.Optional(
      Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1; where factors are looked for' }),
    ),
    document: Type.Object(
      {
        title: text('As it stands on the document'),
        number: Type.Optional(text('Under which it was published')),
        publisher: text('Who published it'),
        year: Type.Integer({ minimum: 1990, maximum: 2200 }),
        licence: text('SPDX id, or "facts": numbers of a public document, cited one by one'),
        sha256: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$', description: 'Of the file that was read' })),
        url: Type.Optional(text('Where it is')),
      },
      closed,
    ),
    years: Type.Object(
      {
        from: Type.Integer({ minimum: 1990, maximum: 2200, description: 'First calendar year that may be judged' }),
        to: Type.Optional(Type.Integer({ minimum: 1990, maximum: 2200, description: 'Last one' })),
      },
      closed,
    ),
    gas: text('CO2, or CO2e'),
    gwpSet: Type.Optional(one(gwpSets, 'Of CO2e')),
    boundary: one(boundaries, 'Of factors that may be used'),
    parts: Type.Array(one(parts, 'Counted in the emissions'), { minItems: 1, uniqueItems: true }),
    gridVariants: Type.Array(text('Factors of electricity that may be used, by their variant'), { minItems: 1 }),
    bunkers: one(['listed-apart', 'deducted'], 'What becomes of fuel for international ships and aircraft'),
    indicator: Type.Object(
      {
        id: Type.String({ pattern: '^[a-z][a-z0-9-]*$', maxLength: 60 }),
        title: text('For people'),
        emissionsUnit: text('Of the emissions: tCO2'),
        energyUnit: text('Of the energy use: tce, MWh'),
        table: text('Where the limits stand'),
        bands: Type.Array(BandSchema, { minItems: 1 }),
        verify,
      },
      closed,
    ),
    guiding: Type.Array(GuidingSchema),
    greenPower: SwitchSchema(greenChoices, 'Green power that was bought'),
    coal: Type.Optional(
      SwitchSchema(coalMethods, 'Electricity in coal equivalent; absent: energy is counted as energy'),
    ),
    verify,
  },
  closed,
)
export type SchemeFile = Static<typeof SchemeSchema>
