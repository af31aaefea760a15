import type { Formulation, GridColumns } from './grid-part.ts'
import type { EvccBattery } from './request.ts'

/** First columns of one battery’s blocks of one column a step, kWh. */
export interface BatteryColumns {
  readonly charge: number
  readonly discharge: number
  /** State of charge after the step. */
  readonly soc: number
  /** 1 = charges at least its minimum; −1 without a minimum. */
  readonly on: number
}

const none = Number.NEGATIVE_INFINITY

/** Columns and rows of one battery: its balance, its limits with their penalties, wishes, and what excludes what. */
export function addBattery(formulation: Formulation, battery: EvccBattery, grid: GridColumns): BatteryColumns {
  const { builder, steps, stepH, weights, costScale } = formulation
  const chargeCap = Float64Array.from(stepH, (hours) => (battery.maxChargeW / 1000) * hours)
  const dischargeCap = Float64Array.from(stepH, (hours) => (battery.maxDischargeW / 1000) * hours)
  const charge = builder.addColumns('charge', steps, { upper: chargeCap })
  const discharge = builder.addColumns('discharge', steps, { upper: dischargeCap })
  const soc = builder.addColumns('soc', steps, { upper: battery.capacityWh / 1000 })
  builder.addCost(soc + steps - 1, -battery.valuePerWh * 1000 * costScale)
  for (let t = 0; t < steps; t += 1) {
    const initial = t === 0 ? battery.initialWh / 1000 : 0
    builder.beginRow('battery balance', initial, initial)
    builder.term(soc + t, 1)
    if (t > 0) builder.term(soc + t - 1, -1)
    builder.term(charge + t, -battery.chargeEfficiency)
    builder.term(discharge + t, 1 / battery.dischargeEfficiency)
    builder.endRow()
  }
  const columns = { charge, discharge, soc, on: -1 }
  addSocLimits(formulation, battery, columns)
  if (battery.goalWh) addGoals(formulation, battery.goalWh, columns)
  const nearlyFull = battery.demandWh ? addDemand(formulation, battery, { ...columns, chargeCap }) : undefined
  if (battery.dischargeDemandWh) addDischargeDemand(formulation, battery, { ...columns, dischargeCap })
  const on = battery.minChargeW > 0 ? addMinimumCharge(formulation, battery, { ...columns, chargeCap, nearlyFull }) : -1
  if (battery.maxChargeW > 0 && battery.maxDischargeW > 0) {
    const discharging = builder.addColumns('discharging', steps, { upper: 1, integer: true })
    for (let t = 0; t < steps; t += 1) {
      atMost(formulation, discharge + t, dischargeCap[t]!, { binary: discharging + t, when: 1 })
      atMost(formulation, charge + t, chargeCap[t]!, { binary: discharging + t, when: 0 })
    }
  }
  // While a step imports, only what may charge from the grid charges; while it exports, likewise.
  for (let t = 0; t < steps; t += 1) {
    if (!battery.chargeFromGrid && battery.maxChargeW > 0)
      atMost(formulation, charge + t, chargeCap[t]!, { binary: grid.direction + t, when: 1 })
    if (!battery.dischargeToGrid && battery.maxDischargeW > 0)
      atMost(formulation, discharge + t, dischargeCap[t]!, { binary: grid.direction + t, when: 0 })
  }
  return { ...columns, on }

  function addSocLimits(_: Formulation, { minWh, maxWh, capacityWh }: EvccBattery, own: BatteryColumns): void {
    const limit = (name: string, sign: 1 | -1, boundWh: number): void => {
      const penalty = builder.addColumns(name, steps, { cost: weights.socExceeded * costScale })
      for (let t = 0; t < steps; t += 1) {
        // penalty ≥ sign · (soc − bound)
        builder.beginRow(name, (-sign * boundWh) / 1000, Number.POSITIVE_INFINITY)
        builder.term(penalty + t, 1)
        builder.term(own.soc + t, -sign)
        builder.endRow()
      }
    }
    if (maxWh < capacityWh) limit('soc above maximum', 1, maxWh)
    if (minWh > 0) limit('soc below minimum', -1, minWh)
  }
}

/** `column ≤ cap` when the binary stands as said, 0 otherwise. */
function atMost(
  { builder }: Formulation,
  column: number,
  cap: number,
  { binary, when }: { readonly binary: number; readonly when: 0 | 1 },
): void {
  builder.beginRow('excluded', none, when === 1 ? 0 : cap)
  builder.term(column, 1)
  builder.term(binary, when === 1 ? -cap : cap)
  builder.endRow()
}

/** A goal of the first step binds nothing: the peer begins at the second. */
function addGoals(
  { builder, weights, costScale }: Formulation,
  goalWh: readonly number[],
  { soc }: BatteryColumns,
): void {
  goalWh.forEach((goal, t) => {
    if (t === 0 || goal <= 0) return
    const missed = builder.addColumns('goal missed', 1, { cost: weights.goalMissed * costScale })
    builder.beginRow('goal', goal / 1000, Number.POSITIVE_INFINITY)
    builder.term(soc + t, 1)
    builder.term(missed, 1)
    builder.endRow()
  })
}

/**
 * Wished charge energy a step, dearer the earlier it is missed and released when the battery is full.
 * @returns per step the binary that lets charging end below its minimum because the battery is nearly full, or −1
 */
function addDemand(
  { builder, steps, stepH, weights, costScale }: Formulation,
  battery: EvccBattery,
  { charge, soc, chargeCap }: BatteryColumns & { readonly chargeCap: Float64Array },
): readonly number[] {
  const maxKwh = battery.maxWh / 1000
  return battery.demandWh!.map((wishedWh, t) => {
    if (wishedWh <= 0) return -1
    const wished = Math.min(chargeCap[t]!, wishedWh / 1000)
    const missed = builder.addColumns('demand missed', 1, {
      cost: weights.demandMissed * (1 + (steps - t) / steps) * costScale,
    })
    const nearlyFull = builder.addColumns('nearly full', 1, { upper: 1, integer: true })
    const full = builder.addColumns('full', 1, { upper: 1, integer: true })
    // max − soc ≤ max · (1 − nearlyFull) + least charge of the step; max − soc ≤ max · (1 − full)
    builder.beginRow('nearly full', none, (battery.minChargeW / 1000) * stepH[t]!)
    builder.term(soc + t, -1)
    builder.term(nearlyFull, maxKwh)
    builder.endRow()
    builder.beginRow('full', none, 0)
    builder.term(soc + t, -1)
    builder.term(full, maxKwh)
    builder.endRow()
    // charge + missed ≥ (1 − full) · wished
    builder.beginRow('demand', wished, Number.POSITIVE_INFINITY)
    builder.term(charge + t, 1)
    builder.term(missed, 1)
    builder.term(full, wished)
    builder.endRow()
    return nearlyFull
  })
}

/** Wished discharge energy a step, released when the battery is at its minimum. */
function addDischargeDemand(
  { builder, weights, costScale }: Formulation,
  battery: EvccBattery,
  { discharge, soc, dischargeCap }: BatteryColumns & { readonly dischargeCap: Float64Array },
): void {
  const room = Math.max(0, battery.capacityWh - battery.minWh) / 1000
  battery.dischargeDemandWh!.forEach((wishedWh, t) => {
    if (wishedWh <= 0) return
    const wished = Math.min(dischargeCap[t]!, wishedWh / 1000)
    const missed = builder.addColumns('discharge missed', 1, { cost: weights.demandMissed * costScale })
    const empty = builder.addColumns('empty', 1, { upper: 1, integer: true })
    // soc − min ≤ room · (1 − empty); discharge + missed ≥ (1 − empty) · wished
    builder.beginRow('empty', none, battery.minWh / 1000 + room)
    builder.term(soc + t, 1)
    builder.term(empty, room)
    builder.endRow()
    builder.beginRow('discharge demand', wished, Number.POSITIVE_INFINITY)
    builder.term(discharge + t, 1)
    builder.term(missed, 1)
    builder.term(empty, wished)
    builder.endRow()
  })
}

/** Charging is off or at least the minimum, except where a wish ends in a nearly full battery. */
function addMinimumCharge(
  formulation: Formulation,
  battery: EvccBattery,
  own: BatteryColumns & { readonly chargeCap: Float64Array; readonly nearlyFull: readonly number[] | undefined },
): number {
  const { builder, steps, stepH } = formulation
  const on = builder.addColumns('charging', steps, { upper: 1, integer: true })
  for (let t = 0; t < steps; t += 1) {
    const least = (battery.minChargeW / 1000) * stepH[t]!
    const nearlyFull = own.nearlyFull?.[t] ?? -1
    builder.beginRow('least charge', 0, Number.POSITIVE_INFINITY)
    builder.term(own.charge + t, 1)
    builder.term(on + t, -least)
    if (nearlyFull >= 0) builder.term(nearlyFull, least)
    builder.endRow()
    atMost(formulation, own.charge + t, own.chargeCap[t]!, { binary: on + t, when: 1 })
  }
  return on
}
