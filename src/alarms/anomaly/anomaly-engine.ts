import Type, { type Static } from 'typebox'
import { sourceOf } from '../../energy/index.ts'
import {
  defineEngine,
  durationText,
  type EngineContext,
  formatIso,
  instantText,
  parseDuration,
  parseInstant,
} from '../../kernel/index.ts'
import { alarmErrors } from '../errors.ts'
import { describeAnomaly } from './describe-anomaly.ts'
import { anomalyKinds, findAnomalies, type MeterSeries } from './find-anomalies.ts'

const dayMs = 86_400_000
const number = Type.Union([Type.Number(), Type.Null()])

const InputSchema = Type.Object(
  {
    site: Type.String({ minLength: 1, description: 'Id of a site or path of its file' }),
    changes: Type.Optional(Type.Unknown({ description: 'JSON Merge Patch on the site' })),
    meter: sourceOf('the unit below', 'What is looked at'),
    unit: Type.String({ minLength: 1, default: 'kW', description: 'Unit of its values' }),
    from: instantText({ description: 'Begin of what is judged, ISO 8601' }),
    to: instantText({ description: 'End of it, exclusive' }),
    learnDays: Type.Integer({ minimum: 28, maximum: 730, default: 91, description: 'Days before that teach' }),
    step: durationText({ default: '15m', description: 'Step of the profile: a part of an hour, or an hour' }),
    falseAlarmDaysPerYear: Type.Number({
      ...{ exclusiveMinimum: 0, maximum: 183, default: 12 },
      description: 'Days a year on which a meter without a fault may be called odd',
    }),
    holidays: Type.Array(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }), {
      ...{ maxItems: 1000, default: [] },
      description: 'Local dates that are like Sundays',
    }),
  },
  { additionalProperties: false },
)

const OutputSchema = Type.Object({
  site: Type.String(),
  unit: Type.String(),
  from: Type.String(),
  to: Type.String(),
  anomalies: Type.Array(
    Type.Object({
      kind: Type.Enum([...anomalyKinds]),
      from: Type.String(),
      to: Type.String(),
      found: number,
      expected: number,
      low: number,
      high: number,
      score: Type.Number({ description: 'Distance from the profile in spreads; 0 where that is not what is odd' }),
      threshold: Type.Number({ description: 'Distance from which it is odd' }),
      likeDays: Type.Integer({ description: 'Days that the profile is made of' }),
      words: Type.String(),
    }),
  ),
  taughtDays: Type.Integer({ description: 'Days that the thresholds are made of' }),
  judgedDays: Type.Integer(),
  thresholds: Type.Object({ spike: number, shift: number, night: number }),
})

/** Tells when a meter was not as on days like it. */
export const anomalyEngine = defineEngine({
  id: 'alarms.anomaly',
  title: 'Find what is odd of a meter',
  description:
    'Holds each day of a meter against the days of its type before it (median and median absolute deviation by part of the day), and tells what is further from them than on all but a chosen number of days a year: steps, spikes, load in quiet hours, values that stand still or are missing; each in words and numbers.',
  version: '0.1.0',
  input: InputSchema,
  output: OutputSchema,
  positional: 'site',
  run: anomaly,
})

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null)

async function anomaly(
  input: Static<typeof InputSchema>,
  { data, progress }: EngineContext,
): Promise<Static<typeof OutputSchema>> {
  const site = await data.site(input.site, input.changes)
  const stepMs = parseDuration(input.step)
  const [fromMs, toMs] = [parseInstant(input.from, site.zone), parseInstant(input.to, site.zone)]
  if (3_600_000 % stepMs !== 0) {
    throw alarmErrors.badPeriod({
      ...{ detail: 'Profiles have parts of an hour', place: { path: 'step' }, found: input.step },
      expected: '5m, 10m, 15m, 30m or 1h',
    })
  }
  if (!(toMs > fromMs) || (toMs - fromMs) % stepMs !== 0 || fromMs % stepMs !== 0) {
    throw alarmErrors.badPeriod({
      ...{
        detail: 'What is judged is no whole number of steps',
        place: { path: 'to' },
        found: `${input.from} to ${input.to}`,
      },
      expected: `whole steps of ${input.step}, the end after the begin`,
    })
  }
  const startMs = fromMs - input.learnDays * dayMs
  const grid = { startMs, stepMs, count: (toMs - startMs) / stepMs }
  progress(0.1, 'reading the meter')
  const { values } = await data.series(site, { source: input.meter, grid, unit: input.unit, path: 'meter' })
  const series: MeterSeries = { values, grid, zone: site.zone, holidays: new Set(input.holidays) }
  progress(0.4, 'holding days against those like them')
  const found = findAnomalies(series, {
    judgeFrom: (fromMs - startMs) / stepMs,
    falseAlarmDaysPerYear: input.falseAlarmDaysPerYear,
  })
  const iso = (index: number): string => formatIso(startMs + index * stepMs, site.zone)
  const { spike, shift, night } = found.thresholds
  return {
    site: site.id,
    unit: input.unit,
    from: formatIso(fromMs, site.zone),
    to: formatIso(toMs, site.zone),
    anomalies: found.anomalies.map((one) => ({
      kind: one.kind,
      from: iso(one.from),
      to: iso(one.to),
      found: orNull(one.found),
      expected: orNull(one.expected),
      low: orNull(one.low),
      high: orNull(one.high),
      score: one.score,
      threshold: one.threshold,
      likeDays: one.likeDays,
      words: describeAnomaly(one, series, input.unit),
    })),
    taughtDays: found.taughtDays,
    judgedDays: found.judgedDays,
    thresholds: { spike: orNull(spike), shift: orNull(shift), night: orNull(night) },
  }
}
