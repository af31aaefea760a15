import { componentOf, type PlanOutput } from '../../energy/index.ts'

/** What of a plan a site is told now. */
export interface PlanNow {
  /** kW by asset id, + supplies the bus, − draws; absent: the asset does what it would alone. */
  readonly setpointKw: ReadonlyMap<string, number>
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
  plan: PlanOutput,
  timestampMs: number,
  offeredKw: ReadonlyMap<string, number>,
): PlanNow | undefined {
  const k = Math.floor((timestampMs - plan.startMs) / (plan.stepMinutes * 60_000))
  const planned = (ref: string): number | undefined => plan.series[ref]?.[k] ?? undefined
  const first = Object.values(plan.series)[0]
  if (k < 0 || k >= (first?.length ?? 0)) return undefined
  const setpointKw = new Map<string, number>()
  const computed = new Map<string, { value: number; unit: string }>()
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
      // The day differs from the forecast: what the plan moves is kept, what it foresaw is not.
      setpointKw.set(id, -Math.max(0, (offeredKw.get(id) ?? demandKw) + powerKw - demandKw))
    } else {
      setpointKw.set(id, componentOf(kind)?.draws ? -powerKw : powerKw)
    }
  }
  return { setpointKw, computed }
}
