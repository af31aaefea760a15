import type { Series } from '../series/series.ts'
import type { Site } from '../site/model.ts'
import type { SeriesSource } from '../site/series-source.ts'
import type { StepGrid } from '../time/grid.ts'

export interface SeriesRequest {
  readonly source: SeriesSource
  readonly grid: StepGrid
  /** Unit wanted; the reader converts, or refuses with both units named. */
  readonly unit: string
  /** Site-file path of the source, for error messages. */
  readonly path: string
}

/** Read-only data an engine may ask for. Whatever is read becomes part of the run's evidence. */
export interface DataPort {
  /** Site by id or path of its file; `changes` is a JSON Merge Patch (RFC 7396) on the site document. */
  site(ref: string, changes?: unknown): Promise<Site>
  /** Values of a source on a grid. Missing stays missing. */
  series(site: Site, request: SeriesRequest): Promise<Series>
  /** Text of a file named by the site (a weather file). */
  text(site: Site, file: string): Promise<string>
}
