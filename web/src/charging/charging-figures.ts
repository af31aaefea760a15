import type { Charging } from './charging-queries.ts'
import type { Charger } from './evse-state.ts'

export interface ChargingFigures {
  /** With a vehicle that draws or may draw. */
  readonly charging: number
  readonly waiting: number
  readonly chargers: number
  /** undefined here and below: not known. */
  readonly drawnKw: number | undefined
  readonly grantedKw: number | undefined
  /** Share of what is charged that would be fed in without the chargers; undefined also where nothing is charged. */
  readonly sunShare: number | undefined
  /** What would be fed in without the chargers. */
  readonly surplusKw: number | undefined
}

/** Less than this is nothing: meters flutter. */
const nothingKw = 0.1

/** The figures at the top of the page. */
export function chargingFigures({ meter, chargersKw }: Charging, chargers: readonly Charger[]): ChargingFigures {
  const granted = chargers.flatMap(({ evse }) => (evse.grantKw === null ? [] : [evse.grantKw]))
  const meteredKw = meter?.silent === false ? (meter.powerKw ?? undefined) : undefined
  const surplusKw = meteredKw === undefined || chargersKw === null ? undefined : Math.max(0, chargersKw - meteredKw)
  return {
    charging: chargers.filter(({ state }) => state === 'charging').length,
    waiting: chargers.filter(({ state }) => state === 'waiting').length,
    chargers: chargers.length,
    drawnKw: chargersKw ?? undefined,
    grantedKw: granted.length === 0 ? undefined : granted.reduce((sum, one) => sum + one, 0),
    surplusKw,
    sunShare:
      surplusKw === undefined || chargersKw === null || chargersKw < nothingKw
        ? undefined
        : Math.min(1, surplusKw / chargersKw),
  }
}

export interface TimeLeft {
  readonly hours: number
  readonly minutes: number
  readonly late: boolean
}

/** Time until a deadline, in whole minutes. */
export function timeLeft(deadlineMs: number, nowMs: number): TimeLeft {
  const minutes = Math.round(Math.abs(deadlineMs - nowMs) / 60_000)
  return { hours: Math.floor(minutes / 60), minutes: minutes % 60, late: deadlineMs < nowMs }
}
