import { stepAt, stepStartMs } from '../../kernel/index.ts'
import { type FollowedPlan, stepsOfPlan } from './planned-setpoints.ts'

/** When a controller plans anew between two turns of its clock. */
export interface ReplanEvents {
  /** Net load off the plan by more than this, kW. */
  readonly netLoadKw: number
  /** State of charge off the plan by more than this. */
  readonly soc: number
  /** Price off the plan by more than this share of it. */
  readonly priceShare: number
}

export interface Observed {
  readonly nowMs: number
  /** Demand less what sources offer, kW. */
  readonly netLoadKw?: number
  /** State of charge by asset. */
  readonly soc: ReadonlyMap<string, number>
  readonly importPrice?: number
  /** Ids of the assets that are there and in service. */
  readonly assets: readonly string[]
  /** Hash or text of the limits that hold now. */
  readonly limits: string
}

/** What a plan was made on, to be compared with what is. */
export interface PlannedOn {
  readonly plan: FollowedPlan
  readonly assets: readonly string[]
  readonly limits: string
}

export type ReplanCode =
  | 'control.no-plan'
  | 'control.clock'
  | 'control.asset-trip'
  | 'control.limit-change'
  | 'control.net-load'
  | 'control.soc'
  | 'control.price'

export interface ReplanReason {
  readonly code: ReplanCode
  readonly asset?: string
  readonly values: Readonly<Record<string, number | string>>
}

/** Why a controller plans now; undefined: it goes on with the plan it has. */
export function replanReason(
  on: PlannedOn | undefined,
  observed: Observed,
  { everyMinutes, events }: { everyMinutes: number; events: ReplanEvents },
): ReplanReason | undefined {
  if (!on) return { code: 'control.no-plan', values: {} }
  const { plan } = on
  const ageMinutes = (observed.nowMs - plan.startMs) / 60_000
  const gone = [...on.assets.filter((id) => !observed.assets.includes(id))]
  const come = [...observed.assets.filter((id) => !on.assets.includes(id))]
  const [changed] = [...gone, ...come]
  if (changed !== undefined) return { code: 'control.asset-trip', asset: changed, values: {} }
  if (on.limits !== observed.limits) return { code: 'control.limit-change', values: {} }
  if (ageMinutes >= everyMinutes || ageMinutes < 0) return { code: 'control.clock', values: { minutes: ageMinutes } }
  const steps = stepsOfPlan(plan)
  const k = stepAt(steps, observed.nowMs)
  const fromMs = stepStartMs(steps, k)
  const passed = (observed.nowMs - fromMs) / (stepStartMs(steps, k + 1) - fromMs)
  const planned = (point: string): number | undefined => plan.series[point]?.[k] ?? undefined
  const netKw = plannedNetKw(plan, k)
  if (observed.netLoadKw !== undefined && Math.abs(observed.netLoadKw - netKw) > events.netLoadKw) {
    return { code: 'control.net-load', values: { powerKw: observed.netLoadKw, plannedKw: netKw } }
  }
  for (const [id, soc] of observed.soc) {
    // A plan says where a step ends; at its beginning the one before counts, and within a long step the way between.
    const before = k > 0 ? plan.series[`${id}.soc`]?.[k - 1] : undefined
    if (before === undefined || before === null) continue
    const now = before + ((plan.series[`${id}.soc`]?.[k] ?? before) - before) * passed
    if (Math.abs(soc - now) <= events.soc) continue
    return { code: 'control.soc', asset: id, values: { soc, planned: now } }
  }
  const grid = plan.assets.find(({ kind }) => kind === 'grid')
  const price = grid && planned(`${grid.id}.importPrice`)
  if (price !== undefined && observed.importPrice !== undefined) {
    const off = Math.abs(observed.importPrice - price)
    if (off > events.priceShare * Math.max(1e-6, Math.abs(price))) {
      return { code: 'control.price', values: { price: observed.importPrice, planned: price } }
    }
  }
  return undefined
}

/** Demand less what sources offer, as a plan foresaw it, kW. */
export function plannedNetKw({ assets, series }: FollowedPlan, k: number): number {
  let netKw = 0
  for (const { id } of assets) netKw += (series[`${id}.demandKw`]?.[k] ?? 0) - (series[`${id}.availableKw`]?.[k] ?? 0)
  return netKw
}
