import type { ChargingProfile, ChargingSchedule, SchedulePeriod } from './charging-profile.ts'

const dayMs = 86_400_000
const recurrenceMs = { daily: dayMs, weekly: 7 * dayMs } as const

/**
 * When the run of a schedule began that holds at a moment, UTC ms; undefined where none does. A recurring one repeats before
 * its first start too (as stations in the field do, and the cases of EVerest expect); a run ends where the next begins.
 *
 * @param relativeMs start of relative profiles: that of the transaction
 */
export function runStartMs(
  profile: ChargingProfile,
  schedule: ChargingSchedule,
  timestampMs: number,
  relativeMs: number,
): number | undefined {
  if (profile.validFromMs !== undefined && timestampMs < profile.validFromMs) return undefined
  if (profile.validToMs !== undefined && timestampMs >= profile.validToMs) return undefined
  const firstMs = profile.kind === 'relative' ? relativeMs : (schedule.startMs ?? relativeMs)
  const everyMs = profile.recurrence && recurrenceMs[profile.recurrence]
  const startMs = everyMs ? timestampMs - positiveRest(timestampMs - firstMs, everyMs) : firstMs
  if (timestampMs < startMs) return undefined
  return schedule.durationS !== undefined && timestampMs >= startMs + schedule.durationS * 1000 ? undefined : startMs
}

/** The period of a profile at a moment. */
export function periodAt(
  profile: ChargingProfile,
  timestampMs: number,
  relativeMs: number,
): SchedulePeriod | undefined {
  const [schedule] = profile.schedules
  if (!schedule) return undefined
  const startMs = runStartMs(profile, schedule, timestampMs, relativeMs)
  if (startMs === undefined) return undefined
  return schedule.periods.findLast(({ startS }) => startMs + startS * 1000 <= timestampMs)
}

/** Moments inside a window, in no order, at which what {@link periodAt} says may change. */
export function changesOf(
  profile: ChargingProfile,
  window: { readonly startMs: number; readonly endMs: number },
  relativeMs: number,
): number[] {
  const changes = [profile.validFromMs ?? Number.NaN, profile.validToMs ?? Number.NaN]
  const [schedule] = profile.schedules
  if (schedule) {
    const firstMs = profile.kind === 'relative' ? relativeMs : (schedule.startMs ?? relativeMs)
    const everyMs = profile.recurrence ? recurrenceMs[profile.recurrence] : Number.POSITIVE_INFINITY
    const begin =
      everyMs === Number.POSITIVE_INFINITY ? firstMs : window.startMs - positiveRest(window.startMs - firstMs, everyMs)
    for (let startMs = begin; startMs < window.endMs; startMs += everyMs) {
      for (const { startS } of schedule.periods) changes.push(startMs + startS * 1000)
      if (schedule.durationS !== undefined) changes.push(startMs + schedule.durationS * 1000)
    }
  }
  return changes.filter((ms) => ms > window.startMs && ms < window.endMs)
}

const positiveRest = (value: number, by: number): number => ((value % by) + by) % by
