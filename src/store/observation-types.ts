import type { Quality } from '../kernel/index.ts'

/** A point of a site: `<asset>.<point>`. */
export interface PointRef {
  readonly site: string
  readonly name: string
}

/** One value of one point. Identity: (site, point, event time, source). */
export interface Observation {
  readonly site: string
  /** `<asset>.<point>` */
  readonly point: string
  readonly unit: string
  /** When it was true, in the field. */
  readonly timestampMs: number
  /** NaN = missing. */
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

/** Values in order of time. A bucket has the worst quality of its values; one without values is not there. */
export interface PointRange {
  readonly unit: string
  readonly timestampsMs: readonly number[]
  /** NaN = missing. */
  readonly values: readonly number[]
  readonly quality: readonly Quality[]
}

export interface Observations {
  /** Stores all or none. Sending one again stores it once; another value for the same identity corrects it. */
  put(observations: readonly Observation[]): Promise<void>
  /** Newest by event time, never by arrival; points without any observation are absent. */
  latest(site: string, points?: readonly string[]): Promise<readonly LatestValue[]>
  /**
   * @throws `store.bad-range`, `store.too-many` above {@link maxRangeValues}.
   */
  range(request: RangeRequest): Promise<Readonly<Record<string, PointRange>>>
  /** Removes what is older than `beforeMs` of one source; returns how many. */
  prune(site: string, source: string, beforeMs: number): Promise<number>
}

/** More than this many values in one answer are refused: ask for a coarser bucket. */
export const maxRangeValues = 200_000
