/** What a limit of a schedule counts in: amperes a phase, or watts of all phases together. */
export type RateUnit = 'A' | 'W'

/**
 * What a profile is for. `station-max`: the whole station (1.6: ChargePointMaxProfile); `external`: limits of grid or energy
 * management (2.0.1); `tx-default`: every transaction that has none of its own; `tx`: one transaction; `priority`: charge now,
 * whatever the transaction's profile says (2.1); `local-generation`: power made on the spot (2.1), which raises no limit here.
 */
export type ProfilePurpose = 'station-max' | 'external' | 'tx-default' | 'tx' | 'priority' | 'local-generation'

/** One step of a schedule. It holds from `startS` seconds after the schedule's start until the next one. */
export interface SchedulePeriod {
  readonly startS: number
  /** Highest rate in the unit of the schedule; Infinity where the period has only a setpoint (2.1). */
  readonly limit: number
  /** Undefined: three are assumed, unless another profile says fewer. */
  readonly phases?: number
  /** Of one phase: L1, L2 or L3 of the charger, 1 to 3 (2.0.1). */
  readonly phaseToUse?: number
  /** Rate to keep to (2.1); negative: give back. */
  readonly setpoint?: number
  /** Most that may be given back, as a negative number (2.1). */
  readonly dischargeLimit?: number
}

export interface ChargingSchedule {
  readonly unit: RateUnit
  /** Undefined: it begins with the transaction. */
  readonly startMs?: number
  /** Undefined: it has no end of its own. */
  readonly durationS?: number
  /** Least rate that makes sense to the vehicle; told on, not enforced. */
  readonly minRate?: number
  readonly periods: readonly SchedulePeriod[]
}

/** A charging profile of OCPP 1.6, 2.0.1 or 2.1, in words that all versions share. */
export interface ChargingProfile {
  readonly id: number
  readonly stackLevel: number
  readonly purpose: ProfilePurpose
  readonly kind: 'absolute' | 'recurring' | 'relative'
  readonly recurrence?: 'daily' | 'weekly'
  readonly validFromMs?: number
  readonly validToMs?: number
  readonly transactionId?: string
  /** 2.0.1 allows three for vehicles that choose (ISO 15118); the first one counts until one is chosen. */
  readonly schedules: readonly ChargingSchedule[]
}

/** A profile where it was set: EVSE (1.6: connector) 0 is the whole station. */
export interface PlacedProfile {
  readonly evseId: number
  readonly profile: ChargingProfile
}
