import type { Random } from '../../kernel/index.ts'
import { fitEnsemble, memberNames } from './ensemble.ts'
import { createFeatures } from './features.ts'
import type { Fitted } from './method.ts'
import type { Pause } from './pause.ts'
import { type Backtest, backtest, type Calibrated, learn, usualLearning } from './proof/backtest.ts'
import { walkOrigins } from './proof/walk.ts'
import { fittedSimple, naiveDay, persistence, type SimpleMethod, similarDay } from './simple-methods.ts'
import type { ForecastTask } from './task.ts'

/** Methods from the best to the simplest; a shorter history is given a simpler one. */
export const loadMethods = ['ensemble', 'similar-day', 'seasonal-naive', 'persistence'] as const
export type LoadMethod = (typeof loadMethods)[number]

/** Days with values that a method needs, at least. */
export const daysNeeded: Readonly<Record<LoadMethod, number>> = {
  ensemble: 35,
  'similar-day': 7,
  'seasonal-naive': 2,
  persistence: 0,
}

const simple: Readonly<Record<Exclude<LoadMethod, 'ensemble'>, SimpleMethod>> = {
  'similar-day': similarDay,
  'seasonal-naive': naiveDay,
  persistence,
}

/** Days that are walked over to learn combination and calibration and to score them; and how often it is learnt anew. */
const walkDays = { least: 14, most: 42, refit: 21 }

export interface LoadLearning {
  readonly levels: readonly number[]
  readonly random: Random
  readonly pause: Pause
  /** Told how far it is, 0 to 1. */
  readonly progress?: (fraction: number) => void
}

export interface LoadForecast {
  readonly method: LoadMethod
  readonly usableDays: number
  readonly median: Float64Array
  /** Absent when no error of the past is known to make them from. */
  readonly quantiles?: Calibrated['quantiles']
  /** Absent when no origin of the past could be scored. */
  readonly backtest?: Backtest
  /** Errors of the past that the first block of the horizon was calibrated with. */
  readonly calibrationCount: number
  /** Weight of each member by name; one for a simple method. */
  readonly weights: Readonly<Record<string, number>>
}

/** Days before a step of which at least half the values are known. */
export function usableDays({ calendar, values }: ForecastTask, before: number): number {
  const known = new Map<number, number>()
  for (let step = 0; step < before; step += 1) {
    if (!Number.isNaN(values[step]!)) known.set(calendar.day[step]!, (known.get(calendar.day[step]!) ?? 0) + 1)
  }
  return [...known.values()].filter((count) => count >= calendar.slots / 2).length
}

/** The best method that so many days allow. */
export const methodFor = (days: number): LoadMethod =>
  loadMethods.find((method) => days >= daysNeeded[method]) ?? 'persistence'

/**
 * Forecasts the steps after `origin` from what lies before it: chooses the method by the length of the history, walks over
 * the last weeks as if they were ahead, learns from that how to combine and calibrate, and scores it.
 */
export async function learnLoad(task: ForecastTask, origin: number, learning: LoadLearning): Promise<LoadForecast> {
  const { levels } = learning
  const days = usableDays(task, origin)
  const method = methodFor(days)
  const teach = teacherOf(task, method, learning)
  const origins = walkedOrigins(task, origin, method, days)
  const fits = Math.ceil(origins.length / walkDays.refit) + 1
  let done = 0
  const fitAndTell = async (before: number): Promise<Fitted> => {
    const fitted = await teach(before)
    done += 1
    learning.progress?.(done / fits)
    return fitted
  }
  const { pause } = learning
  const walked = await walkOrigins(origins, walkDays.refit, fitAndTell, pause)
  const fitted = await fitAndTell(origin)
  const warmUp = Math.ceil(walked.length / 3)
  const how = { ...usualLearning, levels, pause }
  const tested = walked.length >= 2 ? await backtest(task, walked, warmUp, how) : undefined
  const learnt = await learn(task, walked, origin, how)
  const { median, quantiles } = learnt.apply(await fitted.forecast(origin), origin)
  const names = method === 'ensemble' ? memberNames : [method]
  return {
    method,
    usableDays: days,
    median,
    ...(learnt.calibration.count > 0 ? { quantiles } : {}),
    ...(tested && tested.scores.count > 0 ? { backtest: tested } : {}),
    calibrationCount: learnt.calibration.count,
    weights: Object.fromEntries(names.map((name, m) => [name, learnt.combination.weights[m] ?? 1])),
  }
}

function teacherOf(
  task: ForecastTask,
  method: LoadMethod,
  { levels, random, pause }: LoadLearning,
): (before: number) => Promise<Fitted> {
  if (method !== 'ensemble') return async () => fittedSimple(simple[method], task)
  const features = createFeatures(task)
  return (before) => fitEnsemble(task, features, { before, levels, random, pause })
}

/** Origins of the last days at the clock time of the one ahead, oldest first, each with enough before it for the method. */
function walkedOrigins(task: ForecastTask, origin: number, method: LoadMethod, days: number): readonly number[] {
  const { calendar } = task
  const most =
    method === 'ensemble' ? Math.min(walkDays.most, Math.max(walkDays.least, Math.floor(days / 3))) : days - 1
  const found: number[] = []
  for (let back = 1; back <= most; back += 1) {
    const step = calendar.stepAt(calendar.day[origin]! - back, calendar.slot[origin]!)
    if (step > 0 && step < origin && step !== found.at(-1)) found.push(step)
  }
  return found.reverse()
}
