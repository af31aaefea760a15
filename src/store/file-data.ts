import { readFile, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import {
  canonicalJson,
  createSeriesReader,
  type DataPort,
  quality,
  readSite,
  type Series,
  type Site,
  seriesOfValues,
  type TimeGrid,
  type Vocabulary,
} from '../kernel/index.ts'
import { storeErrors } from './errors.ts'
import type { Observations } from './observations/observation-types.ts'

/** A site by its file. */
export interface SiteFile {
  /** Path of the site file, or of a folder that holds a `site.yaml`. */
  readonly file: string
}

export interface FileDataOptions {
  readonly packs: readonly Vocabulary[]
  /** Where observations are read from; absent: sources that name one are refused. */
  readonly store?: { readonly observations: Pick<Observations, 'range'> }
  /** Sites known by their id. */
  readonly sites?: readonly SiteFile[]
  /** True for callers from outside: sites by id only, and changes may name no file beyond the site's own. Default false. */
  readonly onlyKnownSites?: boolean
}

/** The data port over files and the store. */
export interface FileData extends DataPort {
  /** The site of a file, without changes. */
  siteOfFile(file: string): Promise<Site>
}

/**
 * Reads sites, their files and their observations. Files are read again when they change on disk.
 *
 * @throws every problem of the site files, `store.site-ambiguous`
 */
export async function createFileData(options: FileDataOptions): Promise<FileData> {
  const { packs, store, onlyKnownSites = false } = options
  const readText = createTextReader()
  const files = new Map<string, string>()
  const sites = new Map<string, Site>()

  async function siteOfFile(file: string, changes?: unknown): Promise<Site> {
    const path = await siteFileOf(file)
    const text = await readText(path, path)
    const key = canonicalJson([path, text.length, changes ?? null])
    const known = sites.get(key)
    if (known && known.source.file === path && textOf.get(known) === text) return known
    const site = readSite(text, { file: path, packs, changes })
    textOf.set(site, text)
    sites.set(key, site)
    const [oldest] = sites.keys()
    if (sites.size > keptSites && oldest !== undefined) sites.delete(oldest)
    return site
  }

  /** Text of a file named by the site, which may be named from outside only as the site file itself names it. */
  async function textOfSite(site: Site, file: string): Promise<string> {
    const folder = dirname(resolve(site.source.file))
    const path = resolve(folder, file)
    const within = !relative(folder, path).startsWith(`..${sep}`) && relative(folder, path) !== '..'
    if (onlyKnownSites && !within && !namesFile(await siteOfFile(site.source.file), file)) {
      throw storeErrors.fileOutside({
        detail: 'Changes may not name files beyond the site',
        found: file,
        expected: 'a file that the site file names',
      })
    }
    return readText(path, file)
  }

  const readSeries = createSeriesReader({
    readText: textOfSite,
    ...(store ? { observed: observedIn(store.observations) } : {}),
  })

  for (const { file } of options.sites ?? []) {
    const site = await siteOfFile(file)
    const other = files.get(site.id)
    if (other !== undefined) {
      throw storeErrors.siteAmbiguous({
        detail: `Two site files have the id ${site.id}`,
        found: `${other}, ${file}`,
        expected: 'ids that differ',
      })
    }
    files.set(site.id, file)
  }

  return {
    siteOfFile: (file) => siteOfFile(file),
    site(ref, changes) {
      const file = files.get(ref)
      if (file !== undefined) return siteOfFile(file, changes)
      if (!onlyKnownSites) return siteOfFile(ref, changes)
      throw storeErrors.siteUnknown({
        detail: 'No site has this id',
        place: { path: 'site' },
        found: ref,
        expected: [...files.keys()].join(', '),
      })
    },
    series: readSeries,
    text: textOfSite,
  }
}

const keptSites = 16
/** The text a site was read from, to know when its file has changed. */
const textOf = new WeakMap<Site, string>()

async function siteFileOf(file: string): Promise<string> {
  const found = await stat(file).catch(() => undefined)
  return found?.isDirectory() ? join(file, 'site.yaml') : file
}

/** Reads text files, from memory while they are unchanged on disk. */
function createTextReader(): (path: string, asWritten: string) => Promise<string> {
  const texts = new Map<string, { readonly mtimeMs: number; readonly size: number; readonly text: string }>()
  return async (path, asWritten) => {
    try {
      const { mtimeMs, size } = await stat(path)
      const known = texts.get(path)
      if (known && known.mtimeMs === mtimeMs && known.size === size) return known.text
      const text = await readFile(path, 'utf8')
      texts.set(path, { mtimeMs, size, text })
      const [oldest] = texts.keys()
      if (texts.size > 32 && oldest !== undefined) texts.delete(oldest)
      return text
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException
      throw storeErrors.fileNotFound(
        {
          detail: code === 'ENOENT' ? 'There is no such file' : 'The file cannot be read',
          place: { file: asWritten },
          found: code === 'ENOENT' ? asWritten : `${asWritten} (${code})`,
          expected: 'a text file; relative names are relative to the site file',
        },
        { cause },
      )
    }
  }
}

/** Whether any `file` field of a site has this value. */
function namesFile(value: unknown, file: string): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([name, member]) => (name === 'file' && member === file) || namesFile(member, file))
}

/** Means of a stored point over the steps of a grid; steps without a value are missing. */
const observedIn =
  (observations: Pick<Observations, 'range'>) =>
  async (site: Site, point: string, grid: TimeGrid): Promise<Series> => {
    const { startMs, stepMs, count } = grid
    const found = await observations.range({
      site: site.id,
      points: [point],
      fromMs: startMs,
      toMs: startMs + stepMs * count,
    })
    const range = found[point]
    const sums = new Float64Array(count)
    const counts = new Uint32Array(count)
    const worst = new Uint8Array(count)
    range?.timestampsMs.forEach((timestampMs, index) => {
      const k = Math.floor((timestampMs - startMs) / stepMs)
      const value = range.values[index] ?? Number.NaN
      if (Number.isNaN(value)) return
      sums[k]! += value
      counts[k]! += 1
      worst[k] = Math.max(worst[k]!, range.quality[index] ?? quality.suspect)
    })
    const values = sums.map((sum, k) => (counts[k] === 0 ? Number.NaN : sum / counts[k]!))
    const unit = range?.unit ?? '1'
    return {
      ...seriesOfValues(grid, unit, values, quality.good),
      quality: worst.map((code, k) => (counts[k] === 0 ? quality.missing : code)),
    }
  }
