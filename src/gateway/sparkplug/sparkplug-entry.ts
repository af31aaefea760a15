import { MangroveError } from '../../kernel/index.ts'
import type { FieldEntry } from '../field-protocol.ts'
import { metricPoints } from './metric-points.ts'
import { SparkplugSettingsSchema } from './settings.ts'

/** An entry of `sparkplug` in a site file. */
export const sparkplugEntry: FieldEntry<typeof SparkplugSettingsSchema> = {
  name: 'sparkplug',
  title: 'Sparkplug B',
  schema: SparkplugSettingsSchema,
  check(gateway) {
    const { points, pattern } = gateway.settings
    const unknown = Object.keys(points ?? {}).filter((ref) => gateway.unitOf(ref) === undefined)
    const problems = unknown.map((ref) => ({
      ...{ detail: 'The site has no such point', found: ref, expected: '`<asset>.<point>` of the site' },
      place: { path: `points.${ref}` },
    }))
    if (points === undefined && pattern === undefined) {
      problems.push({
        ...{ detail: 'No metric is a point', found: '', expected: 'points, or a pattern' },
        place: { path: 'points' },
      })
    }
    try {
      metricPoints(gateway)
      return problems
    } catch (error) {
      if (!(error instanceof MangroveError)) throw error
      return [...problems, ...error.problems.map(({ detail = '' }) => ({ detail, place: { path: 'points' } }))]
    }
  },
}
