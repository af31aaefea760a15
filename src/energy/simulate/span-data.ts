import {
  canonicalJson,
  type DataPort,
  endMs,
  finestGrid,
  formatIso,
  meansOnSteps,
  quality,
  type Series,
  type SeriesRequest,
  type Site,
  seriesOfSegments,
  seriesOfValues,
  type TimeGrid,
  uniformGrids,
} from '../../kernel/index.ts'
import { type Foresee, isUncertain } from '../control/index.ts'
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

export function createSpanData(data: DataPort, grid: TimeGrid): SpanData {
  const whole = new Map<string, Promise<Series>>()
  const replaced = new Map<string, Float64Array>()
  const wholes = new Map<number, TimeGrid>([[grid.stepMs, grid]])
  /** The span in other steps; the same object each time, so that calendars are made once. */
  const wholeIn = (stepMs: number): TimeGrid => {
    const count = Math.floor((grid.count * grid.stepMs) / stepMs)
    const known = wholes.get(stepMs) ?? { startMs: grid.startMs, stepMs, count }
    wholes.set(stepMs, known)
    return known
  }
  /** Values that were worked out, in other steps: means of several, or each several times. */
  const replacedIn = (path: string, own: TimeGrid): Float64Array => {
    const values = replaced.get(path)!
    const ratio = own.stepMs / grid.stepMs
    return Float64Array.from({ length: own.count }, (_, k) => {
      let sum = 0
      const from = Math.floor(k * ratio + 1e-9)
      const to = Math.max(from + 1, Math.round((k + 1) * ratio))
      for (let j = from; j < to; j += 1) sum += values[j] ?? Number.NaN
      return sum / (to - from)
    })
  }
  const read = (site: Site, { source, unit, path }: SeriesRequest, stepMs: number): Promise<Series> => {
    const key = canonicalJson([path, unit, stepMs, replaced.has(path) ? null : source])
    const own = wholeIn(stepMs)
    const found =
      whole.get(key) ??
      (replaced.has(path)
        ? Promise.resolve({ grid: own, values: replacedIn(path, own), quality: new Uint8Array(own.count), unit })
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
      if (!foresee || !isUncertain(request.path)) {
        const parts: Series[] = []
        for (const part of uniformGrids(request.grid)) {
          const first = windowOf(part, site, request.path)
          const all = await read(site, request, part.stepMs)
          const end = first + part.count
          parts.push({
            ...all,
            grid: part,
            values: all.values.slice(first, end),
            quality: all.quality.slice(first, end),
          })
        }
        return seriesOfSegments(request.grid, parts)
      }
      // A forecast sees nothing from its origin on, so that it is made in even steps and then laid on those asked for.
      const fine = finestGrid(request.grid)
      const origin = windowOf(fine, site, request.path)
      const { values, unit } = await read(site, request, fine.stepMs)
      const known = { path: request.path, values, grid: wholeIn(fine.stepMs), origin, count: fine.count }
      return seriesOfValues(request.grid, unit, meansOnSteps(await foresee(known), request.grid), quality.estimated)
    },
  })
  return {
    truth: serve(),
    foreseen: (foresee) => serve(foresee),
    replace: (path, values) => void replaced.set(path, values),
  }
}
