import { readFile } from 'node:fs/promises'
import { MangroveError, type Place, type Problem, parseSiteDocument } from '../kernel/index.ts'

/** What a command line says of a site. */
interface SiteWords {
  readonly site?: unknown
  /** JSON Merge Patch. */
  readonly changes?: unknown
}

/**
 * Adds the line of the site file to what `running` refuses by the path of a field alone: an engine sees a site, not the
 * file that it was read from.
 *
 * @throws what `running` throws, its problems placed
 */
export async function withLines<T>(words: SiteWords, running: Promise<T>): Promise<T> {
  try {
    return await running
  } catch (error) {
    if (!(error instanceof MangroveError) || typeof words.site !== 'string') throw error
    const placeOf = await siteLines(words.site, words.changes)
    throw new MangroveError(
      error.problems.map((problem) => placed(problem, placeOf)),
      { cause: error },
    )
  }
}

type PlaceOf = (path: string) => Place | undefined

/** Where a path stands, in a site file or the folder of one; nowhere when the file cannot be read. */
async function siteLines(site: string, changes: unknown): Promise<PlaceOf> {
  for (const file of [site, `${site}/site.yaml`]) {
    try {
      const document = parseSiteDocument(await readFile(file, 'utf8'), file, changes)
      return (path) => {
        const place = document.placeOf(path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)))
        return place.line === undefined && place.file === file ? undefined : place
      }
    } catch {
      // No file, or none that can be read: the problem is told without its line.
    }
  }
  return () => undefined
}

/** Problems that have a line, or lie in another file, stay as they are. */
function placed(problem: Problem, placeOf: PlaceOf): Problem {
  const { file, line, path } = problem.place ?? {}
  const found = line === undefined && path !== undefined ? placeOf(path) : undefined
  const same = file === undefined || file === found?.file || found?.file === 'changes'
  return found && same ? { ...problem, place: found } : problem
}
