import {
  type DataPort,
  endMs,
  type Series,
  type Site,
  seriesOfSegments,
  stepStartMs,
  type TimeGrid,
  uniformGrids,
  uniformOnGrid,
} from '../../kernel/index.ts'
import type { Tariff } from '../schema/index.ts'
import { createForecaster, isUncertain } from './forecasters.ts'

/** Days that a forecast looks back to. */
const historyDays = 36
const dayMs = 86_400_000
/** Step of the history that is read and of the forecast. */
const stepMs = 900_000

export interface Foresight {
  readonly data: DataPort
  /** Paths of the series that were foreseen so far, in the order in which they were asked for. */
  readonly foreseen: ReadonlySet<string>
}

/**
 * Data that also say what comes: where a demand or a production is measured and its file or store ends, similar days of the past
 * go on, moved by how far off they were in the last hours. What a file says of the hours ahead stands as it is.
 */
export function withForesight(data: DataPort, nowMs: number): Foresight {
  const foreseen = new Set<string>()
  return {
    foreseen,
    data: {
      ...data,
      async series(site, request) {
        const series = await data.series(site, request)
        const isAhead = (k: number): boolean => stepStartMs(request.grid, k + 1) > nowMs
        const gap = series.values.findIndex((value, k) => Number.isNaN(value) && isAhead(k))
        if (gap < 0 || !isUncertain(request.path)) return series
        const untilMs = endMs(request.grid)
        const ahead = await forecastFrom(
          site,
          nowMs,
          untilMs,
          (grid) => data.series(site, { ...request, grid }),
          request.path,
        )
        const parts = uniformGrids(request.grid).map((grid) =>
          uniformOnGrid(ahead, grid, series.unit, { align: 'none', zone: site.zone, scale: 1, offset: 0 }),
        )
        const filled = seriesOfSegments(request.grid, parts)
        if (!Number.isNaN(filled.values[gap]!)) foreseen.add(request.path)
        return {
          ...series,
          values: series.values.map((value, k) => (Number.isNaN(value) && isAhead(k) ? filled.values[k]! : value)),
          quality: series.quality.map((code, k) =>
            Number.isNaN(series.values[k]!) && isAhead(k) ? filled.quality[k]! : code,
          ),
        }
      },
    },
  }
}

/** What was measured up to now, and what similar days make of it from now on, in quarter-hours. */
async function forecastFrom(
  site: Site,
  nowMs: number,
  untilMs: number,
  read: (grid: TimeGrid) => Promise<Series>,
  path: string,
): Promise<{ startMs: number; stepMs: number; values: Float64Array }> {
  const origin = (historyDays * dayMs) / stepMs
  const thisStepMs = Math.floor(nowMs / stepMs) * stepMs
  const startMs = thisStepMs - origin * stepMs
  const count = origin + Math.ceil((untilMs - thisStepMs) / stepMs)
  const { values } = await read({ startMs, stepMs, count: origin })
  const known = new Float64Array(count).fill(Number.NaN)
  known.set(values)
  const holidays = (site.sections.tariff as Tariff | undefined)?.holidays ?? []
  const foresee = createForecaster('similar-day', { zone: site.zone, holidays, noiseShare: 0, seed: 1 })
  const grid = { startMs, stepMs, count }
  const ahead = await foresee({ path, values: known, grid, origin, count: count - origin })
  known.set(ahead, origin)
  return { startMs, stepMs, values: known }
}
