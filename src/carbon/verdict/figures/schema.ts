import Type, { type Static } from 'typebox'
import { greenChoices } from '../schemes/index.ts'

const closed = { additionalProperties: false } as const
const text = (description: string) => Type.String({ minLength: 1, maxLength: 300, description })
const id = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$', maxLength: 80 })
const amount = Type.Union([Type.Number(), Type.String({ maxLength: 40 })], {
  description: 'All digits as they were told; text keeps trailing zeros',
})
const unit = text('kWh, GWh, GJ, t, m3, tce, tCO2')
const relative = (description: string) =>
  Type.Optional(
    Type.Number({ minimum: 0, maximum: 2, description: `${description}: half of the 95 % interval over the value` }),
  )
const score = Type.Number({ minimum: 1, maximum: 5, description: '1 very good, 5 very poor' })

const uncertain = {
  relative: relative('How far the amount may be off'),
  meter: Type.Optional(text('Amounts of one meter err together; default: the row alone')),
  quality: Type.Optional(
    Type.Object({ technology: score, time: score, geography: score, completeness: score, reliability: score }, closed),
  ),
  note: Type.Optional(text('What a reader has to know')),
}

/** A factor of the books by its id, or one of one’s own with its source. */
export const FactorRefSchema = Type.Union(
  [
    Type.String({ pattern: '^[a-z0-9][a-z0-9-]*/.+$', description: 'Id of a factor: grid-cn/CN-JS.2023' }),
    Type.Object(
      {
        value: amount,
        unit: text('kg/kWh, tCO2/t, kgce/m3'),
        gas: Type.Optional(text('Of an emission factor, unless its unit says it')),
        boundary: Type.Optional(text('direct, lifecycle …; of an emission factor')),
        source: text('Document and table, or the measurement'),
        relative: relative('How far the factor may be off'),
        verify: Type.Optional(text('Why it has to be checked')),
      },
      closed,
    ),
  ],
  { description: 'Id of a factor, or a factor of one’s own with its source' },
)
export type FactorRef = Static<typeof FactorRefSchema>

/** Energy of one carrier that the park used, its own generation included. */
export const EnergyRowSchema = Type.Object(
  {
    id,
    carrier: text('electricity, heat, natural-gas, diesel …'),
    variant: Type.Optional(text('Which of several coefficients: gas-field')),
    ...{ amount, unit },
    coefficient: Type.Optional(FactorRefSchema),
    equivalentCoefficient: Type.Optional(FactorRefSchema),
    ...uncertain,
    factorRelative: relative('How far the coefficient may be off'),
  },
  closed,
)
export type EnergyRow = Static<typeof EnergyRowSchema>

const GreenSchema = Type.Object(
  {
    claim: text('Serial of the certificate or contract: one stands for one kWh once'),
    kind: Type.Enum(['green-power', 'certificate'], { description: 'Traded with the power, or apart from it' }),
    ...{ amount, unit },
  },
  closed,
)

const greenPower = Type.Optional(
  Type.Enum([...greenChoices, 'none'] as ('counted' | 'not-counted' | 'none')[], {
    description: 'Of a stated mass with electricity in it: whether green power lowered it; none: none was bought',
  }),
)

/** Emissions as a stated mass, or as an activity whose factor turns it into one. */
export const EmissionRowSchema = Type.Object(
  {
    id,
    title: Type.Optional(text('For people')),
    subject: Type.Optional(
      text('What was burnt or bought: diesel; electricity and heat go without saying in their parts'),
    ),
    ...{ amount, unit },
    factor: Type.Optional(FactorRefSchema),
    heatingValue: Type.Optional(FactorRefSchema),
    energyBy: Type.Optional(Type.Enum(['LHV', 'HHV'], { description: 'Of a fuel in kWh or GJ: its heating value' })),
    factorRelative: relative('How far the factor may be off'),
    greenPower,
    green: Type.Optional(Type.Array(GreenSchema, { description: 'Green power that was bought for this electricity' })),
    restFactor: Type.Optional(FactorRefSchema),
    bunker: Type.Optional(Type.Boolean({ description: 'Fuel for international ships and aircraft' })),
    ...uncertain,
  },
  closed,
)
export type EmissionRow = Static<typeof EmissionRowSchema>

const NoneSchema = Type.Object({ none: text('Why there are none') }, closed)
const PartSchema = Type.Union([Type.Array(EmissionRowSchema, { minItems: 1 }), NoneSchema])

const ratio = {
  value: Type.Optional(amount),
  unit: Type.Optional(text('%, 1, or level')),
  part: Type.Optional(Type.Object({ amount, unit }, closed)),
  whole: Type.Optional(Type.Object({ amount, unit }, closed)),
  leftOut: Type.Optional(text('Why it cannot be had here')),
  note: Type.Optional(text('What a reader has to know')),
}

const MeasureSchema = Type.Object(
  {
    id,
    title: text('For people'),
    kind: Type.Enum(['green-power', 'other'], { description: 'Power bought green, or anything that saves so much' }),
    upTo: Type.Optional(Type.Object({ amount, unit }, closed)),
    co2: Type.Optional(Type.Object({ amount, unit }, closed)),
    energy: Type.Optional(Type.Object({ amount, unit }, closed)),
    costPerYear: Type.Optional(Type.Number({ description: 'Of all of it, in the site’s currency' })),
    premiumPerMwh: Type.Optional(Type.Number({ description: 'Of green power above what is paid now' })),
    capex: Type.Optional(Type.Number({ minimum: 0, description: 'To begin with; part of costPerYear' })),
    source: Type.Optional(text('Offer or study')),
  },
  closed,
)
export type Measure = Static<typeof MeasureSchema>

const StatedSchema = Type.Object({ amount, unit, ...uncertain }, closed)

/** What is known of a park in one calendar year. */
export const FiguresSchema = Type.Object(
  {
    year: Type.Integer({ minimum: 1990, maximum: 2200, description: 'Calendar year' }),
    organisation: text('Who answers for the figures, and for which boundary'),
    region: Type.Optional(text('ISO 3166-2 or grid region, where factors are looked for: CN-JS')),
    energy: Type.Object(
      {
        totals: Type.Optional(
          Type.Object(
            { calorific: Type.Optional(StatedSchema), equivalent: Type.Optional(StatedSchema) },
            { ...closed, description: 'Stated totals, by how electricity was counted' },
          ),
        ),
        carriers: Type.Optional(Type.Array(EnergyRowSchema, { minItems: 1 })),
      },
      closed,
    ),
    emissions: Type.Object(
      {
        total: Type.Optional(Type.Object({ amount, unit, greenPower, ...uncertain }, closed)),
        fuel: Type.Optional(PartSchema),
        transformation: Type.Optional(PartSchema),
        process: Type.Optional(PartSchema),
        electricity: Type.Optional(PartSchema),
        heat: Type.Optional(PartSchema),
      },
      { ...closed, description: 'Each part, or a reason why there is none of it; or a stated total' },
    ),
    guiding: Type.Optional(
      Type.Record(Type.String(), Type.Object(ratio, closed), { description: 'Other indicators of the scheme by id' }),
    ),
    assumeRelative: relative('Taken for every amount and factor of which nothing is known'),
    measures: Type.Optional(Type.Array(MeasureSchema, { description: 'What could be done beside building machines' })),
  },
  closed,
)
export type Figures = Static<typeof FiguresSchema>
