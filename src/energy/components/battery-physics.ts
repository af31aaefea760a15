import type { BatteryAsset } from '../schema/index.ts'
import type { Conditions, SimulatedStep } from './component.ts'

/** Charging power the battery takes at a state of charge, kW, by its taper. */
export function chargeLimitKw(asset: BatteryAsset, soc: number): number {
  if (soc <= asset.taperSoc || asset.taperSoc >= 1) return asset.maxChargeKw
  const left = 1 - ((1 - asset.taperPower) * (soc - asset.taperSoc)) / (1 - asset.taperSoc)
  return asset.maxChargeKw * Math.max(0, left)
}

/**
 * Charging power, kW, that the taper lets a step have: the level at the end of the step rules, as in the plan, so that
 * the law P ≤ limit(soc + P·η·h/C) is solved for P.
 */
function taperedKw(asset: BatteryAsset, soc: number, stepHours: number): number {
  if (asset.taperSoc >= 1 || asset.capacityKwh <= 0) return asset.maxChargeKw
  const slope = (1 - asset.taperPower) / (1 - asset.taperSoc)
  const rise = (asset.maxChargeKw * slope * asset.chargeEfficiency * stepHours) / asset.capacityKwh
  const powerKw = (asset.maxChargeKw * (1 - slope * (soc - asset.taperSoc))) / (1 + rise)
  return Math.max(0, Math.min(asset.maxChargeKw, powerKw))
}

/** Mean power of an energy over a step; over a step of no length any, unless there is no energy. */
const powerOf = (energyKwh: number, stepHours: number): number => (energyKwh > 0 ? energyKwh / stepHours : 0)

/** Steps the state of charge; a setpoint beyond what the battery can do is cut to what it can. */
export function simulateBattery(
  asset: BatteryAsset,
  { soc }: { readonly soc: number },
  { stepHours, setpointKw = 0 }: Conditions,
): SimulatedStep<{ readonly soc: number }> {
  // What lies below the minimum is not used and does not count as lost, as in the plan.
  const floor = Math.min(soc, asset.minSoc)
  const kept = floor + (soc - floor) * (1 - asset.selfDischargePerDay) ** (stepHours / 24)
  const roomKw = powerOf((Math.max(0, asset.maxSoc - kept) * asset.capacityKwh) / asset.chargeEfficiency, stepHours)
  const stockKw = powerOf(Math.max(0, kept - asset.minSoc) * asset.capacityKwh * asset.dischargeEfficiency, stepHours)
  const busKw =
    setpointKw >= 0
      ? Math.min(setpointKw, asset.maxDischargeKw, stockKw)
      : -Math.min(-setpointKw, taperedKw(asset, kept, stepHours), roomKw)
  const storedKw = busKw >= 0 ? -busKw / asset.dischargeEfficiency : -busKw * asset.chargeEfficiency
  const next = asset.capacityKwh > 0 ? kept + (storedKw * stepHours) / asset.capacityKwh : 0
  return { state: { soc: next }, busKw, points: { powerKw: busKw, soc: next } }
}
