import {
  type DataPort,
  quality,
  type Series,
  type SeriesSource,
  type Site,
  stepStartMs,
  type TimeGrid,
} from '../../kernel/index.ts'

export interface HistoryRequest {
  readonly source: SeriesSource
  readonly unit: string
  /** Place of the source, for messages. */
  readonly path: string
  /** Local days before the start of the horizon, at most. */
  readonly days: number
}

/** What was measured before a horizon begins. */
export interface History {
  /** From the first known value to the horizon; no step where nothing is known. */
  readonly grid: TimeGrid
  /** NaN is missing. */
  readonly values: Float64Array
  /** Steps with a value. */
  readonly known: number
  /** Steps without a value between the first and the start of the horizon. */
  readonly missing: number
  /** Known steps that were borrowed from another year or computed, not measured. */
  readonly estimated: number
}

/** Steps of a history that are read at most: a year of quarter-hours has 35,040. */
const mostSteps = 80_000
const dayMs = 86_400_000

/** A year that lends to another is used once at most, so that nothing stands in the past that is yet to come. */
const mostBorrowedDays = 350

/**
 * Reads a series up to the start of the horizon. Missing stays missing; what lies before the first value is left out. A file
 * lends another year (`align`) only where it has no value of its own in all that time: beside its own values, borrowed ones
 * are copies of them, and of days to come.
 */
export async function readHistory(
  data: DataPort,
  site: Site,
  horizon: TimeGrid,
  { source, unit, path, days }: HistoryRequest,
): Promise<History> {
  const read = async (from: SeriesSource, reach: number): Promise<History> => {
    const count = Math.min(mostSteps, Math.round((reach * dayMs) / horizon.stepMs))
    const grid: TimeGrid = { startMs: horizon.startMs - count * horizon.stepMs, stepMs: horizon.stepMs, count }
    return trimmed(grid, await data.series(site, { source: from, grid, unit, path }))
  }
  if (typeof source !== 'object' || !('file' in source) || (source.align ?? 'none') === 'none')
    return read(source, days)
  const own = await read({ ...source, align: 'none' }, days)
  return own.known > 0 ? own : read(source, Math.min(days, mostBorrowedDays))
}

/** A history from its first known value on. */
function trimmed(grid: TimeGrid, { values, quality: marks }: Series): History {
  const found = values.findIndex((value) => !Number.isNaN(value))
  const first = found < 0 ? values.length : found
  const own = values.slice(first)
  const missing = own.reduce((sum, value) => sum + Number(Number.isNaN(value)), 0)
  const estimated = marks
    .subarray(first)
    .reduce((sum, mark) => sum + Number(mark !== quality.good && mark !== quality.missing), 0)
  return {
    grid: { startMs: stepStartMs(grid, first), stepMs: grid.stepMs, count: own.length },
    values: own,
    known: own.length - missing,
    missing,
    estimated,
  }
}
