import { billDemand, type DemandOutcome } from './demand.ts'
import { surplusKwh, surplusWeight } from './netting.ts'
import type { TariffOnGrid } from './tariff-on-grid.ts'
import { tierCost } from './tiers.ts'

/** What an import and export cost, beyond what was owed before the grid and whatever happens in it. */
export interface Settled {
  /** Imported energy with tiers, surcharges and taxes. */
  readonly energy: number
  /** Rise of the demand charges. */
  readonly demand: number
  /** Income from export, negative when earned. */
  readonly export: number
  readonly emissionsKgCo2e: number
  readonly demandOutcomes: readonly DemandOutcome[]
}

/**
 * Settles an import and export, kW a step, by the tariff: the money of plans and simulations. Fixed charges, floors of the
 * demand and the power factor are not in it, for no plan changes them; a bill has them.
 */
export function settle(
  tariff: TariffOnGrid,
  importKw: Float64Array,
  exportKw: Float64Array,
  hours: Float64Array,
): Settled {
  let energy = 0
  let income = 0
  let emissionsKgCo2e = 0
  for (let k = 0; k < importKw.length; k += 1) {
    const importKwh = importKw[k]! * hours[k]!
    energy += importKwh * tariff.importPrice[k]!
    emissionsKgCo2e += importKwh * tariff.carbonIntensity[k]!
    income += exportKw[k]! * hours[k]! * tariff.exportPrice[k]!
  }
  for (const window of tariff.tiers) energy += tariff.taxFactor * tierCost(window, importKw, hours)
  const demandOutcomes = billDemand(tariff.demand, importKw)
  const demand = demandOutcomes.reduce(
    (sum, { cost, costWithout }, i) => sum + (cost - costWithout) * tariff.demand[i]!.countedBills,
    0,
  )
  return {
    energy,
    demand: demand * tariff.taxFactor,
    export: -income + nettingCost(tariff, importKw, exportKw, hours),
    emissionsKgCo2e,
    demandOutcomes,
  }
}

function nettingCost(
  { netting }: TariffOnGrid,
  importKw: Float64Array,
  exportKw: Float64Array,
  hours: Float64Array,
): number {
  if (netting.length === 0) return 0
  const nothing = new Float64Array(importKw.length)
  const surplus = surplusKwh(netting, importKw, exportKw, hours)
  const without = surplusKwh(netting, nothing, nothing, hours)
  return netting.reduce((sum, _, i) => sum + surplusWeight(netting, i) * (surplus[i]! - without[i]!), 0)
}
