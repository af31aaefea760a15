import type { SharedCharger, WaitingVehicle } from '../../gateway/index.ts'
import type { CircuitView } from './circuit-view.ts'

/** What shares: the plan, each vehicle’s own time, or the safe limit of the site file, for the meter is silent. */
export type ChargingMode = 'plan' | 'deadlines' | 'fallback'

/**
 * Why a charger gives what it gives: the plan, a vehicle that would not be ready in time otherwise (or of which nothing is known), what the
 * sun leaves, the safe limit because the meter is silent, or a station that cannot be told anything.
 */
export const chargingWhys = ['plan', 'deadline', 'sun', 'fallback', 'silent'] as const
export type ChargingWhy = (typeof chargingWhys)[number]

/**
 * What a vehicle that gets nothing waits for: the line of its station, the meter of the site, its turn in the plan, the sun, room on a
 * cable; `nothing`: it has what was booked.
 */
export const chargingWaits = ['line', 'meter', 'plan', 'sun', 'room', 'nothing'] as const
export type ChargingWait = (typeof chargingWaits)[number]

/** One charger as the last turn left it. */
export interface ChargerView {
  readonly stationId: string
  readonly evseId: number
  /** What it was granted in the last turn; undefined: there was none yet. */
  readonly grantKw: number | undefined
  /** Phases of the site that it draws from now, 1 to 3. */
  readonly phases: readonly number[]
  /** What it has taken and holds. */
  readonly limit: { readonly powerKw: number; readonly sinceMs: number; readonly untilMs: number } | undefined
  /** Undefined: nobody charges. */
  readonly why: ChargingWhy | undefined
  /** Of a vehicle with a booking. */
  readonly departureMs: number | undefined
  readonly energyLeftKwh: number | undefined
  /** What a plan gives it now; undefined: no plan is followed. */
  readonly plannedKw: number | undefined
  /** What it draws by its own meter; undefined: it has none, or it is silent. */
  readonly drawnKw: number | undefined
  /** The most that its vehicle takes here; undefined: none wants energy. */
  readonly askedKw: number | undefined
  /** Its place among those that want energy, the first is 1; undefined: it stands in no queue. */
  readonly place: number | undefined
  /** What it waits for; undefined: it gets something, or nobody is there. */
  readonly waitsFor: ChargingWait | undefined
  /** When a plan gives it something next; undefined: now, never, or there is no plan. */
  readonly plannedFromMs: number | undefined
}

/** How a site shares, as the last turn left it. */
export interface SiteChargingView {
  readonly mode: ChargingMode
  readonly gateway: string
  readonly meter: {
    readonly ref: string
    readonly powerKw: number | undefined
    readonly atMs: number | undefined
    readonly silent: boolean
  }
  readonly limitKw: number
  /** What all chargers draw, by the meter of all of them or by their own. */
  readonly chargersKw: number | undefined
  /** In the order of the site file. */
  readonly circuits: readonly CircuitView[]
  readonly chargers: readonly ChargerView[]
}

/** What a turn saw of one charger. */
export interface SeenCharger {
  readonly charger: SharedCharger
  readonly mode: ChargingMode
  readonly charges: boolean
  readonly reachable: boolean
  readonly vehicle: WaitingVehicle | undefined
  readonly grantA: number
  readonly must: boolean
  readonly place: number | undefined
  readonly plannedFromMs: number | undefined
}

/** Why a charger gives what it gives; undefined where nobody charges. */
export function whyOf({ mode, charges, reachable, vehicle, grantA, must }: SeenCharger): ChargingWhy | undefined {
  if (!charges) return undefined
  if (!reachable) return 'silent'
  if (mode === 'fallback') return 'fallback'
  if (must) return 'deadline'
  return grantA > 0 && (vehicle?.plannedA ?? 0) > 0 ? 'plan' : 'sun'
}

/** What a vehicle that is granted nothing waits for; undefined where it gets something, or nobody is there. */
export function waitOf({ mode, charges, reachable, vehicle, grantA, must }: SeenCharger): ChargingWait | undefined {
  if (!charges || grantA > 0) return undefined
  if (!reachable) return 'line'
  if (!vehicle) return 'nothing'
  if (mode === 'fallback') return 'meter'
  if (must || (vehicle.plannedA ?? 0) > 0) return 'room'
  return vehicle.plannedA === undefined ? 'sun' : 'plan'
}
