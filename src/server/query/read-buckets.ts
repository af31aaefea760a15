import { type ComputedPoints, computePoints, measuredInputs, type PointColumn } from '../../kernel/index.ts'
import type { PointBuckets, Store } from '../../store/index.ts'
import { serverErrors } from '../errors.ts'
import type { SitePoint } from '../site-book.ts'
import { type Aggregate, type AnswerPoint, type AnswerPoints, missingWhereWorse, pickRows } from './answer-columns.ts'

export interface BucketsRequest {
  readonly site: string
  readonly points: readonly string[]
  /** Of the site, by reference. */
  readonly known: ReadonlyMap<string, SitePoint>
  readonly edgesMs: Float64Array
  /** Absent: the mean of buckets that hold an observation; every bucket otherwise. */
  readonly aggregates?: readonly Aggregate[]
  /** Buckets that hold a worse value are missing. */
  readonly worst?: number
}

/** Columns of points over common buckets. */
export interface BucketColumns {
  readonly timestampsMs: Float64Array
  /** What each point was in a bucket: its mean, of a counter its rise, of a computed point its expression over these. */
  readonly columns: ReadonlyMap<string, PointColumn>
  /** Of measured points. */
  readonly buckets: Readonly<Record<string, PointBuckets>>
}

/** What points were over buckets, the computed ones from what their inputs were. @throws `store.too-many` */
export async function bucketColumns(
  { observations }: Pick<Store, 'observations'>,
  computed: ComputedPoints,
  { site, points, edgesMs }: Pick<BucketsRequest, 'site' | 'points' | 'edgesMs'>,
): Promise<BucketColumns> {
  const measured = measuredInputs(computed, points)
  const buckets = await observations.buckets({ site, points: measured, edgesMs })
  const count = edgesMs.length - 1
  const columns = new Map<string, PointColumn>(
    Object.entries(buckets).map(([ref, { mean, rise, quality: codes, riseQuality }]) => [
      ref,
      rise && riseQuality ? { values: rise, quality: riseQuality } : { values: mean, quality: codes },
    ]),
  )
  const own = computePoints(computed, columns, count, points)
  return { timestampsMs: edgesMs.slice(0, count), columns: new Map([...columns, ...own]), buckets }
}

/**
 * Points over buckets as they are answered.
 *
 * @throws `server.no-counter` for the rise of a point that is none, `server.computed-point` for an aggregate that a computed point
 * has not; `store.too-many`
 */
export async function readBuckets(
  store: Pick<Store, 'observations'>,
  computed: ComputedPoints,
  request: BucketsRequest,
): Promise<AnswerPoints> {
  const { points, aggregates } = request
  for (const ref of points) checkAggregates(ref, aggregates ?? [], computed, request)
  const read = await bucketColumns(store, computed, request)
  const answered = new Map<string, AnswerPoint>()
  for (const ref of points) {
    const point = answerOf(ref, read, computed, request)
    if (point) answered.set(ref, point)
  }
  return answered
}

function answerOf(
  ref: string,
  { timestampsMs, columns, buckets }: BucketColumns,
  computed: ComputedPoints,
  { aggregates, worst, known }: BucketsRequest,
): AnswerPoint | undefined {
  const own = buckets[ref]
  const unit = own?.unit ?? known.get(ref)?.unit ?? '1'
  if (!own && !computed.byRef.has(ref)) return aggregates && emptyPoint(unit, timestampsMs, aggregates)
  const told = (aggregate: Aggregate): PointColumn => {
    if (!own) return columns.get(ref)!
    if (aggregate === 'rise') return { values: own.rise!, quality: own.riseQuality! }
    return { values: aggregate === 'count' ? Float64Array.from(own.count) : own[aggregate], quality: own.quality }
  }
  const column = (aggregate: Aggregate): PointColumn => {
    const { values, quality } = told(aggregate)
    return missingWhereWorse(values, quality, aggregate === 'count' ? undefined : worst)
  }
  const [first = 'mean'] = aggregates ?? []
  const shown = column(first)
  const quality = first === 'count' ? missingWhereWorse(shown.values, shown.quality, worst).quality : shown.quality
  const point = { unit, timestampsMs, values: shown.values, quality }
  if (!aggregates) return pickRows(point, heldRows(timestampsMs.length, own, shown))
  const asked = new Map(aggregates.map((aggregate) => [aggregate, column(aggregate).values]))
  if (!aggregates.includes('rise') || aggregates.length === 1) return { ...point, aggregates: asked }
  return { ...point, aggregates: asked, riseQuality: column('rise').quality }
}

/** Buckets that hold an observation; of a computed point, those in which it is known. */
function heldRows(count: number, own: PointBuckets | undefined, { values }: PointColumn): readonly number[] {
  const rows: number[] = []
  for (let row = 0; row < count; row += 1)
    if (own ? own.observed[row] === 1 : !Number.isNaN(values[row])) rows.push(row)
  return rows
}

/** A point of which nothing was ever stored: every bucket is missing. */
function emptyPoint(unit: string, timestampsMs: Float64Array, aggregates: readonly Aggregate[]): AnswerPoint {
  const nothing = new Float64Array(timestampsMs.length).fill(Number.NaN)
  const none = new Float64Array(timestampsMs.length)
  const quality = new Uint8Array(timestampsMs.length).fill(4)
  const values = (aggregate: Aggregate) => (aggregate === 'count' ? none : nothing)
  return {
    unit,
    timestampsMs,
    values: values(aggregates[0]!),
    quality,
    aggregates: new Map(aggregates.map((aggregate) => [aggregate, values(aggregate)])),
  }
}

function checkAggregates(
  ref: string,
  aggregates: readonly Aggregate[],
  computed: ComputedPoints,
  { known }: BucketsRequest,
): void {
  const isCounter = (other: string): boolean => known.get(other)?.rules.counter !== undefined
  if (computed.byRef.has(ref)) {
    const counters = measuredInputs(computed, [ref]).every(isCounter)
    const other = aggregates.find((aggregate) => aggregate !== 'mean' && !(aggregate === 'rise' && counters))
    if (other === undefined) return
    throw serverErrors.computedPoint({
      detail: `${ref} is computed bucket by bucket from means, and from the rise of counters; it has no ${other}`,
      place: { path: 'query.aggregates' },
      found: other,
      expected: counters ? 'mean or rise' : 'mean',
    })
  }
  if (!aggregates.includes('rise') || isCounter(ref)) return
  throw serverErrors.noCounter({
    detail: 'Only a counter rises',
    place: { path: 'query.aggregates' },
    found: ref,
    expected: 'a point that is declared as a counter',
  })
}
