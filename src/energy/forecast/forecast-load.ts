import type { EngineContext, Site, TimeGrid } from '../../kernel/index.ts'
import type { ForecastInput } from '../schema/index.ts'
import { buildTask, withTemperature } from './build-task.ts'
import type { History } from './history.ts'
import { learnLoad } from './learn-load.ts'
import { pauseFor } from './pause.ts'
import type { Found } from './publish.ts'
import { errorReasons, historyReasons, methodReason, plainReasons } from './reasons.ts'

export interface LoadRequest {
  readonly site: Site
  readonly horizon: TimeGrid
  readonly history: History
  readonly input: ForecastInput
  /** Rising. */
  readonly levels: readonly number[]
  progress(fraction: number): void
}

/** Forecasts a series from its own past, the calendar and the temperature. */
export async function forecastLoad(request: LoadRequest, context: EngineContext): Promise<Found> {
  const { site, horizon, history, input, levels, progress } = request
  const plain = buildTask(history, horizon, { zone: site.zone, holidays: input.holidays })
  const { temperature } = input
  const task = temperature === undefined ? plain : await withTemperature(plain, temperature, site, context.data)
  const learnt = await learnLoad(task, history.values.length, {
    levels,
    random: context.random,
    pause: pauseFor(context.signal),
    progress,
  })
  const learnsTemperature = task.temperatureC !== undefined && learnt.method === 'ensemble'
  return {
    method: learnt.method,
    median: learnt.median,
    ...(learnt.quantiles ? { quantiles: learnt.quantiles } : {}),
    ...(learnt.backtest ? { backtest: learnt.backtest } : {}),
    weights: learnt.weights,
    history,
    synthetic: false,
    reasons: [
      methodReason(learnt.method, learnt.usableDays),
      ...historyReasons(history, horizon),
      ...(learnsTemperature ? [plainReasons.temperatureAhead] : []),
      ...(temperature !== undefined && task.temperatureC === undefined ? [plainReasons.noTemperature] : []),
      ...errorReasons(learnt.backtest, learnt.calibrationCount),
    ],
  }
}
