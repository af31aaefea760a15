import type { MemberForecast } from '../method.ts'
import { noPause, type Pause } from '../pause.ts'
import { lookUp, naiveDay, naiveWeek } from '../simple-methods.ts'
import type { ForecastTask } from '../task.ts'
import { type Combination, combine, type Judged, learnCombination } from './combine.ts'
import { type Calibration, calibrate, type JudgedCombination } from './conformal.ts'
import { addScores, noScores, type Quantiles, type ScoreSums } from './scores.ts'
import { actualAfter, type Walked } from './walk.ts'

/** How one learns from a walk: of the newest `days` origins, with the days of the horizon calibrated apart. */
export interface LearningOptions {
  /** Rising; the interval whose coverage is told runs from the first to the last. */
  readonly levels: readonly number[]
  /** Newest origins that combination and calibration look at. */
  readonly days: number
  /** Origins after which the combination is learnt anew. */
  readonly every: number
  readonly pause?: Pause
}

export const usualLearning: Omit<LearningOptions, 'levels' | 'pause'> = { days: 56, every: 7 }

/** The forecast of one origin: calibrated quantiles. */
export interface Calibrated {
  readonly median: Float64Array
  readonly quantiles: Quantiles
}

/** What a walk has taught, ready for the next origin. */
export interface Learnt {
  readonly combination: Combination
  readonly calibration: Calibration
  apply(forecast: MemberForecast, origin: number): Calibrated
}

export interface Backtest {
  /** Origins that were scored: those after the first few, which only taught. */
  readonly origins: number
  readonly scores: ScoreSums
  /** The better of same time last day and same time last week, on the same steps. */
  readonly naive: ScoreSums
}

interface Past extends Judged {
  readonly slot: Int16Array
}

/** Blocks of the horizon that are calibrated apart: its days. Within a day errors are measured by the time of day. */
export const horizonBlock =
  (slots: number): ((lead: number) => number) =>
  (lead) =>
    Math.floor(lead / slots)

const pastOf = (task: ForecastTask, walked: readonly Walked[], before: number): readonly Past[] =>
  walked.map(({ origin, forecast }) => {
    const actual = actualAfter(task, origin, before)
    return { forecast, actual, slot: task.calendar.slot.subarray(origin, origin + actual.length) }
  })

/**
 * Learns combination and calibration from a walk as it could be done at `before`: what came after that step is not looked at.
 *
 * @param known a combination learnt shortly before, to be kept
 */
export async function learn(
  task: ForecastTask,
  walked: readonly Walked[],
  before: number,
  { levels, days, pause = noPause, known }: Omit<LearningOptions, 'every'> & { readonly known?: Combination },
): Promise<Learnt> {
  const { calendar } = task
  const past = pastOf(task, walked.filter(({ origin }) => origin < before).slice(-days), before)
  const combination = known ?? (await learnCombination(past, levels, pause))
  await pause()
  const judged = past.map(
    ({ forecast, actual, slot }): JudgedCombination => ({ combined: combine(forecast, combination), actual, slot }),
  )
  const blockOf = horizonBlock(calendar.slots)
  const calibration = calibrate(judged, { levels, slots: calendar.slots, blockOf })
  // What was never below zero is not forecast there.
  const least = task.values.subarray(0, before).some((value) => value < 0) ? Number.NEGATIVE_INFINITY : 0
  return {
    combination,
    calibration,
    apply(forecast, origin) {
      const combined = combine(forecast, combination)
      const slot = calendar.slot.subarray(origin, origin + combined.median.length)
      const floored = (own: Float64Array): Float64Array => own.map((value) => Math.max(least, value))
      const { median, values } = calibration.apply(combined, slot)
      return { median: floored(median), quantiles: { levels, values: values.map(floored) } }
    },
  }
}

/**
 * Scores a walk day by day as it would have gone: the combination and the calibration of an origin are learnt from the
 * origins before it (Dawid, Journal of the Royal Statistical Society A 147 (1984) 278: prequential), never from itself.
 *
 * @param warmUp first origins, which only teach
 */
export async function backtest(
  task: ForecastTask,
  walked: readonly Walked[],
  warmUp: number,
  options: LearningOptions,
): Promise<Backtest> {
  const scores = noScores()
  const naive = { day: noScores(), week: noScores() }
  let known: Combination | undefined
  for (const [index, { origin, forecast }] of walked.slice(warmUp).entries()) {
    if (index % options.every === 0) known = undefined
    const learnt = await learn(task, walked, origin, { ...options, ...(known ? { known } : {}) })
    known = learnt.combination
    const { median, quantiles } = learnt.apply(forecast, origin)
    const actual = actualAfter(task, origin, task.values.length)
    addScores(scores, actual, median, quantiles)
    addScores(naive.day, actual, lookUp(naiveDay, task, origin))
    addScores(naive.week, actual, lookUp(naiveWeek, task, origin))
  }
  return {
    origins: Math.max(0, walked.length - warmUp),
    scores,
    naive: naive.day.absolute <= naive.week.absolute ? naive.day : naive.week,
  }
}
