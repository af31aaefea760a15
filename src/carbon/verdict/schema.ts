import Type, { type Static } from 'typebox'
import { FiguresSchema } from './figures/index.ts'
import { coalMethods, greenChoices, parts, usualScheme } from './schemes/index.ts'

const one = <const Names extends readonly string[]>(names: Names, description: string) =>
  Type.Unsafe<Names[number]>(Type.String({ enum: [...names], description }))
const maybe = <T extends Parameters<typeof Type.Optional>[0]>(schema: T) => Type.Union([schema, Type.Null()])
const exact = (description: string) => Type.String({ description: `${description}; all digits` })

/** What verdict and path are asked with. */
export const questionFields = {
  site: Type.String({ description: 'Id of a site, or path of its file' }),
  year: Type.Optional(
    Type.Integer({ minimum: 1990, maximum: 2200, description: 'Calendar year; the figures have to be of it' }),
  ),
  figures: Type.Optional(FiguresSchema),
  figuresFile: Type.Optional(
    Type.String({ description: 'File beside the site with the figures of the year, YAML or JSON: park-2025.yaml' }),
  ),
  scheme: Type.String({ default: usualScheme, description: 'Id of a scheme, or a file beside the site' }),
  greenPower: Type.Optional(
    one(
      greenChoices,
      'Reading of the rules that is meant: green power that was bought; default: open, every reading counts',
    ),
  ),
  coal: Type.Optional(
    one(coalMethods, 'Reading that is meant: electricity in coal equivalent; default: open, every reading counts'),
  ),
  changes: Type.Optional(Type.Unknown({ description: 'JSON Merge Patch on the site document: what if' })),
}

export const VerdictInputSchema = Type.Object({
  ...questionFields,
  draws: Type.Integer({ minimum: 100, maximum: 1_000_000, default: 10_000, description: 'Of the chance to pass' }),
})
export type VerdictInput = Static<typeof VerdictInputSchema>

export const VerdictReasonSchema = Type.Object({
  code: Type.String({ description: 'Stable, for translation' }),
  text: Type.String({ description: 'English' }),
  values: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()])),
})
export type VerdictReason = Static<typeof VerdictReasonSchema>

const ChanceSchema = Type.Object({
  analytic: Type.Number({
    description: 'By normal distributions with the errors that numerator and denominator share',
  }),
  drawn: Type.Number({ description: 'Share of the draws' }),
  draws: Type.Integer(),
  outside: Type.Number({ description: 'Share of the draws outside of the scheme' }),
  otherBand: Type.Number({ description: 'Share of the draws in another band' }),
  interval: Type.Object(
    { low: Type.Number(), median: Type.Number(), high: Type.Number() },
    { description: '2.5 %, 50 % and 97.5 % of the draws of the indicator' },
  ),
})

const QualitySchema = Type.Object({
  score: maybe(Type.Number({ description: '1 very good to 5 very poor, weighted; null where nothing was scored' })),
  scoredShare: Type.Number({ description: 'Share that was scored' }),
})

export const ReadingSchema = Type.Object({
  greenPower: one(greenChoices, 'Green power that was bought: counted or not'),
  coal: one(coalMethods, 'Electricity in the energy use'),
  asked: Type.Boolean({ description: 'Counts for the verdict' }),
  emissions: maybe(exact('In the unit of the emissions')),
  energy: maybe(exact('In the unit of the energy use')),
  indicator: maybe(exact('Emissions over energy use, 12 digits')),
  limit: maybe(exact('Of the band; null outside of the scheme, and where the energy use is missing')),
  band: maybe(Type.String({ description: '[from, below[ in the unit of the energy use' })),
  passes: maybe(Type.Boolean({ description: 'Decided on exact numbers' })),
  gap: maybe(
    Type.Object({
      emissions: exact('Emissions above the limit at this energy use; below zero: to spare'),
      energy: maybe(
        exact(
          'Energy use that is lacking at these emissions; below zero: by how much it may fall; null: none would do',
        ),
      ),
    }),
  ),
  missing: Type.Array(Type.String()),
  chance: maybe(ChanceSchema),
  quality: Type.Object({ emissions: QualitySchema, energy: QualitySchema }),
})
export type PublishedReading = Static<typeof ReadingSchema>

const PedigreeSchema = Type.Object({
  factor: Type.String({ description: 'Id in the books, or own' }),
  value: Type.String(),
  unit: Type.String(),
  gas: Type.Optional(Type.String()),
  boundary: Type.Optional(Type.String()),
  heatingValue: Type.Optional(Type.String()),
  variant: Type.Optional(Type.String()),
  document: Type.String(),
  table: Type.Optional(Type.String()),
  validFrom: Type.Optional(Type.String()),
  validTo: Type.Optional(Type.String()),
  verify: Type.Optional(Type.String()),
})

const rowFields = {
  id: Type.String(),
  title: Type.String(),
  stated: Type.String({ description: 'As the figures tell it' }),
  factors: Type.Array(PedigreeSchema),
}

export const GuidingSchema = Type.Object({
  id: Type.String(),
  title: Type.String(),
  kind: one(['guiding', 'veto'], 'Whether the park fails without it'),
  unit: Type.String(),
  relation: one(['at-least', 'at-most'], 'Side of the limit that meets it'),
  limit: Type.String(),
  value: maybe(Type.String()),
  result: one(['meets', 'misses', 'not-known', 'left-out'], 'Against the limit'),
})

export const VerdictOutputSchema = Type.Object({
  site: Type.String(),
  name: Type.String(),
  zone: Type.String(),
  organisation: Type.String(),
  year: Type.Integer(),
  scheme: Type.Object({
    id: Type.String(),
    version: Type.String(),
    sha256: Type.String({ description: 'Of its canonical JSON' }),
    title: Type.String(),
    document: Type.String(),
    verify: Type.Optional(Type.String({ description: 'Why the scheme itself has to be checked' })),
  }),
  verdict: one(['passes', 'fails', 'not-decided'], 'Never more certain than the figures and the rules'),
  indicator: Type.Object({
    id: Type.String(),
    title: Type.String(),
    emissionsUnit: Type.String(),
    energyUnit: Type.String(),
    gas: Type.String(),
  }),
  readings: Type.Array(ReadingSchema, { description: 'Every reading of the rules that is open, side by side' }),
  emissions: Type.Array(
    Type.Object({
      ...rowFields,
      part: one([...parts, 'total'], 'Part of the emissions'),
      bunker: Type.Boolean(),
      counted: maybe(exact('With green power counted')),
      notCounted: maybe(exact('Without')),
    }),
  ),
  none: Type.Array(Type.Object({ part: Type.String(), why: Type.String() })),
  energy: Type.Array(Type.Object({ ...rowFields, calorific: maybe(exact('')), equivalent: maybe(exact('')) })),
  bunkers: exact('Emissions of international ships and aircraft, told apart'),
  guiding: Type.Array(GuidingSchema),
  missing: Type.Array(Type.String(), { description: 'What has to be known before it can be decided' }),
  verify: Type.Array(Type.Object({ what: Type.String(), why: Type.String() }), {
    description: 'What the result rests on that has to be held against its document',
  }),
  reasons: Type.Array(VerdictReasonSchema),
})
export type VerdictOutput = Static<typeof VerdictOutputSchema>
