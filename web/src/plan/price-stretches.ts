import type { Handles, Period } from './what-if.ts'

/** A period of the tariff, and where in the plan it holds for longest, 0 to 1 across the chart. */
export interface PriceStretch {
  readonly period: Period
  readonly reach: readonly [number, number]
}

const close = (a: number, b: number): boolean => Math.abs(a - b) < 1e-6

/**
 * Where each period of the tariff holds in a plan, found by its price; one that holds in no step of the plan, or has the price of
 * another, has no stretch.
 *
 * @param importPrice what an imported kWh costs in each step of the published plan
 */
export function priceStretches(
  importPrice: readonly (number | null)[],
  { periods, feePerKwh, surchargePerKwh }: Pick<Handles, 'periods' | 'feePerKwh' | 'surchargePerKwh'>,
): readonly PriceStretch[] {
  const count = importPrice.length
  return periods.flatMap((period, index) => {
    const alike = periods.findIndex(({ pricePerKwh }) => close(pricePerKwh, period.pricePerKwh))
    if (alike !== index) return []
    let best: readonly [number, number] = [0, 0]
    let from = 0
    for (let step = 0; step <= count; step += 1) {
      const price = importPrice[step] ?? Number.NaN
      if (close(price, period.pricePerKwh + feePerKwh + surchargePerKwh)) continue
      if (step - from > best[1] - best[0]) best = [from, step]
      from = step + 1
    }
    return best[1] > best[0] ? [{ period, reach: [best[0] / count, best[1] / count] as const }] : []
  })
}
