import type { PlanRef } from '../../commands/index.ts'
import type { PlanOutput } from '../../energy/index.ts'
import { type EvidenceRecord, hashOf, recall } from '../../kernel/index.ts'
import type { Store } from '../../store/index.ts'
import { planVersion, readPublishedPlan } from '../published-plan.ts'

/** A published plan by its evidence, with what it foresaw. */
export interface EvidentPlan {
  readonly ref: PlanRef
  readonly output: PlanOutput
  readonly forecast: { readonly sha256: string; readonly readings: number }
}

/** Looks for the newest published plan of a site; what it finds is read from the evidence, which alone can be replayed. */
export interface PlanWatch {
  /** The plan, where there is another one than the last time; undefined where there is none. */
  look(): Promise<EvidentPlan | undefined>
}

type Kept = Pick<Store, 'documents' | 'evidence'>

export function watchPlan(site: string, store: Kept, report: (error: unknown, message: string) => void): PlanWatch {
  let seen = 0
  return {
    async look() {
      const version = await planVersion(store, site)
      if (version === seen) return undefined
      const published = await readPublishedPlan(store, site)
      if (!published) return undefined
      const { evidence, publishedMs } = published
      const record = await store.evidence.record(evidence)
      seen = version
      if (!record) {
        report(
          new Error(`No evidence ${evidence}`),
          `the published plan of ${site} has no evidence: it is not followed`,
        )
        return undefined
      }
      return evidentPlan(store, record, publishedMs)
    },
  }
}

async function evidentPlan({ evidence }: Kept, record: EvidenceRecord, publishedMs: number): Promise<EvidentPlan> {
  const { id, outputSha256, readings } = record
  return {
    ref: { evidence: id, outputSha256, publishedMs },
    output: await readOutput(evidence, outputSha256),
    forecast: { sha256: hashOf(readings), readings: readings.length },
  }
}

/** What a run gave, as its evidence has it. @throws `kernel.evidence-incomplete` */
export const readOutput = async (evidence: Store['evidence'], sha256: string): Promise<PlanOutput> =>
  (await recall(evidence, sha256)) as PlanOutput

/** Plans by their references. @throws `kernel.evidence-incomplete` */
export async function readOutputs(
  evidence: Store['evidence'],
  refs: readonly PlanRef[],
): Promise<Map<string, PlanOutput>> {
  const found = new Map<string, PlanOutput>()
  for (const ref of refs) found.set(ref.evidence, await readOutput(evidence, ref.outputSha256))
  return found
}
