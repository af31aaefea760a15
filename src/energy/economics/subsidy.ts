/** What somebody else pays of an investment, at once. */
export interface Subsidy {
  /** Part of the capex, 0 to 1; default 0. */
  readonly subsidyShare?: number
  /** Of each kW or kWh; default 0. */
  readonly subsidyPerUnit?: number
  /** All that is paid at most; default: no cap but the capex itself. */
  readonly subsidyCap?: number
}

/** Subsidy of an investment: never more than its cap, nor than the capex. */
export const subsidyOf = (
  { subsidyShare = 0, subsidyPerUnit = 0, subsidyCap = Number.POSITIVE_INFINITY }: Subsidy,
  capex: number,
  units: number,
): number => Math.min(subsidyShare * capex + subsidyPerUnit * units, subsidyCap, capex)
