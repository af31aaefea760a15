import type { Calendar } from './calendar.ts'

/**
 * What a forecast learns from: one series on a grid that runs from the first step of the history to the last step of
 * the horizon. Nobody reads `values` at or after an origin when forecasting from it.
 */
export interface ForecastTask {
  readonly calendar: Calendar
  /** One value a step; NaN is missing. */
  readonly values: Float64Array
  /** Air temperature, °C: measured in the past, forecast ahead; absent where there is none. NaN is missing. */
  readonly temperatureC?: Float64Array
  /** Steps that a forecast looks ahead. */
  readonly horizon: number
}
