import type { Wishes, WishName } from './schema/index.ts'
import { dearestOf, type TariffOnGrid } from './tariff/index.ts'

/** How much more precious each wish is than the next in the order. */
const step = 3

/**
 * Price of one missed kWh of a wish, in the order the site states. The least precious already costs more than any real
 * saving could bring: the dearest kWh there is plus all demand charges that one kWh in one step can raise.
 */
export function wishPenalties(
  wishes: Wishes,
  tariff: TariffOnGrid,
  dearestFuelPerKwh: number,
  stepHours: number,
): (wish: WishName | 'must-run') => number {
  let dearest = dearestFuelPerKwh
  tariff.importPrice.forEach((price, k) => {
    const full = Math.abs(price) + tariff.carbonPricePerKg * tariff.carbonIntensity[k]!
    dearest = Math.max(dearest, full, Math.abs(tariff.exportPrice[k]!))
  })
  dearest += tariff.tiers.reduce((sum, { curve }) => sum + Math.max(0, dearestOf(curve)), 0) * tariff.taxFactor
  dearest += tariff.netting.reduce((most, { surplusPricePerKwh }) => Math.max(most, Math.abs(surplusPricePerKwh)), 0)
  const demand =
    tariff.demand.reduce((sum, { pricePerKw, countedBills }) => sum + pricePerKw * countedBills, 0) * tariff.taxFactor
  const base = 2 * (dearest + demand / Math.max(0.25, stepHours)) + 1
  const order: readonly WishName[] = wishes.order
  return (wish) => {
    if (wish === 'must-run') return base * step ** (order.length + 1)
    const rank = order.indexOf(wish)
    return base * step ** (rank < 0 ? 0 : order.length - 1 - rank)
  }
}
