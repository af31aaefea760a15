import type { Tone } from '../ui/tone.tsx'
import type { Charging, Evse, Station } from './charging-queries.ts'

export const evseStates = [
  ...(['faulted', 'offline', 'never', 'out', 'charging', 'waiting', 'declines', 'finished'] as const),
  ...(['plugged', 'reserved', 'free', 'unknown'] as const),
] as const
/** How an EVSE is, for a person: what stands at it and whether it can do something. */
export type EvseState = (typeof evseStates)[number]

/** A charger with its station. */
export interface Charger {
  readonly id: string
  readonly station: Station
  readonly evse: Evse
  readonly state: EvseState
}

/** A station that called once and is silent now is offline; one that never did has still to be connected. */
export function evseState(station: Station, evse: Evse): EvseState {
  if (!station.connected) return station.bootedMs === null && station.lastHeardMs === null ? 'never' : 'offline'
  if (evse.status === 'faulted') return 'faulted'
  if (evse.status === 'unavailable') return 'out'
  if (evse.running) {
    if (evse.waitsFor === 'nothing') return 'finished'
    // It may be full, or rest: only the vehicle knows.
    if (evse.status === 'suspended-vehicle') return 'declines'
    return evse.waitsFor !== null || evse.grantKw === 0 ? 'waiting' : 'charging'
  }
  if (evse.status === null) return 'unknown'
  if (evse.status === 'available') return 'free'
  if (evse.status === 'reserved') return 'reserved'
  return evse.status === 'finishing' ? 'finished' : 'plugged'
}

export const stateTones: Readonly<Record<EvseState, Tone>> = {
  ...({ faulted: 'alarm', offline: 'stale', never: 'stale', out: 'warning' } as const),
  ...({ charging: 'good', waiting: 'advisory', declines: 'advisory', finished: 'good' } as const),
  ...({ plugged: 'advisory', reserved: 'manual', free: 'good', unknown: 'stale' } as const),
}

/** All chargers of a site, in the order of the site file. */
export const chargersOf = ({ stations }: Charging): readonly Charger[] =>
  stations.flatMap((station) =>
    station.evses.map((evse) => ({
      id: station.evses.length > 1 ? `${station.id}/${evse.id}` : station.id,
      ...{ station, evse, state: evseState(station, evse) },
    })),
  )

const troubles: readonly EvseState[] = ['faulted', 'offline', 'never', 'out']
const used: readonly EvseState[] = ['charging', 'waiting', 'declines', 'finished', 'plugged']

export interface ChargerGroups {
  /** What needs somebody. */
  readonly trouble: readonly Charger[]
  /** With a vehicle. */
  readonly used: readonly Charger[]
  /** Free, reserved, or not told of yet. */
  readonly free: readonly Charger[]
}

export const groupChargers = (chargers: readonly Charger[]): ChargerGroups => ({
  trouble: chargers.filter(({ state, evse }) => troubles.includes(state) && !evse.running),
  used: chargers.filter(({ state, evse }) => used.includes(state) || (troubles.includes(state) && evse.running)),
  free: chargers.filter(({ state, evse }) => ![...troubles, ...used].includes(state) && !evse.running),
})

/** Vehicles that want energy, the first in the queue first. */
export const queueOf = (chargers: readonly Charger[]): readonly Charger[] =>
  chargers.filter(({ evse }) => evse.place !== null).toSorted((a, b) => (a.evse.place ?? 0) - (b.evse.place ?? 0))
