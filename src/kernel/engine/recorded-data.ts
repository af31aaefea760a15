import type { DataPort, SeriesRequest } from '../ports/data.ts'
import type { Series } from '../series/series.ts'
import type { Site } from '../site/model.ts'
import type { ReadingLog, ReadingRecall, ReadingRequest } from './reading-log.ts'

const siteRequest = (ref: string, changes: unknown): ReadingRequest => [
  'site',
  { ref, ...(changes === undefined ? {} : { changes }) },
]
const seriesRequest = (site: Site, request: SeriesRequest): ReadingRequest => [
  'series',
  { site: site.id, source: request.source, grid: request.grid, unit: request.unit, path: request.path },
]
const textRequest = (site: Site, file: string): ReadingRequest => ['text', { site: site.id, file }]

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

/** A data port that writes down all that passes through it. */
export const recordData = (inner: DataPort, log: ReadingLog): DataPort => ({
  async site(ref, changes) {
    const site = await inner.site(ref, changes)
    log.keep(siteRequest(ref, changes), site)
    return site
  },
  async series(site, request) {
    const series = await inner.series(site, request)
    log.keep(seriesRequest(site, request), packSeries(series))
    return series
  },
  async text(site, file) {
    const text = await inner.text(site, file)
    log.keep(textRequest(site, file), text)
    return text
  },
})

/**
 * A data port that answers from evidence alone: no file, no store is asked.
 *
 * @throws `kernel.evidence-incomplete` for what the first run did not read
 */
export const replayData = ({ recall }: ReadingRecall): DataPort => ({
  site: (ref, changes) => recall<Site>(siteRequest(ref, changes)),
  series: async (site, request) => unpackSeries(await recall(seriesRequest(site, request))),
  text: (site, file) => recall<string>(textRequest(site, file)),
})
