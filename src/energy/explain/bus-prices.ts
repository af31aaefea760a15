import type { Solution } from '../../kernel/index.ts'
import { type Carrier, mainBus } from '../bus.ts'
import type { Outcome } from '../components/component.ts'
import type { Frame } from '../frame.ts'
import { busOf, type ParkModel, type PreparedAsset } from '../park-model.ts'
import type { Reason } from '../schema/index.ts'

/** Worth of one more kWh on a bus, currency per kWh, one a step. */
export interface BusPrice {
  readonly carrier: Carrier
  readonly name: string
  readonly pricePerKwh: Float64Array
}

/**
 * Worth of one more kWh on each bus: the dual of its balance row over the hours of the step. With integers, of the linear
 * program in which they are fixed. Empty steps are those of a solver that told no duals.
 */
export const busPrices = (park: ParkModel, frame: Frame, solution: Solution): BusPrice[] =>
  park.buses.map(({ carrier, name, row }) => ({
    carrier,
    name,
    pricePerKwh: Float64Array.from(
      { length: frame.grid.count },
      (_, k) => (solution.rowDuals[row + k] ?? 0) / frame.hours[k]!,
    ),
  }))

const priceOn = (prices: readonly BusPrice[], carrier: Carrier, name: string): Float64Array | undefined =>
  prices.find((price) => price.carrier === carrier && price.name === name)?.pricePerKwh

/** What drove the plan, in words: each asset's own account, the money first. */
export function explainPlan(
  assets: readonly PreparedAsset[],
  outcomes: ReadonlyMap<string, Outcome>,
  frame: Frame,
  prices: readonly BusPrice[],
): Reason[] {
  return [...assets].reverse().flatMap(({ asset, component }) => {
    const outcome = outcomes.get(asset.id)
    if (!outcome) return []
    const marginalPricePerKwh =
      priceOn(prices, 'electricity', busOf(asset)) ?? new Float64Array(frame.grid.count).fill(Number.NaN)
    return component.describe({
      asset,
      frame,
      outcome,
      marginalPricePerKwh,
      priceOn: (carrier: Carrier, bus = mainBus) => priceOn(prices, carrier, bus),
    })
  })
}
