import type { Features } from './features.ts'
import { noPause, type Pause } from './pause.ts'
import type { ForecastTask } from './task.ts'

/** Rows to learn from: every known target of every origin, with its features. */
export interface TrainingRows {
  /** Row by row, `rows × features.names.length`. */
  readonly values: Float64Array
  readonly targets: Float64Array
  /** Slot of the day of the target. */
  readonly slot: Int16Array
  /** Local day of the target. */
  readonly day: Int32Array
}

/** More rows cost time and say little new: origins are thinned beyond. */
const mostRows = 60_000

/** Local days without which the features of an origin say little. */
const leadInDays = 7

/** Origins before a step at its clock time, one a day, oldest first, each with a week before it. */
export function originsBefore({ calendar }: ForecastTask, before: number): readonly number[] {
  const slot = calendar.slot[before]!
  const firstDay = calendar.day[0]! + leadInDays
  const found: number[] = []
  for (let day = calendar.day[before]!; day >= firstDay; day -= 1) {
    const step = calendar.stepAt(day, slot)
    if (step >= 0 && step < before && step !== found.at(-1)) found.push(step)
  }
  return found.reverse()
}

/** Nothing at or after `before` is learnt from. */
export async function collectRows(
  task: ForecastTask,
  features: Features,
  origins: readonly number[],
  { before, pause = noPause }: { readonly before: number; readonly pause?: Pause },
): Promise<TrainingRows> {
  const { calendar, values, horizon } = task
  const width = features.names.length
  const stride = Math.max(1, Math.ceil((origins.length * horizon) / mostRows))
  const kept = origins.filter((_, index) => (origins.length - 1 - index) % stride === 0)
  const most = kept.length * horizon
  const rows = {
    values: new Float64Array(most * width),
    targets: new Float64Array(most),
    slot: new Int16Array(most),
    day: new Int32Array(most),
  }
  let count = 0
  for (const origin of kept) {
    await pause()
    const end = Math.min(before, origin + horizon)
    for (let target = origin; target < end; target += 1) {
      const value = values[target]!
      if (Number.isNaN(value)) continue
      features.fill(origin, target, rows.values, count * width)
      rows.targets[count] = value
      rows.slot[count] = calendar.slot[target]!
      rows.day[count] = calendar.day[target]!
      count += 1
    }
  }
  return {
    values: rows.values.subarray(0, count * width),
    targets: rows.targets.subarray(0, count),
    slot: rows.slot.subarray(0, count),
    day: rows.day.subarray(0, count),
  }
}
