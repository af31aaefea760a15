import { gridOfSegments, type StepGrid, stepAt } from '../../kernel/index.ts'
import { partPrefix } from '../components/ev-sharing.ts'
import { componentOf } from '../components/index.ts'
import type { ControlOutput } from '../schema/index.ts'

/** What of a plan is followed. */
export type FollowedPlan = ControlOutput['plan']

/** The steps of a plan. */
export function stepsOfPlan(plan: FollowedPlan): StepGrid {
  const segments = plan.segments ?? [{ steps: valuesOf(plan), minutes: plan.stepMinutes }]
  return gridOfSegments(
    plan.startMs,
    segments.map(({ steps, minutes }) => ({ stepMs: minutes * 60_000, count: steps })),
  )
}

/** What of a plan a site is told now. */
export interface PlanNow {
  /** kW by asset id, + supplies the bus, − draws; absent: the asset does what it would alone. */
  readonly setpointKw: ReadonlyMap<string, number>
  /** How an asset that is many shares its set point, kW by part, by asset id. */
  readonly partsKw: ReadonlyMap<string, Readonly<Record<string, number>>>
  /** Values that only the plan knows: prices, carbon intensity. */
  readonly computed: ReadonlyMap<string, { readonly value: number; readonly unit: string }>
}

/** Grid and whatever balances follow the rest, not a setpoint. */
const followers = new Set(['grid'])
const computedPoints = ['importPrice', 'exportPrice', 'carbonIntensity']
/** A source planned at less than its available power by more than this is curtailed, kW. */
const curtailedKw = 0.5

/** The setpoints of the step that `timestampMs` falls in; undefined before the plan starts or after it ends. */
export function planAt(
  plan: FollowedPlan,
  timestampMs: number,
  offeredKw: ReadonlyMap<string, number>,
): PlanNow | undefined {
  const grid = stepsOfPlan(plan)
  const k = stepAt(grid, timestampMs)
  const planned = (ref: string): number | undefined => plan.series[ref]?.[k] ?? undefined
  if (k < 0 || k >= grid.count) return undefined
  const setpointKw = new Map<string, number>()
  const computed = new Map<string, { value: number; unit: string }>()
  const partsKw = new Map<string, Record<string, number>>()
  for (const [ref, values] of Object.entries(plan.series)) {
    const at = ref.indexOf(`.${partPrefix}`)
    if (at < 0) continue
    const parts = partsKw.get(ref.slice(0, at)) ?? {}
    parts[ref.slice(at + 1 + partPrefix.length)] = values[k] ?? 0
    partsKw.set(ref.slice(0, at), parts)
  }
  for (const { id, kind } of plan.assets) {
    for (const point of computedPoints) {
      const value = planned(`${id}.${point}`)
      if (value !== undefined) computed.set(`${id}.${point}`, { value, unit: plan.units[`${id}.${point}`] ?? '1' })
    }
    const powerKw = planned(`${id}.powerKw`)
    if (powerKw === undefined || followers.has(kind)) continue
    const availableKw = planned(`${id}.availableKw`)
    const demandKw = planned(`${id}.demandKw`)
    if (availableKw !== undefined) {
      if (powerKw < availableKw - curtailedKw) setpointKw.set(id, powerKw)
    } else if (demandKw !== undefined) {
      // The day differs from the forecast: what the plan moves is kept, what it foresaw is not. Of less work less is put off.
      const offered = offeredKw.get(id) ?? demandKw
      const movedKw = powerKw - demandKw
      const share = movedKw < 0 && demandKw > 0 ? Math.min(1, offered / demandKw) : 1
      setpointKw.set(id, -Math.max(0, offered + movedKw * share))
    } else {
      setpointKw.set(id, componentOf(kind)?.draws ? -powerKw : powerKw)
    }
  }
  return { setpointKw, partsKw, computed }
}

/** Values that a plan has of each point; 0 for one that says nothing. */
function valuesOf({ series }: FollowedPlan): number {
  for (const ref in series) return series[ref]!.length
  return 0
}
