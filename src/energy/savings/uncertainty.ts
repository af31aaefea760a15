import { type FitStatistics, neighbourCorrelation } from './fit-statistics.ts'
import { groupCount, type Model } from './model.ts'
import { countOf, type Observations } from './observations.ts'
import { studentQuantile } from './student.ts'

export type Granularity = 'hourly' | 'daily' | 'monthly'

/** How much a sum of errors spreads beyond that of independent ones, and what that leaves of the observations. */
export interface Dependence {
  /** n / n′: 1 for independent errors. */
  readonly inflation: number
  /** n′ = n (1 − ρ)/(1 + ρ). */
  readonly effectiveObservations: number
  /** Of Student's distribution: n′ less the parameters. */
  readonly degrees: number
}

const mostCorrelation = 0.98
/** Neighbouring errors that differ in sign would narrow the interval; that is not counted on. */
const usable = (rho: number): number => (rho > 0 ? Math.min(rho, mostCorrelation) : 0)
const ratio = (rho: number): number => (1 + usable(rho)) / (1 - usable(rho))

/**
 * The correlation of errors from that of residuals, which comes out too small by ((1 + ρ) k + 2ρ)/n beside k columns that
 * change slowly (k = 1: Kendall 1954, Marriott and Pope 1954; k = 2: Tjøstheim and Paulsen 1983).
 */
function mended(rho: number, count: number, slow: number): number {
  return Number.isNaN(rho) ? 0 : (rho + slow / count) / (1 - Math.min(0.5, (slow + 2) / count))
}

/**
 * Serial correlation by ASHRAE Guideline 14, Annex B (n′ of Reddy and Claridge 2000). Billing periods count as
 * independent, as the Guideline has it.
 *
 * @param slow parameters that are no means of days or hours of the week: one intercept, slopes, change points
 */
export function dependenceOf(statistics: FitStatistics, granularity: Granularity, slow: number): Dependence {
  const { observations: count, parameters, autocorrelation } = statistics
  const inflation = granularity === 'monthly' ? 1 : ratio(mended(autocorrelation, count, slow))
  const effective = count / inflation
  return { inflation, effectiveObservations: effective, degrees: degreesOf(effective, parameters, granularity) }
}

/** The hours of the week are means of their own; what they cost is already in the error. */
function degreesOf(effective: number, parameters: number, granularity: Granularity): number {
  const slopes = granularity === 'hourly' ? Math.max(1, parameters - groupCount['hour-of-week']) : parameters
  return Math.max(1, effective - slopes)
}

/**
 * The same for hourly models, told from the sums of whole days: hours depend on each other beyond the next (weather, work),
 * and intervals from the correlation of neighbouring hours come out too narrow (Koran 2017; Touzani et al. 2019).
 */
export function dependenceOfDays(model: Model, observations: Observations): Dependence {
  const { residuals } = model.fit
  const days: number[] = []
  const places: number[] = []
  residuals.forEach((residual, i) => {
    const startsDay = i === 0 || observations.hourOfWeek[i]! % 24 < observations.hourOfWeek[i - 1]! % 24
    if (startsDay) {
      days.push(0)
      places.push(Math.round((observations.startMs[i]! - observations.startMs[0]!) / 86_400_000))
    }
    days[days.length - 1]! += residual * observations.length[i]!
  })
  const count = countOf(observations)
  const own = days.reduce((sum, value) => sum + value * value, 0)
  const apart = residuals.reduce((sum, value, i) => sum + (value * observations.length[i]!) ** 2, 0)
  const rho = neighbourCorrelation(Float64Array.from(days), Int32Array.from(places))
  const slow = model.parameters - groupCount['hour-of-week'] + 1
  const inflation = Math.max(1, (own / apart) * ratio(mended(rho, days.length, slow)))
  const effective = count / inflation
  return { inflation, effectiveObservations: effective, degrees: degreesOf(effective, model.parameters, 'hourly') }
}

/** Factor of Guideline 14 for hourly models, where Sun and Baltazar give none (Reddy and Claridge 2000). */
const hourlyFactor = 1.26
/**
 * Sun and Baltazar 2013 (ASHRAE Transactions 119(1)), as coefficients of M², M and 1, M months of reporting. Their study ends
 * at five years.
 */
const improvedFactor = { daily: [-0.00024, 0.03535, 1.00286], monthly: [-0.00022, 0.03306, 0.94054] } as const
const mostMonths = 60

/** What stands in the place of 1.26 in the Guideline's equation. */
export function savingsFactor(granularity: Granularity, months: number): number {
  if (granularity === 'hourly') return hourlyFactor
  const [a, b, c] = improvedFactor[granularity]
  const m = Math.min(months, mostMonths)
  return a * m * m + b * m + c
}

export interface GuidelineTerms {
  readonly confidence: number
  readonly granularity: Granularity
  readonly months: number
  /** CV(RMSE) of the baseline. */
  readonly cvRmse: number
  /** Observations of the baseline, n, and of the reporting period, m. */
  readonly observations: number
  readonly reported: number
  readonly dependence: Dependence
  readonly adjustedBaseline: number
}

/**
 * Half-width of the interval of the savings by ASHRAE Guideline 14, Annex B (fractional savings uncertainty with
 * correlated residuals; B-15 of the 2002 edition), solved for the savings themselves so that none need be there:
 * `ΔE = t · k · CV(RMSE) · E · √((n/n′) (1 + 2/n′) / m)`.
 */
export function guidelineHalfWidth(terms: GuidelineTerms): number {
  const { confidence, cvRmse, observations, reported, dependence, adjustedBaseline } = terms
  const { inflation, effectiveObservations: effective, degrees } = dependence
  const t = studentQuantile(confidence, degrees)
  const k = savingsFactor(terms.granularity, terms.months)
  const share = Math.sqrt(((observations / effective) * (1 + 2 / effective)) / reported)
  return inflation > 0 ? t * k * cvRmse * Math.abs(adjustedBaseline) * share : Number.NaN
}

/**
 * Half-width from the regression itself: the variance of the summed prediction with the full covariance of all coefficients
 * and change points, and that of the summed errors of the reporting period, both widened by n/n′ (Koran 2017).
 *
 * @param worth what a unit of energy of each observation counts for: 1 for energy, a price for money
 */
export function regressionHalfWidth(
  model: Model,
  reported: Observations,
  dependence: Dependence,
  confidence: number,
  worth: Float64Array,
): number {
  const weights = worth.map((value, i) => value * reported.length[i]!)
  const noise = weights.reduce((sum, weight, i) => sum + (weight * weight) / reported.weight[i]!, 0)
  const variance = model.rmse ** 2 * dependence.inflation * (model.sumVariance(reported, weights) + noise)
  return studentQuantile(confidence, dependence.degrees) * Math.sqrt(variance)
}
