import type { Reason } from '../schema/index.ts'
import type { Baseline } from './baseline.ts'
import type { Extrapolation } from './reporting.ts'
import { coefficientOf, mostPValue } from './select.ts'

type Values = Reason['values']
type Words = Omit<Reason, 'asset' | 'step'>

const reason = (code: string, text: string, values: Values = {}): Words => ({ code: `savings.${code}`, text, values })
const percent = (share: number): number => Math.round(share * 1000) / 10

export function modelReason({ model, statistics, outOfSample }: Baseline): Words {
  const cv = Number.isFinite(statistics.cvRmse) ? `${percent(statistics.cvRmse)} %` : 'undefined'
  const seen = outOfSample ? `, ${percent(outOfSample.cvRmse)} % on what it has not seen` : ''
  return reason(
    'model',
    `Of all models the ${model.shape} model with groups “${model.grouping}” tells the baseline best: R² ${statistics.rSquared.toFixed(3)}, CV(RMSE) ${cv}${seen}.`,
    { shape: model.shape, grouping: model.grouping, rSquared: statistics.rSquared, cvRmse: cv },
  )
}

/** What to beware of in the baseline. */
export function baselineReasons(baseline: Baseline, variables: readonly string[]): readonly Words[] {
  const { model, statistics, observations, regression } = baseline
  const words: Words[] = []
  if (!Number.isFinite(statistics.cvRmse)) {
    words.push(
      reason(
        'net-export',
        'The mean of the baseline is not above zero: CV(RMSE) and the Guideline’s interval have no meaning; the interval is that of the regression.',
      ),
    )
  }
  const independent = regression.effectiveObservations === statistics.observations
  if (independent && regression.inflation > 1) {
    const times = Math.round(Math.sqrt(regression.inflation) * 100) / 100
    words.push(
      reason(
        'few-periods',
        `Billing periods that were left out are missed by ${times} times what the model says of itself: the interval is widened by as much.`,
        { times },
      ),
    )
  }
  if (!independent && regression.inflation > 1.5) {
    const inflation = Math.round(regression.inflation * 10) / 10
    words.push(
      reason(
        'autocorrelation',
        `Neighbouring errors are alike (ρ ${statistics.autocorrelation.toFixed(2)}): ${statistics.observations} observations count as ${Math.round(regression.effectiveObservations)}, and the interval is widened.`,
        { autocorrelation: statistics.autocorrelation, inflation },
      ),
    )
  }
  const first = model.terms.length - variables.length
  variables.forEach((name, k) => {
    const { pValue } = coefficientOf(model, observations, first + k)
    if (pValue <= mostPValue) return
    words.push(
      reason('weak-variable', `The use does not clearly depend on ${name} (p ${pValue.toFixed(2)}).`, { name, pValue }),
    )
  })
  return words
}

export const shortBaseline = (days: number, stated: string | undefined): Words =>
  reason(
    'short-baseline',
    stated === undefined
      ? `The baseline has ${days} days, less than a year: seasons that it has not seen are guessed.`
      : `The baseline has ${days} days, less than a year; stated: ${stated}`,
    { days, stated: stated ?? '' },
  )

export const gaps = (period: 'baseline' | 'reporting', share: number, left: number): Words =>
  reason(
    `${period}-gaps`,
    `${left} observations (${percent(share)} %) of the ${period} period are incomplete; they are left out, not filled in.`,
    { observations: left, sharePercent: percent(share) },
  )

export const extrapolated = ({ outside, beyond, dates }: Extrapolation): Words =>
  reason(
    'extrapolation',
    `${outside} observations of the reporting period lie outside the range of the baseline, ${beyond} by more than a tenth of it: ${dates.join(', ')}${outside > dates.length ? ' …' : ''}`,
    { outside, beyond, dates: dates.join(', ') },
  )

export const unknownGroups = (count: number): Words =>
  reason(
    'unknown-days',
    `${count} observations are of a kind of day that the baseline does not have; they are left out.`,
    {
      count,
    },
  )

export const adjusted = (why: string, energyKwh: number): Words =>
  reason('adjustment', `Non-routine adjustment of ${Math.round(energyKwh)} kWh: ${why}`, { energyKwh, why })

export const noWorth = (what: 'money' | 'carbon', missingAt: string | undefined): Words =>
  missingAt === undefined
    ? reason(
        `no-${what}`,
        what === 'money'
          ? 'No price is given: there is no saving in money.'
          : 'No factor is given: there is no saving in emissions.',
      )
    : reason(
        `${what}-missing`,
        `The ${what === 'money' ? 'price' : 'factor'} is missing at ${missingAt}; it is not made up.`,
        {
          at: missingAt,
        },
      )

export const moreUse = (): Words => reason('more-use', 'More was used than the baseline tells, beyond its uncertainty.')

export const shortNormal = (why: string): Words => reason('no-normalised', `There are no normalised savings: ${why}`)
