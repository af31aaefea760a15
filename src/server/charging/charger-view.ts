import type { SharedCharger, WaitingVehicle } from '../../gateway/index.ts'

/** What shares: the plan, each vehicle’s own time, or the safe limit of the site file, for the meter is silent. */
export type ChargingMode = 'plan' | 'deadlines' | 'fallback'

/**
 * Why a charger gives what it gives: the plan, a vehicle that would not be ready in time otherwise (or of which nothing is known), what the
 * sun leaves, the safe limit because the meter is silent, or a station that cannot be told anything.
 */
export const chargingWhys = ['plan', 'deadline', 'sun', 'fallback', 'silent'] as const
export type ChargingWhy = (typeof chargingWhys)[number]

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
}

/** Why a charger gives what it gives; undefined where nobody charges. */
export function whyOf({ mode, charges, reachable, vehicle, grantA, must }: SeenCharger): ChargingWhy | undefined {
  if (!charges) return undefined
  if (!reachable) return 'silent'
  if (mode === 'fallback') return 'fallback'
  if (must) return 'deadline'
  return grantA > 0 && (vehicle?.plannedA ?? 0) > 0 ? 'plan' : 'sun'
}
