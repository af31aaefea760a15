import Type from 'typebox'
import { priorities } from '../schema.ts'

const VerdictSchema = (description: string) =>
  Type.Object(
    {
      value: Type.Number(),
      met: Type.Boolean(),
      most: Type.Number({ description: 'The target' }),
      source: Type.String({ description: 'Who says so' }),
    },
    { description },
  )
const names = (description: string) => Type.Array(Type.String(), { description })

/** Figures of an alarm system, each beside its target. */
export const KpisSchema = Type.Object({
  announcements: Type.Integer({ description: 'Alarms that were announced to operators' }),
  averagePerTenMinutes: VerdictSchema('Of one operator'),
  peakPerTenMinutes: VerdictSchema('Of one operator, the most in ten minutes'),
  floodShare: VerdictSchema('Share of the time with more than 10 alarms in ten minutes'),
  topTenShare: VerdictSchema('Share of the ten most frequent alarms; 0 where no more than ten came at all'),
  chattering: VerdictSchema('Alarms that came three times within a minute'),
  fleeting: VerdictSchema('Alarms that were gone within a minute'),
  stale: VerdictSchema('Alarms that stand for more than a day'),
  standing: VerdictSchema('Alarms that stand at the end'),
  byPriority: Type.Object(
    Object.fromEntries(
      priorities.map((priority) => [priority, Type.Object({ count: Type.Integer(), share: Type.Number() })]),
    ),
  ),
  top: Type.Array(Type.Object({ alarm: Type.String(), count: Type.Integer() })),
  chatteringAlarms: names('Which'),
  fleetingAlarms: names('Which'),
  staleAlarms: names('Which'),
})
