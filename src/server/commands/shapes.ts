import Type from 'typebox'
import { commandSources } from '../../commands/index.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

export const WhySchema = Type.Object({
  code: Type.String({ description: '`commands.ramp`, `commands.interlock` …' }),
  text: Type.String({ description: 'English' }),
  values: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()])),
})
const PlanRefSchema = Type.Object({
  evidence: Type.String({ description: 'Id of the run that made it' }),
  outputSha256: Type.String(),
  publishedMs: Type.Number(),
})
export const HoldSchema = Type.Object({ reason: Type.String(), by: Type.String(), sinceMs: Type.Number() })
export const OverrideSchema = Type.Object({
  ref: Type.String(),
  value: Type.Number({ description: 'In the unit of the setpoint' }),
  reason: Type.String(),
  by: Type.String(),
  fromMs: Type.Number(),
  untilMs: Type.Number({ description: 'Exclusive' }),
})
const source = Type.Enum([...commandSources], { description: 'Whose wish is followed' })
const SetpointSchema = Type.Object({
  ref: Type.String({ description: '`<asset>.<point>`' }),
  id: Type.String(),
  title: Type.String(),
  unit: Type.String({ description: 'Of all values beside it' }),
  least: Type.Number(),
  most: Type.Number(),
  gateway: nullable(Type.String({ description: 'Gateway that takes it; null: commands go nowhere' })),
  source: nullable(source),
  wanted: nullable(Type.Number({ description: 'What was asked for, before anything bent it' })),
  value: nullable(Type.Number({ description: 'What is commanded' })),
  sent: nullable(Type.Object({ value: Type.Number(), atMs: Type.Number(), pending: Type.Boolean() })),
  confirmed: nullable(Type.Object({ value: Type.Number(), atMs: Type.Number() })),
  failures: Type.Integer({ description: 'Commands in a row that did not get there' }),
  mismatch: Type.Boolean({ description: 'The machine does not do what it was told' }),
  interlocks: Type.Array(Type.String(), { description: 'Those that hold' }),
  readBack: nullable(
    Type.Object({
      ref: Type.String(),
      value: nullable(Type.Number()),
      quality: Type.Integer({ minimum: 0, maximum: 4, description: '0 good … 4 missing' }),
      atMs: Type.Number(),
    }),
  ),
  override: nullable(OverrideSchema),
  why: Type.Array(WhySchema, { description: 'What asked for it, and what bent it' }),
})

/** What a site is commanded. */
export const CommandsSchema = Type.Object({
  site: Type.String(),
  running: Type.Boolean({ description: 'Whether the site is commanded' }),
  decidedMs: nullable(Type.Number({ description: 'When something was decided last' })),
  mode: nullable(Type.Enum(['plan', 'fallback', 'hold'])),
  sinceMs: nullable(Type.Number({ description: 'Since when it is in this mode' })),
  causes: Type.Array(WhySchema, { description: 'Why the plan is not followed' }),
  plan: nullable(PlanRefSchema),
  hold: nullable(HoldSchema),
  setpoints: Type.Array(SetpointSchema),
})

export const LogLineSchema = Type.Object({
  sequence: Type.Integer({ minimum: 1 }),
  before: Type.String({ description: '`sha256` of the line before; of the first line 64 zeros' }),
  sha256: Type.String({ description: 'SHA-256 of the canonical JSON (RFC 8785) of the other members' }),
  body: Type.Object(
    {
      kind: Type.String({ description: 'snapshot, forecast, plan, orders, decision, acknowledgement' }),
      atMs: Type.Number(),
    },
    { additionalProperties: true },
  ),
})

export const ChainSchema = Type.Object({
  ok: Type.Boolean({ description: 'No line was changed, left out, put between or moved' }),
  lines: Type.Integer(),
  raced: Type.Integer({ description: 'Lines without effect of a node that wrote beside another' }),
  head: Type.Object({ sequence: Type.Integer(), sha256: Type.String() }),
  faults: Type.Array(Type.Object({ sequence: Type.Integer(), fault: Type.Enum(['changed', 'unlinked']) })),
})

const CommandSchema = Type.Object({
  ref: Type.String(),
  value: Type.Number(),
  unit: Type.String(),
  source,
  why: Type.Array(WhySchema),
})

export const ReplaySchema = Type.Object({
  fromMs: Type.Number(),
  toMs: Type.Number({ description: 'Exclusive' }),
  version: Type.String({ description: 'Of the method that made the log' }),
  versionNow: Type.String(),
  identical: Type.Boolean({ description: 'Every decision gave the same commands, to the byte' }),
  decisions: Type.Array(
    Type.Object({ sequence: Type.Integer(), atMs: Type.Number(), commands: Type.Array(CommandSchema) }),
  ),
  deviations: Type.Array(
    Type.Object({
      sequence: Type.Integer(),
      atMs: Type.Number(),
      was: Type.Array(CommandSchema),
      is: Type.Array(CommandSchema),
    }),
  ),
})
