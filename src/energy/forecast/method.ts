/** What the members of a method say of the steps after one origin. */
export interface MemberForecast {
  /** Medians, one array a member, one value a step. */
  readonly points: readonly Float64Array[]
  /** The distributions that members know; none where they know but medians. */
  readonly spreads: readonly Spread[]
}

export interface Spread {
  readonly median: Float64Array
  /** One array a level, one value a step. */
  readonly quantiles: readonly Float64Array[]
}

/** A method that has learnt. */
export interface Fitted {
  forecast(origin: number): MemberForecast | Promise<MemberForecast>
}
