import Type, { type Static } from 'typebox'
import { activityFields, closed, fromField, pick, text, toField } from '../activity-schema.ts'

/** Rules for time that a meter tells nothing of. */
export const gapRules = ['refuse', 'scale', 'like-hours'] as const

/** A row whose amount is the energy that a point measured. */
export const MeteredRowSchema = Type.Object(
  {
    ...activityFields,
    meter: Type.String({
      pattern: '^[^.\\s]+\\.[^.\\s]+$',
      description: 'Point of power, or a counter that the site declares: grid.powerKw',
    }),
    side: Type.Optional(
      pick(['import', 'export', 'net'] as const, {
        description: 'Of a power with both signs: what is above zero (import, default), below zero, or both',
      }),
    ),
    gaps: Type.Optional(
      pick(gapRules, {
        description:
          'refuse (default); scale: what is missing was like the mean of what is known; like-hours: like the known hours of the same clock time and kind of day',
      }),
    ),
    leastCoverage: Type.Optional(
      Type.Number({ minimum: 0, maximum: 1, description: 'Share of the time that must be known for an estimate; 0.5' }),
    ),
    from: Type.Optional(fromField),
    to: Type.Optional(toField),
  },
  closed,
)
export type MeteredRow = Static<typeof MeteredRowSchema>

/** How an amount was read from a meter. */
export const MeteredResultSchema = Type.Object({
  id: text('Of the row'),
  meter: Type.String(),
  reads: pick(['power', 'counter'] as const, { description: 'Means of 15 minutes, or differences of readings' }),
  from: Type.String(),
  to: Type.String(),
  amount: Type.String({ description: 'As it went into the inventory' }),
  unit: Type.String(),
  coverage: Type.Number({ description: 'Share of the time that is known' }),
  rule: pick(gapRules, { description: 'For what is not' }),
  estimatedShare: Type.Number({ description: 'Share of the amount that the rule filled in' }),
  qualityShares: Type.Record(Type.String(), Type.Number(), {
    description: 'Share of the known quarters, or of the readings, by quality: good, estimated, synthetic, suspect',
  }),
  gaps: Type.Array(Type.Object({ from: Type.String(), to: Type.String() }), { description: 'The five longest' }),
  resets: Type.Optional(Type.Integer({ description: 'How often a counter began anew' })),
  accuracy: Type.Optional(Type.Number({ description: 'Limit of error of the meter, as a share of the amount' })),
})
export type MeteredResult = Static<typeof MeteredResultSchema>
