import { setTimeout as wait } from 'node:timers/promises'
import { hashOf, MangroveError } from '../../../kernel/index.ts'
import type { CentralSystem } from '../central/create-central-system.ts'
import { profileKey } from '../central/station-book.ts'
import type { ChargingProfile, RateUnit } from '../profiles/charging-profile.ts'
import type { CompositeSchedule } from '../profiles/composite-schedule.ts'
import { writeProfileV16, writeProfileV201 } from '../profiles/write-profile.ts'
import { callByVersion, given, statusOf } from './by-version.ts'

export interface ProfileTry {
  /** Sends it even though the station has taken the same one before. */
  readonly always?: boolean
  /** Default 3; a station that does not answer, or is gone, gets it again. */
  readonly tries?: number
  /** Before the second try; twice as long before the next one. Default 1000. */
  readonly waitMs?: number
}

/**
 * Gives a station a charging profile. What is wanted is kept first: if the station is away it gets the profile when it comes
 * back ({@link settleProfiles}). The same profile twice is sent once; a station that gets it twice replaces it by itself.
 *
 * @returns what the station said: `Accepted`, `Rejected`, `NotSupported`
 * @throws `ocpp.no-answer`, `ocpp.no-link` after the last try; it stays wanted
 */
export async function setProfile(
  system: CentralSystem,
  stationId: string,
  evseId: number,
  profile: ChargingProfile,
  { always = false, tries = 3, waitMs = 1000 }: ProfileTry = {},
): Promise<string> {
  const known = system.book.station(stationId).profiles.get(profileKey({ evseId, profile }))
  if (!always && known?.state === 'accepted' && hashOf(known.profile) === hashOf(profile)) return 'Accepted'
  const record = { kind: 'profile', stationId, evseId, profile } as const
  await system.keep([{ ...record, atMs: system.clock.now(), state: 'wanted' }])
  for (let turn = 1; ; turn += 1) {
    try {
      const status = await sendProfile(system, stationId, evseId, profile)
      await system.keep([
        { ...record, atMs: system.clock.now(), state: status === 'Accepted' ? 'accepted' : 'refused' },
      ])
      return status
    } catch (error) {
      if (!isPassing(error) || turn >= tries) throw error
      await wait(waitMs * 2 ** (turn - 1))
    }
  }
}

/** Sends what is wanted of a station and was not taken yet: for a station that has come back. */
export async function settleProfiles(system: CentralSystem, stationId: string): Promise<void> {
  for (const { evseId, profile, state } of [...system.book.station(stationId).profiles.values()]) {
    if (state === 'wanted') await setProfile(system, stationId, evseId, profile, { tries: 1 })
  }
}

async function sendProfile(
  system: CentralSystem,
  stationId: string,
  evseId: number,
  profile: ChargingProfile,
): Promise<string> {
  return statusOf(
    await callByVersion(system, stationId, {
      v16: () => ({
        method: 'SetChargingProfile',
        params: { connectorId: evseId, csChargingProfiles: writeProfileV16(profile) },
      }),
      v2: () => ({ method: 'SetChargingProfile', params: { evseId, chargingProfile: writeProfileV201(profile) } }),
    }),
  )
}

/** Whether the same call may succeed later. */
const isPassing = (error: unknown): boolean =>
  error instanceof MangroveError && (error.code === 'ocpp.no-answer' || error.code === 'ocpp.no-link')

export interface ProfileChoice {
  readonly id?: number
  readonly evseId?: number
  readonly stackLevel?: number
}

/** Takes profiles back: all that fit what is given. @returns `Accepted`, or `Unknown` where the station has none of them */
export async function clearProfiles(system: CentralSystem, stationId: string, choice: ProfileChoice): Promise<string> {
  const { id, evseId, stackLevel } = choice
  const answer = await callByVersion(system, stationId, {
    v16: () => ({ method: 'ClearChargingProfile', params: given({ id, connectorId: evseId, stackLevel }) }),
    v2: () => {
      const criteria = given({ evseId, stackLevel })
      return {
        method: 'ClearChargingProfile',
        params: given({
          chargingProfileId: id,
          chargingProfileCriteria: Object.keys(criteria).length > 0 ? criteria : undefined,
        }),
      }
    },
  })
  const status = statusOf(answer)
  if (status === 'Accepted' || status === 'Unknown') {
    const gone = [...system.book.station(stationId).profiles.values()].filter(
      (one) =>
        (id === undefined || one.profile.id === id) &&
        (evseId === undefined || one.evseId === evseId) &&
        (stackLevel === undefined || one.profile.stackLevel === stackLevel),
    )
    const atMs = system.clock.now()
    await system.keep(gone.map((one) => ({ ...one, atMs, state: 'cleared' as const })))
  }
  return status
}

interface WireSchedule {
  readonly chargingSchedulePeriod: readonly {
    readonly startPeriod: number
    readonly limit: number
    readonly numberPhases?: number
  }[]
  readonly duration?: number
}

/** What a station says that its profiles add up to; undefined where it says nothing. */
export async function askCompositeSchedule(
  system: CentralSystem,
  stationId: string,
  query: { readonly evseId: number; readonly durationS: number; readonly unit: RateUnit },
): Promise<CompositeSchedule | undefined> {
  const { evseId, durationS, unit } = query
  const answer = await callByVersion(system, stationId, {
    v16: () => ({
      method: 'GetCompositeSchedule',
      params: { connectorId: evseId, duration: durationS, chargingRateUnit: unit },
    }),
    v2: () => ({ method: 'GetCompositeSchedule', params: { evseId, duration: durationS, chargingRateUnit: unit } }),
  })
  if (answer.status !== 'Accepted') return undefined
  const v16 = answer.chargingSchedule as WireSchedule | undefined
  const v2 = answer.schedule as (WireSchedule & { readonly scheduleStart?: string }) | undefined
  const schedule = v16 ?? v2
  if (!schedule) return undefined
  const start = (answer.scheduleStart as string | undefined) ?? v2?.scheduleStart
  return {
    startMs: start === undefined ? system.clock.now() : Date.parse(start),
    durationS: schedule.duration ?? durationS,
    unit,
    periods: schedule.chargingSchedulePeriod.map(({ startPeriod, limit, numberPhases }) => ({
      startS: startPeriod,
      limit,
      phases: numberPhases ?? 3,
    })),
  }
}
