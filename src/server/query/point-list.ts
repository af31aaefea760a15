import { serverErrors } from '../errors.ts'

/** Names parted by commas, each once. */
export const namesIn = (text: string): readonly string[] => [
  ...new Set(
    text
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean),
  ),
]

/**
 * Points of a site, `<asset>.<point>`, parted by commas.
 *
 * @throws `server.bad-input` for none and for more than `most`, `server.unknown-point`
 */
export function readPointList(text: string, known: ReadonlyMap<string, unknown>, most: number): readonly string[] {
  const wanted = namesIn(text)
  if (wanted.length === 0 || wanted.length > most) {
    throw serverErrors.badInput({
      detail: 'The number of points is out of range',
      place: { path: 'query.points' },
      found: wanted.length,
      expected: `1 to ${most} points`,
    })
  }
  const unknown = wanted.find((name) => !known.has(name))
  if (unknown !== undefined) throw noPoint(unknown, 'query.points')
  return wanted
}

export const noPoint = (found: string, path: string) =>
  serverErrors.unknownPoint({
    detail: 'The site has no such point',
    place: { path },
    found,
    expected: '`<asset>.<point>` of the site',
  })
