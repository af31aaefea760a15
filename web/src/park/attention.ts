import type { Now, PublishedPlan, Site } from '../api/types.ts'

/** Something a person should look at, worst first. */
export type Attention =
  | { readonly kind: 'disconnected'; readonly state: 'alarm' }
  | { readonly kind: 'missing'; readonly state: 'warning'; readonly title: string }
  | { readonly kind: 'stale'; readonly state: 'warning'; readonly title: string; readonly ageMs: number }
  | { readonly kind: 'noPlan'; readonly state: 'advisory' }
  | { readonly kind: 'oldPlan'; readonly state: 'warning'; readonly ageMs: number }
  | { readonly kind: 'relaxed'; readonly state: 'advisory'; readonly relaxed: PublishedPlan['relaxed'][number] }

export type AttentionState = Attention['state']

/** A measured value older than this is stale, ms. */
export const staleMs = 60_000
/** A plan is renewed every quarter of an hour; with grace. */
export const oldPlanMs = 20 * 60_000

const rank: Readonly<Record<AttentionState, number>> = { alarm: 0, warning: 1, advisory: 2 }

export interface Situation {
  readonly site: Site
  readonly now: Now | undefined
  readonly connected: boolean
  /** Null: none is published; undefined: not known yet. */
  readonly plan: PublishedPlan | null | undefined
  readonly nowMs: number
}

/** What needs a person, in the order in which to look. */
export function attentionOf({ site, now, connected, plan, nowMs }: Situation): readonly Attention[] {
  const found: Attention[] = []
  if (now && !connected) found.push({ kind: 'disconnected', state: 'alarm' })
  for (const { title, points } of now ? site.assets : []) {
    const measured = points.filter(({ role }) => role === 'measured').map(({ ref }) => now?.points[ref])
    if (measured.length === 0) continue
    if (measured.some((value) => (value?.value ?? null) === null)) {
      found.push({ kind: 'missing', state: 'warning', title })
      continue
    }
    const oldestMs = Math.min(...measured.map((value) => value?.timestampMs ?? nowMs))
    if (nowMs - oldestMs > staleMs) found.push({ kind: 'stale', state: 'warning', title, ageMs: nowMs - oldestMs })
  }
  if (plan === null) found.push({ kind: 'noPlan', state: 'advisory' })
  if (plan && nowMs - plan.publishedMs > oldPlanMs)
    found.push({ kind: 'oldPlan', state: 'warning', ageMs: nowMs - plan.publishedMs })
  for (const relaxed of plan?.relaxed ?? []) found.push({ kind: 'relaxed', state: 'advisory', relaxed })
  return found.toSorted((a, b) => rank[a.state] - rank[b.state])
}
