import type { ChpAsset } from '../schema/index.ts'
import { chpFuelKw, chpHeatKw, chpLine } from './chp-curve.ts'
import type { Conditions, SimulatedStep } from './component.ts'

interface ChpState {
  readonly onHours: number
  /** Fuel since the beginning, kWh by lower heating value. */
  readonly fuelKwh: number
  /** Gas in the holder, kWh. */
  readonly gasKwh: number
}

/** Steps the engine: it follows the set point as far as its load range and, with a digester, its gas go. */
export function simulateChp(
  asset: ChpAsset,
  { onHours, fuelKwh, gasKwh }: ChpState,
  { stepHours, offeredKw, setpointKw = 0, setpointOn }: Conditions,
): SimulatedStep<ChpState> {
  const { biogas, ratedKw } = asset
  const line = chpLine(asset, ratedKw)
  const leastKw = asset.minLoad * ratedKw
  const wantedKw = Math.min(ratedKw, setpointOn === 'heat' ? 0 : setpointKw)
  const capacityKwh = biogas ? biogas.holderM3 * biogas.kwhPerM3 : 0
  const floorKwh = biogas ? biogas.minLevel * capacityKwh : 0
  // Gas that a step may burn: what the holder has above its least, and what arrives meanwhile.
  const stockKw = gasKwh > floorKwh ? (gasKwh - floorKwh) / stepHours : 0
  const gasKw = biogas ? stockKw + offeredKw : Number.POSITIVE_INFINITY
  const byGasKw = (gasKw - line.fuelAtZeroKw) / line.fuelPerKw
  const runs = wantedKw > 0 && wantedKw >= 0.5 * leastKw && byGasKw >= leastKw * (1 - 1e-9)
  const powerKw = runs ? Math.max(leastKw, Math.min(wantedKw, byGasKw)) : 0
  const burntKw = chpFuelKw(line, powerKw)
  const heatKw = chpHeatKw(line, powerKw)
  const standbyHeatKw = runs || ratedKw <= 0 ? 0 : asset.standbyHeatKw
  const unflaredKwh = biogas ? gasKwh + (offeredKw - burntKw) * stepHours : 0
  const nextKwh = Math.min(unflaredKwh, Math.max(gasKwh, (biogas?.maxLevel ?? 0) * capacityKwh))
  const flaredKw = stepHours > 0 ? (unflaredKwh - nextKwh) / stepHours : 0
  const kwhPerUnit = biogas?.kwhPerM3 ?? asset.fuel?.kwhPerUnit ?? 1
  const biogenicPerUnit = biogas?.biogenicKgCo2PerM3 ?? asset.fuel?.biogenicKgCo2PerUnit ?? 0
  return {
    state: { onHours: runs ? onHours + stepHours : 0, fuelKwh: fuelKwh + burntKw * stepHours, gasKwh: nextKwh },
    busKw: powerKw,
    otherKw: { heat: heatKw - standbyHeatKw },
    points: {
      powerKw,
      heatKw,
      rejectedHeatKw: 0,
      fuelKw: burntKw,
      biogenicKgCo2PerH: (burntKw / kwhPerUnit) * biogenicPerUnit,
      on: runs ? 1 : 0,
      ...(asset.standbyHeatKw > 0 ? { standbyHeatKw } : {}),
      ...(biogas ? { gasLevelM3: nextKwh / biogas.kwhPerM3, flaredKw } : {}),
    },
  }
}
