import type { Solution } from '../kernel/index.ts'
import type { Outcome } from './components/component.ts'
import type { Frame } from './frame.ts'
import type { ParkModel, PreparedAsset } from './park-model.ts'
import type { Reason } from './schema/index.ts'

/**
 * Worth of one more kWh on the bus, currency per kWh: the dual of the balance row over the hours of the step.
 * With integers, of the linear program in which they are fixed.
 */
export function marginalPrices(park: ParkModel, frame: Frame, solution: Solution): Float64Array {
  const prices = new Float64Array(frame.grid.count)
  for (let k = 0; k < prices.length; k += 1) prices[k] = (solution.rowDuals[park.busRow + k] ?? 0) / frame.stepHours
  return prices
}

/** What drove the plan, in words: each asset's own account, the money first. */
export function explainPlan(
  assets: readonly PreparedAsset[],
  outcomes: ReadonlyMap<string, Outcome>,
  frame: Frame,
  marginalPricePerKwh: Float64Array,
): Reason[] {
  return [...assets].reverse().flatMap(({ asset, component }) => {
    const outcome = outcomes.get(asset.id)
    return outcome ? [...component.describe({ asset, frame, outcome, marginalPricePerKwh })] : []
  })
}
