import { kernelErrors } from '../kernel-errors.ts'
import { canonicalJson, sha256Hex } from '../lineage/index.ts'
import type { DataPort, SeriesRequest } from '../ports/data.ts'
import type { Series } from '../series/series.ts'
import type { Site } from '../site/model.ts'
import type { EvidenceStore, Reading } from './evidence.ts'

type Request = readonly [kind: Reading['kind'], request: unknown]

const siteRequest = (ref: string, changes: unknown): Request => [
  'site',
  { ref, ...(changes === undefined ? {} : { changes }) },
]
const seriesRequest = (site: Site, request: SeriesRequest): Request => [
  'series',
  { site: site.id, source: request.source, grid: request.grid, unit: request.unit, path: request.path },
]
const textRequest = (site: Site, file: string): Request => ['text', { site: site.id, file }]

/** A series as JSON: missing values are null. */
const packSeries = ({ grid, values, quality, unit }: Series) => ({
  grid,
  unit,
  values: Array.from(values, (value) => (Number.isNaN(value) ? null : value)),
  quality: Array.from(quality),
})

function unpackSeries(packed: ReturnType<typeof packSeries>): Series {
  return {
    grid: packed.grid,
    unit: packed.unit,
    values: Float64Array.from(packed.values, (value) => value ?? Number.NaN),
    quality: Uint8Array.from(packed.quality),
  }
}

export interface RecordedData {
  readonly data: DataPort
  readonly blobs: ReadonlyMap<string, string>
  /** What was read so far, each once, in a stable order. */
  readings(): readonly Reading[]
}

/** A data port that remembers all that passes through it. */
export function recordData(inner: DataPort): RecordedData {
  const blobs = new Map<string, string>()
  const readings = new Map<string, Reading>()
  const keep = ([kind, request]: Request, answer: unknown): void => {
    const text = canonicalJson(answer)
    const sha256 = sha256Hex(text)
    blobs.set(sha256, text)
    readings.set(canonicalJson([kind, request]), { kind, request, sha256 })
  }
  return {
    blobs,
    readings: () => [...readings].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, reading]) => reading),
    data: {
      async site(ref, changes) {
        const site = await inner.site(ref, changes)
        keep(siteRequest(ref, changes), site)
        return site
      },
      async series(site, request) {
        const series = await inner.series(site, request)
        keep(seriesRequest(site, request), packSeries(series))
        return series
      },
      async text(site, file) {
        const text = await inner.text(site, file)
        keep(textRequest(site, file), text)
        return text
      },
    },
  }
}

/**
 * A data port that answers from evidence alone: no file, no store is asked.
 *
 * @throws `kernel.evidence-incomplete` for what the first run did not read
 */
export function replayData(readings: readonly Reading[], evidence: EvidenceStore): DataPort {
  const known = new Map(readings.map(({ kind, request, sha256 }) => [canonicalJson([kind, request]), sha256]))
  const recall = async <T>(request: Request): Promise<T> => {
    const sha256 = known.get(canonicalJson(request))
    const text = sha256 === undefined ? undefined : await evidence.blob(sha256)
    if (text === undefined) {
      throw kernelErrors.evidenceIncomplete({
        detail: `The evidence has no ${request[0]} for what the run asks now`,
        found: request[1],
      })
    }
    return JSON.parse(text) as T
  }
  return {
    site: (ref, changes) => recall<Site>(siteRequest(ref, changes)),
    series: async (site, request) => unpackSeries(await recall(seriesRequest(site, request))),
    text: (site, file) => recall<string>(textRequest(site, file)),
  }
}
