import type { PlanOutput } from '../energy/index.ts'
import type { Store } from '../store/index.ts'

/** A plan that a site follows, with the run that made it. */
export type PublishedPlan = PlanOutput & { readonly evidence: string; readonly publishedMs: number }

const kind = 'plan'
/** A week of plans, one every quarter of an hour. */
const keptVersions = 672

export async function publishPlan(store: Store, siteId: string, plan: PublishedPlan): Promise<void> {
  const { version } = await store.documents.put(kind, siteId, plan)
  if (version % 96 === 0) await store.documents.prune(kind, siteId, keptVersions)
}

export async function readPublishedPlan(
  store: Pick<Store, 'documents'>,
  siteId: string,
): Promise<PublishedPlan | undefined> {
  return (await store.documents.latest<PublishedPlan>(kind, siteId))?.content
}

/** Version of the newest plan of a site; 0: there is none. */
export async function planVersion({ documents }: Pick<Store, 'documents'>, siteId: string): Promise<number> {
  return (await documents.versions(kind, siteId, { limit: 1 }))[0]?.version ?? 0
}
