import Type, { type Static } from 'typebox'
import { questionFields, VerdictReasonSchema } from '../schema.ts'
import { coalMethods, greenChoices } from '../schemes/index.ts'

const one = <const Names extends readonly string[]>(names: Names, description: string) =>
  Type.Unsafe<Names[number]>(Type.String({ enum: [...names], description }))
const money = (description: string) => Type.Number({ description: `${description}, in the site’s currency` })
const orNull = (description: string) => Type.Union([Type.Number(), Type.Null()], { description })

export const PathInputSchema = Type.Object({
  ...questionFields,
  method: Type.Unsafe<'quick' | 'exact' | 'none'>(
    Type.String({
      enum: ['quick', 'exact', 'none'],
      default: 'quick',
      description: 'Sizes of machines on typical days, on every hour of the year, or no machines at all',
    }),
  ),
  steps: Type.Integer({
    minimum: 0,
    maximum: 10,
    default: 2,
    description: 'Steps of machines between the cheapest sizes and the largest; more are slower',
  }),
})
export type PathInput = Static<typeof PathInputSchema>

export const PathStepSchema = Type.Object({
  rank: Type.Integer(),
  kind: one(['machines', 'green-power', 'other'], 'What is done'),
  id: Type.String(),
  title: Type.String(),
  sizes: Type.Array(
    Type.Object(
      { id: Type.String(), from: Type.Number(), to: Type.Number() },
      { description: 'In the unit of the name' },
    ),
  ),
  saved: Type.Number({ description: 'Emissions less a year, unit of the emissions' }),
  energyChange: Type.Number({ description: 'Of the energy use a year, unit of the energy use' }),
  gapClosed: Type.Number({ description: 'saved + limit · energyChange: less energy use also lowers what is allowed' }),
  costPerYear: money('Levelised, machines with upkeep and replacement; negative: it earns'),
  capex: money('To begin with, after subsidy'),
  costPerTonne: orNull('Cost a year over emissions saved; null where none are'),
  emissionsAfter: Type.Number({ description: 'After this step and all before it' }),
  energyAfter: Type.Number(),
  indicatorAfter: Type.Number(),
  passesAfter: Type.Boolean(),
  needed: Type.Boolean({ description: 'The park does not pass without it on this path' }),
  crosses: Type.Boolean({ description: 'The step that meets the limit' }),
  neededShare: Type.Number({ description: 'Part of the step that is enough, 0 to 1' }),
})
export type PathStep = Static<typeof PathStepSchema>

export const PathOutputSchema = Type.Object({
  site: Type.String(),
  year: Type.Integer(),
  scheme: Type.String(),
  currency: Type.String(),
  status: one(
    ['path', 'no-need', 'no-path', 'not-known'],
    'path: it leads to the limit; no-need: the park passes already; no-path: all steps together do not; not-known: the gap cannot be told',
  ),
  reading: Type.Union([
    Type.Object(
      { greenPower: one(greenChoices, ''), coal: one(coalMethods, '') },
      { description: 'The reading that is walked: the one with the largest gap of those that count' },
    ),
    Type.Null(),
  ]),
  emissionsUnit: Type.String(),
  energyUnit: Type.String(),
  start: Type.Object({
    emissions: orNull(''),
    energy: orNull(''),
    indicator: orNull(''),
    limit: orNull(''),
    gap: orNull('Emissions above the limit'),
  }),
  steps: Type.Array(PathStepSchema, { description: 'Cheapest first, a tonne of the gap' }),
  needed: Type.Union([
    Type.Object({
      saved: Type.Number(),
      costPerYear: money('Of the steps that are needed, the last in part'),
      capex: money('Of the same'),
    }),
    Type.Null(),
  ]),
  left: orNull('Emissions above the limit when all steps are done; 0 where it is met'),
  gridFactorKgPerKwh: orNull('By which machines and green power save'),
  synthetic: Type.Boolean({ description: 'The weather is made up from normals' }),
  reasons: Type.Array(VerdictReasonSchema),
})
export type PathOutput = Static<typeof PathOutputSchema>
