import { ocppErrors } from '../errors.ts'
import type { ChargingProfile, ChargingSchedule, ProfilePurpose } from './charging-profile.ts'
import type { ProfileV16, ProfileV201, ScheduleV16 } from './wire-profile.ts'

const kinds = { absolute: 'Absolute', recurring: 'Recurring', relative: 'Relative' } as const
const purposesV16: Partial<Record<ProfilePurpose, string>> = {
  'station-max': 'ChargePointMaxProfile',
  'tx-default': 'TxDefaultProfile',
  tx: 'TxProfile',
}
const purposesV201: Readonly<Record<ProfilePurpose, string>> = {
  'station-max': 'ChargingStationMaxProfile',
  external: 'ChargingStationExternalConstraints',
  'tx-default': 'TxDefaultProfile',
  tx: 'TxProfile',
  priority: 'PriorityCharging',
  'local-generation': 'LocalGeneration',
}

/** A profile as OCPP 1.6 says it. @throws `ocpp.unsupported` for what that version has no word for */
export function writeProfileV16(profile: ChargingProfile): ProfileV16 {
  const purpose = purposesV16[profile.purpose]
  const [schedule] = profile.schedules
  if (!purpose || !schedule) {
    throw ocppErrors.unsupported({ detail: 'OCPP 1.6 has no such profile', found: profile.purpose })
  }
  return {
    chargingProfileId: profile.id,
    ...(profile.transactionId === undefined ? {} : { transactionId: Number(profile.transactionId) }),
    ...shared(profile, purpose),
    // 1.6 has no word for which phase.
    chargingSchedule: writeSchedule({ ...schedule, periods: schedule.periods.map(({ phaseToUse: _, ...one }) => one) }),
  }
}

export function writeProfileV201(profile: ChargingProfile): ProfileV201 {
  return {
    id: profile.id,
    ...(profile.transactionId === undefined ? {} : { transactionId: profile.transactionId }),
    ...shared(profile, purposesV201[profile.purpose]),
    chargingSchedule: profile.schedules.map((schedule, index) => ({ id: index + 1, ...writeSchedule(schedule) })),
  }
}

const shared = (profile: ChargingProfile, chargingProfilePurpose: string) => ({
  stackLevel: profile.stackLevel,
  chargingProfilePurpose,
  chargingProfileKind: kinds[profile.kind],
  ...(profile.recurrence === undefined ? {} : { recurrencyKind: profile.recurrence === 'weekly' ? 'Weekly' : 'Daily' }),
  ...(profile.validFromMs === undefined ? {} : { validFrom: iso(profile.validFromMs) }),
  ...(profile.validToMs === undefined ? {} : { validTo: iso(profile.validToMs) }),
})

const writeSchedule = (schedule: ChargingSchedule): ScheduleV16 => ({
  ...(schedule.durationS === undefined ? {} : { duration: Math.round(schedule.durationS) }),
  ...(schedule.startMs === undefined ? {} : { startSchedule: iso(schedule.startMs) }),
  chargingRateUnit: schedule.unit,
  ...(schedule.minRate === undefined ? {} : { minChargingRate: tenth(schedule.minRate) }),
  chargingSchedulePeriod: schedule.periods.map(({ startS, limit, phases, phaseToUse, setpoint, dischargeLimit }) => ({
    startPeriod: startS,
    ...(Number.isFinite(limit) ? { limit: tenth(limit) } : {}),
    ...(phases === undefined ? {} : { numberPhases: phases }),
    ...(phaseToUse === undefined ? {} : { phaseToUse }),
    ...(setpoint === undefined ? {} : { setpoint }),
    ...(dischargeLimit === undefined ? {} : { dischargeLimit }),
  })),
})

/** Rates have one decimal (1.6 §7.14), and are never above what was meant. */
const tenth = (rate: number): number => Math.floor(rate * 10 + 1e-9) / 10

const iso = (timestampMs: number): string => new Date(timestampMs).toISOString()
