import type { Rows } from './rows.ts'

/** One series of a batch: what a sender calls its point. */
export interface BatchSeries {
  readonly site: string
  /** `<asset>.<point>` */
  readonly point: string
  /** Unit of the values as sent; absent: the point's own. */
  readonly unit?: string
}

/**
 * Observations in columns, as they come in: names are told once, numbers stand in typed arrays, so that a batch goes
 * from thread to thread without a copy. Rows may come in any order and more than once; of several with one identity
 * the last counts.
 */
export interface ObservationBatch {
  readonly count: number
  /** Never changed once it is here: what is known of a list is remembered with it. */
  readonly series: readonly BatchSeries[]
  readonly sources: readonly string[]
  /** Index into `series`, one a row. */
  readonly seriesOf: Uint32Array
  /** Index into `sources`, one a row. */
  readonly sourceOf: Uint16Array
  /** Event time in whole UTC milliseconds. */
  readonly timestampsMs: Float64Array
  /** NaN = missing. */
  readonly values: Float64Array
  /** Codes of `quality`; `missing` exactly where the value is NaN. */
  readonly quality: Uint8Array
}

/** Rows under names; the indices into these are the caller's to fill in. */
export const rowsInBatch = (
  series: readonly BatchSeries[],
  sources: readonly string[],
  { count, eventMs, value, quality }: Rows,
): ObservationBatch => ({
  ...{ count, series, sources, seriesOf: new Uint32Array(count), sourceOf: new Uint16Array(count) },
  ...{ timestampsMs: eventMs, values: value, quality },
})
