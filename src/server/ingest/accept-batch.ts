import { conversion, MangroveError, type Problem, quality } from '../../kernel/index.ts'
import type { BatchSeries, ObservationBatch } from '../../store/index.ts'
import { serverErrors } from '../errors.ts'

/** What a batch may be written to. */
export interface AcceptRules {
  /** Unit of a point that may be written; otherwise the problem with it, which all its observations share. */
  unitOf(site: string, point: string): string | Problem
  /** The points of a site as one object for as long as they are the same, where all that may be written may be by this caller. */
  allOf(site: string): object | undefined
}

export interface Accepted {
  /** What is stored, each value in the unit of its point. */
  readonly batch: ObservationBatch
  readonly refused: readonly Problem[]
  readonly refusedCount: number
}

/** Series of a batch as they are written, and how their values are converted. */
interface AcceptedSeries {
  readonly series: BatchSeries
  readonly scale: number
  readonly offset: number
}

/**
 * Holds a batch against the points of the sites: what has no point, or a unit of another dimension, is refused series
 * by series; the rest is converted into the units of the points.
 */
export function acceptBatch(batch: ObservationBatch, rules: AcceptRules): Accepted {
  // Most batches are as they should be, and have as many series as rows.
  const written = writtenBefore(batch.series, rules) ?? asWritten(batch.series, rules)
  if (written) return { batch: { ...batch, series: written }, refused: [], refusedCount: 0 }
  return convertRows(
    batch,
    batch.series.map((one) => acceptSeries(one, rules)),
  )
}

/** Series with the unit of their point: senders name the same ones again and again, and each is one object. */
const withUnits = new WeakMap<BatchSeries, BatchSeries>()

function withUnit(series: BatchSeries, unit: string): BatchSeries {
  if (series.unit !== undefined) return series
  const known = withUnits.get(series)
  if (known?.unit === unit) return known
  const named = { site: series.site, point: series.point, unit }
  withUnits.set(series, named)
  return named
}

/** Lists of series of one site that were all stored as they came: most senders name the same ones in every batch. */
const writtenLists = new WeakMap<
  readonly BatchSeries[],
  { readonly points: object; readonly written: readonly BatchSeries[] }
>()

function writtenBefore(series: readonly BatchSeries[], rules: AcceptRules): readonly BatchSeries[] | undefined {
  const known = writtenLists.get(series)
  return known && known.points === rules.allOf(series[0]!.site) ? known.written : undefined
}

/** Series whose values are stored as they came; undefined where one is not. */
function asWritten(series: readonly BatchSeries[], rules: AcceptRules): readonly BatchSeries[] | undefined {
  const written = new Array<BatchSeries>(series.length)
  for (let index = 0; index < series.length; index += 1) {
    const one = series[index]!
    const unit = rules.unitOf(one.site, one.point)
    if (typeof unit !== 'string' || (one.unit !== undefined && one.unit !== unit)) return undefined
    written[index] = withUnit(one, unit)
  }
  const site = series[0]?.site
  const points = site === undefined ? undefined : rules.allOf(site)
  if (points && series.every((one) => one.site === site)) writtenLists.set(series, { points, written })
  return written
}

function acceptSeries(series: BatchSeries, rules: AcceptRules): AcceptedSeries | Problem {
  const unit = rules.unitOf(series.site, series.point)
  if (typeof unit !== 'string') return unit
  const written = { site: series.site, point: series.point, unit }
  if (series.unit === undefined || series.unit === unit) return { series: written, scale: 1, offset: 0 }
  try {
    return { series: written, ...conversion(series.unit, unit) }
  } catch (error) {
    if (!(error instanceof MangroveError)) throw error
    return { ...error.problems[0]!, place: { path: series.point } }
  }
}

function convertRows(batch: ObservationBatch, series: readonly (AcceptedSeries | Problem)[]): Accepted {
  const kept = series.map((one) => (isProblem(one) ? undefined : one))
  const { count, seriesOf, values } = batch
  const copy = {
    series: batch.series.map((one, index) => kept[index]?.series ?? one),
    sources: batch.sources,
    seriesOf: new Uint32Array(count),
    sourceOf: new Uint16Array(count),
    timestampsMs: new Float64Array(count),
    values: new Float64Array(count),
    quality: new Uint8Array(count),
  }
  let at = 0
  const overflown = new Set<number>()
  for (let row = 0; row < count; row += 1) {
    const one = kept[seriesOf[row]!]
    if (!one) continue
    const value = values[row]!
    const converted = one.scale === 1 && one.offset === 0 ? value : value * one.scale + one.offset
    if (!Number.isFinite(converted) && batch.quality[row] !== quality.missing) {
      overflown.add(seriesOf[row]!)
      continue
    }
    copy.seriesOf[at] = seriesOf[row]!
    copy.sourceOf[at] = batch.sourceOf[row]!
    copy.timestampsMs[at] = batch.timestampsMs[row]!
    copy.values[at] = converted
    copy.quality[at] = batch.quality[row]!
    at += 1
  }
  const problems = [
    ...series.filter(isProblem),
    ...[...overflown].map((index) =>
      serverErrors.badInput.problem({
        detail: 'The value is not finite in the unit of the point',
        place: { path: batch.series[index]!.point },
        expected: kept[index]!.series.unit ?? '1',
      }),
    ),
  ]
  return { batch: { ...copy, ...usedSeries(copy, at), count: at }, refused: problems, refusedCount: count - at }
}

/** Series that a row still names, so that points nobody may write are not made. */
function usedSeries(
  { series, seriesOf }: Pick<ObservationBatch, 'series' | 'seriesOf'>,
  count: number,
): Pick<ObservationBatch, 'series' | 'seriesOf'> {
  const renamed = new Int32Array(series.length).fill(-1)
  const used: BatchSeries[] = []
  for (let row = 0; row < count; row += 1) {
    const index = seriesOf[row]!
    if (renamed[index] === -1) renamed[index] = used.push(series[index]!) - 1
    seriesOf[row] = renamed[index]!
  }
  return { series: used, seriesOf }
}

const isProblem = (one: AcceptedSeries | Problem): one is Problem => 'code' in one
