import { stepStartMs, type TimeGrid } from '../../kernel/index.ts'
import type { Reason } from '../schema/index.ts'
import type { History } from './history.ts'
import { daysNeeded, type LoadMethod, loadMethods } from './learn-load.ts'
import type { Backtest } from './proof/backtest.ts'
import { meanAbsoluteError } from './proof/scores.ts'

const day = 86_400_000
/** Errors of the past below which quantiles are rough. */
const fewErrors = 100

type Words = Omit<Reason, 'asset'>

/** What a history lets hope for and what it does not. */
export function historyReasons(
  { grid, values, missing, known, estimated }: History,
  horizon: TimeGrid,
): readonly Words[] {
  const reasons: Words[] = []
  const share = missing / Math.max(1, known + missing)
  if (share > 0.01) {
    const percent = Math.round(100 * share)
    reasons.push({
      code: 'forecast.gaps',
      text: `${percent} % of the history is missing; nothing was learnt from those steps and nothing filled in.`,
      values: { percent },
    })
  }
  const last = values.findLastIndex((value) => !Number.isNaN(value))
  const age = horizon.startMs - stepStartMs(grid, last + 1)
  if (last >= 0 && age >= day) {
    const days = Math.round((10 * age) / day) / 10
    reasons.push({
      code: 'forecast.stale',
      text: `The last known value is ${days} days older than the forecast’s start.`,
      values: { days },
    })
  }
  if (estimated > known / 2) {
    reasons.push({
      code: 'forecast.borrowed',
      text: 'Most of the history was borrowed from another year or computed, not measured.',
      values: {},
    })
  }
  return reasons
}

/** Which method was taken, and which better one would have needed how much more. */
export function methodReason(method: LoadMethod, days: number): Words {
  const better = loadMethods[loadMethods.indexOf(method) - 1]
  if (better === undefined) {
    return {
      code: 'forecast.ensemble',
      text: `Learnt from ${days} days: linear, boosted and forest models and similar days, combined by how well each did lately.`,
      values: { days },
    }
  }
  return {
    code: 'forecast.short-history',
    text: `${days} days of history are too few for the method ${better}, which needs ${daysNeeded[better]}; the method is ${method}.`,
    values: { days, needed: daysNeeded[better], better, method },
  }
}

/** What the errors of the past say about this forecast. */
export function errorReasons(backtest: Backtest | undefined, calibrationCount: number): readonly Words[] {
  if (calibrationCount === 0) {
    return [
      {
        code: 'forecast.no-quantiles',
        text: 'No error of the past is known: there are no quantiles.',
        values: {},
      },
    ]
  }
  const reasons: Words[] = []
  if (calibrationCount < fewErrors) {
    reasons.push({
      code: 'forecast.few-errors',
      text: `The quantiles rest on ${calibrationCount} errors of the past: take them as rough.`,
      values: { count: calibrationCount },
    })
  }
  const skill = backtest ? 1 - meanAbsoluteError(backtest.scores) / meanAbsoluteError(backtest.naive) : Number.NaN
  if (skill < 0) {
    reasons.push({
      code: 'forecast.no-skill',
      text: 'Lately the same time last day or last week would have been as good a forecast.',
      values: {},
    })
  }
  return reasons
}

/** Sentences that depend on the choice of the source alone. */
export const plainReasons = {
  stated: {
    code: 'forecast.stated',
    text: 'The site file states this series as a number or a daily profile; nothing was learnt and its errors are not known.',
    values: {},
  },
  temperatureAhead: {
    code: 'forecast.temperature-ahead',
    text: 'The backtest knows the temperature ahead as it is given for those days; where that was measured, a real forecast of it errs more.',
    values: {},
  },
  noTemperature: {
    code: 'forecast.no-temperature',
    text: 'The temperature is missing in much of the history or of the hours ahead; it was left out.',
    values: {},
  },
  synthetic: {
    code: 'forecast.synthetic-weather',
    text: 'The weather is made up from monthly normals: the forecast is a usual day, not this one.',
    values: {},
  },
  typical: {
    code: 'forecast.typical-weather',
    text: 'The weather is that of a file’s year, taken as if it were the forecast.',
    values: {},
  },
  noMeasured: {
    code: 'forecast.no-measured',
    text: 'No measured production is given: the physical chain stands uncorrected and its errors are not known.',
    values: {},
  },
  noWeather: {
    code: 'forecast.no-weather',
    text: 'The site has no weather: the production is forecast from its own past alone.',
    values: {},
  },
} as const satisfies Record<string, Words>

/** How far measured production departs from the chain. */
export function correctionReason(general: number, days: number): Words {
  const percent = Math.round(1000 * (general - 1)) / 10
  return {
    code: 'forecast.corrected',
    text: `Measured production departs from the physical chain by ${percent} % over ${Math.round(days)} days of Sun; each height of the Sun has its own factor.`,
    values: { percent, days: Math.round(days) },
  }
}
