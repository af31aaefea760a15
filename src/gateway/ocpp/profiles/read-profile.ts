import { ocppErrors } from '../errors.ts'
import type { ChargingProfile, ChargingSchedule, ProfilePurpose, SchedulePeriod } from './charging-profile.ts'
import type { ProfileV16, ProfileV201, ScheduleV16 } from './wire-profile.ts'

const purposes: Readonly<Record<string, ProfilePurpose>> = {
  ChargePointMaxProfile: 'station-max',
  ChargingStationMaxProfile: 'station-max',
  ChargingStationExternalConstraints: 'external',
  TxDefaultProfile: 'tx-default',
  TxProfile: 'tx',
  PriorityCharging: 'priority',
  LocalGeneration: 'local-generation',
}
const kinds = { Absolute: 'absolute', Recurring: 'recurring', Relative: 'relative', Dynamic: 'absolute' } as const

/** Reads a profile of OCPP 1.6. @throws `ocpp.bad-profile` */
export function readProfileV16(profile: ProfileV16): ChargingProfile {
  return build(profile, profile.chargingProfileId, [profile.chargingSchedule])
}

/** Reads a profile of OCPP 2.0.1 or 2.1. @throws `ocpp.bad-profile` */
export function readProfileV201(profile: ProfileV201): ChargingProfile {
  return build(profile, profile.id, profile.chargingSchedule)
}

type Shared = Omit<ProfileV16, 'chargingProfileId' | 'chargingSchedule' | 'transactionId'> & {
  readonly transactionId?: number | string
}

function build(wire: Shared, id: number, schedules: readonly ScheduleV16[]): ChargingProfile {
  const purpose = purposes[wire.chargingProfilePurpose]
  const kind = kinds[wire.chargingProfileKind as keyof typeof kinds]
  if (!purpose) throw bad('chargingProfilePurpose', wire.chargingProfilePurpose, Object.keys(purposes).join(', '))
  if (!kind) throw bad('chargingProfileKind', wire.chargingProfileKind, Object.keys(kinds).join(', '))
  if (schedules.length === 0) throw bad('chargingSchedule', schedules, 'one schedule or more')
  if (kind === 'recurring') {
    if (!wire.recurrencyKind) throw bad('recurrencyKind', wire.recurrencyKind, 'Daily or Weekly')
    if (schedules.some(({ startSchedule }) => !startSchedule)) throw bad('startSchedule', undefined, 'a time')
  }
  return {
    id,
    stackLevel: wire.stackLevel,
    purpose,
    kind,
    ...(kind === 'recurring' ? { recurrence: wire.recurrencyKind === 'Weekly' ? 'weekly' : 'daily' } : {}),
    ...(wire.validFrom === undefined ? {} : { validFromMs: instant(wire.validFrom, 'validFrom') }),
    ...(wire.validTo === undefined ? {} : { validToMs: instant(wire.validTo, 'validTo') }),
    ...(wire.transactionId === undefined ? {} : { transactionId: String(wire.transactionId) }),
    schedules: schedules.map(readSchedule),
  }
}

function readSchedule(wire: ScheduleV16): ChargingSchedule {
  if (wire.chargingRateUnit !== 'A' && wire.chargingRateUnit !== 'W') {
    throw bad('chargingRateUnit', wire.chargingRateUnit, 'A or W')
  }
  const periods = wire.chargingSchedulePeriod.map(
    (period): SchedulePeriod => ({
      startS: period.startPeriod,
      limit: period.limit ?? Number.POSITIVE_INFINITY,
      ...(period.numberPhases === undefined ? {} : { phases: period.numberPhases }),
      ...(period.phaseToUse === undefined ? {} : { phaseToUse: period.phaseToUse }),
      ...(period.setpoint === undefined ? {} : { setpoint: period.setpoint }),
      ...(period.dischargeLimit === undefined ? {} : { dischargeLimit: period.dischargeLimit }),
    }),
  )
  if (periods[0]?.startS !== 0)
    throw bad('chargingSchedulePeriod', periods[0]?.startS, 'a first period that starts at 0')
  if (periods.some(({ startS }, index) => index > 0 && startS <= periods[index - 1]!.startS)) {
    throw bad('chargingSchedulePeriod', periods.map(({ startS }) => startS).join(', '), 'rising start times')
  }
  if (periods.some(({ limit }) => Number.isNaN(limit) || limit < 0)) throw bad('limit', 'below 0', '0 or more')
  return {
    unit: wire.chargingRateUnit,
    ...(wire.startSchedule === undefined ? {} : { startMs: instant(wire.startSchedule, 'startSchedule') }),
    ...(wire.duration === undefined ? {} : { durationS: wire.duration }),
    ...(wire.minChargingRate === undefined ? {} : { minRate: wire.minChargingRate }),
    periods,
  }
}

function instant(text: string, path: string): number {
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) throw bad(path, text, 'a time with an offset')
  return ms
}

const bad = (path: string, found: unknown, expected: string): Error =>
  ocppErrors.badProfile({ detail: 'The charging profile cannot be used', place: { path }, found, expected })
