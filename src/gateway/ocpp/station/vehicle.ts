/** A vehicle on a cable. */
export interface Vehicle {
  readonly batteryKwh: number
  /** State of charge, 0 to 1. */
  readonly soc: number
  /** Most amperes a phase that its charger takes. */
  readonly maxCurrentA: number
  readonly phases: 1 | 2 | 3
  /** Whose it is. */
  readonly name?: string
  /** Charging stops here. Default 1. */
  readonly targetSoc?: number
}

/** Below this no vehicle charges: duty cycle of the control pilot of IEC 61851-1, table A.8. */
export const leastCurrentA = 6
/** Above this state of charge a battery takes less and less: constant voltage. */
const taperFromSoc = 0.8
const leastTaper = 0.1
const efficiency = 0.92

export interface ChargingStep {
  readonly vehicle: Vehicle
  readonly currentA: number
  readonly powerKw: number
  /** At the socket, in this step, Wh. */
  readonly energyWh: number
}

/**
 * One step of charging at a limit. A limit below {@link leastCurrentA} pauses; the battery takes less above 80 %.
 *
 * @param limitA amperes a phase that the station allows
 */
export function chargeVehicle(vehicle: Vehicle, limitA: number, voltageV: number, stepS: number): ChargingStep {
  const target = vehicle.targetSoc ?? 1
  const taper =
    vehicle.soc <= taperFromSoc
      ? 1
      : Math.max(leastTaper, 1 - ((1 - leastTaper) * (vehicle.soc - taperFromSoc)) / (1 - taperFromSoc))
  const wanted = Math.min(limitA, vehicle.maxCurrentA * taper)
  const resting = { vehicle, currentA: 0, powerKw: 0, energyWh: 0 }
  if (vehicle.soc >= target || limitA < leastCurrentA) return resting
  const fullKw = (wanted * voltageV * vehicle.phases) / 1000
  const roomKwh = ((target - vehicle.soc) * vehicle.batteryKwh) / efficiency
  const powerKw = Math.min(fullKw, (roomKwh * 3600) / stepS)
  const energyWh = (powerKw * 1000 * stepS) / 3600
  return {
    vehicle: { ...vehicle, soc: Math.min(target, vehicle.soc + (energyWh / 1000 / vehicle.batteryKwh) * efficiency) },
    currentA: (powerKw * 1000) / (voltageV * vehicle.phases),
    powerKw,
    energyWh,
  }
}
