import type { Quality } from '../../kernel/index.ts'
import type { PointBuckets } from './buckets.ts'
import type { ObservationBatch } from './observation-batch.ts'
import type { PointRules } from './observation-tables.ts'
import type { ReceivedPage, ReceivedRequest } from './read-received.ts'

/** One value of one point. Identity: (site, point, event time, source). */
export interface Observation {
  readonly site: string
  /** `<asset>.<point>` */
  readonly point: string
  readonly unit: string
  /** When it was true, in the field. */
  readonly timestampMs: number
  /** NaN = missing; −0 is kept as 0. */
  readonly value: number
  readonly quality: Quality
  /** Who says so: a gateway, a meter's second channel, `simulator`. */
  readonly source: string
}

export interface LatestValue {
  readonly point: string
  readonly unit: string
  readonly timestampMs: number
  /** NaN = missing. */
  readonly value: number
  readonly quality: Quality
  readonly source: string
  readonly receivedMs: number
}

export interface RangeRequest {
  readonly site: string
  readonly points: readonly string[]
  /** Inclusive. */
  readonly fromMs: number
  /** Exclusive. */
  readonly toMs: number
  /** Mean over buckets of this width, aligned to 1970-01-01T00:00Z; absent: the values as stored. */
  readonly bucketMs?: number
}

export interface BucketRequest {
  readonly site: string
  readonly points: readonly string[]
  /** Start of each bucket and the end of the last, ascending: local days may have 23 and 25 hours. */
  readonly edgesMs: Float64Array
}

/** Values in order of time. A bucket has the worst quality of its values; one without observations is not there. */
export interface PointRange {
  readonly unit: string
  readonly timestampsMs: readonly number[]
  /** NaN = missing. */
  readonly values: readonly number[]
  readonly quality: readonly Quality[]
}

export interface PageRequest {
  readonly site: string
  readonly points: readonly string[]
  /** Inclusive. */
  readonly fromMs: number
  /** Exclusive. */
  readonly toMs: number
  /** Most moments of one point. */
  readonly limit: number
}

/** The beginning of a range: the same time of all points. */
export interface RangePage {
  readonly points: Readonly<Record<string, PointRange>>
  /** Where the next page begins; absent: this was the last. */
  readonly nextMs?: number
}

/** A point that is declared before anything is stored of it. */
export interface DeclaredPoint {
  readonly site: string
  readonly name: string
  readonly unit: string
  readonly rules: PointRules
}

export interface Observations {
  /** Stores all or none. Sending one again stores it once; another value for the same identity corrects it. */
  put(observations: readonly Observation[]): Promise<void>
  /**
   * The same for columns: on the disk when it returns.
   *
   * @throws `store.bad-observation`, and nothing is stored
   */
  append(batch: ObservationBatch): Promise<void>
  /** Makes points known, with their rules; a point that is there keeps its unit. */
  declare(points: readonly DeclaredPoint[]): Promise<void>
  /**
   * Newest by event time, never by arrival; points without any observation are absent. A value from more than ten
   * minutes after it was received is only told where a point has no other: a clock that runs ahead freezes nothing.
   */
  latest(site: string, points?: readonly string[]): Promise<readonly LatestValue[]>
  /**
   * @throws `store.bad-range`, `store.too-many` above {@link maxRangeValues}.
   */
  range(request: RangeRequest): Promise<Readonly<Record<string, PointRange>>>
  /**
   * The first values of a range, as many as a page takes: it ends at the moment of the first value, of any point, that has no
   * place in it any more. What comes late before that moment is not in the next page.
   *
   * @throws `store.bad-range`, `store.too-many` where `limit` times the points is above {@link maxRangeValues}.
   */
  page(request: PageRequest): Promise<RangePage>
  /**
   * Rows by when they were received, each with its source: for whoever hands everything on. A window that has ended by
   * {@link receivedUntil} is complete.
   *
   * @throws `store.bad-range`
   */
  received(request: ReceivedRequest): Promise<ReceivedPage>
  /** How many rows of a window of receive time there are, those of sealed months left out. */
  receivedCount(request: Omit<ReceivedRequest, 'limit'>): Promise<number>
  /**
   * What this process received before this moment is on the disk, or was refused. It does not go back while the process lives, unless
   * the clock was set back for a day.
   */
  receivedUntil(): Promise<number>
  /**
   * What points were over buckets: from kept quarters of an hour where every edge is the start of one, else from the
   * single values. What came late counts at once.
   *
   * @throws `store.bad-range`, `store.too-many`
   */
  buckets(request: BucketRequest): Promise<Readonly<Record<string, PointBuckets>>>
  /** Removes what is older than `beforeMs` of one source, as if it had never been there, and returns how many; a sealed month stays as it is. */
  prune(site: string, source: string, beforeMs: number): Promise<number>
}

/** More than this many values in one answer are refused: ask for a coarser bucket. */
export const maxRangeValues = 200_000
