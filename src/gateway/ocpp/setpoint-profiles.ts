import type { ChargingProfile, RateUnit } from './profiles/charging-profile.ts'

/** How a station is wired, as far as its limits need it. */
export interface Wiring {
  readonly unit: RateUnit
  readonly phases: number
  /** Where it draws from one phase and can be told which: L1, L2 or L3, 1 to 3. */
  readonly phaseToUse?: number
  readonly voltageV: number
}

/** A power as a rate in the unit of a station: watts, or amperes a phase. */
export const rateOf = (powerKw: number, { unit, phases, voltageV }: Wiring): number =>
  unit === 'W' ? powerKw * 1000 : (powerKw * 1000) / (phases * voltageV)

export const powerOf = (rate: number, { unit, phases, voltageV }: Wiring): number =>
  unit === 'W' ? rate / 1000 : (rate * phases * voltageV) / 1000

/** Ids that the house gives to its own profiles: two for each EVSE. */
const idOf = (evseId: number, level: number): number => 1000 + evseId * 10 + level

/** The limit that holds where nothing else does: also when the line to the house is cut. */
export const fallbackProfile = (evseId: number, powerKw: number, wiring: Wiring): ChargingProfile => ({
  id: idOf(evseId, 0),
  stackLevel: 0,
  purpose: 'tx-default',
  kind: 'relative',
  schedules: [{ unit: wiring.unit, periods: [{ startS: 0, limit: rateOf(powerKw, wiring), phases: wiring.phases }] }],
})

/** A setpoint of the plan, above the fallback. It ends by itself, so that a station that is left alone falls back. */
export const setpointProfile = (
  evseId: number,
  powerKw: number,
  wiring: Wiring,
  span: { readonly startMs: number; readonly durationS: number },
): ChargingProfile => ({
  id: idOf(evseId, 1),
  stackLevel: 1,
  purpose: 'tx-default',
  kind: 'absolute',
  // It ends in two ways, for stations that know one of them.
  validToMs: span.startMs + span.durationS * 1000,
  schedules: [
    {
      unit: wiring.unit,
      startMs: span.startMs,
      durationS: span.durationS,
      periods: [
        {
          ...{ startS: 0, limit: rateOf(powerKw, wiring), phases: wiring.phases },
          ...(wiring.phaseToUse === undefined ? {} : { phaseToUse: wiring.phaseToUse }),
        },
      ],
    },
  ],
})
