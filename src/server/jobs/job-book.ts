import { createHash } from 'node:crypto'
import { MangroveError } from '../../kernel/index.ts'
import type { Records } from '../../store/index.ts'
import type { JobOwner, JobState, JobTask, JobView } from '../jobs.ts'
import { isJobId, keyOfJob } from './job-id.ts'

/** A job at rest. Its result is the evidence of its run; a replay has no other, so its result stands here. */
export interface KeptJob extends Omit<JobView, 'result' | 'site'> {
  readonly owner: JobOwner
  /** Until it has ended. */
  readonly task: JobTask | null
  readonly replayed?: unknown
  /** Name of the idempotency key it came with. */
  readonly claim?: string
}

/** Which job an idempotency key stands for. */
interface Claim {
  readonly job: string
  readonly task: string
  readonly madeMs: number
}

/** Jobs in the records of the store. */
export interface JobBook {
  find(id: string): Promise<KeptJob | undefined>
  put(job: KeptJob): Promise<void>
  remove(id: string): Promise<void>
  /** From the newest to the oldest, with keys to go on from. */
  page(after: string, limit: number): Promise<readonly { readonly key: string; readonly job: KeptJob }[]>
  /** Takes an idempotency key for a job. @returns the claim that was there before, if there is one */
  claim(name: string, claim: Claim, takeOver?: Claim): Promise<Claim | undefined>
  release(name: string): Promise<void>
  /** Asks whoever runs the job to end it; on a queue that nodes share. */
  askToEnd(id: string): Promise<void>
  isAskedToEnd(id: string): Promise<boolean>
  /** Removes jobs that have ended, but for the newest so many. */
  prune(kept: number): Promise<number>
}

const kind = 'job'
const claimKind = 'job-key'
const endKind = 'job-end'
const pageSize = 200

export const hasEnded = (state: JobState): boolean => state === 'done' || state === 'failed' || state === 'cancelled'

/** A name for a key of an owner, and for a task: of one length, and told to nobody. */
export const digestOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex')

export function createJobBook(records: Records): JobBook {
  const page: JobBook['page'] = async (after, limit) =>
    (await records.list<KeptJob>(kind, { after, limit })).map(({ key, content }) => ({ key, job: content }))
  const book: JobBook = {
    page,
    async find(id) {
      if (!isJobId(id)) return undefined
      return (await records.get<KeptJob>(kind, keyOfJob(id)))?.content
    },
    async put(job) {
      await records.put(kind, keyOfJob(job.id), job)
    },
    async remove(id) {
      await records.remove(kind, keyOfJob(id))
    },
    async claim(name, claim, takeOver) {
      const present = await records.get<Claim>(claimKind, name)
      if (present && present.content.job !== takeOver?.job) return present.content
      try {
        await records.put(claimKind, name, claim, present?.version ?? 0)
        return undefined
      } catch (error) {
        if (!(error instanceof MangroveError) || error.code !== 'store.conflict') throw error
        return book.claim(name, claim)
      }
    },
    async release(name) {
      await records.remove(claimKind, name)
    },
    async askToEnd(id) {
      await records.put(endKind, id, {})
    },
    isAskedToEnd: async (id) => (await records.get(endKind, id)) !== undefined,
    async prune(kept) {
      let seen = 0
      let removed = 0
      for (let after = ''; ; ) {
        const found = await page(after, pageSize)
        for (const { key, job } of found) {
          after = key
          seen += 1
          if (seen <= kept || !hasEnded(job.state)) continue
          await records.remove(kind, key)
          await records.remove(endKind, job.id)
          if (job.claim !== undefined) await records.remove(claimKind, job.claim)
          removed += 1
        }
        if (found.length < pageSize) return removed
      }
    },
  }
  return book
}
