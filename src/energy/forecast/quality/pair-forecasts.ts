import { stepStartMs, type TimeGrid } from '../../../kernel/index.ts'

/** One quantity as it was foreseen at one moment. */
export interface MadeForecast {
  /** When it was made: what came to be known later had no part in it. */
  readonly madeMs: number
  readonly startMs: number
  readonly stepMs: number
  /** One value a step; NaN is missing. */
  readonly values: Float64Array
  /** Lowest and highest quantile; absent: it has no band. */
  readonly band?: { readonly low: Float64Array; readonly high: Float64Array }
  /** Steps, each 1 or 0, in which what made it also moved the quantity away from what it foresaw; absent: in none. */
  readonly moves?: Float64Array
  /** The run that made it. */
  readonly run: string
}

/** What was foreseen of each step of a grid, at one lead. */
export interface Foreseen {
  /** NaN: nobody foresaw it so far ahead. */
  readonly values: Float64Array
  readonly low: Float64Array
  readonly high: Float64Array
  /** Which forecast it is from; −1: none. */
  readonly from: Int32Array
}

/**
 * For each step the newest forecast that was made at least `leadMs` before it, as one who has to decide that long ahead would have had
 * it. One that is older than `oldestMs` foresees nothing any more.
 *
 * @param forecasts by rising `madeMs`
 */
export function foreseenAt(
  grid: TimeGrid,
  forecasts: readonly MadeForecast[],
  { leadMs, oldestMs }: { readonly leadMs: number; readonly oldestMs: number },
): Foreseen {
  const nothing = (): Float64Array => new Float64Array(grid.count).fill(Number.NaN)
  const found: Foreseen = {
    values: nothing(),
    low: nothing(),
    high: nothing(),
    from: new Int32Array(grid.count).fill(-1),
  }
  let next = 0
  for (let step = 0; step < grid.count; step += 1) {
    const startMs = stepStartMs(grid, step)
    while (next < forecasts.length && forecasts[next]!.madeMs <= startMs - leadMs) next += 1
    // The newest need not reach so far: an older one may.
    for (let index = next - 1; index >= 0; index -= 1) {
      const forecast = forecasts[index]!
      if (startMs - forecast.madeMs > oldestMs) break
      const value = meanOver(forecast, forecast.values, startMs, grid.stepMs)
      if (Number.isNaN(value)) continue
      found.values[step] = value
      found.from[step] = index
      if (forecast.band) {
        found.low[step] = meanOver(forecast, forecast.band.low, startMs, grid.stepMs)
        found.high[step] = meanOver(forecast, forecast.band.high, startMs, grid.stepMs)
      }
      break
    }
  }
  return found
}

/** 1 for each step that the forecast in force then moved. @param forecasts by rising `madeMs` */
export function movedSteps(grid: TimeGrid, forecasts: readonly MadeForecast[], oldestMs: number): Uint8Array {
  const moving = forecasts.map(({ moves, values, ...rest }) => ({ ...rest, values: moves ?? values.map(() => 0) }))
  return Uint8Array.from(foreseenAt(grid, moving, { leadMs: 0, oldestMs }).values, (value) => (value > 0 ? 1 : 0))
}

/** Mean of the steps of a forecast over a stretch of time; NaN where one of them is missing, or it does not reach so far. */
function meanOver(
  { startMs, stepMs }: Pick<MadeForecast, 'startMs' | 'stepMs'>,
  values: Float64Array,
  fromMs: number,
  lengthMs: number,
): number {
  const first = Math.floor((fromMs - startMs) / stepMs)
  const last = Math.ceil((fromMs + lengthMs - startMs) / stepMs) - 1
  if (first < 0 || last >= values.length) return Number.NaN
  let sum = 0
  for (let step = first; step <= last; step += 1) {
    const from = Math.max(fromMs, startMs + step * stepMs)
    const to = Math.min(fromMs + lengthMs, startMs + (step + 1) * stepMs)
    sum += values[step]! * (to - from)
  }
  return sum / lengthMs
}
