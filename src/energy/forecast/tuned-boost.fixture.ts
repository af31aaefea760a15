import { seededRandom } from '../../kernel/index.ts'
import type { Features } from './features.ts'
import type { Fitted } from './method.ts'
import type { ForecastTask } from './task.ts'
import { collectRows, originsBefore, type TrainingRows } from './training-rows.ts'
import { binRows } from './trees/bins.ts'
import { type Boosted, type BoostOptions, boost, usualBoost } from './trees/boost.ts'

/** The peer that a forecast must beat: gradient boosting alone, its settings tuned on the weeks before the test. */

/** Settings that are tried; the same list is tried in `bench/peers/forecast_lightgbm.py`. */
export const candidates: readonly Partial<BoostOptions>[] = [
  { leaves: 8, trees: 200, leastRows: 40, featureShare: 0.5 },
  { leaves: 15, trees: 150, leastRows: 80, featureShare: 0.33 },
  { leaves: 15, trees: 300, leastRows: 40, featureShare: 0.5 },
  { leaves: 31, trees: 150, leastRows: 40, featureShare: 0.5 },
  { leaves: 31, trees: 400, leastRows: 40, featureShare: 0.5 },
  { leaves: 63, trees: 400, leastRows: 40, featureShare: 0.5 },
]

export const validationDays = 56

const teach = async (rows: TrainingRows, width: number, options: BoostOptions): Promise<Boosted> =>
  boost(await binRows(rows.values, width), rows.targets, options, { random: seededRandom(1) })

const rowsBefore = (task: ForecastTask, features: Features, before: number): Promise<TrainingRows> =>
  collectRows(task, features, originsBefore(task, before), { before })

/** The candidate with the least mean absolute error on the weeks before `before`, learnt from what lies before those. */
export async function tuneBoost(task: ForecastTask, features: Features, before: number): Promise<BoostOptions> {
  const split = before - validationDays * task.calendar.slots
  const seen = await rowsBefore(task, features, split)
  const ahead = await collectRows(
    task,
    features,
    originsBefore(task, before).filter((origin) => origin >= split),
    { before },
  )
  let best = usualBoost
  let least = Number.POSITIVE_INFINITY
  for (const candidate of candidates) {
    const options = { ...usualBoost, ...candidate }
    const answers = (await teach(seen, features.names.length, options)).predict(ahead.values)
    const error = answers.reduce((sum, answer, r) => sum + Math.abs(answer - ahead.targets[r]!), 0)
    if (error < least) [best, least] = [options, error]
  }
  return best
}

/** Boosted trees for the median and for each level. */
export async function teachBoost(
  task: ForecastTask,
  features: Features,
  options: BoostOptions,
  { before, levels }: { readonly before: number; readonly levels: readonly number[] },
): Promise<Fitted> {
  const width = features.names.length
  const rows = await rowsBefore(task, features, before)
  const models: Boosted[] = []
  for (const loss of [0.5, ...levels.filter((level) => level !== 0.5)])
    models.push(await teach(rows, width, { ...options, loss }))
  return {
    forecast(origin) {
      const count = Math.min(task.horizon, task.values.length - origin)
      const values = new Float64Array(count * width)
      for (let k = 0; k < count; k += 1) features.fill(origin, origin + k, values, k * width)
      const [median, ...rest] = models.map((model) => model.predict(values))
      const quantiles = levels.map((level) => (level === 0.5 ? median!.slice() : rest.shift()!))
      // Models of their own may cross; in order they are no worse (Chernozhukov et al., Econometrica 78 (2010) 1093).
      for (let k = 0; k < count; k += 1) {
        const sorted = Float64Array.from(quantiles, (own) => own[k]!).sort()
        quantiles.forEach((own, j) => {
          own[k] = sorted[j]!
        })
      }
      return { points: [median!], spreads: [{ median: median!, quantiles }] }
    },
  }
}
