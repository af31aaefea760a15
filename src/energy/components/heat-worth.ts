import type { Asset, DataPort } from '../../kernel/index.ts'
import { mainBus } from '../bus.ts'
import type { Frame } from '../frame.ts'
import type { BoilerAsset, HeatPumpAsset } from '../schema/index.ts'
import { fuelCostPerHeatKwh } from './boiler.ts'
import { readCop } from './cop.ts'
import { medianOverTime } from './median.ts'

/**
 * What making a kWh of heat costs on a heat bus, currency: of the heat pumps and boilers that stand there the cheapest, with
 * electricity at the median price of the horizon and its carbon. 0 where heat only comes as a by-product.
 */
export async function heatWorthPerKwh(heatBus: string, frame: Frame, data: DataPort): Promise<number> {
  const { importPrice, carbonIntensity, carbonPricePerKg } = frame.tariff
  const electricity = importPrice.map((price, k) => price + carbonPricePerKg * carbonIntensity[k]!)
  const worths: number[] = []
  for (const asset of frame.site.assets) {
    const { kind, heatBus: stands = mainBus, ratedKw } = asset
    if (stands !== heatBus || ratedKw === 0) continue
    if (kind === 'heat-pump') {
      const pump = asset as Asset & HeatPumpAsset
      const cop = await readCop(pump, pump, `assets.${pump.id}.source`, { frame, data })
      worths.push(
        medianOverTime(
          electricity.map((price, k) => price / cop[k]!),
          frame.hours,
        ),
      )
    }
    if (kind === 'boiler') {
      const boiler = asset as Asset & BoilerAsset
      worths.push(
        boiler.electric
          ? medianOverTime(electricity, frame.hours) / boiler.efficiency
          : fuelCostPerHeatKwh(boiler, carbonPricePerKg),
      )
    }
  }
  return worths.length === 0 ? 0 : Math.max(0, Math.min(...worths))
}
