import {
  canonicalJson,
  type DataPort,
  endMs,
  formatIso,
  type Series,
  type SeriesRequest,
  type Site,
  type TimeGrid,
} from '../../kernel/index.ts'
import { energyErrors } from '../errors.ts'

/** Series of a whole span, read once each, and served in windows: a year of plans reads what one plan reads. */
export interface SpanData {
  /** What was, on any window of the span. */
  readonly truth: DataPort
  /** What is foreseen, from the beginning of the window that is asked for: `foresee` replaces what is uncertain. */
  foreseen(foresee: Foresee): DataPort
  /** Replaces a series by values that were worked out, one a step of the span; unknown outside. */
  replace(path: string, values: Float64Array): void
}

export interface ForeseeRequest {
  /** Site-file path of the series. */
  readonly path: string
  /** All values of the span; those from `origin` on are not to be looked at by an honest forecaster. */
  readonly values: Float64Array
  readonly grid: TimeGrid
  readonly origin: number
  readonly count: number
}

/** Values from an origin on. */
export type Foresee = (request: ForeseeRequest) => Float64Array | Promise<Float64Array>

/** Series that nobody knows before: what loads ask for and what nature gives. Prices are known. */
const uncertain = /^assets\.[^.]+\.(demand|production|flow|inflow)$/

export function createSpanData(data: DataPort, grid: TimeGrid): SpanData {
  const whole = new Map<string, Promise<Series>>()
  const replaced = new Map<string, Float64Array>()
  const read = (site: Site, { source, unit, path }: SeriesRequest, stepMs: number): Promise<Series> => {
    const count = Math.round((grid.count * grid.stepMs) / stepMs)
    const key = canonicalJson([path, unit, stepMs, replaced.has(path) ? null : source])
    const own = { ...grid, stepMs, count }
    const found =
      whole.get(key) ??
      (replaced.has(path) && stepMs === grid.stepMs
        ? Promise.resolve({ grid: own, values: replaced.get(path)!, quality: new Uint8Array(count), unit })
        : data.series(site, { source, unit, path, grid: own }))
    whole.set(key, found)
    return found
  }
  const windowOf = (asked: TimeGrid, site: Site, path: string): number => {
    const first = (asked.startMs - grid.startMs) / asked.stepMs
    if (Number.isInteger(first) && first >= 0 && endMs(asked) <= endMs(grid)) return first
    throw energyErrors.badHorizon({
      detail: `${path} is asked for outside the span`,
      found: `${formatIso(asked.startMs, site.zone)} to ${formatIso(endMs(asked), site.zone)}`,
      expected: `${formatIso(grid.startMs, site.zone)} to ${formatIso(endMs(grid), site.zone)}`,
    })
  }
  const serve = (foresee?: Foresee): DataPort => ({
    site: () => Promise.reject(new Error('a span has its site')),
    text: (site, file) => data.text(site, file),
    async series(site, request) {
      const first = windowOf(request.grid, site, request.path)
      const all = await read(site, request, request.grid.stepMs)
      const { count } = request.grid
      const values =
        foresee && uncertain.test(request.path)
          ? await foresee({ path: request.path, values: all.values, grid: all.grid, origin: first, count })
          : all.values.slice(first, first + count)
      return { grid: request.grid, values, quality: all.quality.slice(first, first + count), unit: all.unit }
    },
  })
  return {
    truth: serve(),
    foreseen: (foresee) => serve(foresee),
    replace: (path, values) => void replaced.set(path, values),
  }
}
