import type { SavingsCheck } from '../schema/index.ts'
import type { Baseline } from './baseline.ts'
import type { Granularity } from './uncertainty.ts'

export interface CheckFacts {
  readonly baseline: Baseline
  readonly granularity: Granularity
  /** Months from the first to the last reported day. */
  readonly reportedMonths: number
  readonly baselineDays: number
  readonly shortBaselineReason: string | undefined
  /** Shares of observations that are missing. */
  readonly missing: { readonly baseline: number; readonly reporting: number }
  /** Share of reported observations beyond the baseline's range by a tenth of it. */
  readonly beyond: number
  readonly savingsKwh: number
  /** Half-width of the savings at 68 %. */
  readonly halfWidth68Kwh: number
}

/** Whole-building limits of CV(RMSE) by months of reporting (ASHRAE Guideline 14, whole-building prescriptive path). */
const cvLimit = (months: number): number => (months < 12 ? 0.2 : months <= 60 ? 0.25 : 0.3)

/** What a verifier looks at, each with its source. */
export function checksOf(facts: CheckFacts): readonly SavingsCheck[] {
  const { baseline, reportedMonths, baselineDays, missing, beyond, savingsKwh, halfWidth68Kwh } = facts
  const { statistics, outOfSample } = baseline
  const guideline = 'ASHRAE Guideline 14'
  return [
    check('cv-rmse', 'CV(RMSE) of the baseline', statistics.cvRmse, cvLimit(reportedMonths), guideline),
    check('bias', 'Net determination bias', Math.abs(statistics.bias), 0.00005, guideline),
    check('uncertainty', 'Uncertainty of the savings at 68 %', share(halfWidth68Kwh, savingsKwh), 0.5, guideline),
    atLeast(
      'baseline-days',
      facts.shortBaselineReason === undefined
        ? 'Days of the baseline period'
        : `Days of the baseline period; stated: ${facts.shortBaselineReason}`,
      baselineDays,
      365,
      'IPMVP option C; CalTRACK 2.2.1.1',
      facts.shortBaselineReason === undefined,
    ),
    check('baseline-gaps', 'Missing share of the baseline', missing.baseline, 0.1, 'CalTRACK 2.2.1.2'),
    check('reporting-gaps', 'Missing share of the reporting period', missing.reporting, 0.1, 'CalTRACK 2.2.1.2'),
    check(
      'extrapolation',
      'Share of the reporting period beyond the baseline’s range',
      beyond,
      0,
      'CalTRACK 3.7.5.2',
      false,
    ),
    atLeast('r-squared', 'R² of the baseline', statistics.rSquared, 0.75, 'IPMVP 2012, appendix B', false),
    check(
      'out-of-sample',
      'CV(RMSE) on what the model has not seen',
      outOfSample?.cvRmse ?? Number.NaN,
      cvLimit(reportedMonths),
      'limit of ASHRAE Guideline 14',
      false,
    ),
  ]
}

const share = (part: number, whole: number): number => (whole > 0 ? part / whole : Number.NaN)
/** Rounding of sums is no breach. */
const slack = 1e-9

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null)

function check(
  code: string,
  text: string,
  found: number,
  limit: number,
  source: string,
  required = true,
): SavingsCheck {
  return { code, text, found: orNull(found), limit, ok: found <= limit + slack, required, source }
}

function atLeast(
  code: string,
  text: string,
  found: number,
  limit: number,
  source: string,
  required = true,
): SavingsCheck {
  return { code, text, found: orNull(found), limit, ok: found >= limit - slack, required, source }
}
