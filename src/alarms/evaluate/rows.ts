/** Observations in columns, as they are stored: the form of a batch of the store. */
export interface Rows {
  readonly count: number
  /** Never changed once it is here: what is known of a list is remembered with it. */
  readonly series: readonly { readonly site: string; readonly point: string }[]
  /** Index into `series`, one a row. */
  readonly seriesOf: ArrayLike<number>
  /** Event time, whole UTC milliseconds. */
  readonly timestampsMs: ArrayLike<number>
  /** In the units of the points; NaN = missing. */
  readonly values: ArrayLike<number>
  /** Codes of `quality`. */
  readonly quality: ArrayLike<number>
}

export type DecisionKind = 'raised' | 'cleared' | 'suppressed' | 'unsuppressed'

/** What an evaluator finds of an alarm; a function of the stored values alone. */
export interface Decision {
  readonly alarm: string
  readonly kind: DecisionKind
  /** When it was so, in the time of the field: the moment a delay was over, not the moment it was noticed. */
  readonly eventMs: number
  /** Value of the point then; absent where none is known. */
  readonly value?: number
}
