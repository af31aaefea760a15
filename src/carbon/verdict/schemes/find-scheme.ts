import { type DataPort, parseSiteDocument, type Site } from '../../../kernel/index.ts'
import { carbonErrors } from '../../errors.ts'
import china from './cn-ndrc-2025-910.json' with { type: 'json' }
import { readScheme, type Scheme } from './read-scheme.ts'

let shipped: readonly Scheme[] | undefined

/** The schemes that come with the house, read once. */
export function shippedSchemes(): readonly Scheme[] {
  shipped ??= [china].map((file) => readScheme(file))
  return shipped
}

/** Id of the scheme that is meant where none is named. */
export const usualScheme = 'cn-ndrc-2025-910'

/**
 * A scheme by its id, or from a file (YAML or JSON) beside the site.
 *
 * @throws `carbon.unknown-scheme`, `carbon.bad-scheme`
 */
export async function findScheme(named: string, site: Site, data: DataPort): Promise<Scheme> {
  const known = shippedSchemes().find(({ file }) => file.id === named)
  if (known) return known
  if (/\.(ya?ml|json)$/i.test(named)) {
    const { content, placeOf } = parseSiteDocument(await data.text(site, named), named)
    return readScheme(content, (path) => placeOf(pathParts(path)))
  }
  throw carbonErrors.unknownScheme({
    detail: 'No scheme has this id',
    place: { path: 'scheme' },
    found: named,
    expected: `${shippedSchemes()
      .map(({ file }) => file.id)
      .join(', ')}, or a file beside the site: park-scheme.yaml`,
  })
}

/** `bands.0.from` as the parts that a document knows. */
export const pathParts = (path: string): readonly (string | number)[] =>
  path === '' ? [] : path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part))
