import type { PlacedProfile, RateUnit } from '../profiles/charging-profile.ts'
import { type CompositeSchedule, compositeSchedule } from '../profiles/composite-schedule.ts'
import type { StationState } from './station-state.ts'

/** Takes a profile in; one of the same id, or the same place, purpose and level, goes. @returns whether it was taken */
export function putProfile(state: StationState, placed: PlacedProfile): boolean {
  const { evseId, profile } = placed
  const socket = state.sockets.find(({ id }) => id === evseId)
  if (evseId !== 0 && !socket) return false
  if (profile.purpose === 'tx' && !socket?.transaction) return false
  state.profiles = state.profiles.filter((other) => other.profile.id !== profile.id && !samePlace(other, placed))
  state.profiles.push(placed)
  return true
}

const samePlace = (one: PlacedProfile, other: PlacedProfile): boolean =>
  one.evseId === other.evseId &&
  one.profile.purpose === other.profile.purpose &&
  one.profile.stackLevel === other.profile.stackLevel

export function clearStoredProfiles(state: StationState, fits: (placed: PlacedProfile) => boolean): boolean {
  const before = state.profiles.length
  state.profiles = state.profiles.filter((placed) => !fits(placed))
  return state.profiles.length < before
}

/** Profiles of a transaction end with it. */
export function dropTransactionProfiles(state: StationState, evseId: number): void {
  clearStoredProfiles(state, (placed) => placed.evseId === evseId && placed.profile.purpose === 'tx')
}

export function scheduleOf(state: StationState, evseId: number, durationS: number, unit: RateUnit): CompositeSchedule {
  const startMs = state.clock.now()
  return compositeSchedule(state.frame, state.profiles, {
    startMs,
    endMs: startMs + durationS * 1000,
    evseId,
    unit,
    assumeTransaction: true,
    transactions: state.sockets.flatMap(({ id, transaction }) =>
      transaction
        ? [
            {
              evseId: id,
              startMs: transaction.startedMs,
              ...(transaction.id === undefined ? {} : { transactionId: transaction.id }),
            },
          ]
        : [],
    ),
  })
}

/** What a socket may draw now: amperes a phase, and from how many phases. */
export function limitNow(state: StationState, evseId: number): { readonly limitA: number; readonly phases: number } {
  const { limit, phases } = scheduleOf(state, evseId, 1, 'A').periods[0]!
  return { limitA: limit, phases }
}
