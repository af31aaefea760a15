import {
  checkValue,
  type DataPort,
  MangroveError,
  type Place,
  parseSiteDocument,
  type Site,
} from '../../../kernel/index.ts'
import { carbonErrors } from '../../errors.ts'
import { pathParts } from '../schemes/index.ts'
import { type Figures, FiguresSchema } from './schema.ts'

/** Figures with the place that each of them came from. */
export interface ReadFigures {
  readonly figures: Figures
  placeOf(path: string): Place
}

/**
 * The figures of a year, from the input or from a file (YAML or JSON) beside the site.
 *
 * @throws `carbon.bad-figures` with every problem found
 */
export async function readFigures(
  { figures, figuresFile }: { readonly figures?: unknown; readonly figuresFile?: string },
  site: Site,
  data: DataPort,
): Promise<ReadFigures> {
  if ((figures === undefined) === (figuresFile === undefined)) {
    throw carbonErrors.badFigures({
      detail: figures === undefined ? 'No figures of the year are given' : 'Figures are given twice',
      place: { path: 'figures' },
      expected: 'either figures, or figuresFile: a file beside the site',
    })
  }
  if (figuresFile === undefined) return checked(figures, (path) => ({ path: `figures.${path}` }))
  const { content, placeOf } = parseSiteDocument(await data.text(site, figuresFile), figuresFile)
  return checked(content, (path) => placeOf(pathParts(path)))
}

function checked(content: unknown, placeOf: (path: string) => Place): ReadFigures {
  const { value, problems } = checkValue(FiguresSchema, content)
  if (problems.length > 0) {
    throw new MangroveError(
      problems.map((one) => carbonErrors.badFigures.problem({ ...one, place: placeOf(one.place?.path ?? '') })),
    )
  }
  return { figures: value as Figures, placeOf }
}
