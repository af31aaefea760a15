import Type, { type Static } from 'typebox'
import { durationText, instantText } from '../../kernel/index.ts'
import { RelaxedSchema } from './plan.ts'

const FollowedPlanSchema = Type.Object({
  startMs: Type.Number(),
  stepMinutes: Type.Number({ description: 'Of the first step' }),
  segments: Type.Optional(
    Type.Array(Type.Object({ steps: Type.Integer({ minimum: 1 }), minutes: Type.Number({ exclusiveMinimum: 0 }) }), {
      description: 'Where steps grow: how many there are of each length, in order',
    }),
  ),
  series: Type.Record(Type.String(), Type.Array(Type.Union([Type.Number(), Type.Null()]))),
  units: Type.Record(Type.String(), Type.String()),
  assets: Type.Array(Type.Object({ id: Type.String(), kind: Type.String(), title: Type.String() })),
})

export const ControlInputSchema = Type.Object({
  site: Type.String({ description: 'Id of a site, or path of its file' }),
  at: Type.Optional(instantText({ description: 'Now, ISO 8601; default: now, rounded down to a step' })),
  hours: Type.Number({
    exclusiveMinimum: 0,
    maximum: 168,
    default: 24,
    description: 'Horizon, a whole number of steps',
  }),
  step: Type.Union([Type.Literal('growing'), durationText()], {
    default: 'growing',
    description:
      'growing: steps of 1, 5, 15 and 60 min, longer with lead time; or the one length of all, a divisor of the hour',
  }),
  timeLimitMs: Type.Integer({ minimum: 100, maximum: 60_000, default: 2000 }),
  states: Type.Record(Type.String(), Type.Unknown(), {
    default: {},
    description: 'Where machines stand: a patch on each asset, e.g. {"battery":{"initialSoc":0.4}}',
  }),
  measured: Type.Boolean({
    default: false,
    description: 'Take the state of charge of batteries from the observations `<asset>.soc` of the hour before',
  }),
  last: Type.Optional(FollowedPlanSchema),
  changes: Type.Optional(Type.Unknown({ description: 'JSON Merge Patch on the site document: what if' })),
})
export type ControlInput = Static<typeof ControlInputSchema>

export const ControlOutputSchema = Type.Object({
  site: Type.String(),
  start: Type.String(),
  startMs: Type.Number(),
  zone: Type.String(),
  status: Type.Union([Type.Literal('fresh'), Type.Literal('kept'), Type.Literal('rule')], {
    description:
      'fresh: a new plan, checked; kept: none came in time, the last one goes on; rule: there is none to keep',
  }),
  verified: Type.Boolean({ description: 'Whether the plan was held against every limit of now' }),
  gap: Type.Union([Type.Number(), Type.Null()], {
    description: 'Distance to the proven bound, of a fresh plan; null where none was proven',
  }),
  why: Type.Array(Type.Object({ code: Type.String(), text: Type.String() })),
  commands: Type.Array(
    Type.Object({
      asset: Type.String(),
      title: Type.String(),
      setpointKw: Type.Number({ description: '+ supplies the bus, − draws' }),
      wantedKw: Type.Union([Type.Number(), Type.Null()], {
        description: 'What the plan asked for, where the machine cannot',
      }),
    }),
    { description: 'What machines are told now; those that are not named do what they would alone' },
  ),
  relaxed: Type.Array(RelaxedSchema),
  plan: FollowedPlanSchema,
})
export type ControlOutput = Static<typeof ControlOutputSchema>
