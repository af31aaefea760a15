import { historyBucketMs } from '../api/queries.ts'
import type { PlanOutput, Site } from '../api/types.ts'
import { type ChartSpec, stack } from '../charts/spec.ts'
import { planEndMs, planStepMs, planSteps, planValues } from '../plan/steps.ts'
import { type Family, families } from '../ui/families.ts'
import type { WordKey } from '../words/words.ts'
import { flowOf, type LookUp, usedKw } from './flow.ts'

/** One moment of the day: what each family supplies and what the site uses, kW. */
interface Moment {
  readonly timestampMs: number
  readonly suppliedKw: Readonly<Partial<Record<Family, number>>>
  readonly useKw: number | null
}

function momentOf(site: Site, timestampMs: number, lookUp: LookUp): Moment {
  const flow = flowOf(site.assets, lookUp)
  const suppliedKw: Partial<Record<Family, number>> = {}
  const known = flow.supply.some(({ powerKw }) => powerKw !== undefined)
  for (const { family, powerKw = 0 } of flow.supply) suppliedKw[family] = (suppliedKw[family] ?? 0) + powerKw
  for (const { powerKw = 0 } of flow.storage) suppliedKw.battery = (suppliedKw.battery ?? 0) + Math.max(0, powerKw)
  return { timestampMs, suppliedKw: known ? suppliedKw : {}, useKw: known ? usedKw(flow) : null }
}

interface DayInput {
  readonly site: Site
  readonly starts: readonly number[]
  readonly at: (timestampMs: number) => LookUp
  readonly plan: PlanOutput | null | undefined
  say(key: WordKey): string
}

/** Supply by family and use, over the last day and the day that is planned. */
export function daySpec({ site, starts, at, plan, say }: DayInput): ChartSpec | undefined {
  const planFromMs = plan ? Math.max(plan.startMs, (starts.at(-1) ?? 0) + historyBucketMs) : undefined
  const past = starts.map((timestampMs) => momentOf(site, timestampMs, at(timestampMs)))
  const coming = plan
    ? Array.from({ length: planSteps(plan) }, (_, step) => step)
        .map((step) => momentOf(site, plan.startMs + step * planStepMs(plan), planValues(plan, step)))
        .filter(({ timestampMs }) => timestampMs >= (planFromMs ?? 0))
    : []
  const moments = [...past, ...coming]
  if (moments.length < 2) return undefined
  const shown = families.filter((family) => moments.some(({ suppliedKw }) => (suppliedKw[family] ?? 0) > 0))
  const stacked = stack(shown.map((family) => moments.map(({ suppliedKw }) => suppliedKw[family] ?? null)))
  return {
    timestampsMs: [
      ...moments.map(({ timestampMs }) => timestampMs),
      plan ? planEndMs(plan) : (starts.at(-1) ?? 0) + historyBucketMs,
    ],
    unit: 'kW',
    heightPx: 220,
    ...(planFromMs === undefined ? {} : { planFromMs }),
    lines: [
      ...shown.map((family, index) => ({
        label: say(`kind.${family}`),
        token: family,
        shape: 'area' as const,
        values: stacked[index] ?? [],
      })),
      { label: say('park.use'), token: 'ink', shape: 'line', values: moments.map(({ useKw }) => useKw), widthPx: 1.5 },
    ],
  }
}
