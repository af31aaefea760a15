import { type OcppClient, powerOf, type SharedCharger, type Wiring } from '../../gateway/index.ts'
import type { HeldLimit } from './choose-limits.ts'

type System = NonNullable<OcppClient['system']>

/** How a charger is wired, for its limits. */
export const wiringOf = ({ unit, phases }: SharedCharger, voltageV: number): Wiring => ({
  ...{ unit, phases: phases.length, voltageV },
})

/** kW that an ampere a phase is at a charger. */
export const kwPerAOf = ({ phases }: SharedCharger, voltageV: number): number => (phases.length * voltageV) / 1000

/**
 * The limit that a charger took last, as the journal of its gateway knows it: a restart goes on where the last run ended. One that was
 * sent and never answered may hold too: the higher of the two counts.
 */
export function heldLimitOf(system: System, charger: SharedCharger, voltageV: number): HeldLimit | undefined {
  const { stationId, evseId } = charger
  let held: HeldLimit | undefined
  for (const { evseId: own, profile, atMs } of system.book.station(stationId).profiles.values()) {
    const [schedule] = profile.schedules
    const rate = schedule?.periods[0]?.limit
    // The level above the fallback is that of setpoints.
    if (own !== evseId || profile.purpose !== 'tx-default' || profile.stackLevel !== 1) continue
    if (rate === undefined || profile.validToMs === undefined) continue
    const powerKw = powerOf(rate, { ...wiringOf(charger, voltageV), unit: schedule!.unit })
    const limitA = powerKw / kwPerAOf(charger, voltageV)
    if (!held || limitA > held.limitA) held = { limitA, untilMs: profile.validToMs, changedMs: atMs }
  }
  return held
}
