import { historyBucketMs } from '../api/queries.ts'
import type { PlanOutput, Site } from '../api/types.ts'
import { type ChartSpec, stack } from '../charts/spec.ts'
import { planEndMs, planStepMs, planSteps, planValues } from '../plan/steps.ts'
import { type Family, families } from '../ui/families.ts'
import type { WordKey } from '../words/words.ts'
import { flowOf, type LookUp, usedKw } from './flow.ts'

/** One moment of the day: what each family supplies and what the site uses, kW. What is not known is absent, or null. */
interface Moment {
  readonly timestampMs: number
  readonly suppliedKw: Readonly<Partial<Record<Family, number>>>
  readonly useKw: number | null
}

function momentOf(site: Site, timestampMs: number, lookUp: LookUp): Moment {
  const flow = flowOf(site.assets, lookUp)
  const suppliedKw: Partial<Record<Family, number>> = {}
  for (const { family, powerKw } of [
    ...flow.supply,
    ...flow.storage.map((own) => ({ ...own, family: 'battery' as const })),
  ]) {
    if (powerKw !== undefined) suppliedKw[family] = (suppliedKw[family] ?? 0) + Math.max(0, powerKw)
  }
  // A sum without one of its parts would read as less use.
  const isUseKnown = flow.use.every(({ family, powerKw }) => family === 'grid' || powerKw !== undefined)
  return { timestampMs, suppliedKw, useKw: isUseKnown && flow.use.length > 0 ? usedKw(flow) : null }
}

/** Every bucket from the first on: one that nothing was stored in is a gap, not the value before it. */
const bucketsUntil = (firstMs: number, untilMs: number): readonly number[] =>
  Array.from({ length: Math.ceil((untilMs - firstMs) / historyBucketMs) }, (_, k) => firstMs + k * historyBucketMs)

interface DayInput {
  readonly site: Site
  readonly starts: readonly number[]
  readonly at: (timestampMs: number) => LookUp
  readonly plan: PlanOutput | null | undefined
  say(key: WordKey): string
}

/** Supply by family and use, over the last day and the day that is planned. */
export function daySpec({ site, starts, at, plan, say }: DayInput): ChartSpec | undefined {
  const toldUntilMs = (starts.at(-1) ?? 0) + historyBucketMs
  const planFromMs = plan ? Math.max(plan.startMs, toldUntilMs) : undefined
  const past = (starts[0] === undefined ? [] : bucketsUntil(starts[0], planFromMs ?? toldUntilMs)).map((timestampMs) =>
    momentOf(site, timestampMs, at(timestampMs)),
  )
  const coming = plan
    ? Array.from({ length: planSteps(plan) }, (_, step) => step)
        .map((step) => momentOf(site, plan.startMs + step * planStepMs(plan), planValues(plan, step)))
        .filter(({ timestampMs }) => timestampMs >= (planFromMs ?? 0))
    : []
  const moments = [...past, ...coming]
  if (moments.length < 2) return undefined
  const shown = families.filter((family) => moments.some(({ suppliedKw }) => (suppliedKw[family] ?? 0) > 0))
  const parts = shown.map((family) => moments.map(({ suppliedKw }) => suppliedKw[family] ?? null))
  const stacked = stack(parts)
  return {
    timestampsMs: [...moments.map(({ timestampMs }) => timestampMs), plan ? planEndMs(plan) : toldUntilMs],
    unit: 'kW',
    heightPx: 220,
    ...(planFromMs === undefined ? {} : { planFromMs }),
    lines: [
      ...shown.map((family, index) => ({
        label: say(`kind.${family}`),
        token: family,
        shape: 'area' as const,
        values: moments.map((_, k) => (parts[index]?.[k] === null ? null : (stacked[index]?.[k] ?? null))),
        own: parts[index] ?? [],
      })),
      { label: say('park.use'), token: 'ink', shape: 'line', values: moments.map(({ useKw }) => useKw), widthPx: 1.5 },
    ],
  }
}
