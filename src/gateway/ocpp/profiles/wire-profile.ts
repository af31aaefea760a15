/** Profiles as they go over the wire: OCPP 1.6 §7.8, 2.0.1 part 2 §2.7, 2.1 with setpoints. */
export interface ProfileV16 {
  readonly chargingProfileId: number
  readonly transactionId?: number
  readonly stackLevel: number
  readonly chargingProfilePurpose: string
  readonly chargingProfileKind: string
  readonly recurrencyKind?: string
  readonly validFrom?: string
  readonly validTo?: string
  readonly chargingSchedule: ScheduleV16
}

export interface ScheduleV16 {
  readonly duration?: number
  readonly startSchedule?: string
  readonly chargingRateUnit: string
  readonly minChargingRate?: number
  readonly chargingSchedulePeriod: readonly PeriodWire[]
}

export interface PeriodWire {
  readonly startPeriod: number
  readonly limit?: number
  readonly numberPhases?: number
  /** 2.0.1 */
  readonly phaseToUse?: number
  readonly setpoint?: number
  readonly dischargeLimit?: number
}

export interface ProfileV201 extends Omit<ProfileV16, 'chargingProfileId' | 'transactionId' | 'chargingSchedule'> {
  readonly id: number
  readonly transactionId?: string
  readonly chargingSchedule: readonly ScheduleV201[]
}

export interface ScheduleV201 extends ScheduleV16 {
  readonly id: number
}
