import { type PlanOutput, planAt } from '../../energy/index.ts'

/** A plan older than this is not followed. */
const oldMs = 30 * 60_000

/** What a plan gives each session of an asset now, kW; undefined where there is no plan for the moment, or it is old or unproven. */
export function plannedParts(
  { output, publishedMs }: { readonly output: PlanOutput; readonly publishedMs: number },
  asset: string,
  nowMs: number,
): Readonly<Record<string, number>> | undefined {
  if (!output.certificate.ok || nowMs - publishedMs > oldMs) return undefined
  return planAt(output, nowMs, new Map())?.partsKw.get(asset)
}

/** When a plan gives a session something next, UTC ms; undefined: now, or not again within the plan. */
export function plannedFromMs(
  { output }: { readonly output: Pick<PlanOutput, 'series' | 'startMs' | 'stepMinutes'> },
  name: string,
  nowMs: number,
): number | undefined {
  const values = output.series[name] ?? []
  const stepMs = output.stepMinutes * 60_000
  const now = Math.max(0, Math.floor((nowMs - output.startMs) / stepMs))
  if ((values[now] ?? 0) > 0) return undefined
  const next = values.findIndex((value, step) => step > now && (value ?? 0) > 0)
  return next < 0 ? undefined : output.startMs + next * stepMs
}
