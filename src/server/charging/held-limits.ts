import { type OcppClient, powerOf, type SharedCharger, type Wiring } from '../../gateway/index.ts'
import type { HeldLimit } from './choose-limits.ts'

type System = NonNullable<OcppClient['system']>

/** All phases of a charger; a number of 0 or more is that phase of the site alone. */
const allPhases = -1

/** How a charger is wired, for its limits. @param alone the one phase of the site that it draws from; −1: all of its own */
export function wiringOf({ unit, phases, onePhase }: SharedCharger, voltageV: number, alone = allPhases): Wiring {
  if (alone === allPhases) return { unit, phases: phases.length, voltageV }
  const told = (onePhase?.length ?? 0) > 1 ? { phaseToUse: phases.indexOf(alone) + 1 } : {}
  return { unit, phases: 1, ...told, voltageV }
}

/** kW that an ampere a phase is at a charger. */
export const kwPerAOf = ({ phases }: SharedCharger, voltageV: number, alone = allPhases): number =>
  ((alone === allPhases ? phases.length : 1) * voltageV) / 1000

/**
 * The limit that a charger took last, as the journal of its gateway knows it: a restart goes on where the last run ended. One that was
 * sent and never answered may hold too: the higher of the two counts.
 */
export function heldLimitOf(system: System, charger: SharedCharger, voltageV: number): HeldLimit | undefined {
  const { stationId, evseId } = charger
  let held: HeldLimit | undefined
  for (const { evseId: own, profile, atMs } of system.book.station(stationId).profiles.values()) {
    const [schedule] = profile.schedules
    const { limit: rate, phases, phaseToUse = 1 } = schedule?.periods[0] ?? {}
    // The level above the fallback is that of setpoints.
    if (own !== evseId || profile.purpose !== 'tx-default' || profile.stackLevel !== 1) continue
    if (rate === undefined || profile.validToMs === undefined) continue
    const alone = charger.onePhase && phases === 1 ? (charger.phases[phaseToUse - 1] ?? allPhases) : allPhases
    const powerKw = powerOf(rate, { ...wiringOf(charger, voltageV, alone), unit: schedule!.unit })
    const limitA = powerKw / kwPerAOf(charger, voltageV, alone)
    if (!held || limitA > held.limitA) held = { limitA, alone, untilMs: profile.validToMs, changedMs: atMs }
  }
  return held
}
