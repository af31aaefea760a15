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

/** A plan that was published, to be read when it is wanted. */
export interface KeptPlan {
  readonly version: number
  readonly createdMs: number
  /** Undefined: it is kept no longer. */
  read(): Promise<PublishedPlan | undefined>
}

/** Published plans of a site that are kept, the newest first. */
export async function listPublishedPlans(
  { documents }: Pick<Store, 'documents'>,
  siteId: string,
): Promise<readonly KeptPlan[]> {
  const versions = await documents.versions(kind, siteId, { limit: keptVersions + 96 })
  return versions.map(({ version, createdMs }) => ({
    ...{ version, createdMs },
    read: async () => (await documents.version<PublishedPlan>(kind, siteId, version))?.content,
  }))
}

const firstPlan = (siteId: string): string => `${siteId}/first-day`

/**
 * The plan that the first day of a simulated park followed, as if it had been published when that day began. It is no plan that
 * anybody can follow now.
 */
export async function keepFirstPlan(store: Store, siteId: string, plan: PublishedPlan): Promise<void> {
  await store.documents.put(kind, firstPlan(siteId), plan)
  await store.documents.prune(kind, firstPlan(siteId), 1)
}

export async function readFirstPlan(
  store: Pick<Store, 'documents'>,
  siteId: string,
): Promise<PublishedPlan | undefined> {
  return (await store.documents.latest<PublishedPlan>(kind, firstPlan(siteId)))?.content
}
