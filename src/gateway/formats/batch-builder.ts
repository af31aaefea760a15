import type { Problem } from '../../kernel/index.ts'
import type { BatchSeries } from '../../store/index.ts'
import { gatewayErrors } from '../errors.ts'
import type { BodyMemory, Remembered } from './body-memory.ts'
import { maxToldProblems, type ParseContext, type ParsedObservations } from './observation-format.ts'
import { contradiction, fits } from './quality-word.ts'

/** Index into the series or sources of a batch, or why there is none. */
export type Index = number | Problem

/** Collects the observations of one body in columns, and what was refused of it. */
export interface BatchBuilder {
  /**
   * Adds one observation whose time is plausible and whose value is finite or NaN. What comes back is why it was not
   * added; the caller knows where it stood and refuses it.
   */
  add(series: number, source: number, timestampMs: number, value: number, code: number): Problem | undefined
  /** Notes that `rows` observations were refused; `problem` is only called for the first ones. */
  refuse(problem: () => Problem, rows?: number): void
  seriesIndex(site: string, point: string, unit: string | undefined): Index
  seriesAt(series: Remembered<BatchSeries>): Index
  sourceIndex(source: string): Index
  sourceAt(source: Remembered<string>): Index
  finish(): ParsedObservations
}

const maxSources = 2 ** 16

/** @param expectedRows a guess, for the first size of the columns */
export function createBatchBuilder(
  { limits }: Pick<ParseContext, 'limits'>,
  memory: BodyMemory,
  expectedRows: number,
): BatchBuilder {
  const body = memory.begin()
  let capacity = Math.min(Math.max(16, Math.ceil(expectedRows)), limits.maxRows)
  let columns = openColumns(capacity)
  let { seriesOf, sourceOf, timestampsMs, values, quality } = columns
  let count = 0
  let refusedCount = 0
  const refused: Problem[] = []
  const series: BatchSeries[] = []
  const sources: string[] = []
  const full = tooManyRows(limits.maxRows)
  // One object for all rows: a body may have a million of them.
  const fullSeries = tooMany('series', limits.maxSeries)
  const fullSources = tooMany('sources', maxSources)

  const refuse = (problem: () => Problem, rows = 1): void => {
    refusedCount += rows
    if (refused.length < maxToldProblems) refused.push(problem())
  }
  /** Makes room for one more row; false where the body has had its share. */
  const grow = (): boolean => {
    if (capacity >= limits.maxRows) return false
    capacity = Math.min(2 * capacity, limits.maxRows)
    columns = grownColumns(columns, capacity)
    ;({ seriesOf, sourceOf, timestampsMs, values, quality } = columns)
    return true
  }
  const place = <T>(named: Remembered<T>, placed: T[], most: number, beyond: Problem): Index => {
    if (named.body === body) return named.index
    if (named.problem) return named.problem
    if (placed.length >= most) return beyond
    named.body = body
    named.index = placed.push(named.value) - 1
    return named.index
  }
  const seriesAt = (named: Remembered<BatchSeries>): Index => place(named, series, limits.maxSeries, fullSeries)
  const sourceAt = (named: Remembered<string>): Index => place(named, sources, maxSources, fullSources)

  return {
    refuse,
    add(seriesIndex, source, timestampMs, value, code) {
      if (!fits(value, code)) return contradiction(value, code)
      if (count === capacity && !grow()) return full
      seriesOf[count] = seriesIndex
      sourceOf[count] = source
      timestampsMs[count] = timestampMs
      values[count] = value
      quality[count] = code
      count += 1
      return undefined
    },
    seriesAt,
    // A body may have a name in each of a million rows: beyond its share they are refused, and must not be remembered.
    seriesIndex: (site, point, unit) => seriesAt(memory.series(site, point, unit, series.length < limits.maxSeries)),
    sourceAt,
    sourceIndex: (source) => sourceAt(memory.source(source)),
    finish: () => ({
      batch: {
        count,
        series,
        sources,
        seriesOf: seriesOf.subarray(0, count),
        sourceOf: sourceOf.subarray(0, count),
        timestampsMs: timestampsMs.subarray(0, count),
        values: values.subarray(0, count),
        quality: quality.subarray(0, count),
      },
      refused,
      refusedCount,
      total: count + refusedCount,
    }),
  }
}

const openColumns = (rows: number) => ({
  seriesOf: new Uint32Array(rows),
  sourceOf: new Uint16Array(rows),
  timestampsMs: new Float64Array(rows),
  values: new Float64Array(rows),
  quality: new Uint8Array(rows),
})
type Columns = ReturnType<typeof openColumns>

function grownColumns(columns: Columns, rows: number): Columns {
  const grown = openColumns(rows)
  grown.seriesOf.set(columns.seriesOf)
  grown.sourceOf.set(columns.sourceOf)
  grown.timestampsMs.set(columns.timestampsMs)
  grown.values.set(columns.values)
  grown.quality.set(columns.quality)
  return grown
}

const tooManyRows = (maxRows: number): Problem =>
  gatewayErrors.tooManyRows.problem({
    detail: `A body may hold ${maxRows} observations`,
    expected: 'the rest in another body',
  })

export const tooMany = (what: string, most: number): Problem =>
  gatewayErrors.tooManyNames.problem({
    detail: `A body may name ${most} different ${what}`,
    expected: 'the rest in another body',
  })
