import Type, { type Static } from 'typebox'
import { instantText, type SeriesSource } from '../../kernel/index.ts'
import { ReasonSchema } from './plan.ts'

const share = (description: string, fallback?: number) =>
  Type.Number({ minimum: 0, maximum: 1, description, ...(fallback === undefined ? {} : { default: fallback }) })

/** A {@link SeriesSource} of states of charge; what is none is told when it is read. */
const socSource = Type.Unsafe<SeriesSource>(
  Type.Union(
    [
      share('For every start'),
      Type.Array(share('One of a daily profile'), { minItems: 1 }),
      Type.Object({
        values: Type.Array(Type.Union([Type.Number(), Type.Null()]), { minItems: 1 }),
        start: Type.String(),
        step: Type.String(),
        unit: Type.Optional(Type.String()),
      }),
      Type.Object({ observation: Type.String({ pattern: '^[^.\\s]+\\.[^.\\s]+$' }) }),
    ],
    {
      description: 'State of charge when the outage begins, 0 to 1: a number, a daily profile, values, an observation',
    },
  ),
)

/** How far a generating set can be relied on. */
export const GensetRelianceSchema = Type.Object({
  count: Type.Integer({ minimum: 1, maximum: 20, description: 'Equal sets that share the asset’s power; default: 1' }),
  availability: share('Chance that a set is not under repair or maintenance when the outage begins; default: 0.995'),
  failureToStart: share('Chance that an available set does not start; default: 0.0094'),
  meanHoursToFailure: Type.Number({ minimum: 1, description: 'Running hours between failures; default: 1100' }),
})
export type GensetReliance = Static<typeof GensetRelianceSchema>

export const ResilienceInputSchema = Type.Object({
  site: Type.String({ description: 'Id of a site, or path of its file' }),
  at: Type.Optional(
    instantText({
      description:
        'First hour in which an outage may begin, ISO 8601 (local to the site when without offset); default: now, rounded down to an hour',
    }),
  ),
  hours: Type.Integer({
    minimum: 1,
    maximum: 8784,
    default: 8760,
    description: 'Hours in which an outage may begin; an outage that runs beyond the last goes on with the first',
  }),
  outageHours: Type.Integer({ minimum: 1, maximum: 744, default: 96, description: 'Longest outage that is looked at' }),
  criticalShare: share('Part of each load that must be served', 1),
  critical: Type.Record(Type.String(), share('Part that must be served'), {
    default: {},
    description: 'The same for single loads, by asset',
  }),
  gensets: Type.Record(Type.String(), Type.Partial(GensetRelianceSchema, { additionalProperties: false }), {
    default: {},
    description:
      'How far generating sets can be relied on, by asset: count, availability, failureToStart, meanHoursToFailure',
  }),
  soc: Type.Record(Type.String(), socSource, {
    default: {},
    description: 'State of charge at the outage, by battery, such as a plan’s series; default: its initialSoc',
  }),
  batteryAvailability: share('Chance that the batteries work in an outage', 0.97),
  productionAvailability: share('Chance that PV, wind and hydro work in an outage', 0.98),
  productionAlone: Type.Boolean({
    default: false,
    description: 'Whether PV, wind and hydro run in an outage without a battery to balance them',
  }),
  confidence: share('Chance that counts as safe, for the hours of autonomy', 0.9),
  bins: Type.Integer({ minimum: 2, maximum: 1001, default: 101, description: 'Bins of stored energy' }),
  changes: Type.Optional(Type.Unknown({ description: 'JSON Merge Patch on the site document: what if' })),
})
export type ResilienceInput = Static<typeof ResilienceInputSchema>

const chance = (description: string) => Type.Number({ description: `${description}, 0 to 1` })
const chances = (description: string) =>
  Type.Array(Type.Union([Type.Number(), Type.Null()]), {
    description: `${description}: mean chance that the longest outage is survived; null where none may begin`,
  })
const moment = Type.String({ description: 'ISO 8601 with the site’s offset' })

export const ResilienceOutputSchema = Type.Object({
  site: Type.String(),
  start: moment,
  startMs: Type.Number(),
  zone: Type.String(),
  starts: Type.Integer({ description: 'Hours in which an outage was let begin' }),
  outageHours: Type.Integer(),
  critical: Type.Object({
    meanKw: Type.Number(),
    peakKw: Type.Number(),
    loads: Type.Array(Type.Object({ id: Type.String(), title: Type.String(), share: Type.Number() })),
  }),
  backup: Type.Object({
    gensets: Type.Array(
      Type.Object({
        id: Type.String(),
        title: Type.String(),
        powerKw: Type.Number(),
        ...GensetRelianceSchema.properties,
      }),
    ),
    battery: Type.Union(
      [Type.Object({ usableKwh: Type.Number(), chargeKw: Type.Number(), dischargeKw: Type.Number() }), Type.Null()],
      { description: 'All batteries together, between their least and most state of charge; null: none' },
    ),
    productionMeanKw: Type.Number(),
  }),
  survival: Type.Object(
    {
      mean: Type.Array(chance('Mean over the starts')),
      least: Type.Array(chance('Of the worst start')),
    },
    { description: 'Chance that all critical load is served for 1, 2, … hours' },
  ),
  worstStart: Type.Object({ start: moment, survival: chance('Of the longest outage') }),
  byMonth: chances('Twelve local months of the start'),
  byHour: chances('24 local hours of the start'),
  byMonthAndHour: Type.Array(chances('24 local hours'), { description: 'The same for each month' }),
  autonomy: Type.Object(
    {
      confidence: Type.Number(),
      meanHours: Type.Number(),
      leastHours: Type.Integer(),
      longEnough: Type.Number({ description: 'Share of starts from which the longest outage is safe' }),
    },
    { description: 'Whole hours that are survived with the confidence asked for; at most the longest outage' },
  ),
  unserved: Type.Object(
    {
      meanKwh: Type.Number({ description: 'Mean over the starts' }),
      mostKwh: Type.Number({ description: 'Of the worst start' }),
      share: Type.Union([Type.Number(), Type.Null()], {
        description: 'Of the critical energy; null when that is nothing',
      }),
    },
    { description: 'Expected critical energy that the longest outage leaves unserved' },
  ),
  synthetic: Type.Boolean({ description: 'True where weather was made up from normals' }),
  reasons: Type.Array(ReasonSchema),
})
export type ResilienceOutput = Static<typeof ResilienceOutputSchema>
