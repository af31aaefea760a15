import Type, { type Static } from 'typebox'
import { durationText, instantText } from '../../kernel/index.ts'

export const PlanInputSchema = Type.Object({
  site: Type.String({ description: 'Id of a site, or path of its file' }),
  at: Type.Optional(
    instantText({
      description:
        'First moment of the plan, ISO 8601 (local to the site when without offset); default: now, rounded down to a step',
    }),
  ),
  hours: Type.Number({
    exclusiveMinimum: 0,
    maximum: 744,
    default: 24,
    description: 'Length of the plan, a whole number of steps, at most 744 h',
  }),
  step: durationText({ default: '15m', description: 'Step of the plan, a divisor of the hour: 5m, 15m, 30m, 1h' }),
  changes: Type.Optional(Type.Unknown({ description: 'JSON Merge Patch on the site document: what if' })),
})
export type PlanInput = Static<typeof PlanInputSchema>

const money = (description: string) => Type.Number({ description: `${description}, in the site’s currency` })

export const RelaxedSchema = Type.Object({
  wish: Type.String(),
  asset: Type.String(),
  amount: Type.Number(),
  unit: Type.String(),
  reason: Type.String({ description: 'In words, English' }),
  /** For translation: which sentence and its numbers. */
  reasonCode: Type.String(),
  atMs: Type.Optional(Type.Number()),
})
export type Relaxed = Static<typeof RelaxedSchema>

/** One sentence of the explanation, ready for translation: a code and its facts. */
export const ReasonSchema = Type.Object({
  /** Step it speaks of; absent: the whole plan. */
  step: Type.Optional(Type.Integer()),
  asset: Type.Optional(Type.String()),
  code: Type.String(),
  text: Type.String({ description: 'English' }),
  values: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()])),
})
export type Reason = Static<typeof ReasonSchema>

export const PlanOutputSchema = Type.Object({
  site: Type.String(),
  status: Type.Union([Type.Literal('optimal'), Type.Literal('feasible'), Type.Literal('relaxed')]),
  start: Type.String({ description: 'ISO 8601 with the site’s offset' }),
  startMs: Type.Number(),
  zone: Type.String(),
  stepMinutes: Type.Number(),
  currency: Type.String(),
  cost: Type.Object({
    total: money('Everything below'),
    energy: money('Imported energy'),
    demand: money('Rise of this month’s demand charge'),
    export: money('Income from export, negative when earned'),
    fuel: money('Fuel, starts and running of gensets'),
    wear: money('Battery wear'),
    carbon: money('Carbon price on emissions'),
    flexibility: money('Curtailed load by choice'),
    reserve: money('Income from reserve held, negative when earned, and what is paid for holding less'),
    storedEnergy: money('Change in worth of stored energy, negative when more is stored at the end'),
  }),
  emissionsKgCo2e: Type.Number(),
  series: Type.Record(Type.String(), Type.Array(Type.Union([Type.Number(), Type.Null()])), {
    description: '`<asset>.<point>`: one value a step; powers are step means, soc is at the end of the step',
  }),
  units: Type.Record(Type.String(), Type.String()),
  assets: Type.Array(Type.Object({ id: Type.String(), kind: Type.String(), title: Type.String() })),
  relaxed: Type.Array(RelaxedSchema),
  reasons: Type.Array(ReasonSchema),
  certificate: Type.Object({
    maxResidual: Type.Number({
      description: 'Largest violation of any row, bound or integrality, in the model’s units',
    }),
    boundGap: Type.Number({ description: 'Relative distance of the cost to the proven bound' }),
    ok: Type.Boolean(),
    limitsChecked: Type.Integer({
      description:
        'Assets and buses whose limits and balance were checked on the published numbers; a plan that breaks one is not published',
    }),
  }),
  baseline: Type.Object(
    {
      cost: Type.Number(),
      emissionsKgCo2e: Type.Number(),
      unservedKwh: Type.Number({
        description: 'What loads and vehicles would go without; its cost is not comparable then',
      }),
    },
    { description: 'The same hours without storage and shifting' },
  ),
  synthetic: Type.Boolean({ description: 'True where weather was made up from normals' }),
})
export type PlanOutput = Static<typeof PlanOutputSchema>
