import { Decimal, parseDecimal } from '../quantity/index.ts'
import type { CorrectionReason } from './entry.ts'

/** When a base year is told anew. */
export interface RestatementPolicy {
  /** A change of the base year's total by this share or more is significant. */
  readonly threshold: string
  /** Reasons that never lead to a restatement: growth and decline by themselves do not, nor data that came late. */
  readonly never: readonly CorrectionReason[]
}

/**
 * GHG Protocol Corporate Standard (2004), chapter 5, asks each company for a significance threshold and for recalculation after
 * structural changes, changes of method and significant errors. 5 % is what most programmes take (SBTi Criteria, C24).
 */
export const usualPolicy: RestatementPolicy = { threshold: '0.05', never: ['late-data'] }

export interface Restatement {
  readonly restate: boolean
  /** Change over what was reported, signed; `null` where nothing was reported. */
  readonly change: string | null
  readonly why: 'significant' | 'below-threshold' | 'reason-excluded' | 'nothing-reported'
}

/** Whether a base year of `reportedKg` has to be told anew as `correctedKg`. */
export function restatementOf(
  {
    reportedKg,
    correctedKg,
    reasons,
  }: { readonly reportedKg: string; readonly correctedKg: string; readonly reasons: readonly CorrectionReason[] },
  policy: RestatementPolicy = usualPolicy,
): Restatement {
  const reported = parseDecimal(reportedKg)
  if (reported.isZero()) return { restate: true, change: null, why: 'nothing-reported' }
  const share = parseDecimal(correctedKg).minus(reported).dividedBy(reported.abs())
  const change = share.toDecimalPlaces(12, Decimal.ROUND_HALF_EVEN).toFixed()
  if (reasons.length > 0 && reasons.every((one) => policy.never.includes(one)))
    return { restate: false, change, why: 'reason-excluded' }
  const significant = share.abs().gte(parseDecimal(policy.threshold))
  return { restate: significant, change, why: significant ? 'significant' : 'below-threshold' }
}
