import type { Problem } from '../../kernel/index.ts'
import type { BatchSeries } from '../../store/index.ts'
import { gatewayErrors } from '../errors.ts'
import { nameProblem } from './check-name.ts'
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
  sourceIndex(source: string): Index
  finish(): ParsedObservations
}

const maxSources = 2 ** 16

/** @param expectedRows a guess, for the first size of the columns */
export function createBatchBuilder({ limits }: Pick<ParseContext, 'limits'>, expectedRows: number): BatchBuilder {
  let capacity = Math.min(Math.max(16, Math.ceil(expectedRows)), limits.maxRows)
  let columns = openColumns(capacity)
  let { seriesOf, sourceOf, timestampsMs, values, quality } = columns
  let count = 0
  let refusedCount = 0
  const refused: Problem[] = []
  const series: BatchSeries[] = []
  const sources: string[] = []
  const indexOfSource = new Map<string, Index>()
  const groups = new Map<string, Map<string, Index>>()
  let lastSite: string | undefined
  let lastUnit: string | undefined
  let group = new Map<string, Index>()
  const full = tooManyRows(limits.maxRows)

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
  const openSeries = (siteName: string, point: string, unit: string | undefined): Index => {
    const problem =
      nameProblem('point', point) ??
      nameProblem('site', siteName) ??
      (unit === undefined ? undefined : nameProblem('unit', unit))
    if (problem) return problem
    if (series.length >= limits.maxSeries) return tooMany('series', limits.maxSeries)
    series.push(unit === undefined ? { site: siteName, point } : { site: siteName, point, unit })
    return series.length - 1
  }

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
    seriesIndex(siteName, point, unit) {
      if (siteName !== lastSite || unit !== lastUnit || groups.size === 0) {
        const key = `${siteName}\n${unit ?? ''}`
        group = groups.get(key) ?? new Map()
        groups.set(key, group)
        lastSite = siteName
        lastUnit = unit
      }
      const found = group.get(point)
      if (found !== undefined) return found
      const index = openSeries(siteName, point, unit)
      // Names that are refused are not kept: there may be as many as rows.
      if (typeof index === 'number') group.set(point, index)
      return index
    },
    sourceIndex(source) {
      const found = indexOfSource.get(source)
      if (found !== undefined) return found
      const problem = nameProblem('source', source)
      if (problem) return problem
      if (sources.length >= maxSources) return tooMany('sources', maxSources)
      sources.push(source)
      indexOfSource.set(source, sources.length - 1)
      return sources.length - 1
    },
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
