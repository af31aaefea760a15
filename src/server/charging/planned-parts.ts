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
