import Type, { type Static } from 'typebox'
import { assumptions } from './families.ts'
import { faultCodes } from './faults.ts'
import { standings, verdicts } from './judge.ts'
import { quotientIds } from './quotients.ts'
import { hedges, modes, periods, roles, technologies } from './stated.ts'

const closed = { additionalProperties: false } as const
const one = <const Names extends readonly string[]>(names: Names, description: string) =>
  Type.Enum([...names] as Names[number][], { description })
const text = (description: string, maxLength = 300) => Type.String({ maxLength, description })

export const ClaimInputSchema = Type.Object(
  {
    text: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 20_000,
        description: 'The claim in plain sentences with numbers, English or Chinese',
      }),
    ),
    stated: Type.Optional(
      Type.Array(
        Type.Object(
          {
            role: one(roles, 'What it is a number of'),
            value: Type.String({
              pattern: '^\\d{1,20}(\\.\\d{1,10})?$',
              description: 'As printed, with all its digits: they say how exact it is. In the unit of the role',
            }),
            scale: Type.Optional(
              Type.Number({ exclusiveMinimum: 0, description: 'The value is times this: 1e6 for million' }),
            ),
            period: Type.Optional(one(periods, 'What it is counted over')),
            hedge: Type.Optional(one(hedges, 'How it is hedged')),
            gas: Type.Optional(one(['CO2', 'CO2e'] as const, 'Of emissions')),
            technology: Type.Optional(one(technologies, 'Of energy, capacity and area')),
          },
          closed,
        ),
        {
          maxItems: 100,
          description:
            'The claim as numbers. energy kWh, capacity kW, area m2, coal kgce, emissions kg, freight t, distance km, transport t·km, duration a',
        },
      ),
    ),
    shift: Type.Optional(
      Type.Object(
        { from: one(modes, 'From'), to: one(modes, 'To') },
        { ...closed, description: 'Freight that changes its way' },
      ),
    ),
    region: Type.Optional(
      Type.String({ pattern: '^[A-Z]{2}([+-][A-Za-z0-9]{1,20})?$', description: 'Where: CN, CN-JS, GB' }),
    ),
    year: Type.Optional(Type.Integer({ minimum: 1990, maximum: 2199, description: 'Year of the quantities' })),
    site: Type.Optional(text('Id of the site whose people ask: the run is kept with it. Nothing of it is read', 200)),
  },
  closed,
)
export type ClaimInput = Static<typeof ClaimInputSchema>

const interval = { low: Type.Number(), high: Type.Number() }
const FactorUsedSchema = Type.Object(
  {
    id: Type.String(),
    value: Type.String(),
    unit: Type.String(),
    document: Type.String(),
    table: Type.String(),
    verify: Type.Optional(Type.String({ description: 'Why the value has to be held against its document' })),
  },
  closed,
)
const FamilySchema = Type.Object(
  {
    label: Type.String(),
    value: Type.Number({ description: 'In the unit of the quotient' }),
    assumptions: Type.Array(one(assumptions, 'What has to hold besides')),
    factors: Type.Array(FactorUsedSchema),
  },
  closed,
)

export const ClaimOutputSchema = Type.Object({
  verdict: one(verdicts, 'Of the whole claim'),
  conditions: Type.Array(Type.String(), { description: 'What has to hold where the verdict says if' }),
  understood: Type.Array(
    Type.Object(
      {
        ...{ role: one(roles, 'What it is a number of'), value: Type.Number(), ...interval, unit: Type.String() },
        text: Type.String({ description: 'As it stands' }),
        period: Type.Optional(one(periods, 'What it is counted over')),
        gas: Type.Optional(one(['CO2', 'CO2e'] as const, 'Of emissions')),
      },
      closed,
    ),
  ),
  notUnderstood: Type.Array(Type.String(), { description: 'Numbers that nothing was made of' }),
  quotients: Type.Array(
    Type.Object(
      {
        ...{ id: one(quotientIds, 'Which'), ...interval, unit: Type.String() },
        ...{ over: Type.String(), under: Type.String(), standing: one(standings, 'How it stands') },
        matches: Type.Array(FamilySchema, { description: 'What explains it, the fewest assumptions first' }),
        nearest: Type.Optional(FamilySchema),
        official: Type.Optional(FamilySchema),
        bounds: Type.Optional(
          Type.Object(
            {
              usual: Type.Array(Type.Number(), { minItems: 2, maxItems: 2 }),
              possible: Type.Array(Type.Number(), { minItems: 2, maxItems: 2 }),
              why: Type.String(),
            },
            closed,
          ),
        ),
      },
      closed,
    ),
  ),
  shift: Type.Array(
    Type.Object(
      {
        family: FamilySchema,
        distanceKm: Type.Object(interval, closed),
        share: Type.Optional(Type.Object(interval, closed)),
      },
      closed,
    ),
  ),
  faults: Type.Array(
    Type.Object(
      { code: one(faultCodes, 'Which'), detail: text('In words', 1000), about: Type.Array(Type.String()) },
      closed,
    ),
  ),
  missing: Type.Array(Type.String(), { description: 'What would let more be checked' }),
})
export type ClaimOutput = Static<typeof ClaimOutputSchema>
