import type { DataPort } from '../../kernel/index.ts'
import { energyErrors } from '../errors.ts'
import type { SavingsInterval } from '../schema/index.ts'
import { type Baseline, fitModelOf } from './baseline.ts'
import { monthlyObservations } from './billing-periods.ts'
import type { Evaluation } from './evaluation.ts'
import { countOf, dailyObservations, dayMeans, hourlyObservations, type Observations } from './observations.ts'
import { readPeriod } from './period.ts'
import { intervalOf } from './publish.ts'
import { readDrivers } from './read-meter.ts'
import { regressionHalfWidth } from './uncertainty.ts'

/** Days of reporting from which a model of it holds for all seasons. */
const leastDays = 330

/**
 * Savings of a normal year (IPMVP, normalised savings): the baseline model less a model of the reporting period, both on
 * the weather of that year. Their errors are independent; half-widths add in squares.
 *
 * @param reported the reporting period without its non-routine events
 * @returns undefined when no normal year is given; why there are none where they cannot be told
 */
export async function normalisedSavings(
  baseline: Baseline,
  reported: Observations,
  evaluation: Evaluation,
  data: DataPort,
): Promise<{ readonly interval: SavingsInterval } | { readonly why: string } | undefined> {
  const { input, choice, reporting } = evaluation
  if (!input.normal) return undefined
  if (reporting.days < leastDays) return { why: `the reporting period has ${reporting.days} days, less than a year` }
  const later = fitModelOf(reported, choice)
  if (!later) return { why: 'no model can be fitted to the reporting period' }
  const year = await normalYear(evaluation, data)
  if (countOf(year) === 0) return { why: 'the normal year has no complete day' }
  const ones = new Float64Array(countOf(year)).fill(1)
  const energyOf = ({ model }: Pick<Baseline, 'model'>): number =>
    model.predict(year).reduce((sum, rate, i) => sum + rate * year.length[i]!, 0)
  const value = energyOf(baseline) - energyOf(later)
  if (Number.isNaN(value)) return { why: 'the normal year has kinds of days that a period does not have' }
  const widths = [baseline, later].map(({ model, regression }) =>
    regressionHalfWidth(model, year, regression, input.confidence, ones),
  )
  return { interval: intervalOf(value, Math.hypot(...widths)) }
}

/** Observations of the normal year, of which only what energy depends on is known. */
async function normalYear({ site, input }: Evaluation, data: DataPort): Promise<Observations> {
  const normal = input.normal!
  const period = readPeriod(normal, site.zone, 'normal', new Set(input.holidays))
  const variables = Object.fromEntries(
    Object.entries(input.variables).map(([name, { unit = '1' }]) => [
      name,
      { unit, source: given(normal.variables[name], name) },
    ]),
  )
  const temperature = input.temperature === undefined ? {} : { temperature: given(normal.temperature, 'temperature') }
  const drivers = await readDrivers(data, site, period, { ...temperature, variables })
  const measured = { powerKw: new Float64Array(period.grid.count), ...drivers }
  const means = dayMeans(period, measured)
  const { observations } =
    input.granularity === 'hourly'
      ? hourlyObservations(means, measured, site.zone)
      : input.granularity === 'monthly'
        ? monthlyObservations(means, undefined)
        : dailyObservations(means)
  return observations
}

function given<T>(source: T | undefined, name: string): T {
  if (source !== undefined) return source
  throw energyErrors.badSavings({
    detail: 'The normal year lacks what the model depends on',
    place: { path: name === 'temperature' ? 'normal.temperature' : `normal.variables.${name}` },
    expected: 'a series over the dates of the normal year',
  })
}
