import type { ProblemDetails } from '../../kernel/index.ts'
import type { FieldEntry } from '../field-protocol.ts'
import { isMapped, mapPoint, pointProblems } from '../link/point-map.ts'
import { readJsonPath } from './json-path.ts'
import { HttpPullSettingsSchema } from './settings.ts'

/** An entry of `http-pull` in a site file. */
export const httpPullEntry: FieldEntry<typeof HttpPullSettingsSchema> = {
  name: 'http-pull',
  title: 'HTTP pull',
  schema: HttpPullSettingsSchema,
  check({ settings, unitOf }) {
    const { url, format = 'paths', values = {}, points = {}, time } = settings
    const problems: ProblemDetails[] = [...pointProblems(points, unitOf, 'points')]
    if (!URL.canParse(url)) problems.push({ detail: 'This is no address', found: url, place: { path: 'url' } })
    if ((format === 'paths') !== Object.keys(values).length > 0) {
      problems.push({
        detail: '`values` belong to the format `paths`',
        place: { path: 'values' },
        expected: 'at least one path',
      })
    }
    const paths = [...Object.entries(values).map(([name, path]) => [`values.${name}`, path]), ['time', time ?? '$']]
    for (const [place, path] of paths as [string, string][]) {
      if (readJsonPath(path)) continue
      problems.push({ detail: 'This is no path', found: path, expected: '$.a.b[0]', place: { path: place } })
    }
    for (const name of Object.keys(values).filter((one) => !Object.hasOwn(points, one))) {
      const mapped = mapPoint(name, unitOf)
      if (!isMapped(mapped)) problems.push({ ...mapped, place: { path: `values.${name}` } })
    }
    return problems
  },
}
