import { readNumber } from './read-number.ts'
import { roundly, usualPrices } from './sizable.ts'

/** Prices that a village can put in; what is not typed follows the source, the factor and the rate. */
export const machinePrices = ['pvPrice', 'batteryPrice', 'powerPrice'] as const
export const energyPrices = ['gridPrice', 'dieselPrice'] as const
export type MachinePrice = (typeof machinePrices)[number]
export type PriceName = MachinePrice | (typeof energyPrices)[number]

/**
 * US dollars a kW, a kWh, a kW; a kWh, a litre. Machines: those of `sizable.ts`, with their sources. Grid and diesel: rounded
 * assumptions of 2024.
 */
export const priceUsd: Readonly<Record<PriceName, number>> = {
  pvPrice: usualPrices['pv.capacityKwp'].capexUsd,
  batteryPrice: usualPrices['battery.capacityKwh'].capexUsd,
  powerPrice: usualPrices['battery.powerKw'].capexUsd,
  ...{ gridPrice: 0.15, dieselPrice: 1.2 },
}

/** What small and far away makes machines cost, times the world mean: an assumption. */
export const usualFactor = 1.5

interface Rates {
  readonly dollar: string
  readonly factor: string
}

/** What a price is before anybody types one: of machines times the factor; empty while the rate or the factor is no number. */
export function proposedPrice(name: PriceName, { dollar, factor }: Rates): string {
  const times = machinePrices.some((one) => one === name) ? readNumber(factor) : 1
  const price = priceUsd[name] * times * readNumber(dollar)
  return Number.isFinite(price) ? String(roundly(price)) : ''
}
