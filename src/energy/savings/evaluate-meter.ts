import type { EngineContext } from '../../kernel/index.ts'
import { energyErrors } from '../errors.ts'
import type { MeterSavings, Reason, SavingsInput, SavingsMeter } from '../schema/index.ts'
import { type Adjustment, adjustedEnergy, adjustmentsOf } from './adjustments.ts'
import { type Baseline, fitBaseline } from './baseline.ts'
import { checksOf } from './checks.ts'
import type { Evaluation } from './evaluation.ts'
import { normalisedSavings } from './normalised.ts'
import { countOf, type Observations, type Observed } from './observations.ts'
import {
  intervalOf,
  orNull,
  publishCandidates,
  publishChart,
  publishData,
  publishModel,
  publishMonths,
  tidy,
} from './publish.ts'
import { observe } from './read-meter.ts'
import * as words from './reasons.ts'
import { type Avoided, avoidedEnergy, extrapolationOf, halfWidths, lengthsPerDay, total, widest } from './reporting.ts'
import { coalOf, readWorth } from './worth.ts'

/** Savings of one meter: baseline, what would have been used, what was, and how sure that is. */
export async function evaluateMeter(
  id: string,
  meter: SavingsMeter,
  evaluation: Evaluation,
  context: EngineContext,
): Promise<{ readonly meter: MeterSavings; readonly reasons: readonly Reason[] }> {
  const { site, input, drivers, choice } = evaluation
  const { granularity, confidence } = input
  const path = `meters.${id}`
  const title = meter.title ?? id
  const coal = coalOf(meter, path)
  const adjustments = adjustmentsOf(input, id, site.zone)
  const request = { site, meter, path, granularity }
  const before = await observe(context.data, request, evaluation.baseline, drivers.baseline)
  const after = await observe(context.data, request, evaluation.reporting, drivers.reporting)
  const cleaned = { ...before, observations: withoutEvents(before.observations, adjustments, granularity) }
  const baseline = fitBaseline(cleaned, choice, title, path)
  const avoided = avoidedEnergy(baseline, after.observations, adjustments, granularity)
  refuseNothing(avoided, title, path)
  const ones = new Float64Array(countOf(avoided.observations)).fill(1)
  const [adjustedKwh, measuredKwh] = [total(avoided.adjustedKwh), total(avoided.measuredKwh)]
  const savedKwh = adjustedKwh - measuredKwh
  const widths = halfWidths(baseline, avoided, input, ones)
  const energyKwh = intervalOf(savedKwh, widest(widths))
  const reasons: Omit<Reason, 'asset'>[] = [words.modelReason(baseline)]

  const valued = async (what: 'money' | 'carbon', unit: string) => {
    const source = what === 'money' ? meter.price : meter.carbon
    const place = `${path}.${what === 'money' ? 'price' : 'carbon'}`
    const worth = await readWorth(context.data, site, evaluation.reporting, avoided.observations, {
      source,
      unit,
      path: place,
    })
    if (worth && 'perKwh' in worth) {
      const value = worth.perKwh.reduce((sum, p, i) => sum + p * (avoided.adjustedKwh[i]! - avoided.measuredKwh[i]!), 0)
      return intervalOf(value, widest(halfWidths(baseline, avoided, input, worth.perKwh)))
    }
    reasons.push(words.noWorth(what, worth?.missingAt))
    return null
  }
  const money = await valued('money', `${site.currency}/kWh`)
  const emissionsKgCo2e = await valued('carbon', 'kgCO2e/kWh')
  const normalised = await normalisedSavings(
    baseline,
    withoutEvents(after.observations, adjustments, granularity),
    evaluation,
    context.data,
  )

  const extrapolation = extrapolationOf(baseline.observations, avoided.observations, evaluation.reporting)
  const missing = { baseline: missingShare(cleaned), reporting: missingShare(after) }
  const checks = checksOf({
    baseline,
    granularity,
    reportedMonths: (evaluation.reporting.days * 12) / 365,
    baselineDays: evaluation.baseline.days,
    shortBaselineReason: input.shortBaselineReason,
    missing,
    beyond: extrapolation.beyond / countOf(avoided.observations),
    savingsKwh: savedKwh,
    halfWidth68Kwh: widest(halfWidths(baseline, avoided, { granularity, confidence: 0.68 }, ones)),
  })
  reasons.push(...words.baselineReasons(baseline, Object.keys(input.variables)))
  if (evaluation.baseline.days < 365)
    reasons.push(words.shortBaseline(evaluation.baseline.days, input.shortBaselineReason))
  for (const [name, observed] of [
    ['baseline', before],
    ['reporting', after],
  ] as const) {
    const left = observed.expected - countOf(observed.observations)
    if (left > 0) reasons.push(words.gaps(name, missingShare(observed), left))
  }
  if (extrapolation.outside > 0) reasons.push(words.extrapolated(extrapolation))
  if (avoided.unknown > 0) reasons.push(words.unknownGroups(avoided.unknown))
  for (const adjustment of adjustments) {
    const both = [before.observations, avoided.observations].map((observations) =>
      total(adjustedEnergy(observations, [adjustment], lengthsPerDay(granularity)).energyKwh),
    )
    reasons.push(words.adjusted(adjustment.reason, total(Float64Array.from(both))))
  }
  if (energyKwh.high < 0) reasons.push(words.moreUse())
  if (normalised && 'why' in normalised) reasons.push(words.shortNormal(normalised.why))

  const coalT = coal.kgcePerKwh / 1000
  return {
    meter: {
      id,
      title,
      model: publishModel(baseline, granularity),
      candidates: publishCandidates(baseline),
      data: {
        baseline: publishData(before, evaluation.baseline, site.zone),
        reporting: publishData(after, evaluation.reporting, site.zone),
      },
      checks: [...checks],
      acceptable: checks.every(({ ok, required }) => ok || !required),
      months: publishMonths(baseline, avoided, evaluation.reporting, {
        confidence,
        lengthsPerDay: lengthsPerDay(granularity),
      }),
      adjustedBaselineKwh: tidy(adjustedKwh),
      measuredKwh: tidy(measuredKwh),
      adjustmentsKwh: tidy(total(avoided.eventsKwh)),
      savingsShare: adjustedKwh > 0 ? tidy(savedKwh / adjustedKwh) : null,
      intervals: {
        guideline14: Number.isNaN(widths.guideline) ? null : intervalOf(savedKwh, widths.guideline),
        regression: intervalOf(savedKwh, widths.regression),
      },
      savings: {
        energyKwh,
        money,
        emissionsKgCo2e,
        standardCoalT: intervalOf(savedKwh * coalT, widest(widths) * coalT),
      },
      coal: { ...coal },
      fractionalUncertainty: orNull(energyKwh.halfWidth / Math.abs(energyKwh.value)),
      normalisedKwh: normalised && 'interval' in normalised ? normalised.interval : null,
      verdict: energyKwh.low > 0 ? 'significant' : 'not-significant',
      series: {
        baseline: publishChart(baseline.observations, modelOf(baseline, baseline.observations), evaluation.baseline),
        reporting: publishChart(avoided.observations, avoided.adjustedKwh, evaluation.reporting),
      },
    },
    reasons: reasons.map((reason) => ({ ...reason, asset: id })),
  }
}

const modelOf = ({ model }: Baseline, observations: Observations): Float64Array =>
  model.predict(observations).map((rate, i) => rate * observations.length[i]!)

const missingShare = ({ observations, expected }: Observed): number => 1 - countOf(observations) / expected

/** The baseline as it would have been without the events in it. */
function withoutEvents(
  observations: Observations,
  adjustments: readonly Adjustment[],
  granularity: SavingsInput['granularity'],
): Observations {
  if (adjustments.length === 0) return observations
  const { energyKwh } = adjustedEnergy(observations, adjustments, lengthsPerDay(granularity))
  return { ...observations, rate: observations.rate.map((rate, i) => rate - energyKwh[i]! / observations.length[i]!) }
}

function refuseNothing({ observations }: Avoided, title: string, path: string): void {
  if (countOf(observations) > 0) return
  throw energyErrors.noBaseline({
    detail: `${title} has no complete observation in the reporting period`,
    place: { path },
    found: 0,
    expected: 'one or more',
  })
}
