/** Charging strategies of the evcc optimizer; what an unknown name means there: none. */
export const chargingStrategies = [
  'none',
  'charge_before_export',
  'attenuate_demand_peaks',
  'attenuate_feedin_peaks',
  'attenuate_grid_peaks',
] as const
export type ChargingStrategy = (typeof chargingStrategies)[number]

export const dischargingStrategies = ['none', 'discharge_before_import'] as const
export type DischargingStrategy = (typeof dischargingStrategies)[number]

export interface EvccBattery {
  readonly chargeFromGrid: boolean
  readonly dischargeToGrid: boolean
  readonly capacityWh: number
  readonly minWh: number
  readonly maxWh: number
  readonly initialWh: number
  /** Charging is off or at least this. */
  readonly minChargeW: number
  readonly maxChargeW: number
  readonly maxDischargeW: number
  /** Value of what is stored at the end, currency per Wh. */
  readonly valuePerWh: number
  /** Wish for charged energy in each step. */
  readonly demandWh?: readonly number[]
  /** Wish for the state of charge after each step; 0 is no wish. */
  readonly goalWh?: readonly number[]
  /** Wish for discharged energy in each step. */
  readonly dischargeDemandWh?: readonly number[]
  /** 0 to 2. */
  readonly priority: number
  readonly chargeEfficiency: number
  readonly dischargeEfficiency: number
}

/** Batteries that charge over one fuse. */
export interface EvccCircuit {
  readonly maxW: number
  readonly batteries: readonly number[]
}

/** A request to the evcc optimizer, in its units: seconds, W, Wh, currency per Wh. */
export interface EvccRequest {
  readonly charging: ChargingStrategy
  readonly discharging: DischargingStrategy
  readonly maxImportW?: number
  readonly maxExportW?: number
  /** Price of the highest power above `maxImportW`, currency per W; makes the limit a threshold. */
  readonly excessPricePerW?: number
  readonly batteries: readonly EvccBattery[]
  readonly circuits: readonly EvccCircuit[]
  readonly stepS: readonly number[]
  readonly loadWh: readonly number[]
  readonly solarWh: readonly number[]
  readonly importPricePerWh: readonly number[]
  readonly exportPricePerWh: readonly number[]
}

/** What a case file says the optimizer answered. */
export interface EvccExpected {
  readonly status: string
  readonly objective: number | null
  /** The stored schedule, when the file has it; per battery the state of charge after each step. */
  readonly schedule?: {
    readonly importWh: readonly number[]
    readonly exportWh: readonly number[]
    /** Import above a limit that has no price of its own stands apart from `importWh`. */
    readonly importOvershootWh: readonly number[]
    readonly socWh: readonly (readonly number[])[]
    readonly chargeWh: readonly (readonly number[])[]
    readonly dischargeWh: readonly (readonly number[])[]
  }
}

export interface EvccCase {
  readonly request: EvccRequest
  readonly expected?: EvccExpected
  /** Strict cases compare the schedule too. */
  readonly strict: boolean
}
