import type { Fitted, MemberForecast } from '../method.ts'
import { noPause, type Pause } from '../pause.ts'
import type { ForecastTask } from '../task.ts'

/** A forecast as it would have been made then. */
export interface Walked {
  readonly origin: number
  readonly forecast: MemberForecast
}

/**
 * Forecasts from each origin with a method that has learnt from what lay before: it learns anew at the first origin and
 * whenever `refitDays` origins have passed.
 *
 * @param origins rising, one a day
 * @param teach learns from everything before a step
 * @param pause is made before every forecast
 */
export async function walkOrigins(
  origins: readonly number[],
  refitDays: number,
  teach: (before: number) => Fitted | Promise<Fitted>,
  pause: Pause = noPause,
): Promise<readonly Walked[]> {
  const walked: Walked[] = []
  for (let first = 0; first < origins.length; first += refitDays) {
    const fitted = await teach(origins[first]!)
    for (const origin of origins.slice(first, first + refitDays)) {
      await pause()
      walked.push({ origin, forecast: await fitted.forecast(origin) })
    }
  }
  return walked
}

/** What came after an origin; NaN at and after `before`, which nobody may know yet. */
export function actualAfter({ values, horizon }: ForecastTask, origin: number, before: number): Float64Array {
  const actual = values.slice(origin, origin + horizon)
  if (origin + actual.length > before) actual.fill(Number.NaN, Math.max(0, before - origin))
  return actual
}
